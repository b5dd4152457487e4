package warc

import (
	"errors"
	"net/netip"
	"strings"
	"unicode/utf8"
)

// types is a set of record types.
type types uint16

const (
	warcinfo types = 1 << iota
	response
	resource
	request
	metadata
	revisit
	conversion
	continuation
	unknown

	all types = 1<<iota - 1
)

func (t Type) set() types {
	switch t {
	case TypeWarcinfo:
		return warcinfo
	case TypeResponse:
		return response
	case TypeResource:
		return resource
	case TypeRequest:
		return request
	case TypeMetadata:
		return metadata
	case TypeRevisit:
		return revisit
	case TypeConversion:
		return conversion
	case TypeContinuation:
		return continuation
	}
	return unknown
}

// rule is one row of the table of clauses 5 and 6: where a field must stand,
// where it may, and what its value looks like.
type rule struct {
	name      string
	mandatory types
	allowed   types
	value     func(string) bool // nil: any text
}

// rules holds every field that the standard defines. Types that it does not
// define are held to the four fields that are always mandatory, since an
// extension may give the others a new place.
var rules = [...]rule{
	{FieldRecordID, all, all, isID},
	{FieldContentLength, all, all, isLength},
	{FieldDate, all, all, isDate},
	{FieldType, all, all, isNotEmpty},
	{FieldContentType, 0, all, isNotEmpty},
	{FieldTargetURI, response | resource | request | revisit | conversion | continuation, all &^ warcinfo, isURI},
	{FieldConcurrentTo, 0, all &^ (warcinfo | conversion | continuation), isID},
	{FieldBlockDigest, 0, all, isDigest},
	{FieldPayloadDigest, 0, all &^ (warcinfo | metadata), isDigest},
	{FieldIPAddress, 0, all &^ (warcinfo | conversion | continuation), isAddress},
	{FieldRefersTo, 0, revisit | metadata | conversion | unknown, isID},
	{FieldRefersToTargetURI, 0, revisit | unknown, isURI},
	{FieldRefersToDate, 0, revisit | unknown, isDate},
	{FieldTruncated, 0, all, isTruncated},
	{FieldWarcinfoID, 0, all, isID},
	{FieldFilename, 0, warcinfo | unknown, isNotEmpty},
	{FieldProfile, revisit, all, isNotEmpty},
	{FieldIdentifiedPayloadType, 0, all, isNotEmpty},
	{FieldSegmentNumber, continuation, all, isLength},
	{FieldSegmentOriginID, continuation, continuation | unknown, isID},
	{FieldSegmentTotalLength, 0, continuation | unknown, isLength},
}

// Validate returns what is wrong with a record header according to clauses 5
// and 6 of WARC 1.1, nil when nothing is. Fields that the standard does not
// define are only checked for syntax.
func Validate(h Header) []Problem {
	var seen [len(rules)]int
	var ps []Problem
	typ := Type(h.Get(FieldType))
	set := typ.set()
	for i := range h {
		f := &h[i]
		if !isToken(f.Name) {
			ps = append(ps, problemf(CodeFieldSyntax, "%q is no field name (value %.80q)", f.Name, f.Value))
			continue
		}
		if !isText(f.Value) {
			ps = append(ps, problemf(CodeFieldSyntax, "%s holds control characters, a line end or invalid UTF-8: %q", f.Name, f.Value))
			continue
		}
		k := ruleOf(f.Name)
		if k < 0 {
			continue
		}
		r := &rules[k]
		seen[k]++
		if seen[k] == 2 && r.name != FieldConcurrentTo {
			ps = append(ps, problemf(CodeFieldRepeated, "%s stands more than once", r.name))
		}
		if r.allowed&set == 0 {
			ps = append(ps, problemf(CodeFieldForbidden, "%s is not allowed in a %s record", r.name, typ))
		}
		if r.value != nil && !r.value(f.Value) {
			if r.name == FieldTargetURI && isURI(StripBrackets(f.Value)) {
				ps = append(ps, problemf(CodeTargetURIQuoted, "%s stands in angle brackets", r.name))
			} else {
				ps = append(ps, problemf(CodeFieldValue, "%s: malformed value %q", r.name, f.Value))
			}
		}
	}
	for k := range rules {
		if seen[k] == 0 && rules[k].mandatory&set != 0 {
			ps = append(ps, problemf(CodeFieldMissing, "%s is mandatory in a %s record", rules[k].name, typ))
		}
	}
	return append(ps, validateTogether(h, typ)...)
}

// validateTogether checks the rules that concern more than one field.
func validateTogether(h Header, typ Type) []Problem {
	var ps []Problem
	if typ == TypeRevisit {
		if profile, _ := ParseProfile(h.Get(FieldProfile)); profile == ProfileIdentical {
			if _, ok := h.Lookup(FieldPayloadDigest); !ok {
				ps = append(ps, problemf(CodeFieldMissing, "%s is mandatory in an identical-payload-digest revisit", FieldPayloadDigest))
			}
			if n, _ := parseLength(h.Get(FieldContentLength)); n > 0 && h.Get(FieldTruncated) != TruncatedLength {
				ps = append(ps, problemf(CodeRevisitBlock, "an identical-payload-digest revisit with a block needs %s: %s", FieldTruncated, TruncatedLength))
			}
		}
	}
	if n, ok := h.Lookup(FieldSegmentNumber); ok && isLength(n) {
		n = strings.TrimLeft(n, "0")
		if first := n == "1"; n == "" || first == (typ == TypeContinuation) {
			ps = append(ps, problemf(CodeFieldValue, "%s: 1 in the first record of a series, 2 and up in its continuation records", FieldSegmentNumber))
		}
	}
	return ps
}

func ruleOf(name string) int {
	for k := range rules {
		if equalName(rules[k].name, name) {
			return k
		}
	}
	return -1
}

// isToken is the grammar's token: visible ASCII without separators.
func isToken(s string) bool {
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`()<>@,;:\"/[]?={}`, c) >= 0 {
			return false
		}
	}
	return s != ""
}

// isText is a field value that survives a round trip: UTF-8 without control
// characters and without white space around it.
func isText(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' && s[i] != '\t' || s[i] == 0x7f {
			return false
		}
	}
	return utf8.ValidString(s) && strings.Trim(s, " \t") == s
}

func isNotEmpty(s string) bool { return s != "" }

func isLength(s string) bool {
	_, err := parseLength(s)
	return err == nil
}

func isDate(s string) bool {
	_, err := ParseDate(s)
	return err == nil
}

// isURI wants a scheme and no characters that would break a line of an index;
// anything finer would refuse addresses that servers answer to.
func isURI(s string) bool {
	i := strings.IndexByte(s, ':')
	return i > 0 && isToken(s[:i]) && !strings.ContainsAny(s, " \t<>")
}

func isID(s string) bool {
	u := StripBrackets(s)
	return len(u)+2 == len(s) && isURI(u)
}

// isDigest accepts algorithms that cannot be computed here: the standard
// imposes none.
func isDigest(s string) bool {
	_, err := ParseDigest(s)
	return err == nil || errors.Is(err, ErrDigestAlgorithm)
}

func isAddress(s string) bool {
	a, err := netip.ParseAddr(s)
	return err == nil && a.Zone() == ""
}

func isTruncated(s string) bool {
	switch s {
	case TruncatedLength, TruncatedTime, TruncatedDisconnect, TruncatedUnspecified:
		return true
	}
	return false
}
