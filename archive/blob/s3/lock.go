package s3

import (
	"fmt"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/encrypt"
)

// LockMode is how firmly a retention holds.
type LockMode string

const (
	// LockGovernance keeps everybody from deleting an object but those who have
	// the permission s3:BypassGovernanceRetention.
	LockGovernance LockMode = "governance"
	// LockCompliance keeps everybody from deleting an object, the owner of the
	// account included. It can't be taken back: the storage is paid for until the
	// retention ends.
	LockCompliance LockMode = "compliance"
)

// Lock asks for a retention of every object that is put or set aside: until
// Days after that moment no version of it can be deleted, and it can't be
// shortened. The bucket must have Object Lock. The zero value asks for none.
//
// A lock is one of a version. It doesn't keep anybody from putting a newer version
// over an object or a delete marker before it, so that it looks changed or
// gone; the locked version is below that. Cells are not locked: each of their
// values is a version of its own, and how long those stay is what the bucket's
// default retention and lifecycle rules say. An object that is there
// already when it is put again keeps the retention that it has.
type Lock struct {
	Mode LockMode
	Days int // from 1 to 36,500
}

func (l Lock) validate() error {
	if l == (Lock{}) {
		return nil
	}
	if l.Mode != LockGovernance && l.Mode != LockCompliance {
		return fmt.Errorf("lock mode %q: not one of %q, %q", l.Mode, LockGovernance, LockCompliance)
	}
	if l.Days < 1 || l.Days > 36_500 {
		return fmt.Errorf("lock days: %d are not between 1 and 36,500", l.Days)
	}
	return nil
}

// apply adds the retention to what is put at the time now.
func (l Lock) apply(opts *minio.PutObjectOptions, now time.Time) {
	switch l.Mode {
	case LockGovernance:
		opts.Mode = minio.Governance
	case LockCompliance:
		opts.Mode = minio.Compliance
	default:
		return
	}
	opts.RetainUntilDate = now.UTC().AddDate(0, 0, l.Days)
}

// EncryptionMode is who holds the key with which a service encrypts objects.
type EncryptionMode string

const (
	// EncryptionS3 is SSE-S3: the service holds the key.
	EncryptionS3 EncryptionMode = "s3"
	// EncryptionKMS is SSE-KMS: a key management service holds it.
	EncryptionKMS EncryptionMode = "kms"
)

// Encryption asks the service to encrypt what it writes to its disks, cells
// included. The zero value leaves that to the bucket's default. Whoever may
// read an object still gets its plain bytes.
//
// Keys that the client sends (SSE-C) aren't offered: every reader, for as long as
// the archive is to be read, would need them, and a key that is lost loses
// everything.
type Encryption struct {
	Mode EncryptionMode
	// Key names a key of the KMS; empty means the default one of the bucket.
	Key string
}

// sse returns what asks for the encryption, nil for none.
func (e Encryption) sse() (encrypt.ServerSide, error) {
	switch {
	case e.Mode == "" && e.Key == "":
		return nil, nil
	case e.Mode == EncryptionS3 && e.Key == "":
		return encrypt.NewSSE(), nil
	case e.Mode == EncryptionKMS:
		return encrypt.NewSSEKMS(e.Key, nil)
	case e.Mode == EncryptionS3 || e.Mode == "":
		return nil, fmt.Errorf("encryption key: only the mode %q has one", EncryptionKMS)
	}
	return nil, fmt.Errorf("encryption mode %q: not one of %q, %q", e.Mode, EncryptionS3, EncryptionKMS)
}

// header is how the service says that an object is encrypted so.
func (e Encryption) header() string {
	if e.Mode == EncryptionKMS {
		return "aws:kms"
	}
	return "AES256"
}
