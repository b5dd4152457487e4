package timestamp

import (
	"crypto/x509"
	"strings"
	"unicode"
	"unicode/utf8"
)

const maxText = 256 // bytes of a stranger's text in a message

// clean makes a stranger's text fit for one line: no control, format or
// invisible characters, and not long.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || !unicode.IsPrint(r) {
			return '.'
		}
		return r
	}, s[:min(len(s), 2*maxText)])
	if len(s) <= maxText {
		return s
	}
	cut := maxText
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// name returns the subject of a certificate.
func name(c *x509.Certificate) string {
	if s := c.Subject.String(); s != "" {
		return clean(s)
	}
	return "a certificate without a name"
}

// failure names the bits of PKIFailureInfo (RFC 3161 §2.4.2).
func failure(bit int) string {
	switch bit {
	case 0:
		return "badAlg: it does not know the hash"
	case 2:
		return "badRequest: it does not take such requests"
	case 5:
		return "badDataFormat: it could not read the request"
	case 14:
		return "timeNotAvailable: it does not know the time"
	case 15:
		return "unacceptedPolicy: it does not have that policy"
	case 16:
		return "unacceptedExtension: it does not know an extension of the request"
	case 17:
		return "addInfoNotAvailable: it does not have the information that was asked for"
	case 25:
		return "systemFailure: it is out of order"
	}
	return ""
}

// describe says what a status other than success means.
func (s *statusInfo) describe() string {
	var b strings.Builder
	switch s.Status {
	case 2:
		b.WriteString("the authority rejected the request")
	case 3:
		b.WriteString("the authority asks to wait")
	case 4:
		b.WriteString("the authority is about to be revoked")
	case 5:
		b.WriteString("the authority is revoked")
	default:
		b.WriteString("the authority answered with a status that does not exist")
	}
	for bit := range min(s.Failure.BitLength, 32) {
		if s.Failure.At(bit) == 1 {
			if f := failure(bit); f != "" {
				b.WriteString(", " + f)
			}
		}
	}
	for _, t := range s.Text {
		b.WriteString(", saying: " + clean(t))
	}
	return b.String()
}
