package warc

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
)

// asRead is a sample as it comes back: with the Content-Length that the Writer adds.
func asRead(records []sample) []sample {
	var out []sample
	for _, s := range records {
		h := append(Header(nil), s.Header...)
		if _, ok := h.Lookup(FieldContentLength); !ok {
			h.Add(FieldContentLength, fmt.Sprint(len(s.Block)))
		}
		out = append(out, sample{h, s.Block})
	}
	return out
}

var modes = map[string][]Option{
	"gzip":   nil,
	"level9": {Level(9)},
	"plain":  {NoCompression()},
}

func TestRoundTrip(t *testing.T) {
	for name, opts := range modes {
		t.Run(name, func(t *testing.T) {
			want := samples()
			file, wantPlaces := write(t, want, opts...)
			for _, chop := range []func(io.Reader) io.Reader{
				func(r io.Reader) io.Reader { return r },
				iotest.OneByteReader,
				iotest.DataErrReader,
			} {
				got, places, problems, err := readAll(chop(bytes.NewReader(file)))
				if err != nil {
					t.Fatal(err)
				}
				if len(problems) > 0 {
					t.Errorf("problems in what the Writer wrote: %v", problems)
				}
				if d := diff(asRead(want), got); d != "" {
					t.Errorf("records differ (-written +read):\n%s", d)
				}
				if d := cmp.Diff(wantPlaces, places); d != "" {
					t.Errorf("places differ (-written +read):\n%s", d)
				}
			}
		})
	}
}

// Every record must be readable from its offset alone, as an index does.
func TestReadAtOffset(t *testing.T) {
	for name, opts := range modes {
		want := asRead(samples())
		file, places := write(t, samples(), opts...)
		for i, p := range places {
			got, _, problems, err := readAll(bytes.NewReader(file[p.Offset : p.Offset+p.Size]))
			if err != nil || len(problems) > 0 || len(got) != 1 {
				t.Fatalf("%s: record %d alone: %d records, %v, %v", name, i, len(got), problems, err)
			}
			if !bytes.Equal(got[0].Block, want[i].Block) {
				t.Errorf("%s: record %d alone has another block", name, i)
			}
		}
	}
}

// A file torn at any byte gives the whole records before the tear.
func TestTorn(t *testing.T) {
	for name, opts := range modes {
		t.Run(name, func(t *testing.T) {
			records := samples()[:6]
			records[2] = record(TypeResponse, []byte(httpHead+"short"), FieldContentType, responseType)
			file, places := write(t, records, opts...)
			want := asRead(records)
			for cut := range file {
				whole, clean := 0, cut == 0
				for _, p := range places {
					if p.Offset+p.Size <= int64(cut) {
						whole++
						clean = clean || p.Offset+p.Size == int64(cut)
					}
				}
				got, _, problems, err := readAll(bytes.NewReader(file[:cut]))
				if clean {
					if err != nil {
						t.Errorf("cut at %d, between records: %v", cut, err)
					}
				} else if !errors.Is(err, ErrTruncated) {
					t.Errorf("cut at %d: error %v, want ErrTruncated", cut, err)
				}
				if len(problems) > 0 {
					t.Errorf("cut at %d: problems %v", cut, problems)
				}
				if len(got) != whole {
					t.Fatalf("cut at %d: %d records, want %d", cut, len(got), whole)
				}
				for i := range got {
					if !bytes.Equal(got[i].Block, want[i].Block) {
						t.Fatalf("cut at %d: block %d differs", cut, i)
					}
				}
				// Skipping blocks must find the same tear.
				if _, err := skipAll(file[:cut]); (err == nil) != clean || !clean && !errors.Is(err, ErrTruncated) {
					t.Errorf("cut at %d, blocks unread: error %v", cut, err)
				}
			}
		})
	}
}

// skipAll counts the records without reading their blocks.
func skipAll(file []byte) (n int, err error) {
	rd, err := NewReader(bytes.NewReader(file))
	if err != nil {
		return 0, err
	}
	for {
		if _, err := rd.Next(); err == io.EOF {
			return n, nil
		} else if err != nil {
			return n, err
		}
		n++
	}
}

// No flipped bit of a compressed file may pass unnoticed as another record.
func TestFlippedBits(t *testing.T) {
	records := samples()[:3]
	file, _ := write(t, records)
	want := asRead(records)
	for i := range file {
		bad := bytes.Clone(file)
		bad[i] ^= 0x10
		got, _, problems, err := readAll(bytes.NewReader(bad))
		if err == nil && len(problems) == 0 {
			// MTIME, XFL and OS of a member's header are covered by nothing.
			if d := diff(want, got); d != "" {
				t.Errorf("bit flipped in byte %d passes unnoticed:\n%s", i, d)
			}
		}
	}
}

func TestStaleBlock(t *testing.T) {
	file, _ := write(t, samples())
	rd, err := NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	first, err := rd.Next()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rd.Next(); err != nil {
		t.Fatal(err)
	}
	if n, err := first.Block.Read(make([]byte, 10)); n != 0 || !errors.Is(err, errStale) {
		t.Errorf("stale block: Read = %d, %v", n, err)
	}
	if first.Size == 0 {
		t.Error("a skipped record has no Size after Next")
	}
}

// gz compresses each part as one member.
func gz(parts ...string) string {
	var b bytes.Buffer
	for _, p := range parts {
		z := gzip.NewWriter(&b)
		io.WriteString(z, p)
		z.Close()
	}
	return b.String()
}

// plain returns one plain record as text.
func plain(t testing.TB, s sample) string {
	file, _ := write(t, []sample{s}, NoCompression())
	return string(file)
}

func TestFaults(t *testing.T) {
	info := record(TypeWarcinfo, []byte("software: x\r\n"))
	a := plain(t, info)
	b := plain(t, record(TypeMetadata, []byte("{}")))
	head, _, _ := strings.Cut(a, "software")
	lf := strings.ReplaceAll(head, "\r\n", "\n") + "software: x\r\n\r\n\r\n"
	fields := func(more string) string { return strings.Replace(a, "\r\n\r\n", "\r\n"+more+"\r\n\r\n", 1) }
	long := strings.Replace(a, "Content-Length: 13", "Content-Length: 14", 1)
	short := strings.Replace(a, "Content-Length: 13", "Content-Length: 10", 1)
	split := len(head) + 4

	type fault struct {
		name     string
		file     string
		records  int
		problems []Code
		err      any // error value, or pointer for errors.As; nil for none
	}
	syntax := new(*SyntaxError)
	problem := new(Problem)
	for _, c := range []fault{
		{"empty file", "", 0, nil, nil},
		{"two records", a + b, 2, nil, nil},
		{"two members", gz(a, b), 2, nil, nil},
		{"one member for all", gz(a + b), 2, []Code{CodeGzipShared, CodeGzipShared}, nil},
		{"three in two members", gz(a, b+a), 3, []Code{CodeGzipShared, CodeGzipShared}, nil},
		{"compressed after plain", a + gz(b), 2, []Code{CodeGzipMixed}, nil},
		{"plain after compressed", gz(a) + b, 2, []Code{CodeGzipMixed}, nil},
		{"LF line ends", lf + b, 2, []Code{CodeLineEnd}, nil},
		{"folded field", fields("X-A: b\r\n  c"), 1, []Code{CodeFieldSyntax}, nil},
		{"a line without colon", fields("nonsense"), 1, []Code{CodeFieldSyntax, CodeFieldSyntax}, nil},
		{"version 0.18", strings.Replace(a, "WARC/1.1", "WARC/0.18", 1), 1, []Code{CodeVersion}, nil},
		{"version 1.0", strings.Replace(a, "WARC/1.1", "WARC/1.0", 1), 1, nil, nil},
		{"no version", strings.Replace(a, "WARC/1.1", "WARC/one", 1), 0, nil, syntax},
		{"unknown type", strings.Replace(b, "WARC-Type: metadata", "WARC-Type: screenshot", 1), 1, nil, nil},
		{"repeated field", fields("WARC-Date: 2026-01-01T00:00:00Z"), 1, []Code{CodeFieldRepeated}, nil},
		{"no length", strings.Replace(a, "Content-Length", "Content-Size", 1), 0, nil, syntax},
		{"negative length", strings.Replace(a, "Content-Length: ", "Content-Length: -", 1), 0, nil, syntax},
		{"huge length", strings.Replace(a, "Content-Length: ", "Content-Length: 99999999999999999999", 1), 0, nil, syntax},
		{"one line end too few", a[:len(a)-2] + b, 2, []Code{CodeRecordEnd}, nil},
		{"one line end too many", a + "\r\n" + b, 2, []Code{CodeRecordEnd}, nil},
		{"LF LF at the end", a[:len(a)-4] + "\n\n" + b, 2, []Code{CodeRecordEnd}, nil},
		{"line ends before a member's record", gz(a, "\r\n"+b), 2, []Code{CodeRecordEnd}, nil},
		{"member without record end", gz(a[:len(a)-4], b), 2, []Code{CodeRecordEnd}, nil},
		{"member with more than the block", gz(a+"more", b), 2, []Code{CodeRecordEnd}, nil},
		{"member with less than the block", gz(a[:len(a)-6], b), 1, []Code{CodeBlockShort}, problem},
		{"last member with less than the block", gz(a[:len(a)-6]), 0, []Code{CodeBlockShort}, problem},
		{"block over two members", gz(a[:split], a[split:], b), 2, []Code{CodeGzipSplit}, nil},
		{"block over two members, shared", gz(a[:split], a[split:]+b), 2, []Code{CodeGzipSplit, CodeGzipShared, CodeGzipShared}, nil},
		{"block over many members", gz(a[:split], a[split:split+1], "", a[split+1:], b), 2, []Code{CodeGzipSplit}, nil},
		{"header over two members", gz(a[:40], a[40:]), 0, nil, syntax},
		{"empty member", gz("", a), 0, nil, syntax},
		{"trailing garbage", a + "garbage", 1, nil, syntax},
		{"trailing garbage after members", gz(a) + "\x00\x00\x00", 1, nil, syntax},
		{"trailing line ends after members", gz(a) + "\r\n", 1, nil, syntax},
		{"garbage", "<html>", 0, nil, syntax},
		{"compressed garbage", gz("<html>"), 0, nil, syntax},
		{"ARC", "filedesc://a.arc 127.0.0.1 20140301000000 text/plain -1\n", 0, nil, ErrARC},
		{"compressed ARC", gz("filedesc://a.arc 127.0.0.1 20140301000000 text/plain -1\n"), 0, nil, ErrARC},
		{"length too long by one", long, 1, []Code{CodeRecordEnd}, nil},
		{"length too long by one, then a record", long + b, 2, []Code{CodeRecordEnd}, nil},
		{"length too short", short + b, 1, []Code{CodeRecordEnd}, syntax},
		{"length too short, compressed", gz(short, b), 2, []Code{CodeRecordEnd}, nil},
		{"wrong checksum", flip(gz(a), -8) + gz(b), 0, nil, ErrCorrupt},
		{"wrong size", flip(gz(a), -1) + gz(b), 0, nil, ErrCorrupt},
		{"bad gzip header", flip(gz(a), 2), 0, nil, ErrCorrupt},
		{"endless header", "WARC/1.1\r\nX: " + strings.Repeat("y", maxHeader), 0, nil, syntax},
		{"endless fields", "WARC/1.1\r\n" + strings.Repeat("X: y\r\n", maxFields), 0, nil, syntax},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, problems, err := readSkippingProblems(c.file)
			if got != c.records {
				t.Errorf("%d records, want %d", got, c.records)
			}
			var codes []Code
			for _, p := range problems {
				codes = append(codes, p.Code)
			}
			if d := cmp.Diff(c.problems, codes); d != "" {
				t.Errorf("problems (-want +got):\n%s\n%v", d, problems)
			}
			checkError(t, err, c.err)

			// Strict: the first problem ends it.
			rd, err := NewReader(strings.NewReader(c.file))
			for err == nil {
				rd.Strict = true
				_, err = rd.Next()
			}
			if len(c.problems) > 0 {
				var p Problem
				if !errors.As(err, &p) || p.Code != c.problems[0] {
					t.Errorf("strict: error %v, want problem %s", err, c.problems[0])
				}
				if _, again := rd.Next(); again != err {
					t.Errorf("strict: error %v, then %v", err, again)
				}
			}
		})
	}
}

// readSkippingProblems counts whole records; it goes on after a block that ends
// in a Problem, and returns the last of these when nothing worse happens.
func readSkippingProblems(file string) (n int, problems []Problem, last error) {
	rd, err := NewReader(strings.NewReader(file))
	for err == nil {
		var rec *Record
		if rec, err = rd.Next(); err != nil {
			break
		}
		_, err = io.Copy(io.Discard, rec.Block)
		problems = append(problems, rec.Problems...)
		var p Problem
		if err == nil {
			n++
		} else if errors.As(err, &p) {
			last, err = err, nil
		}
	}
	if err == io.EOF {
		err = last
	}
	return n, problems, err
}

// Places of records in files that no good writer makes.
func TestPlaces(t *testing.T) {
	a := plain(t, record(TypeMetadata, []byte("{}")))
	b := plain(t, record(TypeMetadata, []byte("{\"b\":1}")))
	la, lb := int64(len(a)), int64(len(b))
	ga, gb, gab := gz(a), gz(b), gz(a+b)
	lga, lgb, lgab := int64(len(ga)), int64(len(gb)), int64(len(gab))
	cut := len(a) - 5 // within the block
	split := gz(a[:cut], a[cut:])
	short := gz(a[:cut])
	for _, c := range []struct {
		name, file string
		want       []place
	}{
		{"plain and compressed", a + gb + b, []place{{0, la}, {la, lgb}, {la + lgb, lb}}},
		{"line ends between", a + "\r\n\r\n" + b, []place{{0, la}, {la + 4, lb}}},
		{"short line end", a[:la-2] + b, []place{{0, la - 2}, {la - 2, lb}}},
		{"shared members", ga + gab + gb, []place{{0, lga}, {lga, 0}, {lga, 0}, {lga + lgab, lgb}}},
		{"split record", ga + split + gb, []place{{0, lga}, {lga, int64(len(split))}, {lga + int64(len(split)), lgb}}},
		{"short block", short + gb, []place{{0, int64(len(short))}, {int64(len(short)), lgb}}},
		{"short block in a shared member", gz(b+a[:cut]) + gb, []place{{0, 0}, {0, 0}, {int64(len(gz(b + a[:cut]))), lgb}}},
		{"more than the block", gz(a+"more") + gb, []place{{0, int64(len(gz(a + "more")))}, {int64(len(gz(a + "more"))), lgb}}},
	} {
		for _, skip := range []bool{false, true} {
			rd, err := NewReader(strings.NewReader(c.file))
			if err != nil {
				t.Fatal(c.name, err)
			}
			var records []*Record
			for {
				rec, err := rd.Next()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatal(c.name, err)
				}
				records = append(records, rec)
				if !skip {
					io.Copy(io.Discard, rec.Block)
				}
			}
			var got []place
			for _, rec := range records {
				got = append(got, place{rec.Offset, rec.Size})
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("%s, blocks skipped %v: places (-want +got):\n%s", c.name, skip, d)
			}
		}
	}
}

// A layer below may say itself that the file is torn, as HTTP clients do.
func TestTornBelow(t *testing.T) {
	for name, opts := range modes {
		file, _ := write(t, samples()[:1], opts...)
		_, _, _, err := readAll(io.MultiReader(bytes.NewReader(file[:len(file)-3]), iotest.ErrReader(io.ErrUnexpectedEOF)))
		if !errors.Is(err, ErrTruncated) {
			t.Errorf("%s: %v, want ErrTruncated", name, err)
		}
	}
}

// checkError wants nil, an error that err wraps, or a pointer for errors.As.
func checkError(t *testing.T, err error, want any) {
	t.Helper()
	switch want := want.(type) {
	case nil:
		if err != nil {
			t.Errorf("error %v, want none", err)
		}
	case **SyntaxError, *Problem:
		if err == nil || !errors.As(err, want) {
			t.Errorf("error %v, want a %T", err, want)
		}
	case error:
		if !errors.Is(err, want) {
			t.Errorf("error %v, want %v", err, want)
		}
	}
}

// flip inverts the byte at i, counted from the end when negative.
func flip(s string, i int) string {
	if i < 0 {
		i += len(s)
	}
	return s[:i] + string([]byte{^s[i]}) + s[i+1:]
}
