package s3

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/ibid-archive/ibid/archive/blob"
)

// Style is how a request names its bucket.
type Style string

const (
	// StyleAuto is StyleHost for AWS and others known to want it, else StylePath.
	StyleAuto Style = "auto"
	// StylePath is https://host/bucket/key.
	StylePath Style = "path"
	// StyleHost is https://bucket.host/key.
	StyleHost Style = "host"
)

// Config says which bucket to use, and how. Only Bucket is required.
type Config struct {
	// Bucket is the name of a bucket that exists.
	Bucket string
	// Prefix is where in the bucket the archive lives: a valid key, or empty.
	Prefix string
	// Endpoint is the service: "host:port" or "https://host:port". Empty means
	// the environment's AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL, else AWS.
	Endpoint string
	// Region is where the bucket is. Empty means the environment's AWS_REGION or
	// AWS_DEFAULT_REGION, else what the service says.
	Region string
	// Style is how requests name the bucket; empty means StyleAuto.
	Style Style
	// Insecure uses plain HTTP for an Endpoint that doesn't begin with a scheme.
	Insecure bool
	// Credentials signs the requests. Nil means the first that is found of: the
	// AWS environment variables, the AWS credentials file, the role of the
	// machine or container.
	Credentials *credentials.Credentials
	// Transport carries the requests; nil means one with sensible limits.
	Transport http.RoundTripper
	// ReadOnly writes nothing, not even what Open tries out: Put fails with
	// [blob.ErrReadOnly].
	ReadOnly bool
	// Lock gives every object a retention. It needs a bucket with Object Lock.
	Lock Lock
	// Encryption has the service encrypt what it keeps.
	Encryption Encryption
	// SingleMax is the size in bytes up to which an object goes up in one
	// request; 0 means 64 MiB.
	SingleMax int64
	// PartSize is the size in bytes of the parts of larger objects, at least
	// 5 MiB; 0 means 16 MiB. Objects of more than 10,000 such parts get larger ones.
	PartSize int64
	// Timeout is how long the service may make no progress with a request: take
	// or send no byte, or be silent after it has all; 0 means a minute.
	Timeout time.Duration
	// Attempts is how often a request is tried in all; 0 means 6.
	Attempts int
	// Pause is the mean of the first pause between attempts. Each further one is
	// twice as long, up to 5 seconds; 0 means 200 ms.
	Pause time.Duration
}

const (
	minPart     = 5 << 20
	maxParts    = 10_000
	maxSingle   = 5 << 30
	longPause   = 5 * time.Second
	awsEndpoint = "s3.amazonaws.com"
)

// complete returns c with its defaults, or an error if it can't be used.
func (c Config) complete() (Config, error) {
	if c.Bucket == "" {
		return c, errors.New("the bucket has no name")
	}
	c.Prefix = strings.TrimSuffix(c.Prefix, "/")
	if c.Prefix != "" {
		if err := blob.ValidKey(c.Prefix); err != nil {
			return c, fmt.Errorf("prefix: %w", err)
		}
	}
	c.Endpoint = first(c.Endpoint, os.Getenv("AWS_ENDPOINT_URL_S3"), os.Getenv("AWS_ENDPOINT_URL"), awsEndpoint)
	c.Region = first(c.Region, os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION"))
	c.Style = first(c.Style, StyleAuto)
	c.SingleMax = first(c.SingleMax, 64<<20)
	c.PartSize = first(c.PartSize, 16<<20)
	c.Timeout = first(c.Timeout, time.Minute)
	c.Attempts = first(c.Attempts, 6)
	c.Pause = first(c.Pause, 200*time.Millisecond)
	switch {
	case c.PartSize < minPart:
		return c, fmt.Errorf("part size: %d bytes are less than 5 MiB, the least that S3 takes", c.PartSize)
	case c.SingleMax < 0 || c.SingleMax > maxSingle:
		return c, fmt.Errorf("single-request size: %d bytes are not between 0 and 5 GiB", c.SingleMax)
	case c.Timeout < 0 || c.Attempts < 0 || c.Pause < 0:
		return c, errors.New("time-out, attempts and pause must not be negative")
	}
	if err := c.Lock.validate(); err != nil {
		return c, err
	}
	if c.Credentials == nil {
		c.Credentials = credentials.NewChainCredentials([]credentials.Provider{
			&credentials.EnvAWS{},
			&credentials.FileAWSCredentials{},
			// Elsewhere than on AWS nobody answers, and that must not take long.
			&credentials.IAM{Client: &http.Client{Timeout: 2 * time.Second}},
		})
	}
	return c, nil
}

// first returns the first that isn't zero.
func first[T comparable](values ...T) (v T) {
	for _, value := range values {
		if value != v {
			return value
		}
	}
	return v
}

// dial makes a client. Nothing is sent yet.
func (c Config) dial() (*minio.Core, error) {
	endpoint, secure, err := c.endpoint()
	if err != nil {
		return nil, err
	}
	lookup := map[Style]minio.BucketLookupType{
		StyleAuto: minio.BucketLookupAuto, StylePath: minio.BucketLookupPath, StyleHost: minio.BucketLookupDNS,
	}
	style, ok := lookup[c.Style]
	if !ok {
		return nil, fmt.Errorf("style %q: not one of %q, %q, %q", c.Style, StyleAuto, StylePath, StyleHost)
	}
	if c.Transport == nil {
		t, err := minio.DefaultTransport(secure)
		if err != nil {
			return nil, err
		}
		t.MaxIdleConnsPerHost = t.MaxIdleConns // there is one host
		c.Transport = t
	}
	return minio.NewCore(endpoint, &minio.Options{
		Creds:        c.Credentials,
		Secure:       secure,
		Transport:    conditioner{c.Transport},
		Region:       c.Region,
		BucketLookup: style,
		// Attempts are counted here, with the answers that only we understand.
		MaxRetries: 1,
		// Checksums in trailers aren't understood by every service over plain
		// HTTP. Ours is known before the upload and goes into a header.
		TrailingHeaders: false,
	})
}

// endpoint returns the host and port, and whether TLS is used. Its errors don't
// repeat an address that holds a password.
func (c Config) endpoint() (host string, secure bool, err error) {
	if !strings.Contains(c.Endpoint, "://") {
		return c.Endpoint, !c.Insecure, nil
	}
	u, err := url.Parse(c.Endpoint)
	if err != nil {
		return "", false, errors.New("endpoint: not a URL")
	}
	switch {
	case u.User != nil:
		return "", false, errors.New("endpoint: credentials don't belong into the URL; use the AWS environment or credentials file")
	case u.Scheme != "http" && u.Scheme != "https":
		return "", false, fmt.Errorf("endpoint: scheme %q is neither http nor https", u.Scheme)
	case u.Host == "" || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return "", false, fmt.Errorf("endpoint: %s is not just a scheme, a host and a port", u.Redacted())
	}
	return u.Host, u.Scheme == "https", nil
}
