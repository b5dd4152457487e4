// Opens a package with the npm package @webrecorder/wabac, the engine of
// ReplayWeb.page, as that does: over HTTP by ranges, into an IndexedDB. Prints
// as JSON the pages that it finds, what it says about the signature, and what
// it replays for each URL that is given.
//
// usage: node wabac.mjs DIRECTORY-WITH-NODE_MODULES FILE.wacz [URL TIMESTAMP]…
import { open, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, file, ...wanted] = process.argv.slice(2);
const load = (...path) => import(pathToFileURL(resolve(join(modules, "node_modules", ...path))).href);

const warnings = [];
const say = (...args) => warnings.push(args.map((a) => a?.stack ?? String(a)).join(" "));
console.log = () => {};
console.warn = console.error = say;

await load("fake-indexeddb", "auto", "index.mjs");
globalThis.self = globalThis;
const { WorkerLoader } = await load("@webrecorder", "wabac", "dist", "swlib.js");

const { size } = await stat(file);
const handle = await open(file);
const server = createServer(async (request, response) => {
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "") ?? [];
  const start = Number(from ?? 0);
  const end = to ? Math.min(Number(to), size - 1) : size - 1;
  const headers = { "Content-Type": "application/wacz", "Content-Length": end - start + 1, "Accept-Ranges": "bytes" };
  if (from !== undefined) {
    headers["Content-Range"] = `bytes ${start}-${end}/${size}`;
  }
  response.writeHead(from === undefined ? 200 : 206, headers);
  if (request.method === "HEAD") {
    return response.end();
  }
  const { buffer } = await handle.read(Buffer.alloc(end - start + 1), 0, end - start + 1, start);
  response.end(buffer);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const url = `http://127.0.0.1:${server.address().port}/package.wacz`;

const report = { pages: [], signature: null, replayed: [], warnings };
try {
  const loader = new WorkerLoader({ addEventListener() {} });
  const progress = (percent, error) => error && say(`progress: ${error}`);
  await loader._init_db;
  await loader.addCollection({ name: "check", file: { sourceUrl: url }, extraConfig: {} }, progress);
  const { store } = await loader.loadColl("check");
  report.pages = (await store.getAllPages()).map(({ url, ts, title }) => ({ url, ts: new Date(ts).toISOString(), title }));
  // null: not checked, as when the key could not be read
  report.signature = (await store.db.get("verification", "signature"))?.matched ?? null;
  for (let i = 0; i + 1 < wanted.length; i += 2) {
    const request = {
      url: wanted[i], timestamp: wanted[i + 1], mod: "mp_", method: "GET", mode: "navigate",
      request: new Request(wanted[i]), headers: new Headers(), destination: "document",
    };
    const answer = await store.getResource(request, "", { clientId: "", resultingClientId: "" }, { noRedirect: true });
    const replayed = { url: wanted[i], status: 0, date: "", type: "", body: "" };
    if (answer) {
      replayed.status = answer.status;
      replayed.date = answer.date ? new Date(answer.date).toISOString() : "";
      replayed.type = answer.headers.get("content-type") ?? "";
      replayed.body = (await answer.getText()).text;
    }
    report.replayed.push(replayed);
  }
} catch (error) {
  say(error);
}
process.stdout.write(JSON.stringify(report));
process.exit(0);
