package evidence

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/ibid-archive/ibid/archive/wacz"
)

// KeyFile is the name of the file with the private key that signs packages.
const KeyFile = "package.pem"

// keyBlock is the type of the PEM block in it: PKCS #8 (RFC 5958).
const keyBlock = "PRIVATE KEY"

// ErrKey says that a file holds no key that can be used.
var ErrKey = errors.New("not a usable key")

// OpenKey returns the signer whose private key is in the directory, and makes the
// key when there is none: ECDSA on P-384, in a file that only its owner can read.
//
// One key signs all packages that are written with this directory, so that who
// knows its public part can tell them from those of others. It shares nothing
// with the keys of the log: it vouches for packages, they for what was archived.
func OpenKey(dir string) (*wacz.ECDSASigner, error) {
	name := filepath.Join(dir, KeyFile)
	key, err := readKey(name)
	if errors.Is(err, fs.ErrNotExist) {
		if err = createKey(dir, name); err == nil || errors.Is(err, fs.ErrExist) {
			key, err = readKey(name)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("key of packages %s: %w", name, err)
	}
	return wacz.NewECDSASigner(key)
}

func readKey(name string) (*ecdsa.PrivateKey, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if mode := info.Mode(); !mode.IsRegular() || mode.Perm()&0o077 != 0 && runtime.GOOS != "windows" {
		return nil, fmt.Errorf("%w: want a file that only its owner can read (it is %v); run chmod 600", ErrKey, mode)
	}
	b, err := io.ReadAll(io.LimitReader(f, 1<<16))
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(b)
	if block == nil || block.Type != keyBlock {
		return nil, fmt.Errorf("%w: no PEM block with a private key", ErrKey)
	}
	// What the parser says could quote the key.
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, ok := parsed.(*ecdsa.PrivateKey)
	if err != nil || !ok {
		return nil, fmt.Errorf("%w: want ECDSA in PKCS #8", ErrKey)
	}
	return key, nil
}

// createKey writes the key under a name of its own first: a reader sees a whole
// key or none, and of two that are made at once one stays.
func createKey(dir, name string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		return err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".package-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) //nolint:errcheck // it has its final name, or is useless
	err = pem.Encode(f, &pem.Block{Type: keyBlock, Bytes: der})
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Link(f.Name(), name)
}
