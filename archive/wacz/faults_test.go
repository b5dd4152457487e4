package wacz

import (
	"bytes"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// content is a package by other software as names and bytes, to be changed and
// sealed again as a forger would.
type content struct {
	t     *testing.T
	names []string
	files map[string]string
}

func othersContent(t *testing.T) *content {
	c := &content{t: t, files: map[string]string{}}
	for _, p := range othersParts(t) {
		c.names = append(c.names, p.name)
		c.files[p.name] = string(p.data)
	}
	return c
}

func (c *content) set(name, text string) {
	if _, ok := c.files[name]; !ok {
		c.names = append(c.names, name)
	}
	c.files[name] = text
}

func (c *content) remove(name string) {
	delete(c.files, name)
	c.names = slices.DeleteFunc(c.names, func(n string) bool { return n == name })
}

func (c *content) replace(name, old, with string) {
	c.t.Helper()
	if !strings.Contains(c.files[name], old) {
		c.t.Fatalf("%s has no %q:\n%s", name, old, c.files[name])
	}
	c.files[name] = strings.Replace(c.files[name], old, with, 1)
}

// list writes the manifest's list of resources anew.
func (c *content) list() {
	var m map[string]any
	if err := json.Unmarshal([]byte(c.files[DatapackageFile]), &m); err != nil {
		c.t.Fatal(err)
	}
	var list []any
	for _, name := range c.names {
		if name == DatapackageFile || name == DigestFile {
			continue
		}
		sum := sha256.Sum256([]byte(c.files[name]))
		list = append(list, map[string]any{"name": name, "path": name, "hash": formatHash(sum[:]), "bytes": len(c.files[name])})
	}
	m["resources"] = list
	b, err := encode(m)
	if err != nil {
		c.t.Fatal(err)
	}
	c.files[DatapackageFile] = string(b)
}

// seal makes the digest that of the manifest, and signs it.
func (c *content) seal(by ...string) {
	software := strings.Join(append(by, "other 1.0")[:1], "")
	sum := sha256.Sum256([]byte(c.files[DatapackageFile]))
	w := Writer{cfg: Config{Software: software, Created: created, Signer: testSigner(c.t)}}
	b, err := w.digest(formatHash(sum[:]))
	if err != nil {
		c.t.Fatal(err)
	}
	c.files[DigestFile] = string(b)
}

func (c *content) build() []byte {
	var parts []*part
	for _, name := range c.names {
		parts = append(parts, stored(name, c.files[name]))
	}
	return build(parts, nil)
}

// signed returns signedData, for change, and puts it back.
func (c *content) signed(change func(m map[string]any)) {
	var d map[string]any
	if err := json.Unmarshal([]byte(c.files[DigestFile]), &d); err != nil {
		c.t.Fatal(err)
	}
	change(d["signedData"].(map[string]any))
	b, err := encode(d)
	if err != nil {
		c.t.Fatal(err)
	}
	c.files[DigestFile] = string(b)
}

const (
	warcOne = "archive/one.warc.gz"
	index   = "indexes/index.cdxj"
)

// TestFaults has each fault of content found in its step and named.
func TestFaults(t *testing.T) {
	flip := func(s string, i int) string {
		b := []byte(s)
		b[i] ^= 1
		return string(b)
	}
	key := func(c *content) { // a key that is none of ECDSA
		c.signed(func(m map[string]any) {
			m["publicKey"] = "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE="
		})
	}
	for _, c := range []struct {
		name   string
		step   Step
		code   Code
		file   string
		change func(c *content)
	}{
		{"as it is", "", "", "", func(*content) {}},
		{"sealed again", "", "", "", func(c *content) { c.list(); c.seal() }},
		{"unsigned", "", "", "", func(c *content) {
			c.files[DigestFile] = fmt.Sprintf(`{"path":"datapackage.json","hash":"sha256:%x"}`, sha256.Sum256([]byte(c.files[DatapackageFile])))
		}},
		{"without a digest", "", "", "", func(c *content) { c.remove(DigestFile) }},
		{"draft of 1.2.0", "", "", "", func(c *content) {
			c.replace(DatapackageFile, `"profile": "data-package"`, `"profile": "wacz"`)
			c.replace(DatapackageFile, `"wacz_version": "1.1.1",`, `"home": {"url": "https://a.test/", "ts": "2026-01-02T03:04:05Z"},`)
			c.seal()
		}},
		{"compressed index", "", "", "", func(c *content) {
			text := c.files[index]
			c.remove(index)
			c.set("indexes/index.cdx.gz", gzipped(c.t, text[:300], text[300:]))
			c.list()
			c.seal()
		}},

		{"a file changed", StepHashes, CodeHash, "report.html", func(c *content) { c.files["report.html"] = flip(c.files["report.html"], 3) }},
		{"a file grown", StepHashes, CodeSize, "report.html", func(c *content) { c.files["report.html"] += "x" }},
		{"a file not listed", StepHashes, CodeUnlisted, "extra", func(c *content) { c.set("extra", "x") }},
		{"a listed file not there", StepHashes, CodeMissing, "report.html", func(c *content) { c.remove("report.html") }},
		{"no manifest", StepHashes, CodeMissing, DatapackageFile, func(c *content) { c.remove(DatapackageFile) }},
		{"no pages", StepHashes, CodeMissing, PagesFile, func(c *content) { c.remove(PagesFile); c.list(); c.seal() }},
		{"no index", StepHashes, CodeMissing, IndexDir, func(c *content) { c.remove(index); c.list(); c.seal() }},
		{"no WARC", StepHashes, CodeMissing, ArchiveDir, func(c *content) {
			c.remove(warcOne)
			c.remove("archive/two.warc.gz")
			c.list()
			c.seal()
		}},

		{"manifest is no JSON", StepHashes, CodeManifest, DatapackageFile, func(c *content) { c.files[DatapackageFile] = "{"; c.seal() }},
		{"manifest is a list", StepHashes, CodeManifest, DatapackageFile, func(c *content) { c.files[DatapackageFile] = "[]"; c.seal() }},
		{"manifest and more", StepHashes, CodeManifest, DatapackageFile, func(c *content) { c.files[DatapackageFile] += "{}"; c.seal() }},
		{"manifest with two titles", StepHashes, CodeManifest, DatapackageFile, func(c *content) {
			c.replace(DatapackageFile, `"title"`, `"title": "Another", "title"`)
			c.seal()
		}},
		{"manifest with two hashes of a file", StepHashes, CodeManifest, DatapackageFile, func(c *content) {
			c.replace(DatapackageFile, `"bytes"`, `"hash": "sha256:00", "bytes"`)
			c.seal()
		}},
		{"manifest nested deep", StepHashes, CodeManifest, DatapackageFile, func(c *content) {
			c.replace(DatapackageFile, `"title"`, `"x": `+strings.Repeat("[", 5000)+strings.Repeat("]", 5000)+`, "title"`)
			c.seal()
		}},
		{"manifest not in UTF-8", StepHashes, CodeManifest, DatapackageFile, func(c *content) { c.replace(DatapackageFile, "A report", "A \xff"); c.seal() }},
		{"another profile", StepHashes, CodeManifest, DatapackageFile, func(c *content) {
			c.replace(DatapackageFile, "data-package", "multi-wacz-package")
			c.seal()
		}},
		{"a version to come", StepHashes, CodeManifest, DatapackageFile, func(c *content) { c.replace(DatapackageFile, "1.1.1", "2.0.0"); c.seal() }},
		{"created is no time", StepHashes, CodeManifest, DatapackageFile, func(c *content) {
			c.replace(DatapackageFile, `"created": "2026`, `"created": "Anno 2026`)
			c.seal()
		}},
		{"a file listed twice", StepHashes, CodeManifest, "report.html", func(c *content) {
			c.replace(DatapackageFile, `"path": "log/checkpoint"`, `"path": "report.html"`)
			c.seal()
		}},
		{"manifest lists itself", StepHashes, CodeManifest, DatapackageFile, func(c *content) {
			c.replace(DatapackageFile, `"path": "log/checkpoint"`, `"path": "datapackage.json"`)
			c.seal()
		}},
		{"weak hash", StepHashes, CodeHashAlgorithm, "report.html", func(c *content) {
			c.replace(DatapackageFile, `"path": "report.html",
      "hash": "sha256:`, `"path": "report.html",
      "hash": "md5:`)
			c.seal()
		}},
		{"hash in capitals", StepHashes, CodeManifest, warcOne, func(c *content) {
			sum := sha256.Sum256([]byte(c.files[warcOne]))
			c.replace(DatapackageFile, hex.EncodeToString(sum[:]), strings.ToUpper(hex.EncodeToString(sum[:])))
			c.seal()
		}},
		{"size that is none", StepHashes, CodeManifest, DatapackageFile, func(c *content) { c.replace(DatapackageFile, `"bytes": 1`, `"bytes": -1`); c.seal() }},

		{"WARC changed and all sealed", StepHashes, CodeWARC, warcOne, func(c *content) {
			c.files[warcOne] = flip(c.files[warcOne], 700)
			c.list()
			c.seal()
		}},
		{"WARC cut and all sealed", StepHashes, CodeWARC, warcOne, func(c *content) {
			c.files[warcOne] = c.files[warcOne][:800]
			c.list()
			c.seal()
		}},
		{"WARC that is none", StepHashes, CodeWARC, warcOne, func(c *content) { c.files[warcOne] = "hello"; c.list(); c.seal() }},
		{"pages that are no JSON", StepHashes, CodePages, PagesFile, func(c *content) { c.files[PagesFile] += "{\n"; c.list(); c.seal() }},
		{"page without URL", StepHashes, CodePages, PagesFile, func(c *content) {
			c.files[PagesFile] += `{"ts":"2026-01-02T03:04:05Z"}` + "\n"
			c.list()
			c.seal()
		}},
		{"page without time", StepHashes, CodePages, PagesFile, func(c *content) { c.files[PagesFile] += `{"url":"https://a.test/"}`; c.list(); c.seal() }},
		{"page with two URLs", StepHashes, CodePages, PagesFile, func(c *content) {
			c.files[PagesFile] += `{"url":"https://a.test/","url":"https://b.test/","ts":"2026-01-02T03:04:05Z"}`
			c.list()
			c.seal()
		}},
		{"index line that is none", StepHashes, CodeIndex, index, func(c *content) { c.files[index] += "zz\n"; c.list(); c.seal() }},
		{"index points into no file", StepHashes, CodeIndexTarget, index, func(c *content) { c.replace(index, "two.warc.gz", "six.warc.gz"); c.list(); c.seal() }},
		{"index points between records", StepHashes, CodeIndexTarget, index, func(c *content) { c.replace(index, `"offset":5`, `"offset":6`); c.list(); c.seal() }},
		{"index points to another file's record", StepHashes, CodeIndexTarget, index, func(c *content) {
			c.replace(index, `"url":"https://other.test/"`, `"url":"https://bank.test/"`)
			c.list()
			c.seal()
		}},
		{"index gives another time", StepHashes, CodeIndexTarget, index, func(c *content) { c.replace(index, " 20260304050700 ", " 20160304050700 "); c.list(); c.seal() }},
		{"index gives another length", StepHashes, CodeIndexTarget, index, func(c *content) { c.replace(index, `"length":`, `"length":1`); c.list(); c.seal() }},
		{"index with two URLs", StepHashes, CodeIndex, index, func(c *content) { c.replace(index, `{"url"`, `{"url":"https://b.test/","url"`); c.list(); c.seal() }},
		{"index that does not unfold", StepHashes, CodeIndexed, "indexes/index.cdx.gz", func(c *content) { c.set("indexes/index.cdx.gz", "\x1f\x8b\x08rubbish"); c.list(); c.seal() }},
		{"index that is a bomb", StepHashes, CodeIndexed, "indexes/index.cdx.gz", func(c *content) {
			c.set("indexes/index.cdx.gz", gzipped(c.t, strings.Repeat("\n", 8<<20)))
			c.list()
			c.seal()
		}},

		{"digest of another manifest", StepDigest, CodeDigestMismatch, DatapackageFile, func(c *content) { c.replace(DatapackageFile, "A report", "A rep0rt") }},
		{"digest is no JSON", StepDigest, CodeDigest, DigestFile, func(c *content) { c.files[DigestFile] = "no" }},
		{"digest of another file", StepDigest, CodeDigest, DigestFile, func(c *content) { c.replace(DigestFile, `"path": "datapackage.json"`, `"path": "report.html"`) }},
		{"digest without a hash", StepDigest, CodeDigest, DigestFile, func(c *content) { c.replace(DigestFile, `"hash": "sha256:`, `"hash": "sha1:`) }},
		{"digest with two hashes", StepDigest, CodeDigest, DigestFile, func(c *content) { c.replace(DigestFile, `"path"`, `"hash": "", "path"`) }},

		{"signature wrong", StepSignature, CodeSignature, DigestFile, func(c *content) {
			c.signed(func(m map[string]any) { m["signature"] = flip(m["signature"].(string), 9) })
		}},
		{"signature is no base64", StepSignature, CodeSignature, DigestFile, func(c *content) { c.signed(func(m map[string]any) { m["signature"] = "%" }) }},
		{"signature of another hash", StepSignature, CodeSignature, DigestFile, func(c *content) {
			c.signed(func(m map[string]any) { m["hash"] = flip(m["hash"].(string), 9) })
		}},
		{"key of another kind", StepSignature, CodeSignatureKey, DigestFile, key},
		{"key that is none", StepSignature, CodeSignatureKey, DigestFile, func(c *content) { c.signed(func(m map[string]any) { m["publicKey"] = "AAAA" }) }},
		{"another key", StepSignature, CodeSignature, DigestFile, func(c *content) {
			c.signed(func(m map[string]any) { m["publicKey"] = otherKey(c.t) })
		}},
		{"another property", StepSignature, CodeSignatureForm, DigestFile, func(c *content) { c.signed(func(m map[string]any) { m["timestamp"] = "now" }) }},
		{"property missing", StepSignature, CodeSignatureForm, DigestFile, func(c *content) { c.signed(func(m map[string]any) { delete(m, "created") }) }},
		{"property of another kind", StepSignature, CodeSignatureForm, DigestFile, func(c *content) { c.signed(func(m map[string]any) { m["created"] = 7 }) }},
		{"both forms", StepSignature, CodeSignatureForm, DigestFile, func(c *content) { c.signed(func(m map[string]any) { m["domain"] = "a.test" }) }},
		{"neither form", StepSignature, CodeSignatureForm, DigestFile, func(c *content) { c.signed(func(m map[string]any) { delete(m, "publicKey") }) }},
		{"domain form without its parts", StepSignature, CodeSignatureForm, DigestFile, func(c *content) {
			c.signed(func(m map[string]any) { delete(m, "publicKey"); m["domain"] = "a.test" })
		}},
		{"domain form without certificates", StepSignature, CodeSignatureKey, DigestFile, func(c *content) {
			c.signed(func(m map[string]any) {
				delete(m, "publicKey")
				m["domain"], m["domainCert"], m["timeSignature"], m["timestampCert"] = "a.test", "none", "none", "none"
			})
		}},
		{"signedData is no object", StepSignature, CodeSignatureForm, DigestFile, func(c *content) {
			c.files[DigestFile] = fmt.Sprintf(`{"path":"datapackage.json","hash":"sha256:%x","signedData":[]}`, sha256.Sum256([]byte(c.files[DatapackageFile])))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			pkg := othersContent(t)
			c.change(pkg)
			faults, s := validate(t, pkg.build())
			if c.code == "" {
				if len(faults) > 0 || !s.Valid() {
					t.Fatalf("faults: %v", faults)
				}
				return
			}
			found := false
			for _, p := range faults {
				found = found || p.Code == c.code && p.File == c.file && p.Step == c.step
			}
			if !found || s.Valid() {
				t.Errorf("want %s of %s in step %s, found %v", c.code, c.file, c.step, faults)
			}
			for _, r := range s.Results {
				if r.Step == c.step && r.Outcome != Failed {
					t.Errorf("%s: %s", r.Step, r.Outcome)
				}
			}
		})
	}
}

func otherKey(t *testing.T) string {
	s, err := NewECDSASigner(numberedKey(elliptic.P384(), 2))
	if err != nil {
		t.Fatal(err)
	}
	return base64Text(s.public)
}

// gzipped returns each text as a gzip member of its own.
func gzipped(t *testing.T, texts ...string) string {
	var b bytes.Buffer
	for _, text := range texts {
		w := gzip.NewWriter(&b)
		w.Write([]byte(text))
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// TestDoubledHashes accepts the hashes of one writer that takes every chunk
// twice, from that writer alone, and still sees every change.
func TestDoubledHashes(t *testing.T) {
	long := strings.Repeat("0123456789abcdef!", 10_000) // two chunks and a half
	doubledHash := func(s string) string {
		h := sha256.New()
		for chunk := range slices.Chunk([]byte(s), 64<<10) {
			h.Write(append(chunk[:len(chunk):len(chunk)], chunk...))
		}
		return formatHash(h.Sum(nil))
	}
	for _, c := range []struct {
		software, file string
		ok             bool
	}{
		{"@harvard-lil/js-wacz 0.1.6", long, true},
		{"other 1.0", long, false},
		{"@harvard-lil/js-wacz 0.1.6", strings.Replace(long, "f!", "f?", 1), false},
		{"@harvard-lil/js-wacz 0.1.6", long + long, false},
	} {
		pkg := othersContent(t)
		pkg.files["report.html"] = long
		pkg.list()
		sum := sha256.Sum256([]byte(long))
		pkg.replace(DatapackageFile, formatHash(sum[:]), doubledHash(long))
		pkg.replace(DatapackageFile, "other 1.0", c.software)
		pkg.seal()
		pkg.files["report.html"] = c.file
		b := pkg.build()
		rd, err := NewReader(newReaderAt(b), int64(len(b)), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		in, err := rd.Open("report.html")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(in); (err == nil) != c.ok || string(got) != c.file || err != nil && !errors.Is(err, ErrInvalid) {
			t.Errorf("%s, %d bytes: read %d, %v", c.software, len(c.file), len(got), err)
		}
		faults, s := validate(t, b)
		if s.Valid() != c.ok || c.ok == slices.ContainsFunc(faults, func(p Problem) bool { return p.Code == CodeHash && p.File == "report.html" }) {
			t.Errorf("%s, %d bytes: valid %v, %v", c.software, len(c.file), s.Valid(), faults)
		}
	}
}

// buildOurs packs the content with the headers of ours.
func (c *content) buildOurs() []byte {
	var b bytes.Buffer
	w := Writer{cfg: Config{Created: created}, out: counter{w: &b}}
	for _, name := range c.names {
		f := written{file: file{name: name, offset: w.out.n, size: int64(len(c.files[name])), crc: crc32.ChecksumIEEE([]byte(c.files[name]))}}
		w.files = append(w.files, f)
		w.write(appendLocal(nil, &f.file, created))
		w.write([]byte(c.files[name]))
	}
	if err := w.directory(); err != nil {
		c.t.Fatal(err)
	}
	return b.Bytes()
}

// TestOursAsWritten holds packages that say to be ours to our own bytes, where
// the same from others would pass.
func TestOursAsWritten(t *testing.T) {
	lines := func(c *content) []string { return strings.SplitAfter(c.files[index], "\n") }
	for _, c := range []struct {
		name, file string
		code       Code
		seal       bool
		change     func(c *content)
	}{
		{"as it is", "", "", true, func(*content) {}},
		{"a record without a line", index, CodeIndexMissing, true, func(c *content) { c.files[index] = strings.Join(lines(c)[1:], "") }},
		{"index not sorted", index, CodeIndexOrder, true, func(c *content) {
			l := lines(c)
			l[0], l[1] = l[1], l[0]
			c.files[index] = strings.Join(l, "")
		}},
		{"index with another type", index, CodeIndexTarget, true, func(c *content) { c.replace(index, "text/html", "text/plain") }},
		{"index with another status", index, CodeIndexTarget, true, func(c *content) { c.replace(index, `"status":200`, `"status":404`) }},
		{"index with another digest", index, CodeIndexTarget, true, func(c *content) { c.replace(index, `"sha256:0a`, `"sha256:0b`) }},
		{"index with another millisecond", index, CodeIndexTarget, true, func(c *content) { c.replace(index, "607089", "607088") }},
		{"foreign file in archive", "archive/notes.txt", CodeForeign, true, func(c *content) { c.set("archive/notes.txt", "x") }},
		{"no digest", DigestFile, CodeMissing, true, func(c *content) { c.remove(DigestFile) }},
		{"digest of another time", DigestFile, CodeCanonical, false, func(c *content) { c.replace(DigestFile, "13:14:15", "13:14:16") }},
		{"digest by other software", DigestFile, CodeCanonical, false, func(c *content) { c.replace(DigestFile, "ibid/1.0", "ibid/2.0") }},
		{"digest in other white space", DigestFile, CodeCanonical, false, func(c *content) { c.files[DigestFile] += "\n" }},
		{"digest that says more", DigestFile, CodeCanonical, false, func(c *content) { c.replace(DigestFile, `"path"`, `"note": "x", "path"`) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			pkg := othersContent(t)
			pkg.replace(DatapackageFile, "other 1.0", "ibid/1.0")
			if !c.seal {
				pkg.seal("ibid/1.0")
			}
			c.change(pkg)
			if _, ok := pkg.files[DigestFile]; ok && c.seal {
				pkg.list()
				pkg.seal("ibid/1.0")
			}
			faults, s := validate(t, pkg.buildOurs())
			if c.code == "" {
				if len(faults) > 0 || !s.Valid() {
					t.Fatalf("faults: %v", faults)
				}
				return
			}
			if s.Valid() || !slices.ContainsFunc(faults, func(p Problem) bool { return p.Code == c.code && p.File == c.file }) {
				t.Errorf("want %s of %s, found %v", c.code, c.file, faults)
			}
		})
	}
	t.Run("other headers", func(t *testing.T) {
		pkg := othersContent(t)
		pkg.replace(DatapackageFile, "other 1.0", "ibid/1.0")
		pkg.seal("ibid/1.0")
		faults, s := validate(t, pkg.build())
		if s.Valid() || !slices.ContainsFunc(faults, func(p Problem) bool { return p.Code == CodeCanonical && p.File == warcOne }) {
			t.Errorf("found %v", faults)
		}
	})
}
