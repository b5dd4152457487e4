// Reads a WARC file with the npm package warcio and prints what it found as
// JSON: one object a record, and every warning that the reader gave. warcio
// checks no digests while reading, so they are computed here: the block's from
// the raw bytes, the payload's from the body that warcio de-chunked, and from
// one that is de-chunked here, since warcio takes trailers and cut bodies for
// content.
//
// usage: node check.mjs DIRECTORY-WITH-NODE_MODULES FILE
import { createHash } from "node:crypto";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";

const [modules, file] = process.argv.slice(2);
const entry = resolve(join(modules, "node_modules", "warcio", "dist", "index.js"));
const { WARCParser, AsyncIterReader, CDXIndexer } = await import(pathToFileURL(entry).href);

const warnings = [];
console.warn = (...args) => warnings.push(args.join(" "));

const whole = statSync(file).size <= 64 << 20;
const open = () => (whole ? [new Uint8Array(readFileSync(file))] : createReadStream(file));

const sha256 = async (chunks) => {
  const hash = createHash("sha256");
  let length = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    length += chunk.length;
  }
  return { digest: "sha256:" + hash.digest("hex"), length };
};

// First pass: the frame alone. Block bytes and digests.
const records = [];
const blocks = new WARCParser(open(), { keepHeadersCase: true, parseHttp: false });
for await (const record of blocks) {
  const { digest, length } = await sha256(record.reader);
  records.push({
    type: record.warcType,
    id: record.warcHeader("WARC-Record-ID"),
    date: record.warcDate ?? "",
    target_uri: record.warcTargetURI ?? "",
    version: record.warcHeaders.statusline,
    fields: [...record.warcHeaders.headers].map(([name, value]) => [name, String(value)]),
    content_length: record.warcContentLength,
    block_length: length,
    block_digest: record.warcBlockDigest ?? "",
    block_computed: digest,
    payload_digest: record.warcPayloadDigest ?? "",
    truncated: record.warcHeader("WARC-Truncated") ?? "",
    offset: -1,
    length: -1,
  });
}

// Second pass: HTTP parsed by warcio. Payload digests, status.
let i = 0;
const parsed = new WARCParser(open(), { keepHeadersCase: true });
for await (const record of parsed) {
  const r = records[i++];
  const http = record.httpHeaders;
  r.http_status = (http && record.warcType !== "request" && http.statusCode) || 0;
  const te = (http && http.headers.get("Transfer-Encoding")) || "";
  const raw = await collect(record.reader);
  const dechunk = /(^|,)\s*chunked\s*$/i.test(te);
  r.payload_warcio = (await sha256(new AsyncIterReader([raw], null, te === "chunked"))).digest;
  r.payload_own = (await sha256([dechunk ? dechunked(raw) : raw])).digest;
}

// Third pass, when the file can be held in memory (otherwise warcio's offsets
// depend on how the file is cut into pieces): offsets and lengths as warcio
// sees them, and for compressed files each record inflated from them alone.
if (whole) {
  i = 0;
  const places = new WARCParser(open(), { keepHeadersCase: true });
  const bytes = readFileSync(file);
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  for await (const record of places) {
    const r = records[i++];
    await record.skipFully();
    r.offset = places.offset;
    if (packed) {
      r.length = places.recordLength;
      try {
        const alone = gunzipSync(bytes.subarray(r.offset, r.offset + r.length));
        r.alone = alone.subarray(0, 5).toString() === "WARC/" && alone.subarray(-4).toString() === "\r\n\r\n";
      } catch {
        r.alone = false;
      }
    }
  }
}

// Fourth pass: what an index of this file would hold.
const cdx = [];
const indexer = new CDXIndexer({ format: "json" });
for await (const line of indexer.iterIndex([{ filename: "file", reader: open() }])) {
  cdx.push({ url: line.url, status: String(line.status ?? ""), mime: line.mime ?? "", offset: line.offset });
}

process.stdout.write(JSON.stringify({ records, cdx, warnings }));

async function collect(chunks) {
  const parts = [];
  for await (const chunk of chunks) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts);
}

// dechunked removes the chunked coding; what breaks its rules stays content,
// and what is missing at the end is not made up.
function dechunked(body) {
  const parts = [];
  let at = 0;
  for (;;) {
    const nl = body.indexOf(10, at);
    const line = nl < 0 ? "" : body.subarray(at, nl).toString("latin1");
    if (!/^[0-9a-f]+[ \t]*(;.*)?\r?$/i.test(line)) {
      if (at === 0 || nl >= 0) parts.push(body.subarray(at));
      break;
    }
    const size = parseInt(line, 16);
    const start = nl + 1;
    if (size === 0) break;
    parts.push(body.subarray(start, start + size));
    at = start + size;
    if (at >= body.length) break;
    if (body.subarray(at, at + 2).toString() !== "\r\n") {
      if (at + 1 < body.length) parts.push(body.subarray(at));
      break;
    }
    at += 2;
    if (at >= body.length) break;
  }
  return Buffer.concat(parts);
}
