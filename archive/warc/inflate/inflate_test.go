package inflate

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"
)

// both reads data as one member with the standard library and with a Reader
// and compares what they give.
func both(t *testing.T, r *Reader, data []byte, wrap func(io.Reader) io.Reader) {
	t.Helper()
	ref := bufio.NewReader(bytes.NewReader(data))
	var want []byte
	z, wantErr := gzip.NewReader(ref)
	if wantErr == nil {
		z.Multistream(false)
		want, wantErr = io.ReadAll(io.LimitReader(z, 1<<24))
	}
	wantRest, _ := io.ReadAll(ref)

	in := bufio.NewReaderSize(wrap(bytes.NewReader(data)), 64<<10)
	var got []byte
	err := r.Reset(in)
	if err == nil {
		got, err = io.ReadAll(io.LimitReader(r, 1<<24))
	}
	rest, _ := io.ReadAll(in)
	if (err == nil) != (wantErr == nil) {
		t.Fatalf("error %v, the standard library says %v", err, wantErr)
	}
	if err == nil && !bytes.Equal(got, want) {
		t.Fatalf("%d bytes, other than the %d of the standard library", len(got), len(want))
	}
	if err == nil && len(want) < 1<<24 && !bytes.Equal(rest, wantRest) {
		t.Fatalf("%d bytes are left behind the member, want %d", len(rest), len(wantRest))
	}
}

func pack(t testing.TB, level int, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, level)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// texts are of the kinds that make different blocks and matches.
func texts() map[string][]byte {
	rng := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 200_000)
	words := make([]byte, 0, 400_000)
	few := make([]byte, 150_000)
	for i := range noise {
		noise[i] = byte(rng.Uint32())
	}
	for len(words) < 300_000 {
		k := int(rng.ExpFloat64() * 200)
		for j := range 3 + k%7 {
			words = append(words, "etaoinshrdlucmfwypvbgk"[(k*7+j*j)%22])
		}
		words = append(words, ' ')
	}
	for i := range few {
		few[i] = byte(rng.ExpFloat64() * 3)
	}
	return map[string][]byte{
		"nothing": nil, "one": {7}, "zeros": make([]byte, 500_000), "noise": noise, "words": words, "few": few,
		"pair": bytes.Repeat([]byte("ab"), 70_000), "seven": bytes.Repeat([]byte("seven!!"), 30_000),
		"far": bytes.Repeat(noise[:32<<10], 4), "mixed": append(append(append([]byte{}, words[:90_000]...), noise[:70_000]...), words[:80_000]...),
	}
}

func plain(r io.Reader) io.Reader { return r }

func TestLikeTheStandardLibrary(t *testing.T) {
	var r Reader
	for name, text := range texts() {
		for _, level := range []int{gzip.HuffmanOnly, gzip.NoCompression, 1, 6, 9} {
			data := append(pack(t, level, text), "what follows"...)
			both(t, &r, data, plain)
			if len(data) < 100_000 {
				both(t, &r, data, iotest.OneByteReader)
			}
			both(t, &r, data, iotest.HalfReader)
			if t.Failed() {
				t.Fatalf("%s at level %d", name, level)
			}
		}
	}
}

// TestDamaged flips bits and cuts: both readers refuse the same.
func TestDamaged(t *testing.T) {
	var r Reader
	for _, text := range texts() {
		data := pack(t, 6, text[:min(len(text), 400)])
		for i := range data {
			both(t, &r, data[:i], plain)
			for bit := range 8 {
				flipped := bytes.Clone(data)
				flipped[i] ^= 1 << bit
				both(t, &r, flipped, plain)
			}
		}
	}
}

func TestHeaderFields(t *testing.T) {
	var r Reader
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	w.Name, w.Comment, w.Extra = "name", "comment", []byte("extra field")
	w.Write([]byte("text"))
	w.Close()
	both(t, &r, out.Bytes(), plain)
	for i := range out.Len() {
		both(t, &r, out.Bytes()[:i], plain)
	}
	long := bytes.Clone(out.Bytes()[:10])
	long[3] = flagName
	both(t, &r, append(long, bytes.Repeat([]byte("n"), 600)...), plain)
	var crc = []byte{0x1f, 0x8b, 8, flagHeaderCRC, 0, 0, 0, 0, 0, 0xff, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	for i := range 1 << 16 {
		crc[10], crc[11] = byte(i), byte(i>>8)
		_, want := gzip.NewReader(bytes.NewReader(crc))
		if err := r.Reset(bufio.NewReader(bytes.NewReader(crc))); (err == nil) != (want == nil) {
			t.Fatalf("header checksum %04x: %v, the standard library says %v", i, err, want)
		}
	}
}

// TestReuse: one Reader for many members leaves nothing of one in the next.
func TestReuse(t *testing.T) {
	var r Reader
	var all []byte
	var want [][]byte
	for _, text := range texts() {
		all = append(all, pack(t, 6, text)...)
		want = append(want, text)
	}
	in := bufio.NewReader(bytes.NewReader(all))
	for i, text := range want {
		if err := r.Reset(in); err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(&r); err != nil || !bytes.Equal(got, text) {
			t.Fatalf("member %d: %d bytes of %d, %v", i, len(got), len(text), err)
		}
	}
	if err := r.Reset(in); err != io.EOF {
		t.Errorf("behind the last: %v", err)
	}
}

func TestInputError(t *testing.T) {
	data := pack(t, 6, texts()["words"])
	in := bufio.NewReader(io.MultiReader(bytes.NewReader(data[:5000]), iotest.ErrReader(io.ErrClosedPipe)))
	var r Reader
	if err := r.Reset(in); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, &r); err != io.ErrClosedPipe {
		t.Errorf("error %v, want the input's own", err)
	}
}

func FuzzReader(f *testing.F) {
	for _, text := range texts() {
		for _, level := range []int{gzip.HuffmanOnly, 0, 1, 9} {
			f.Add(pack(f, level, text[:min(len(text), 800)]))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var r Reader
		both(t, &r, data, plain)
		// The same bits behind a sound header reach the decoder more often.
		both(t, &r, append([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff}, data...), iotest.HalfReader)
	})
}
