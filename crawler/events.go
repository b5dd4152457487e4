package crawler

import (
	"github.com/ibid-archive/ibid/archive"
)

// Events are told what happens, for progress and metrics. They are called from
// many goroutines at once and must return quickly; a nil func is not called.
type Events struct {
	Begin func(url string)          // an exchange begins
	End   func(x *archive.Exchange) // it has ended; x must not be kept
}

type eventSink struct{ Events }

func (s eventSink) begin(url string) {
	if s.Begin != nil {
		s.Begin(url)
	}
}

func (s eventSink) end(x *archive.Exchange) {
	if s.End != nil {
		s.End(x)
	}
}
