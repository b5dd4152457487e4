package wire

import (
	"context"
	"errors"
	"net"
	"net/http/httptrace"
	"slices"
	"sync"
	"syscall"
)

// maxTried bounds how many addresses are remembered: a name server may list many.
const maxTried = 8

// attempts are the addresses that did not take one connection. A dialer tries
// both families at once (RFC 8305), so it may speak of one after it has returned.
type attempts struct {
	mu     sync.Mutex
	failed []string
}

// watch returns a context whose net.Dialer tells of what it tries. Attempts that
// were given up because another one succeeded do not count, nor do those for
// which this machine has no route: they say nothing of the host.
func (a *attempts) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{ConnectDone: func(_, addr string, err error) {
		if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, syscall.ENETUNREACH) {
			return
		}
		var op *net.OpError
		if errors.As(err, &op) && op.Err != nil {
			if op.Err.Error() == "operation was canceled" { // net's own, which is not exported
				return
			}
			err = op.Err // without the address, which stands before it
		}
		a.mu.Lock()
		defer a.mu.Unlock()
		if len(a.failed) < maxTried {
			a.failed = append(a.failed, addr+": "+err.Error())
		}
	}})
}

func (a *attempts) list() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.failed)
}
