package s3

import (
	"bytes"
	"fmt"
	"strings"
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
	server := blobtest.S3Server(t)
	// In "parts", all objects of more than one byte go up in parts.
	for name, single := range map[string]int64{"single": 8 << 20, "parts": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var n atomic.Int64
			blobtest.Run(t, func(t *testing.T) blob.Store {
				cfg := config(server)
				cfg.SingleMax, cfg.PartSize = single, 5<<20
				cfg.Prefix = fmt.Sprintf("archives/%s/%d", name, n.Add(1))
				return openTest(t, cfg)
			})
		})
	}
}

// TestConformanceLocked runs the suite in a bucket that keeps versions and locks
// them.
func TestConformanceLocked(t *testing.T) {
	t.Parallel()
	cfg := lockedBucket(t)
	cfg.Lock = Lock{LockGovernance, 1}
	cfg.SingleMax, cfg.PartSize = 8<<20, 5<<20
	var n atomic.Int64
	blobtest.Run(t, func(t *testing.T) blob.Store {
		cfg := cfg
		cfg.Prefix = fmt.Sprintf("archives/%d", n.Add(1))
		return openTest(t, cfg)
	})
}

// TestDefaultParts puts an object that is too large for one request with the
// sizes that a configuration without sizes has.
func TestDefaultParts(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 80 MiB")
	}
	t.Parallel()
	s := openTest(t, config(blobtest.S3Server(t)))
	body := random(1, 80<<20)
	for range 2 {
		if err := s.Put(t.Context(), "big", blob.Bytes(body)); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := readAll(t, s, "big", 0, -1); err != nil || !bytes.Equal(got, body) {
		t.Errorf("read back %d bytes, error %v", len(got), err)
	}
	info, err := s.stat(t.Context(), "big")
	if err != nil || !strings.HasSuffix(info.ChecksumSHA256, "-5") {
		t.Errorf("the object has the checksum %q, error %v; want one of 5 parts", info.ChecksumSHA256, err)
	}
}
