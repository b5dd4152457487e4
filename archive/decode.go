package archive

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

var (
	// ErrEncoding is in the chain when a Content-Encoding is unknown.
	ErrEncoding = errors.New("unknown content encoding")
	// ErrDecodeLimit is in the chain when decoding went past a DecodeLimits.
	ErrDecodeLimit = errors.New("decode limit exceeded")
)

// decodeZstdWindow is the largest window that zstd may ask for as a
// Content-Encoding (RFC 9659 §3). Brotli's is at most 16 MiB by its format.
const decodeZstdWindow = 8 << 20

// DecodeLimits bound what a small answer may unfold into. A zero field means
// its default.
type DecodeLimits struct {
	MaxBytes  int64 // decoded bytes of any one layer; default 64 MiB
	MaxRatio  int64 // decoded bytes for each encoded byte of a layer; default 200
	RatioFrom int64 // decoded bytes before the ratio counts; default 1 MiB
	MaxLayers int   // content encodings on top of each other; default 2
}

func (l DecodeLimits) withDefaults() DecodeLimits {
	if l.MaxBytes <= 0 {
		l.MaxBytes = 64 << 20
	}
	if l.MaxRatio <= 0 {
		l.MaxRatio = 200
	}
	if l.RatioFrom <= 0 {
		l.RatioFrom = 1 << 20
	}
	if l.MaxLayers <= 0 {
		l.MaxLayers = 2
	}
	return l
}

// Decode removes a Content-Encoding (RFC 9110 §8.4) while streaming: gzip,
// deflate (zlib, and the raw form that some servers send), br and zstd, the
// last one listed first. Memory stays within the decoders' windows whatever
// the input says.
//
// Reads give every byte that could be decoded, then io.EOF for a whole body,
// io.ErrUnexpectedEOF for a cut one, an error with ErrDecodeLimit or
// ErrEncoding in its chain, or the decoder's own error. An empty body is whole
// in every encoding.
func Decode(r io.Reader, contentEncoding string, lim DecodeLimits) io.Reader {
	lim = lim.withDefaults()
	var layers []string
	for name := range strings.SplitSeq(contentEncoding, ",") {
		name = strings.ToLower(strings.Trim(name, " \t"))
		if name != "" && name != "identity" {
			layers = append(layers, name)
		}
	}
	if len(layers) > lim.MaxLayers {
		return decodeFailed{fmt.Errorf("decode %d content encodings: %w", len(layers), ErrDecodeLimit)}
	}
	if len(layers) == 0 {
		return &decodeLayer{name: "identity", dec: r, lim: lim, started: true}
	}
	for i := len(layers) - 1; i >= 0; i-- {
		switch layers[i] {
		case "gzip", "x-gzip", "deflate", "br", "zstd":
		default:
			return decodeFailed{fmt.Errorf("decode %q: %w", layers[i], ErrEncoding)}
		}
		in := &decodeCounter{r: r}
		r = &decodeLayer{name: layers[i], in: in, src: bufio.NewReader(in), lim: lim}
	}
	return r
}

// DecodeAll is Decode for a body in memory. Together with an error it returns
// what was decoded before it, at most lim.MaxBytes.
func DecodeAll(body []byte, contentEncoding string, lim DecodeLimits) ([]byte, error) {
	var out bytes.Buffer
	_, err := io.Copy(&out, Decode(bytes.NewReader(body), contentEncoding, lim))
	return out.Bytes(), err
}

type decodeFailed struct{ err error }

func (f decodeFailed) Read([]byte) (int, error) { return 0, f.err }

// decodeCounter counts the encoded bytes that a layer has taken in.
type decodeCounter struct {
	r io.Reader
	n int64
}

func (c *decodeCounter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// decodeLayer removes one encoding and holds its output to the limits.
type decodeLayer struct {
	name    string
	in      *decodeCounter // nil for identity
	src     *bufio.Reader
	dec     io.Reader
	lim     DecodeLimits
	out     int64
	started bool
	err     error
}

func (l *decodeLayer) Read(p []byte) (int, error) {
	if l.err != nil {
		return 0, l.err
	}
	if len(p) == 0 {
		return 0, nil
	}
	if !l.started {
		l.started = true
		if l.dec, l.err = decodeOpen(l.name, l.src); l.err != nil {
			l.err = l.wrap(l.err)
			return 0, l.err
		}
	}
	// One byte past the limit tells a body that ends there from one that goes on.
	room := l.lim.MaxBytes - l.out
	if int64(len(p)) > room+1 {
		p = p[:room+1]
	}
	n, err := l.dec.Read(p)
	if int64(n) > room {
		n = int(room)
		err = fmt.Errorf("more than %d decoded bytes: %w", l.lim.MaxBytes, ErrDecodeLimit)
	}
	l.out += int64(n)
	if l.in != nil && l.out > l.lim.RatioFrom && l.out/l.lim.MaxRatio > l.in.n {
		err = fmt.Errorf("%d bytes decoded from %d: %w", l.out, l.in.n, ErrDecodeLimit)
	}
	if err != nil {
		l.err = l.wrap(err)
	}
	return n, l.err
}

// wrap names the encoding. The two ends of a stream stay bare, as every reader
// of an io.Reader compares them.
func (l *decodeLayer) wrap(err error) error {
	switch {
	case err == io.EOF || l.name == "identity":
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return io.ErrUnexpectedEOF
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return fmt.Errorf("decode %s: %w: %w", l.name, err, ErrDecodeLimit)
	}
	return fmt.Errorf("decode %s: %w", l.name, err)
}

func decodeOpen(name string, src *bufio.Reader) (io.Reader, error) {
	if _, err := src.Peek(1); err != nil {
		return nil, err // io.EOF: an empty body is whole
	}
	switch name {
	case "deflate":
		// RFC 9110 §8.4.1.2 means zlib; the header's check bits tell it from raw deflate.
		if h, _ := src.Peek(2); len(h) == 2 && h[0]&0x0f == 8 && (int(h[0])<<8|int(h[1]))%31 == 0 {
			return zlib.NewReader(src)
		}
		return flate.NewReader(src), nil
	case "br":
		return brotli.NewReader(src), nil
	case "zstd":
		// One goroutine, the caller's: nothing to close.
		return zstd.NewReader(src, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(decodeZstdWindow))
	}
	return newDecodeGzip(src)
}

// decodeGzip reads members one after another and, as browsers do, ends quietly
// at bytes that begin no member (padding after the last one is common).
type decodeGzip struct {
	src *bufio.Reader
	z   *gzip.Reader
}

func newDecodeGzip(src *bufio.Reader) (*decodeGzip, error) {
	z, err := gzip.NewReader(src)
	if err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	z.Multistream(false)
	return &decodeGzip{src: src, z: z}, nil
}

func (d *decodeGzip) Read(p []byte) (int, error) {
	for {
		n, err := d.z.Read(p)
		if err != io.EOF || n > 0 {
			if err == io.EOF {
				err = nil // the next call finds the end again
			}
			return n, err
		}
		if magic, err := d.src.Peek(2); err != nil || magic[0] != 0x1f || magic[1] != 0x8b {
			return 0, io.EOF
		}
		if err := d.z.Reset(d.src); err != nil {
			if err == io.EOF {
				err = io.ErrUnexpectedEOF
			}
			return 0, err
		}
		d.z.Multistream(false)
	}
}
