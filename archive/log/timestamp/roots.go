package timestamp

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
)

const maxRoots = 4 << 20 // bytes of a file of roots

// ParseRoots reads certificates of roots in PEM for [Options]. Unlike
// [x509.CertPool.AppendCertsFromPEM] it passes over nothing that it can't
// read, so that a mistake in a file isn't taken for distrust.
func ParseRoots(file []byte) (*x509.CertPool, error) {
	if len(file) > maxRoots {
		return nil, fmt.Errorf("read roots: more than %d bytes", maxRoots)
	}
	pool, n := x509.NewCertPool(), 0
	for rest := file; ; n++ {
		var b *pem.Block
		if b, rest = pem.Decode(rest); b == nil {
			if bytes.Contains(rest, []byte("-----BEGIN")) {
				return nil, errors.New("read roots: a PEM block is not whole")
			}
			break
		}
		if b.Type != pemCert {
			return nil, fmt.Errorf("read roots: a PEM block is of type %q instead of %q", clean(b.Type), pemCert)
		}
		c, err := x509.ParseCertificate(b.Bytes)
		if err != nil {
			return nil, fmt.Errorf("read roots: certificate %d: %w", n+1, err)
		}
		pool.AddCert(c)
	}
	if n == 0 {
		return nil, errors.New("read roots: no certificate in PEM")
	}
	return pool, nil
}
