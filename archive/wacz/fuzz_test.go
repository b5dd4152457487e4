package wacz

import (
	"bytes"
	"io"
	"testing"
	"time"
)

// FuzzValidate takes any bytes for a package: no panic, no package that is valid
// and cannot be opened, and none that reads differently from what was validated.
func FuzzValidate(f *testing.F) {
	f.Add(testPackage(f, testConfig(f)))
	cfg := testConfig(f)
	cfg.Software = "other 1.0"
	f.Add(testPackage(f, cfg))
	f.Add(appendEnd(nil, 0, 0, 0))
	f.Add(appendEnd(nil, max16, 0, 0))
	f.Fuzz(func(t *testing.T, b []byte) {
		lim := Limits{Files: 100, Bytes: 1 << 20, Text: 1 << 20, Records: 100}
		_, s, err := Validate(t.Context(), bytes.NewReader(b), int64(len(b)), Options{Limits: lim})
		if err != nil {
			t.Fatalf("bytes in memory cannot be read: %v", err)
		}
		r, err := NewReader(bytes.NewReader(b), int64(len(b)), lim)
		if err != nil {
			if s.Valid() {
				t.Fatalf("valid, and not opened: %v", err)
			}
			return
		}
		for _, name := range r.Files() {
			in, err := r.Open(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, in); err != nil && s.Valid() {
				t.Fatalf("valid, and %s cannot be read: %v", name, err)
			}
		}
		for _, err := range r.Pages() {
			if err != nil && s.Valid() {
				t.Fatalf("valid, and pages cannot be read: %v", err)
			}
		}
		r.Lookup("https://other.test/", time.Unix(0, 0))
	})
}

// FuzzManifest parses any bytes as datapackage.json.
func FuzzManifest(f *testing.F) {
	w := Writer{cfg: Config{Software: "ibid/1", Created: created}, files: []written{{file: file{name: "archive/a.warc"}}}}
	b, err := w.manifest()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"profile":"wacz","home":{"url":"u","ts":"2026-01-01T00:00:00Z"},"resources":[{"path":"p","stats":{"hash":"00","bytes":1},"hashing":"sha256"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		ps := &problems{step: StepHashes}
		info := parseInfo(b, ps)
		if info == nil && !ps.failed[StepHashes] {
			t.Error("nothing was made of it, and nothing reported")
		}
		if info == nil {
			return
		}
		for _, r := range info.Resources {
			if !ps.failed[StepHashes] && (len(r.SHA256) != 64 || r.Bytes < 0) {
				t.Errorf("resource %+v was accepted", r)
			}
		}
	})
}

// FuzzDigest puts any bytes in the place of datapackage-digest.json: whatever
// passes has the hash of the manifest, and a signature over it or none.
func FuzzDigest(f *testing.F) {
	w := Writer{cfg: Config{Software: "other", Created: created, Signer: testSigner(f)}}
	hash := "sha256:" + zeros64
	b, err := w.digest(hash)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(b)
	f.Add([]byte(`{"path":"datapackage.json","hash":"` + hash + `","signedData":{"hash":"` + hash +
		`","created":"2026-01-01T00:00:00Z","software":"x","version":"0.1.0","signature":"AA==","domain":"a.test","domainCert":"","timeSignature":"","timestampCert":""}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		p := stored(DigestFile, string(b))
		pkg := build([]*part{p}, nil)
		v := &validator{ctx: t.Context(), r: bytes.NewReader(pkg), opts: Options{Limits: Limits{}.withDefaults()}, sum: &Summary{}, sums: map[string]string{DatapackageFile: zeros64}}
		if v.dir, err = readDirectory(v.r, int64(len(pkg)), v.opts.Limits, &v.ps); err != nil || v.dir == nil {
			t.Fatal(err)
		}
		v.ps.step = StepDigest
		if err := v.checkDigest(); err != nil {
			t.Fatal(err)
		}
		if v.ps.failed[StepDigest] || v.ps.failed[StepSignature] {
			return
		}
		if !bytes.Contains(b, []byte(zeros64)) && !bytes.Contains(b, []byte(`\u`)) {
			t.Errorf("a digest of something else passed: %q", b)
		}
		if v.signed && v.sum.Signature.Hash != hash {
			t.Errorf("a signature over something else passed: %q", b)
		}
	})
}

const zeros64 = "0000000000000000000000000000000000000000000000000000000000000000"
