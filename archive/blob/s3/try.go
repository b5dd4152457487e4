package s3

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// errTooSlow says that a request was given up. It can be tried again.
var errTooSlow = errors.New("no answer from the service")

// try makes one request with f, and gives it up when it takes too long.
func (s *Store) try(ctx context.Context, f func(context.Context) error) error {
	return s.send(ctx, nil, func(ctx context.Context, _ io.Reader) error { return f(ctx) })
}

// send makes one request with f, with a body that is given to f again. The
// request is given up when nothing has been read from the body, and no answer
// has come, for the configured time.
func (s *Store) send(ctx context.Context, body io.Reader, f func(context.Context, io.Reader) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	patience := s.cfg.Timeout
	timer := time.AfterFunc(patience, func() { cancel(errTooSlow) })
	defer timer.Stop()
	err := f(ctx, &watched{body, func() { timer.Reset(patience) }})
	if err != nil && context.Cause(ctx) == errTooSlow {
		return fmt.Errorf("%w for %v", errTooSlow, patience)
	}
	return err
}

// watched tells when it is read. It can't seek, so the client library doesn't
// send it twice on its own.
type watched struct {
	r     io.Reader
	alive func()
}

func (w *watched) Read(p []byte) (int, error) {
	w.alive()
	return w.r.Read(p)
}
