package s3

import (
	"fmt"
	"slices"
)

// Capabilities says what a bucket can do, as far as Open could find out.
type Capabilities struct {
	// ConditionalPut: the service refuses to replace an object when asked to,
	// or nothing speaks against it because Open couldn't write.
	// It is tried out with a single request. Multipart uploads ask for the
	// same but aren't tried out; Put looks before it begins one.
	ConditionalPut bool
	// ConditionalSwap: the service refuses to replace an object that isn't the
	// version that the request names (If-Match), or nothing speaks against it
	// because Open couldn't write. Without it Swap fails.
	ConditionalSwap bool
	// Writable: the service accepted, or would have, the object that Open put.
	Writable bool
	// Checksums: the service reports the SHA-256 that it computed of an object.
	// It is false, too, when Open couldn't write.
	Checksums bool
	// Versioning is "Enabled", "Suspended", or empty when it is off or unknown.
	Versioning string
	// ObjectLock: the bucket can refuse to delete versions.
	ObjectLock bool
	// Retention is what the bucket gives to every version by itself, such as
	// "governance, 30 days", or empty.
	Retention string
	// Notes are sentences for whoever runs the archive, on what is missing that
	// it needs.
	Notes []string
	// Limits are sentences on what is missing that it can do without, and what
	// follows from that.
	Limits []string
}

// limits says what follows from what a bucket hasn't got.
func (c *Capabilities) limits(cfg Config, lockErr error) {
	add := func(format string, args ...any) { c.Limits = append(c.Limits, fmt.Sprintf(format, args...)) }
	if c.Versioning != "Enabled" {
		add("The bucket keeps no versions, or doesn't say so: whoever may write to it can replace or delete objects for good. Switch versioning on, or keep a second copy.")
	}
	switch {
	case lockErr != nil:
		add("Whether the bucket has Object Lock can't be found out: %v.", lockErr)
	case !c.ObjectLock:
		add("The bucket has no Object Lock: even old versions can be deleted by whoever may do that. To have it: %s.", getLock)
	case cfg.Lock == Lock{} && c.Retention == "":
		add("The bucket has Object Lock, but neither does it give a retention to objects by itself nor do the settings ask for one (lock): versions can be deleted.")
	}
	if c.Writable && !c.Checksums {
		add("The service reports no SHA-256 of what it keeps: every object is read back after it was put, which takes twice the traffic.")
	}
	c.Notes, c.Limits = slices.Clip(c.Notes), slices.Clip(c.Limits)
}

const getLock = "with AWS, switch on versioning and then Object Lock in the bucket's properties " +
	"(aws s3api put-object-lock-configuration); with most other services only a new bucket can have it " +
	"(aws s3api create-bucket --object-lock-enabled-for-bucket)"
