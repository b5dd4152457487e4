package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestCopy(t *testing.T) {
	for _, n := range []int{0, 1, 1000, copyBuffer - 1, copyBuffer, copyBuffer + 1, 3*copyBuffer + 5} {
		want := bytes.Repeat([]byte{1, 2, 3, 4, 5}, n/5+1)[:n]
		var got bytes.Buffer
		if err := Copy(t.Context(), &got, Bytes(want)); err != nil || !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%d bytes: copied %d, error %v", n, got.Len(), err)
		}
		o := Bytes(want)
		for what, change := range map[string]func(){
			"hash":     func() { o.SHA256[31]++ },
			"longer":   func() { o.Size-- },
			"shorter":  func() { o.Size++ },
			"negative": func() { o.Size = -1 },
		} {
			o = Bytes(want)
			change()
			if err := Copy(t.Context(), io.Discard, o); !errors.Is(err, ErrMismatch) {
				t.Errorf("%d bytes, %s: %v, want a mismatch", n, what, err)
			}
		}
	}
}

// readerAt makes a ReaderAt of a function.
type readerAt func([]byte, int64) (int, error)

func (f readerAt) ReadAt(p []byte, off int64) (int, error) { return f(p, off) }

func TestCopyErrors(t *testing.T) {
	boom := errors.New("boom")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	full := Bytes([]byte("text"))
	for name, test := range map[string]struct {
		ctx  context.Context
		body readerAt
		w    io.Writer
		want error
	}{
		"read":      {t.Context(), func([]byte, int64) (int, error) { return 0, boom }, io.Discard, boom},
		"write":     {t.Context(), full.Body.ReadAt, failing{boom}, boom},
		"cancelled": {ctx, full.Body.ReadAt, io.Discard, context.Canceled},
		"stuck":     {t.Context(), func([]byte, int64) (int, error) { return 0, nil }, io.Discard, io.ErrNoProgress},
		"early end": {t.Context(), strings.NewReader("te").ReadAt, io.Discard, ErrMismatch},
		"one byte at a time": {t.Context(), func(p []byte, off int64) (int, error) {
			return iotest.OneByteReader(io.NewSectionReader(full.Body, off, 1<<20)).Read(p)
		}, io.Discard, nil},
	} {
		o := full
		o.Body = test.body
		if err := Copy(test.ctx, test.w, o); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestBytes(t *testing.T) {
	o := Bytes([]byte("abc"))
	if o.Size != 3 || o.SHA256 != sha256.Sum256([]byte("abc")) || o.File != "" {
		t.Errorf("%+v", o)
	}
}
