package evidence

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/archive/warc"
)

// DamagedError says that an object of the archive is missing or not what it was.
type DamagedError struct {
	Key string // of the object
	Err error
}

func (e *DamagedError) Error() string { return fmt.Sprintf("%s is damaged: %v", e.Key, e.Err) }

// Unwrap returns what is wrong with the object.
func (e *DamagedError) Unwrap() error { return e.Err }

// open opens an object from its beginning. Where it ends, it is held to its name.
func (c *collection) open(key, sum string) (io.ReadCloser, error) {
	r, err := c.Objects.Open(c.ctx, key, 0, -1)
	if err != nil {
		return nil, err
	}
	return &named{ReadCloser: r, key: key, sum: sum, hash: sha256.New()}, nil
}

// named reads an object whose name is the SHA-256 of its bytes.
type named struct {
	io.ReadCloser
	key, sum string
	hash     hash.Hash
}

func (n *named) Read(p []byte) (int, error) {
	count, err := n.ReadCloser.Read(p)
	n.hash.Write(p[:count])
	if err == io.EOF {
		if got := hex.EncodeToString(n.hash.Sum(nil)); got != n.sum {
			return count, &DamagedError{n.key, fmt.Errorf("the SHA-256 of its bytes is %s", got)}
		}
	}
	return count, err
}

// blame finds out whether an object is to blame for an error: whether it is not
// there, its bytes are not those of its name, or they are and make no sound WARC.
// Otherwise err is the error.
func (c *collection) blame(key, sum string, err error) error {
	var damaged *DamagedError
	switch {
	case c.ctx.Err() != nil:
		return c.ctx.Err()
	case errors.As(err, &damaged):
		return damaged
	case errors.Is(err, fs.ErrNotExist):
		return &DamagedError{key, errors.New("it is missing")}
	}
	r, openErr := c.open(key, sum)
	if openErr != nil {
		return err
	}
	defer r.Close()
	if _, readErr := io.Copy(io.Discard, r); errors.As(readErr, &damaged) {
		return damaged
	}
	var syntax *warc.SyntaxError
	for _, fault := range []error{warc.ErrTruncated, warc.ErrCorrupt, warc.ErrARC, archive.ErrNotCapture, archive.ErrDamaged} {
		if errors.Is(err, fault) || errors.As(err, &syntax) {
			return &DamagedError{key, err}
		}
	}
	return err
}
