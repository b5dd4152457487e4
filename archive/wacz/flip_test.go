package wacz

import (
	"bytes"
	"crypto/elliptic"
	"strings"
	"testing"
)

// quickPackage returns a small package with every kind of file, whose signature
// is checked fast.
func quickPackage(t *testing.T) []byte {
	cfg := testConfig(t)
	signer, err := NewECDSASigner(testKey(elliptic.P256()))
	if err != nil {
		t.Fatal(err)
	}
	cfg.Signer = signer
	var b bytes.Buffer
	w, err := NewWriter(&b, cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{
		w.AddWARC("one.warc.gz", Bytes(testWARC(t, pageOne))),
		w.AddFile("checkpoint", Bytes([]byte("log.test\n1\nAAAA\n"))),
		w.AddPage(Page{URL: pageOne.url, TS: pageOne.at}),
		w.Close(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// TestEveryByte changes every byte of a package of ours: each change must be found,
// and blamed on the file in whose bytes or headers it lies.
func TestEveryByte(t *testing.T) {
	t.Parallel()
	b := quickPackage(t)
	ps := &problems{}
	d, err := readDirectory(bytes.NewReader(b), int64(len(b)), Limits{}.withDefaults(), ps)
	if err != nil || len(ps.list) > 0 {
		t.Fatal(err, ps.list)
	}
	owner := make([]string, len(b))
	for i := range owner {
		owner[i] = DirectoryFile
	}
	at := d.start
	for _, e := range d.entries {
		for i := e.offset; i < e.end; i++ {
			owner[i] = e.name
		}
		for range e.central {
			owner[at] = e.name
			at++
		}
	}
	blamed := map[string]int{}
	for i := range b {
		with := []byte{0x01, 0x80, 0xff, 0x20}[i%4]
		b[i] ^= with
		faults, s := validate(t, b)
		b[i] ^= with
		if len(faults) == 0 || s.Valid() {
			t.Fatalf("byte %d (%s) ^ %#x: nothing was found", i, owner[i], with)
		}
		named := false
		for _, p := range faults {
			// A damaged directory may call the file something else, or not go so far.
			named = named || p.File == owner[i] || p.File == DirectoryFile ||
				int64(i) >= d.start && strings.Contains(p.String(), owner[i])
		}
		if !named {
			t.Errorf("byte %d (%s) ^ %#x: blamed on others: %v", i, owner[i], with, faults)
		}
		blamed[owner[i]]++
	}
	if len(blamed) != len(d.entries)+1 {
		t.Errorf("not every file was damaged: %v", blamed)
	}
}

// TestEveryTruncation cuts a package of ours at every place.
func TestEveryTruncation(t *testing.T) {
	t.Parallel()
	b := quickPackage(t)
	for n := range b {
		if faults, s := validate(t, b[:n]); len(faults) == 0 || s.Valid() {
			t.Fatalf("%d bytes of %d: nothing was found", n, len(b))
		}
	}
	for _, more := range []string{"\x00", "\n", "PK\x05\x06" + strings.Repeat("\x00", 18)} {
		if faults, s := validate(t, append(bytes.Clone(b), more...)); len(faults) == 0 || s.Valid() {
			t.Fatalf("%q behind the package: nothing was found", more)
		}
		if faults, s := validate(t, append([]byte(more), b...)); len(faults) == 0 || s.Valid() {
			t.Fatalf("%q before the package: nothing was found", more)
		}
	}
}
