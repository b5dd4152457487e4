package s3

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/ibid-archive/ibid/archive/blob/blobtest"
)

func TestConfigErrors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		cfg  Config
		want string
	}{
		"no bucket":       {Config{}, "no name"},
		"bad bucket":      {Config{Bucket: "ab"}, "Bucket name"},
		"prefix":          {Config{Bucket: "archive", Prefix: "a/../b"}, "prefix"},
		"tmp prefix":      {Config{Bucket: "archive", Prefix: "tmp"}, "prefix"},
		"password":        {Config{Bucket: "archive", Endpoint: "https://me:hunter2@host"}, "credentials don't belong"},
		"broken URL":      {Config{Bucket: "archive", Endpoint: "https://me:hunter2@ho st:%%"}, "not a URL"},
		"scheme":          {Config{Bucket: "archive", Endpoint: "ftp://host"}, "ftp"},
		"path":            {Config{Bucket: "archive", Endpoint: "https://host/path"}, "not just"},
		"style":           {Config{Bucket: "archive", Endpoint: "host", Style: "odd"}, "odd"},
		"part size":       {Config{Bucket: "archive", PartSize: 1}, "5 MiB"},
		"single size":     {Config{Bucket: "archive", SingleMax: 6 << 30}, "5 GiB"},
		"negative time":   {Config{Bucket: "archive", Timeout: -1}, "negative"},
		"lock mode":       {Config{Bucket: "archive", Lock: Lock{"forever", 1}}, "lock mode"},
		"lock days":       {Config{Bucket: "archive", Lock: Lock{LockCompliance, 0}}, "lock days"},
		"lock, too long":  {Config{Bucket: "archive", Lock: Lock{LockGovernance, 36_501}}, "lock days"},
		"lock, no mode":   {Config{Bucket: "archive", Lock: Lock{Days: 1}}, "lock mode"},
		"encryption":      {Config{Bucket: "archive", Encryption: Encryption{Mode: "c"}}, "encryption mode"},
		"encryption key":  {Config{Bucket: "archive", Encryption: Encryption{Mode: EncryptionS3, Key: "k"}}, "encryption key"},
		"only a key":      {Config{Bucket: "archive", Encryption: Encryption{Key: "k"}}, "encryption key"},
		"negative single": {Config{Bucket: "archive", SingleMax: -1}, "5 GiB"},
	} {
		test.cfg.Credentials = credentials.NewStaticV4("key", "secret", "")
		test.cfg.Region, test.cfg.Transport, test.cfg.Attempts = "us-east-1", new(recorder), 1
		_, _, err := Open(t.Context(), test.cfg)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: error %v, want one about %q and without a password", name, err, test.want)
		}
	}
}

// TestRequestAddress checks how the bucket is named, on the first request.
func TestRequestAddress(t *testing.T) {
	for _, test := range []struct {
		name string
		cfg  Config
		env  map[string]string
		want string
	}{
		{"path", Config{Endpoint: "http://s3.example:9000", Style: StylePath}, nil, "http://s3.example:9000/archive/"},
		{"host", Config{Endpoint: "https://s3.example/", Style: StyleHost}, nil, "https://archive.s3.example/"},
		{"auto elsewhere", Config{Endpoint: "s3.example"}, nil, "https://s3.example/archive/"},
		{"insecure", Config{Endpoint: "s3.example", Insecure: true}, nil, "http://s3.example/archive/"},
		{"auto at AWS", Config{Region: "eu-west-1"}, nil, "https://archive.s3.dualstack.eu-west-1.amazonaws.com/"},
		{"environment", Config{}, map[string]string{"AWS_ENDPOINT_URL": "http://a.example", "AWS_REGION": "r"}, "http://a.example/archive/"},
		{"environment of S3", Config{}, map[string]string{"AWS_ENDPOINT_URL": "http://a.example", "AWS_ENDPOINT_URL_S3": "http://b.example", "AWS_DEFAULT_REGION": "r"}, "http://b.example/archive/"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, name := range []string{"AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_REGION", "AWS_DEFAULT_REGION"} {
				t.Setenv(name, test.env[name])
			}
			t.Setenv("AWS_ACCESS_KEY_ID", "from-environment")
			t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
			if test.env == nil && test.cfg.Region == "" {
				test.cfg.Region = "us-east-1"
			}
			rec := new(recorder)
			test.cfg.Bucket, test.cfg.Transport, test.cfg.Attempts, test.cfg.Pause = "archive", rec, 1, time.Millisecond
			if _, _, err := Open(t.Context(), test.cfg); !errors.Is(err, errNoNetwork) {
				t.Fatalf("error %v, want %v", err, errNoNetwork)
			}
			if diff := cmp.Diff([]string{test.want}, rec.urls); diff != "" {
				t.Errorf("requests (-want +got):\n%s", diff)
			}
			if !strings.Contains(rec.auth, "Credential=from-environment/") {
				t.Errorf("the request isn't signed with the environment's key: %q", rec.auth)
			}
		})
	}
}

var errNoNetwork = errors.New("no network in this test")

type recorder struct {
	urls []string
	auth string
}

func (r *recorder) RoundTrip(req *http.Request) (*http.Response, error) {
	r.urls = append(r.urls, req.URL.String())
	r.auth = req.Header.Get("Authorization")
	return nil, errNoNetwork
}

func TestOpenErrors(t *testing.T) {
	t.Parallel()
	good := config(blobtest.S3Server(t))
	open := func(change func(*Config)) string {
		cfg := good
		cfg.Attempts = 2
		change(&cfg)
		_, _, err := Open(t.Context(), cfg)
		if err == nil {
			return "none"
		}
		if strings.Contains(err.Error(), "blobtest-secret") || strings.Contains(err.Error(), "wrong-secret") {
			t.Errorf("error with a secret: %v", err)
		}
		return err.Error()
	}
	for what, test := range map[string]struct {
		change func(*Config)
		want   string
	}{
		"no bucket":      {func(c *Config) { c.Bucket = "missing" }, "open bucket missing: no such bucket; create it first"},
		"wrong secret":   {func(c *Config) { c.Credentials = credentials.NewStaticV4("blobtest", "wrong-secret", "") }, "refuses these credentials"},
		"no credentials": {func(c *Config) { c.Credentials = credentials.NewStaticV4("", "", "") }, "no credentials were found"},
		"nobody there":   {func(c *Config) { c.Endpoint = "127.0.0.1:1" }, "given up after 2 attempts"},
		"all well":       {func(c *Config) {}, "none"},
	} {
		if got := open(test.change); !strings.Contains(got, test.want) {
			t.Errorf("%s: error %q, want %q", what, got, test.want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := Open(ctx, good); !errors.Is(err, context.Canceled) {
		t.Errorf("open with a cancelled context: %v", err)
	}
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	cfg := config(blobtest.S3Server(t))
	for range 2 { // the first probe finds nothing, the second its own object
		_, got, err := Open(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		limits := got.Limits
		got.Limits = nil
		if diff := cmp.Diff(Capabilities{ConditionalPut: true, ConditionalSwap: true, Writable: true, Checksums: true}, got); diff != "" {
			t.Errorf("capabilities (-want +got):\n%s", diff)
		}
		if len(limits) != 2 || !strings.Contains(limits[0], "no versions") || !strings.Contains(limits[1], "no Object Lock") {
			t.Errorf("limits %q, want versions and Object Lock", limits)
		}
	}
}
