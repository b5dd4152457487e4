package crawler

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler/wire"
)

// failureOf puts an error of the chain into the archive's words.
func failureOf(err error) *archive.Failure {
	var (
		guard *GuardError
		limit *limitError
		we    *wire.Error
	)
	switch {
	case errors.As(err, &guard):
		class := archive.ClassURL
		if guard.Addr.IsValid() {
			class = archive.ClassPrivate
		}
		return &archive.Failure{Phase: "guard", Class: class, Message: guard.Error()}
	case errors.As(err, &limit):
		return &archive.Failure{Phase: "limit", Class: archive.ClassBody, Message: limit.Error()}
	case errors.As(err, &we):
		return &archive.Failure{Phase: we.Phase, Class: we.Kind, Message: plain(we.Err)}
	}
	return &archive.Failure{Phase: "request", Class: archive.ClassOther, Message: err.Error()}
}

// plain says what went wrong without the ports and addresses of this machine.
func plain(err error) string {
	var (
		dns *net.DNSError
		op  *net.OpError
	)
	switch {
	case errors.As(err, &dns):
		return fmt.Sprintf("lookup %s: %s", dns.Name, dns.Err)
	case wire.Expired(err):
		return "the certificate is outside its period of validity"
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		return "no answer in time"
	case errors.As(err, &op):
		if sys := new(os.SyscallError); errors.As(err, &sys) {
			return op.Op + ": " + sys.Err.Error()
		}
		return op.Op + ": " + op.Err.Error()
	}
	return err.Error()
}

// truncation is the WARC-Truncated word for a failure.
func truncation(f *archive.Failure) archive.Truncation {
	if f == nil {
		return archive.TruncatedUnspecified
	}
	switch f.Class {
	case archive.ClassBody, archive.ClassHeader:
		return archive.TruncatedLength
	case archive.ClassTimeout, archive.ClassSlow:
		return archive.TruncatedTime
	case archive.ClassReset:
		return archive.TruncatedDisconnect
	}
	return archive.TruncatedUnspecified
}
