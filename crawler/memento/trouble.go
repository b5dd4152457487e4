package memento

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// patience is how many answers of no use, one after the other, an archive may give
// before it is left alone. A single one may be about the one address.
const patience = 3

// troubleOf says why an answer is of no use, "" when it may be. stop says that the
// next answer would be of no use either.
func troubleOf(x *archive.Exchange) (why string, stop bool) {
	switch {
	case x.Status == 0 && x.Failure != nil:
		phase := x.Failure.Phase
		return "it could not be reached: " + x.Failure.Message, phase == "dns" || phase == "connect" || phase == "tls" || phase == "guard"
	case x.Header.Get("Memento-Datetime") != "":
		return "", false // what the source answered once
	case x.Status == http.StatusTooManyRequests:
		return "it asks for rest (429)", true
	case x.Status == http.StatusUnauthorized:
		return "it refuses us (401)", true
	case x.Status == http.StatusForbidden || x.Status == http.StatusUnavailableForLegalReasons:
		return fmt.Sprintf("it refuses to tell (%d)", x.Status), false
	case x.Status >= 500:
		return fmt.Sprintf("it has trouble (%d)", x.Status), false
	}
	return "", false
}

// withheld reports the Wayback Machine's answer about a site that it has, and shows
// to nobody.
func withheld(x *archive.Exchange) bool {
	if x.Status != http.StatusForbidden {
		return false
	}
	b, _ := io.ReadAll(x.Content(archive.DecodeLimits{MaxBytes: 4 << 10})) // as much as there is
	return strings.Contains(string(b), "AccessControlException")
}

// fails notes an answer of no use, and reports whether x is one.
func (f *Finder) fails(a *Archive, x *archive.Exchange, out *Found) bool {
	why, stop := troubleOf(x)
	if why == "" {
		f.trouble[a.Name] = 0
		return false
	}
	if withheld(x) {
		out.Why = a.Name + ": it shows nothing of this site"
		return true
	}
	if host := hostOf(x.URL); !a.at(host) { // one of many that it lists
		out.Unsure, out.Why = true, host+": "+why
		return true
	}
	f.trouble[a.Name]++
	if stop || f.trouble[a.Name] >= patience {
		f.resting[a.Name] = why
	}
	out.Unsure, out.Why = true, a.Name+": "+why
	return true
}
