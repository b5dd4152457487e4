package archive

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// encodeFor compresses with one content encoding; "raw" is deflate without zlib.
func encodeFor(t testing.TB, name string, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	var err error
	switch name {
	case "gzip":
		w = gzip.NewWriter(&b)
	case "deflate":
		w = zlib.NewWriter(&b)
	case "raw":
		w, err = flate.NewWriter(&b, 6)
	case "br":
		w = brotli.NewWriter(&b)
	case "zstd":
		w, err = zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
	}
	if err == nil {
		_, err = w.Write(body)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func decodeSample(n int) []byte {
	rnd := rand.New(rand.NewPCG(1, 2))
	b := make([]byte, n)
	for i := range b {
		b[i] = "etaoin shrdlu<>/=\"\n"[rnd.IntN(19)]
	}
	return b
}

func TestDecodeRoundTrip(t *testing.T) {
	body := decodeSample(40 << 10)
	zip := func(names ...string) []byte {
		out := body
		for _, n := range names {
			out = encodeFor(t, n, out)
		}
		return out
	}
	for _, tt := range []struct {
		header string
		in     []byte
	}{
		{"", body}, {"identity", body}, {" , ", body},
		{"gzip", zip("gzip")}, {"x-gzip", zip("gzip")}, {"GZip ", zip("gzip")}, {"identity, gzip", zip("gzip")},
		{"deflate", zip("deflate")}, {"deflate", zip("raw")}, {"br", zip("br")}, {"zstd", zip("zstd")},
		{"gzip, br", zip("gzip", "br")}, {"zstd,gzip", zip("zstd", "gzip")}, {"gzip, gzip", zip("gzip", "gzip")},
		{"gzip", append(zip("gzip"), 0, 0, 0, 0)},
		{"gzip", append(zip("gzip"), "<!-- 3 ms -->"...)},
	} {
		got, err := DecodeAll(tt.in, tt.header, DecodeLimits{})
		if err != nil || !bytes.Equal(got, body) {
			t.Errorf("%q: %d bytes, %v; want %d", tt.header, len(got), err, len(body))
		}
		got, err = io.ReadAll(iotest.OneByteReader(Decode(iotest.HalfReader(bytes.NewReader(tt.in)), tt.header, DecodeLimits{})))
		if err != nil || !bytes.Equal(got, body) {
			t.Errorf("%q in small reads: %d bytes, %v", tt.header, len(got), err)
		}
	}
	two := append(encodeFor(t, "gzip", []byte("one ")), encodeFor(t, "gzip", []byte("two"))...)
	if got, err := DecodeAll(two, "gzip", DecodeLimits{}); err != nil || string(got) != "one two" {
		t.Errorf("two members: %q, %v", got, err)
	}
}

func TestDecodeEmpty(t *testing.T) {
	for _, name := range []string{"", "gzip", "deflate", "br", "zstd", "gzip, br"} {
		if got, err := DecodeAll(nil, name, DecodeLimits{}); err != nil || len(got) != 0 {
			t.Errorf("empty body as %q: %q, %v", name, got, err)
		}
	}
	for _, name := range []string{"gzip", "deflate", "raw", "br", "zstd"} {
		header := strings.ReplaceAll(name, "raw", "deflate")
		if got, err := DecodeAll(encodeFor(t, name, nil), header, DecodeLimits{}); err != nil || len(got) != 0 {
			t.Errorf("nothing as %q: %q, %v", name, got, err)
		}
	}
}

func TestDecodeTruncated(t *testing.T) {
	body := decodeSample(300 << 10)
	for _, name := range []string{"gzip", "deflate", "raw", "br", "zstd"} {
		whole := encodeFor(t, name, body)
		header := strings.ReplaceAll(name, "raw", "deflate")
		for _, cut := range []int{1, 2, 5, 9, len(whole) / 2, len(whole) - 1} {
			got, err := DecodeAll(whole[:cut], header, DecodeLimits{})
			if !bytes.HasPrefix(body, got) {
				t.Errorf("%s cut at %d: what was decoded is no prefix", name, cut)
			}
			if err != io.ErrUnexpectedEOF {
				t.Errorf("%s cut at %d: %v, want io.ErrUnexpectedEOF", name, cut, err)
			}
			if cut == len(whole)/2 && len(got) < len(body)/8 {
				t.Errorf("%s cut in half: only %d of %d bytes", name, len(got), len(body))
			}
		}
	}
}

func TestDecodeSourceError(t *testing.T) {
	broken := errors.New("connection reset")
	body := decodeSample(300 << 10)
	for _, name := range []string{"", "gzip", "deflate", "br", "zstd"} {
		in := body
		if name != "" {
			in = encodeFor(t, name, body)
		}
		r := Decode(io.MultiReader(bytes.NewReader(in[:len(in)/2]), iotest.ErrReader(broken)), name, DecodeLimits{})
		got, err := io.ReadAll(r)
		if !errors.Is(err, broken) || !bytes.HasPrefix(body, got) {
			t.Errorf("%q: %d bytes, %v; want the source's error in the chain", name, len(got), err)
		}
		if _, again := r.Read(make([]byte, 1)); again == nil || again.Error() != err.Error() {
			t.Errorf("%q: the second read says %v", name, again)
		}
	}
}

func TestDecodeUnknown(t *testing.T) {
	for _, name := range []string{"compress", "aws-chunked", "gzip, sdch", "utf-8", "none"} {
		if got, err := DecodeAll([]byte("body"), name, DecodeLimits{}); !errors.Is(err, ErrEncoding) || len(got) != 0 {
			t.Errorf("%q: %q, %v; want ErrEncoding", name, got, err)
		}
	}
	if _, err := DecodeAll([]byte("body"), "gzip, gzip, gzip", DecodeLimits{}); !errors.Is(err, ErrDecodeLimit) {
		t.Errorf("three layers: %v, want ErrDecodeLimit", err)
	}
	for _, name := range []string{"gzip", "zstd", "br"} {
		_, err := DecodeAll([]byte("<html>not compressed at all</html>"), name, DecodeLimits{})
		if err == nil || errors.Is(err, ErrEncoding) || errors.Is(err, ErrDecodeLimit) {
			t.Errorf("plain text as %q: %v, want the decoder's error", name, err)
		}
	}
}

func TestDecodeLimits(t *testing.T) {
	zeros := make([]byte, 8<<20)
	for _, name := range []string{"gzip", "deflate", "br", "zstd"} {
		bomb := encodeFor(t, name, zeros)
		got, err := DecodeAll(bomb, name, DecodeLimits{})
		if !errors.Is(err, ErrDecodeLimit) {
			t.Errorf("%s, ratio %d: %d bytes, %v; want ErrDecodeLimit", name, len(zeros)/len(bomb), len(got), err)
		}
		if len(got) < 1<<20 || len(got) > 4<<20 {
			t.Errorf("%s: stopped after %d bytes, want little more than the floor", name, len(got))
		}
		got, err = DecodeAll(bomb, name, DecodeLimits{MaxBytes: 3_000_001, MaxRatio: 1 << 40})
		if !errors.Is(err, ErrDecodeLimit) || len(got) != 3_000_001 {
			t.Errorf("%s: %d bytes, %v; want 3000001 and ErrDecodeLimit", name, len(got), err)
		}
		if got, err = DecodeAll(bomb, name, DecodeLimits{MaxBytes: 8 << 20, MaxRatio: 1 << 40}); err != nil || len(got) != 8<<20 {
			t.Errorf("%s: a body of exactly the limit: %d bytes, %v", name, len(got), err)
		}
		// Below the floor the ratio says nothing: a short run of spaces is no bomb.
		if _, err = DecodeAll(encodeFor(t, name, zeros[:1<<20]), name, DecodeLimits{}); err != nil {
			t.Errorf("%s: 1 MiB: %v", name, err)
		}
	}
	if got, err := DecodeAll(zeros, "", DecodeLimits{MaxBytes: 10}); !errors.Is(err, ErrDecodeLimit) || len(got) != 10 {
		t.Errorf("identity: %d bytes, %v", len(got), err)
	}
	nested := encodeFor(t, "gzip", encodeFor(t, "gzip", zeros))
	if got, err := DecodeAll(nested, "gzip, gzip", DecodeLimits{}); !errors.Is(err, ErrDecodeLimit) || len(got) > 4<<20 {
		t.Errorf("nested: %d bytes, %v", len(got), err)
	}
}

// A few bytes must not make a decoder allocate the window that they ask for.
func TestDecodeHostileWindow(t *testing.T) {
	for name, in := range map[string][]byte{
		"zstd, 2 GiB window": {0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00},
		"zstd, 16 EiB frame": {0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0, 0},
		"br, large window":   {0x11, 0x3f, 0x00, 0x00, 0x24, 0x00, 0xe2, 0xb1},
	} {
		encoding, _, _ := strings.Cut(name, ",")
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := DecodeAll(in, encoding, DecodeLimits{})
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Errorf("%s: no error", name)
		}
		if encoding == "zstd" && !errors.Is(err, ErrDecodeLimit) {
			t.Errorf("%s: %v, want ErrDecodeLimit", name, err)
		}
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 32<<20 {
			t.Errorf("%s: allocated %d bytes", name, grown)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range []string{"gzip", "deflate", "br", "zstd"} {
		f.Add(encodeFor(f, name, []byte(strings.Repeat("ibid. ", 50))), name)
	}
	f.Add([]byte{0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0xff}, "gzip, zstd")
	lim := DecodeLimits{MaxBytes: 1 << 16, RatioFrom: 1 << 12}
	f.Fuzz(func(t *testing.T, in []byte, name string) {
		out, err := DecodeAll(in, name, lim)
		if len(out) > 1<<16 {
			t.Fatalf("%d bytes past the limit", len(out))
		}
		slow, err2 := io.ReadAll(iotest.OneByteReader(Decode(bytes.NewReader(in), name, lim)))
		if !errors.Is(err, ErrDecodeLimit) && (err == nil) != (err2 == nil) {
			t.Fatalf("in one go %v, byte by byte %v", err, err2)
		}
		if err == nil && !bytes.Equal(out, slow) {
			t.Fatal("byte by byte gives another body")
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	body := decodeSample(64 << 10)
	for _, name := range []string{"gzip", "deflate", "br", "zstd"} {
		in := encodeFor(b, name, body)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := io.Copy(io.Discard, Decode(bytes.NewReader(in), name, DecodeLimits{})); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
