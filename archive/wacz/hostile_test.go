package wacz

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"hash/crc32"
	"strings"
	"testing"
)

// part is a file of a zip file that is put together by hand, so that its headers
// can say anything.
type part struct {
	name, local         string // names in directory and local header; "" of local: the same
	data                []byte // as packed
	size                int
	crc                 uint32
	method, flags       uint16
	madeBy, needed      uint16
	clock, date         uint16
	external            uint32
	extra, localExtra   []byte
	comment, descriptor []byte
	before              []byte       // bytes before the local header
	mutate              func([]byte) // changes the local header
	mutateCentral       func([]byte) // changes the entry of the directory
	hidden, unwritten   bool         // not in the directory; only in the directory
	at                  int          // offset to claim, with unwritten
}

func stored(name, text string) *part {
	return &part{name: name, data: []byte(text), size: len(text), crc: crc32.ChecksumIEEE([]byte(text)), needed: 20, date: 0x5000}
}

func deflated(t *testing.T, name, text string) *part {
	p := stored(name, text)
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, 9)
	if err != nil {
		t.Fatal(err)
	}
	w.Write([]byte(text))
	w.Close()
	p.data, p.method = b.Bytes(), methodDeflated
	return p
}

// build writes the parts, the directory and the end, which finish may change.
func build(parts []*part, finish func(directory, end []byte) ([]byte, []byte)) []byte {
	le := binary.LittleEndian
	var b, dir []byte
	count := 0
	for _, p := range parts {
		b = append(b, p.before...)
		offset := len(b)
		local := p.local
		if local == "" {
			local = p.name
		}
		if p.unwritten {
			offset = p.at
		} else {
			h := le.AppendUint32(nil, localSig)
			for _, v := range []uint16{p.needed, p.flags, p.method, p.clock, p.date} {
				h = le.AppendUint16(h, v)
			}
			crc, packed, size := p.crc, len(p.data), p.size
			if p.flags&flagDescriptor != 0 {
				crc, packed, size = 0, 0, 0
			}
			h = le.AppendUint32(h, crc)
			h = le.AppendUint32(h, uint32(packed))
			h = le.AppendUint32(h, uint32(size))
			h = le.AppendUint16(h, uint16(len(local)))
			h = le.AppendUint16(h, uint16(len(p.localExtra)))
			if p.mutate != nil {
				p.mutate(h)
			}
			b = append(append(append(append(append(b, h...), local...), p.localExtra...), p.data...), p.descriptor...)
		}
		if p.hidden {
			continue
		}
		count++
		h := le.AppendUint32(nil, centralSig)
		for _, v := range []uint16{p.madeBy, p.needed, p.flags, p.method, p.clock, p.date} {
			h = le.AppendUint16(h, v)
		}
		h = le.AppendUint32(h, p.crc)
		h = le.AppendUint32(h, uint32(len(p.data)))
		h = le.AppendUint32(h, uint32(p.size))
		h = le.AppendUint16(h, uint16(len(p.name)))
		h = le.AppendUint16(h, uint16(len(p.extra)))
		h = le.AppendUint16(h, uint16(len(p.comment)))
		h = le.AppendUint32(h, 0)
		h = le.AppendUint32(h, p.external)
		h = le.AppendUint32(h, uint32(offset))
		if p.mutateCentral != nil {
			p.mutateCentral(h)
		}
		dir = append(append(append(append(dir, h...), p.name...), p.extra...), p.comment...)
	}
	end := appendEnd(nil, int64(count), int64(len(dir)), int64(len(b)))
	if finish != nil {
		dir, end = finish(dir, end)
	}
	return append(append(b, dir...), end...)
}

// othersParts returns the parts of a valid package by other software, WARC first.
func othersParts(t *testing.T) []*part {
	cfg := testConfig(t)
	cfg.Software = "other 1.0"
	b := testPackage(t, cfg)
	ps := &problems{}
	d, err := readDirectory(bytes.NewReader(b), int64(len(b)), Limits{}.withDefaults(), ps)
	if err != nil || len(ps.list) > 0 {
		t.Fatal(err, ps.list)
	}
	var parts []*part
	for _, e := range d.entries {
		parts = append(parts, stored(e.name, string(b[e.data:e.data+e.size])))
	}
	return parts
}

// extraField returns an extra field of a zip file.
func extraField(id uint16, body ...byte) []byte {
	b := binary.LittleEndian.AppendUint16(nil, id)
	return append(binary.LittleEndian.AppendUint16(b, uint16(len(body))), body...)
}

func wide(values ...uint64) []byte {
	var b []byte
	for _, v := range values {
		b = binary.LittleEndian.AppendUint64(b, v)
	}
	return extraField(zip64Extra, b...)
}

// zipCase is a package with one fault of structure; a nil code means none.
type zipCase struct {
	name   string
	code   Code
	file   string // that must be named
	change func(t *testing.T, ps []*part) []*part
	finish func(directory, end []byte) ([]byte, []byte)
}

func zipCases() []zipCase {
	le := binary.LittleEndian
	const first, page = "archive/one.warc.gz", "report.html"
	on := func(name string, change func(p *part)) func(*testing.T, []*part) []*part {
		return func(t *testing.T, ps []*part) []*part {
			for _, p := range ps {
				if p.name == name {
					change(p)
					return ps
				}
			}
			t.Fatalf("no part %s", name)
			return nil
		}
	}
	more := func(p *part) func(*testing.T, []*part) []*part {
		return func(_ *testing.T, ps []*part) []*part { return append(ps, p) }
	}
	named := func(name string) func(*testing.T, []*part) []*part { return more(stored(name, "x")) }
	end := func(change func(end []byte)) func(a, b []byte) ([]byte, []byte) {
		return func(a, b []byte) ([]byte, []byte) { change(b); return a, b }
	}
	descriptor := func(p *part, wide, signature bool) []byte {
		var b []byte
		if signature {
			b = le.AppendUint32(b, descriptorSig)
		}
		b = le.AppendUint32(b, p.crc)
		if wide {
			return le.AppendUint64(le.AppendUint64(b, uint64(len(p.data))), uint64(p.size))
		}
		return le.AppendUint32(le.AppendUint32(b, uint32(len(p.data))), uint32(p.size))
	}
	described := func(wide, signature bool) func(*testing.T, []*part) []*part {
		return on(page, func(p *part) { p.flags, p.descriptor = flagDescriptor, descriptor(p, wide, signature) })
	}
	return []zipCase{
		// What is no fault.
		{name: "as it is"},
		{name: "data descriptor", change: described(false, true)},
		{name: "data descriptor without signature", change: described(false, false)},
		{name: "wide data descriptor", change: described(true, true)},
		{name: "wide data descriptor without signature", change: described(true, false)},
		{name: "times in extra fields", change: on(page, func(p *part) {
			p.extra, p.localExtra = extraField(0x5455, 3, 0, 0, 0, 0), extraField(0x5455, 3, 0, 0, 0, 0, 0, 0, 0, 0)
		})},
		{name: "zip64 field nobody asked for", change: on(page, func(p *part) {
			p.localExtra = wide(uint64(p.size), uint64(len(p.data)))
		})},
		{name: "mode of a plain file", change: on(page, func(p *part) { p.madeBy, p.external = 3<<8|20, 0o100644<<16 })},
		{name: "plain directory", change: func(_ *testing.T, ps []*part) []*part {
			return append(ps, &part{name: "pages/", needed: 20, external: 0o040755<<16 | attributeDir})
		}},

		// Places.
		{"bytes before the first file", CodeTrailing, first, on(first, func(p *part) { p.before = []byte("#!/bin/sh\n") }), nil},
		{"bytes between files", CodeTrailing, "archive/two.warc.gz", on(page, func(p *part) { p.before = []byte("hidden") }), nil},
		{"a file that the directory hides", CodeTrailing, "archive/two.warc.gz", on(page, func(p *part) { p.hidden = true }), nil},
		{"bytes before the directory", CodeTrailing, DigestFile, nil, func(d, e []byte) ([]byte, []byte) {
			le.PutUint32(e[16:], le.Uint32(e[16:])+4)
			return append([]byte("gap!"), d...), e
		}},
		{"two entries of one place", CodeOverlap, "copy", more(&part{name: "copy", unwritten: true, needed: 20, date: 0x5000}), nil},
		{"an entry within another", CodeOverlap, "inside", more(&part{name: "inside", unwritten: true, needed: 20, date: 0x5000, at: 40}), nil},
		{"an entry behind the end", CodeDirectory, "beyond", more(&part{name: "beyond", unwritten: true, at: 1 << 30}), nil},
		{"bytes behind the end", CodeNoZip, DirectoryFile, nil, func(d, e []byte) ([]byte, []byte) { return d, append(e, "more"...) }},
		{"a comment", CodeNoZip, DirectoryFile, nil, func(d, e []byte) ([]byte, []byte) {
			e[20] = 4
			return d, append(e, "more"...)
		}},
		{"a comment that is the end", CodeComment, DirectoryFile, nil, end(func(e []byte) { e[20] = 4 })},
		{"bytes between directory and end", CodeTrailing, DirectoryFile, nil, func(d, e []byte) ([]byte, []byte) { return d, append([]byte("more"), e...) }},
		{"no directory", CodeNoZip, DirectoryFile, nil, func(_, _ []byte) ([]byte, []byte) { return nil, nil }},

		// Counts and parts.
		{"one entry more is claimed", CodeEnd, DirectoryFile, nil, end(func(e []byte) { e[8]++; e[10]++ })},
		{"one entry less is claimed", CodeEnd, DirectoryFile, nil, end(func(e []byte) { e[8]--; e[10]-- })},
		{"two counts", CodeEnd, DirectoryFile, nil, end(func(e []byte) { e[10]++ })},
		{"another disk", CodeEnd, DirectoryFile, nil, end(func(e []byte) { e[4] = 1 })},
		{"an entry on another disk", CodeEnd, page, on(page, func(p *part) { p.mutateCentral = func(h []byte) { h[34] = 1 } }), nil},
		{"a directory that is too long", CodeTrailing, DirectoryFile, nil, end(func(e []byte) { le.PutUint32(e[12:], 1<<20) })},
		{"a directory elsewhere", CodeTrailing, DirectoryFile, nil, end(func(e []byte) { le.PutUint32(e[16:], 7) })},
		{"an entry that is none", CodeDirectory, DirectoryFile, on(page, func(p *part) { p.mutateCentral = func(h []byte) { h[0] = 'X' } }), nil},
		{"a name beyond the directory", CodeDirectory, DirectoryFile, on(DigestFile, func(p *part) { p.mutateCentral = func(h []byte) { h[29] = 0xff } }), nil},
		{"a comment of an entry", CodeComment, page, on(page, func(p *part) { p.comment = []byte("psst") }), nil},

		// Names.
		{"climbing", CodeName, "../evil", named("../evil"), nil},
		{"climbing inside", CodeName, "a/../../evil", named("a/../../evil"), nil},
		{"dot", CodeName, "./evil", named("./evil"), nil},
		{"two slashes", CodeName, "a//b", named("a//b"), nil},
		{"absolute", CodeName, "/etc/passwd", named("/etc/passwd"), nil},
		{"backslash", CodeName, `..\evil`, named(`..\evil`), nil},
		{"drive", CodeName, "C:evil", named("C:evil"), nil},
		{"NUL", CodeName, "a\x00b", named("a\x00b"), nil},
		{"escape sequence", CodeName, "a\x1b[2Jb", named("a\x1b[2Jb"), nil},
		{"trailing dot", CodeName, "report.html.", named("report.html."), nil},
		{"trailing space", CodeName, "report.html ", named("report.html "), nil},
		{"empty", CodeName, "", named(""), nil},
		{"too long", CodeName, strings.Repeat("x", 1025), named(strings.Repeat("x", 1025)), nil},
		{"not UTF-8", CodeName, "a\xff", named("a\xff"), nil},
		{"of unknown encoding", CodeName, "ä", named("ä"), nil},
		{"twice", CodeDuplicate, page, named(page), nil},
		{"twice but for case", CodeDuplicate, "Report.HTML", named("Report.HTML"), nil},
		{"twice but for the Kelvin sign", CodeDuplicate, "log/chec\u212apoint", func(_ *testing.T, ps []*part) []*part {
			p := stored("log/chec\u212apoint", "x")
			p.flags = flagUTF8
			return append(ps, p)
		}, nil},
		{"twice but for composition", CodeDuplicate, "e\u0301", func(_ *testing.T, ps []*part) []*part {
			a, b := stored("\u00e9", "x"), stored("e\u0301", "x")
			a.flags, b.flags = flagUTF8, flagUTF8
			return append(ps, a, b)
		}, nil},
		{"file and directory", CodeDuplicated, "report.html/x", named("report.html/x"), nil},
		{"second name", CodeZip64, page, on(page, func(p *part) { p.extra = extraField(0x7075, 1, 0, 0, 0, 0, 'x') }), nil},

		// Kinds.
		{"symbolic link", CodeSpecial, page, on(page, func(p *part) { p.madeBy, p.external = 3<<8, 0o120777<<16 }), nil},
		{"symbolic link from nowhere", CodeSpecial, page, on(page, func(p *part) { p.external = 0o120777 << 16 }), nil},
		{"device", CodeSpecial, page, on(page, func(p *part) { p.external = 0o020666 << 16 }), nil},
		{"file that is a directory", CodeSpecial, page, on(page, func(p *part) { p.external = 0o040755 << 16 }), nil},
		{"directory that is a file", CodeSpecial, "d/", more(&part{name: "d/", external: 0o100644 << 16}), nil},
		{"directory with data", CodeSpecial, "d/", named("d/"), nil},

		// Headers.
		{"two names", CodeHeader, page, on(page, func(p *part) { p.local = "report.htm_" }), nil},
		{"two names of two lengths", CodeHeader, page, on(page, func(p *part) { p.local = "evil" }), nil},
		{"two methods", CodeHeader, page, on(page, func(p *part) { p.mutate = func(h []byte) { h[8] = 8 } }), nil},
		{"two checksums", CodeHeader, page, on(page, func(p *part) { p.mutate = func(h []byte) { h[14]++ } }), nil},
		{"two packed sizes", CodeHeader, page, on(page, func(p *part) { p.mutate = func(h []byte) { h[18]++ } }), nil},
		{"two sizes", CodeHeader, page, on(page, func(p *part) { p.mutate = func(h []byte) { h[22]++ } }), nil},
		{"two times", CodeHeader, page, on(page, func(p *part) { p.mutate = func(h []byte) { h[10]++ } }), nil},
		{"two kinds of flags", CodeHeader, page, on(page, func(p *part) { p.mutate = func(h []byte) { h[7] = 8 } }), nil},
		{"no local header", CodeHeader, page, on(page, func(p *part) { p.mutate = func(h []byte) { h[0] = 'X' } }), nil},
		{"local name beyond the directory", CodeHeader, DigestFile, on(DigestFile, func(p *part) { p.mutate = func(h []byte) { h[27] = 0xff } }), nil},
		{"stored in fewer bytes", CodeHeader, page, on(page, func(p *part) { p.size += 10 }), nil},
		{"wrong data descriptor", CodeHeader, page, on(page, func(p *part) {
			p.flags, p.descriptor = flagDescriptor, descriptor(p, false, true)
			p.descriptor[5]++
		}), nil},
		{"no data descriptor", CodeHeader, page, on(page, func(p *part) { p.flags = flagDescriptor }), nil},
		{"data descriptor that is not announced", CodeTrailing, page, on(page, func(p *part) { p.descriptor = descriptor(p, false, true) }), nil},
		{"encrypted", CodeEncrypted, page, on(page, func(p *part) { p.flags = 1 }), nil},
		{"strongly encrypted", CodeEncrypted, page, on(page, func(p *part) { p.flags = 1 | 1<<6 }), nil},
		{"patch data", CodeEncrypted, page, on(page, func(p *part) { p.flags = 1 << 5 }), nil},
		{"method that nobody has", CodeMethod, page, on(page, func(p *part) { p.method = 99 }), nil},
		{"WARC deflated", CodeCompressed, first, func(t *testing.T, ps []*part) []*part {
			ps[0] = deflated(t, ps[0].name, string(ps[0].data))
			return ps
		}, nil},

		// Wide fields.
		{"wide size is missing", CodeZip64, page, on(page, func(p *part) { p.mutateCentral = func(h []byte) { le.PutUint32(h[24:], max32) } }), nil},
		{"wide field is too short", CodeZip64, page, on(page, func(p *part) {
			p.mutateCentral = func(h []byte) { le.PutUint32(h[24:], max32) }
			p.extra = extraField(zip64Extra, 1, 2, 3)
		}), nil},
		{"wide field contradicts", CodeZip64, page, on(page, func(p *part) { p.extra = wide(5, 5) }), nil},
		{"two wide fields", CodeZip64, page, on(page, func(p *part) {
			w := wide(uint64(p.size), uint64(p.size))
			p.extra = append(w, w...)
		}), nil},
		{"negative wide size", CodeDirectory, page, on(page, func(p *part) {
			p.mutateCentral = func(h []byte) { le.PutUint32(h[24:], max32) }
			p.extra = wide(1 << 63)
		}), nil},
		{"malformed extra field", CodeZip64, page, on(page, func(p *part) { p.extra = []byte{1, 0, 99, 0} }), nil},
		{"half an extra field", CodeZip64, page, on(page, func(p *part) { p.extra = []byte{1} }), nil},
		{"sentinel without a zip64 end", CodeZip64, DirectoryFile, nil, end(func(e []byte) { le.PutUint32(e[16:], max32) })},
		{"zip64 end that contradicts", CodeZip64, DirectoryFile, nil, func(d, e []byte) ([]byte, []byte) {
			count, size, offset := int64(le.Uint16(e[10:])), int64(le.Uint32(e[12:])), int64(le.Uint32(e[16:]))
			w := appendEnd(nil, max16, size, offset) // with zip64 records, of another count
			w = w[:len(w)-endSize]
			_ = count
			return d, append(w, e...)
		}},
		{"zip64 end elsewhere", CodeZip64, DirectoryFile, nil, func(d, e []byte) ([]byte, []byte) {
			w := appendEnd(nil, max16, int64(le.Uint32(e[12:])), int64(le.Uint32(e[16:])))
			w[end64Size+8]++
			return d, w
		}},
		{"zip64 end with more in it", CodeZip64, DirectoryFile, nil, func(d, e []byte) ([]byte, []byte) {
			w := appendEnd(nil, max16, int64(le.Uint32(e[12:])), int64(le.Uint32(e[16:])))
			w[4]++
			return d, w
		}},

		// Bombs.
		{"sum of sizes", CodeBomb, page, on(page, func(p *part) {
			p.mutateCentral = func(h []byte) { le.PutUint32(h[24:], max32) }
			p.extra = wide(1 << 41)
		}), nil},
		{"ratio", CodeBomb, "zeros", func(t *testing.T, ps []*part) []*part {
			return append(ps, deflated(t, "zeros", strings.Repeat("\x00", 2<<20)))
		}, nil},
		{"number of files", CodeBomb, DirectoryFile, nil, func(d, e []byte) ([]byte, []byte) {
			return d, appendEnd(nil, 100_001, int64(len(d)), int64(le.Uint32(e[16:])))
		}},
	}
}

// TestHostileZip has every fault of structure found, named, and nothing read
// behind it.
func TestHostileZip(t *testing.T) {
	for _, c := range zipCases() {
		t.Run(c.name, func(t *testing.T) {
			parts := othersParts(t)
			if c.change != nil {
				parts = c.change(t, parts)
			}
			b := build(parts, c.finish)
			faults, s := validate(t, b)
			rd, err := NewReader(bytes.NewReader(b), int64(len(b)), Limits{})
			if c.code == "" {
				if len(faults) > 0 || !s.Valid() || err != nil {
					t.Fatalf("faults %v, valid %v, opened: %v", faults, s.Valid(), err)
				}
				return
			}
			found := false
			for _, p := range faults {
				found = found || p.Code == c.code && p.File == c.file && p.Step == StepStructure
			}
			if !found || s.Valid() {
				t.Errorf("want %s of %q, found %v", c.code, c.file, faults)
			}
			if rd != nil || err == nil {
				t.Error("the package was opened")
			}
			for _, r := range s.Results[1:] {
				if r.Outcome != NotChecked {
					t.Errorf("%s: %s after a fault of structure", r.Step, r.Outcome)
				}
			}
		})
	}
}
