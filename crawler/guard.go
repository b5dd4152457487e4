package crawler

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
)

// Guard decides which places the crawler may talk to. The URLs come from
// strangers and so do the redirects, so both the URL and the address on the
// socket are checked; the zero Guard is the strict one.
type Guard struct {
	// AllowPrivate lets every address through, for tests and for people who
	// archive their own intranet. Schemes, ports and host spelling stay checked.
	AllowPrivate bool
	// Ports are allowed in addition to 80, 443 and the unblocked ones from 1024 on.
	Ports []uint16
}

// GuardError says what the guard refused and why. Exactly one of URL and Addr
// tells the object; Range and Source name the rule.
type GuardError struct {
	URL    string     // the refused URL, without credentials
	Addr   netip.Addr // the refused address as it was to be dialled
	Range  string     // the rule that it fell under, such as "10.0.0.0/8 (private use)"
	Source string     // the document that the rule comes from
	Hint   string     // what a user can do, may be empty
}

// Error names the object, the rule, its source and what a user can do.
func (e *GuardError) Error() string {
	var b strings.Builder
	b.WriteString("refused ")
	if e.URL != "" {
		b.WriteString(e.URL)
	} else {
		b.WriteString("address " + e.Addr.String())
	}
	fmt.Fprintf(&b, ": %s", e.Range)
	if e.Source != "" {
		fmt.Fprintf(&b, " [%s]", e.Source)
	}
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	return b.String()
}

const guardHintPrivate = "use --allow-private if this machine is meant to fetch from there"

// CheckURL checks what can be known before any lookup: scheme http or https,
// no credentials (RFC 9110 §4.2.4), a canonical host, an allowed port, and for
// a literal address the address itself. A refusal is a *GuardError.
func (g Guard) CheckURL(u *url.URL) error {
	refuse := func(rule, source, hint string) error {
		return &GuardError{URL: guardURLText(u), Range: rule, Source: source, Hint: hint}
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return refuse("scheme "+strconv.Quote(u.Scheme)+" is not http or https", "", "")
	}
	if u.Opaque != "" {
		return refuse("no host", "RFC 9110 §4.2", "")
	}
	if u.User != nil {
		return refuse("credentials in a URL", "RFC 9110 §4.2.4", "remove the part before the @")
	}
	host := u.Hostname()
	if err := guardHost(u.Host, host); err != "" {
		return refuse(err, "URL standard, host parsing", "")
	}
	if port := u.Port(); port != "" || strings.HasSuffix(u.Host, ":") {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil {
			return refuse("port "+strconv.Quote(port)+" is no port", "RFC 3986 §3.2.3", "")
		}
		if !g.portAllowed(uint16(n)) {
			return refuse("port "+port+" is not one for web pages", "Fetch standard, port blocking", "")
		}
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		if err := g.CheckAddr(addr); err != nil {
			return fmt.Errorf("check %s: %w", guardURLText(u), err)
		}
	}
	return nil
}

// CheckAddr checks one address against the table of special-purpose ranges.
// Mapped (::ffff:0:0/96) and NAT64 (64:ff9b::/96) forms are judged by the IPv4
// address inside. A refusal is a *GuardError.
func (g Guard) CheckAddr(addr netip.Addr) error {
	if !addr.IsValid() {
		return &GuardError{Addr: addr, Range: "no valid address"}
	}
	if g.AllowPrivate {
		return nil
	}
	if addr.Zone() != "" {
		return &GuardError{Addr: addr, Range: "address with a zone", Source: "RFC 4007", Hint: guardHintPrivate}
	}
	if rule, source := guardRange(addr); rule != "" {
		return &GuardError{Addr: addr, Range: rule, Source: source, Hint: guardHintPrivate}
	}
	return nil
}

// Control has the signature of net.Dialer.Control and checks the address that
// the socket is about to connect to, after every lookup: a name that resolves
// differently the second time gains nothing.
func (g Guard) Control(network, address string, _ syscall.RawConn) error {
	if network != "tcp" && network != "tcp4" && network != "tcp6" {
		return fmt.Errorf("dial %s %s: %w", network, address, &GuardError{URL: network + " " + address, Range: "not a TCP connection"})
	}
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("dial %s %s: %w", network, address, &GuardError{URL: address, Range: "no numeric address"})
	}
	if err := g.CheckAddr(ap.Addr()); err != nil {
		return fmt.Errorf("dial %s %s: %w", network, address, err)
	}
	if !g.portAllowed(ap.Port()) {
		return fmt.Errorf("dial %s %s: %w", network, address, &GuardError{Addr: ap.Addr(),
			Range:  "port " + strconv.Itoa(int(ap.Port())) + " is not one for web pages",
			Source: "Fetch standard, port blocking"})
	}
	return nil
}

// Dialer connects to what the guard lets through. The pure Go resolver does not
// turn 0x7f.1 into an address as the system's does; Control sees the address on
// the socket either way.
func (g Guard) Dialer() *net.Dialer {
	return &net.Dialer{Control: g.Control, Resolver: &net.Resolver{PreferGo: true}, KeepAlive: -1}
}

// portAllowed reports whether a web page may be fetched from the port. Below
// 1024 only the two web ports are, so that no URL speaks to mail or shell
// services; above, those that browsers block too.
func (g Guard) portAllowed(port uint16) bool {
	for _, p := range g.Ports {
		if p == port {
			return true
		}
	}
	switch port {
	case 80, 443:
		return true
	case 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566,
		6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080:
		return false
	}
	return port >= 1024
}

// guardHost says what is wrong with a host, or "". Spellings that one parser
// reads as a name and another as an address (0x7f.1, 127.1, 2130706433,
// full-width dots) are refused whatever they would mean.
func guardHost(hostport, host string) string {
	if host == "" {
		return "no host"
	}
	if strings.HasPrefix(hostport, "[") {
		addr, err := netip.ParseAddr(host)
		if err != nil || !addr.Is6() {
			return "no valid IPv6 address between the brackets"
		}
		return ""
	}
	if len(strings.TrimSuffix(host, ".")) > 253 {
		return "host name longer than 253 bytes"
	}
	for i := 0; i < len(host); i++ {
		c := host[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '-', c == '_':
		case c == '.':
			if i == 0 || host[i-1] == '.' {
				return "empty label in the host name"
			}
		default:
			return "host name " + strconv.Quote(host) + " is not in its ASCII form"
		}
	}
	last := strings.TrimSuffix(host, ".")
	last = last[strings.LastIndexByte(last, '.')+1:]
	if guardNumeric(last) {
		if addr, err := netip.ParseAddr(host); err != nil || addr.String() != host {
			return "host " + strconv.Quote(host) + " is an address in an ambiguous spelling"
		}
	}
	return ""
}

// guardNumeric reports whether a label makes a host "end in a number" as the
// URL standard means it: all digits, or 0x and hexadecimal digits.
func guardNumeric(label string) bool {
	if l := strings.ToLower(label); strings.HasPrefix(l, "0x") {
		return strings.Trim(l[2:], "0123456789abcdef") == ""
	}
	return label != "" && strings.Trim(label, "0123456789") == ""
}

func guardURLText(u *url.URL) string {
	c := *u
	c.User = nil
	return c.String()
}
