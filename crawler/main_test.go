package crawler_test

import (
	"testing"

	"go.uber.org/goleak"
)

// A goroutine that outlives its run would hold a host, a connection or a file.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
