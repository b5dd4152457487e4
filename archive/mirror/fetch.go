package mirror

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"github.com/ibid-archive/ibid/archive/blob"
)

// Named returns the SHA-256 that a key promises of its bytes, as keys of captures
// and reports do, <kind>/<aa>/<sha256>.warc.gz, and decisions/<sha256>.json.
func Named(key string) (sum [32]byte, ok bool) {
	parts := strings.Split(key, "/")
	var name string
	switch {
	case len(parts) == 2 && parts[0] == "decisions":
		name, ok = strings.CutSuffix(parts[1], ".json")
	case len(parts) == 3 && (parts[0] == "captures" || parts[0] == "reports"):
		name, ok = strings.CutSuffix(parts[2], ".warc.gz")
		ok = ok && strings.HasPrefix(name, parts[1]) && len(parts[1]) == 2
	}
	if !ok || len(name) != 2*len(sum) || name != strings.ToLower(name) {
		return sum, false
	}
	_, err := hex.Decode(sum[:], []byte(name))
	return sum, err == nil
}

// memory is up to which size in bytes an object waits for its hash in memory.
const memory = 1 << 20

// fetched is an object of another store, whole and hashed.
type fetched struct {
	blob.Object
	file *os.File
}

func (f *fetched) close() {
	if f.file != nil {
		f.file.Close()
		_ = os.Remove(f.file.Name())
	}
}

// fetch reads an object.
func fetch(ctx context.Context, store blob.Store, key, tempDir string) (_ *fetched, err error) {
	rc, err := store.Open(ctx, key, 0, -1)
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	var small bytes.Buffer
	if _, err = io.CopyN(&small, rc, memory); err == io.EOF {
		return &fetched{Object: blob.Bytes(small.Bytes())}, nil
	}
	if err != nil {
		return nil, err
	}
	f := &fetched{}
	if f.file, err = os.CreateTemp(tempDir, "mirror-*"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			f.close()
		}
	}()
	hash := sha256.New()
	if f.Size, err = io.Copy(io.MultiWriter(f.file, hash), io.MultiReader(&small, rc)); err != nil {
		return nil, err
	}
	f.Body, f.SHA256 = f.file, [32]byte(hash.Sum(nil))
	if tempDir != "" {
		f.File = f.file.Name()
	}
	return f, nil
}

// hashOf reads an object for its hash alone.
func hashOf(ctx context.Context, store blob.Store, key string) (sum [32]byte, err error) {
	rc, err := store.Open(ctx, key, 0, -1)
	if err != nil {
		return sum, err
	}
	hash := sha256.New()
	if _, err := io.Copy(hash, rc); err != nil {
		return sum, errors.Join(fmt.Errorf("read %s: %w", key, err), rc.Close())
	}
	return [32]byte(hash.Sum(nil)), rc.Close()
}

// pull turns a listing into a function that gives the next of it.
func pull(list iter.Seq2[blob.Info, error]) (next func() (blob.Info, bool, error), stop func()) {
	n, stop := iter.Pull2(list)
	return func() (blob.Info, bool, error) {
		info, err, ok := n()
		return info, ok && err == nil, err
	}, stop
}
