package seeds

import "strings"

// withoutPublishers drops from the addresses of notes the bare hosts that only name who published what another address of
// the same note leads to: "The dam. latimes.com. https://www.latimes.com/dam". A host that was defanged, or is the text
// of a link, stays; and so does one that is all that a note has. It keeps the order.
func (d *document) withoutPublishers(spans []noteSpan, addresses []found) []found {
	kept := addresses[:0:0]
	next, first := 0, 0
	for _, n := range spans {
		for first < len(addresses) && addresses[first].start < n.start {
			first++
		}
		end := first
		for end < len(addresses) && addresses[end].start < n.end {
			end++
		}
		if end-first < 2 || end-first > maxRepeat {
			continue
		}
		for i := first; i < end; i++ {
			if host := d.bareHost(addresses, i); host != "" && anyAt(addresses[first:end], host) {
				kept = append(kept, addresses[next:i]...)
				next = i + 1
			}
		}
	}
	if next == 0 {
		return addresses
	}
	return append(kept, addresses[next:]...)
}

// bareHost returns the host that address i consists of, without "www."; empty when there is more to it.
func (d *document) bareHost(addresses []found, i int) string {
	f := addresses[i]
	written := d.text[f.start:f.end]
	_, host, ok := strings.Cut(f.url, "://")
	if !ok || f.link > 0 || f.defanged || strings.Contains(written, "/") || strings.TrimSuffix(host, "/") != strings.ToLower(written) {
		return ""
	}
	if i+1 < len(addresses) && isLink(d.text[f.end:max(f.end, addresses[i+1].start)]) {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(written), "www.")
}

// anyAt tells whether one of the addresses leads to a page of a host, or to a copy of one in an archive.
func anyAt(addresses []found, host string) bool {
	for _, f := range addresses {
		for url := strings.ToLower(f.url); ; {
			i := strings.Index(url, host+"/")
			if i < 0 {
				break
			}
			if path := url[i+len(host)+1:]; path != "" && (strings.HasSuffix(url[:i], "//") || strings.HasSuffix(url[:i], ".")) {
				return true
			}
			url = url[i+len(host):]
		}
	}
	return false
}
