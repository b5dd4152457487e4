package s3

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/ibid-archive/ibid/archive/blob"
	"github.com/ibid-archive/ibid/archive/blob/blobtest"
)

func config(s blobtest.S3) Config {
	return Config{
		Bucket: s.Bucket, Endpoint: s.Endpoint, Region: s.Region, Insecure: true,
		Credentials: credentials.NewStaticV4(s.AccessKey, s.SecretKey, ""),
		Pause:       5 * time.Millisecond,
	}
}

func openTest(t testing.TB, cfg Config) *Store {
	t.Helper()
	s, _, err := Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestConformance(t *testing.T) {
	t.Parallel()
	cfg := config(blobtest.S3Server(t))
	var n atomic.Int64
	blobtest.Run(t, func(t *testing.T) blob.Store {
		cfg := cfg
		cfg.Prefix = fmt.Sprintf("archives/%d", n.Add(1))
		return openTest(t, cfg)
	})
}
