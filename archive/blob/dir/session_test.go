package dir

import (
	"sync"
	"testing"

	"github.com/ibid-archive/ibid/archive/blob/blobtest"
)

// TestSessionsSwept begins sessions while others are opening the directory, too,
// and look at every lock there is.
func TestSessionsSwept(t *testing.T) {
	s := openTest(t, blobtest.MemoryDir(t), Config{})
	var beginning, sweeping sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		sweeping.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if err := sweep(s.root); err != nil {
					t.Error(err)
					return
				}
			}
		})
		beginning.Go(func() {
			for range 1500 {
				n, err := newSession(s.root)
				if err != nil {
					t.Error(err)
					return
				}
				if err := n.end(s.root); err != nil {
					t.Error(err)
				}
			}
		})
	}
	beginning.Wait()
	close(stop)
	sweeping.Wait()
}
