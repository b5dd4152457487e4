package warc

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// base is a header with every field that its type must have.
func base(typ Type) Header {
	h := record(typ, nil, FieldContentLength, "0").Header
	switch typ {
	case TypeRevisit:
		h.Add(FieldProfile, ProfileNotModified)
	case TypeContinuation:
		h.Add(FieldSegmentNumber, "2")
		h.Add(FieldSegmentOriginID, NewID())
	}
	return h
}

var allTypes = []Type{TypeWarcinfo, TypeResponse, TypeResource, TypeRequest,
	TypeMetadata, TypeRevisit, TypeConversion, TypeContinuation}

func codes(ps []Problem) []Code {
	var cs []Code
	for _, p := range ps {
		cs = append(cs, p.Code)
	}
	return cs
}

func TestValidateAccepts(t *testing.T) {
	for _, typ := range allTypes {
		if ps := Validate(base(typ)); len(ps) > 0 {
			t.Errorf("%s: %v", typ, ps)
		}
	}
	for i, s := range asRead(samples()) {
		if ps := Validate(s.Header); len(ps) > 0 {
			t.Errorf("sample %d: %v", i, ps)
		}
	}
	h := base(TypeResponse)
	h.Add(FieldConcurrentTo, NewID())
	h.Add(FieldConcurrentTo, NewID())
	h.Add("WARC-Protocol", "http/1.1") // an extension that repeats
	h.Add("WARC-Protocol", "tls/1.3")
	h.Add(FieldSegmentNumber, "1")
	h.Add(FieldBlockDigest+"-Other", "anything")
	h.Set(FieldBlockDigest, "blake3:00")
	if ps := Validate(h); len(ps) > 0 {
		t.Errorf("%v", ps)
	}
}

func TestValidateMandatory(t *testing.T) {
	for _, typ := range allTypes {
		for _, f := range base(typ) {
			if f.Name == FieldBlockDigest || f.Name == FieldType {
				continue
			}
			h := base(typ)
			h.Del(f.Name)
			want := []Code{CodeFieldMissing}
			if f.Name == FieldTargetURI && typ == TypeMetadata {
				want = nil
			}
			if d := cmp.Diff(want, codes(Validate(h))); d != "" {
				t.Errorf("%s without %s: %s", typ, f.Name, d)
			}
		}
	}
	h := base(TypeMetadata)
	h.Del(FieldType)
	if d := cmp.Diff([]Code{CodeFieldMissing}, codes(Validate(h))); d != "" {
		t.Errorf("without a type: %s", d)
	}
}

// Where each field may stand, written out from clauses 5 and 6 by type.
func TestValidateForbidden(t *testing.T) {
	values := map[string]string{
		FieldTargetURI: "http://a.test/", FieldConcurrentTo: NewID(), FieldPayloadDigest: sha(nil), FieldIPAddress: "192.0.2.1",
		FieldRefersTo: NewID(), FieldRefersToTargetURI: "http://a.test/", FieldRefersToDate: "2026-01-01T00:00:00Z",
		FieldTruncated: "time", FieldWarcinfoID: NewID(), FieldFilename: "a.warc.gz", FieldContentType: "text/plain",
		FieldIdentifiedPayloadType: "text/html", FieldSegmentOriginID: NewID(), FieldSegmentTotalLength: "9",
	}
	allowed := map[Type][]string{
		TypeWarcinfo:     {FieldFilename},
		TypeResponse:     {FieldTargetURI, FieldConcurrentTo, FieldPayloadDigest, FieldIPAddress},
		TypeResource:     {FieldTargetURI, FieldConcurrentTo, FieldPayloadDigest, FieldIPAddress},
		TypeRequest:      {FieldTargetURI, FieldConcurrentTo, FieldPayloadDigest, FieldIPAddress},
		TypeMetadata:     {FieldTargetURI, FieldConcurrentTo, FieldIPAddress, FieldRefersTo},
		TypeRevisit:      {FieldTargetURI, FieldConcurrentTo, FieldPayloadDigest, FieldIPAddress, FieldRefersTo, FieldRefersToTargetURI, FieldRefersToDate},
		TypeConversion:   {FieldTargetURI, FieldPayloadDigest, FieldRefersTo},
		TypeContinuation: {FieldTargetURI, FieldPayloadDigest, FieldSegmentOriginID, FieldSegmentTotalLength},
	}
	everywhere := []string{FieldTruncated, FieldWarcinfoID, FieldContentType, FieldIdentifiedPayloadType}
	for _, typ := range allTypes {
		may := map[string]bool{}
		for _, name := range append(everywhere, allowed[typ]...) {
			may[name] = true
		}
		for name, value := range values {
			h := base(typ)
			h.Set(name, value)
			var want []Code
			if !may[name] {
				want = []Code{CodeFieldForbidden}
			}
			if d := cmp.Diff(want, codes(Validate(h))); d != "" {
				t.Errorf("%s with %s: %s", typ, name, d)
			}
		}
	}
}

func TestValidateValues(t *testing.T) {
	for _, c := range []struct {
		typ         Type
		name, value string
		want        []Code
	}{
		{TypeResponse, FieldRecordID, "urn:uuid:1", []Code{CodeFieldValue}},
		{TypeResponse, FieldRecordID, "<no scheme>", []Code{CodeFieldValue}},
		{TypeResponse, FieldDate, "2026-11-22T12:34:56", []Code{CodeFieldValue}},
		{TypeResponse, FieldContentLength, "-0", []Code{CodeFieldValue}},
		{TypeResponse, FieldTargetURI, "<http://a.test/>", []Code{CodeTargetURIQuoted}},
		{TypeResponse, FieldTargetURI, "http://a.test/b c", []Code{CodeFieldValue}},
		{TypeResponse, FieldTargetURI, "", []Code{CodeFieldValue}},
		{TypeResponse, FieldTargetURI, "/relative", []Code{CodeFieldValue}},
		{TypeResponse, FieldTargetURI, "dns:a.test", nil},
		{TypeResponse, FieldTargetURI, "http://a.test/ж|{}", nil},
		{TypeResponse, FieldIPAddress, "a.test", []Code{CodeFieldValue}},
		{TypeResponse, FieldIPAddress, "fe80::1%eth0", []Code{CodeFieldValue}},
		{TypeResponse, FieldTruncated, "because", []Code{CodeFieldValue}},
		{TypeResponse, FieldBlockDigest, "sha256:xyz", []Code{CodeFieldValue}},
		{TypeResponse, FieldContentType, "", []Code{CodeFieldValue}},
		{TypeResponse, FieldSegmentNumber, "2", []Code{CodeFieldValue}},
		{TypeContinuation, FieldSegmentNumber, "1", []Code{CodeFieldValue}},
		{TypeContinuation, FieldSegmentNumber, "0", []Code{CodeFieldValue}},
		{TypeContinuation, FieldSegmentNumber, "two", []Code{CodeFieldValue}},
		{TypeResponse, "X-A", "a\x00b", []Code{CodeFieldSyntax}},
		{TypeResponse, "X-A", "a\tb", nil},
		{TypeResponse, "X-A", " a", []Code{CodeFieldSyntax}},
		{TypeResponse, "X-A", "\xe9", []Code{CodeFieldSyntax}},
		{TypeResponse, "X A", "a", []Code{CodeFieldSyntax}},
		{TypeResponse, "", "a", []Code{CodeFieldSyntax}},
		{TypeRevisit, FieldProfile, "", []Code{CodeFieldValue}},
		{TypeRevisit, FieldProfile, "http://other.test/profile", nil},
		{TypeRevisit, FieldProfile, ProfileIdentical, []Code{CodeFieldMissing}},
	} {
		h := base(c.typ)
		h.Set(c.name, c.value)
		if d := cmp.Diff(c.want, codes(Validate(h))); d != "" {
			t.Errorf("%s with %s: %q: %s", c.typ, c.name, c.value, d)
		}
	}
}

func TestValidateRevisit(t *testing.T) {
	h := base(TypeRevisit)
	h.Set(FieldProfile, ProfileIdentical)
	h.Set(FieldPayloadDigest, sha(nil))
	if ps := Validate(h); len(ps) > 0 {
		t.Errorf("empty block: %v", ps)
	}
	h.Set(FieldContentLength, "10")
	if d := cmp.Diff([]Code{CodeRevisitBlock}, codes(Validate(h))); d != "" {
		t.Errorf("block: %s", d)
	}
	h.Set(FieldTruncated, TruncatedLength)
	if ps := Validate(h); len(ps) > 0 {
		t.Errorf("truncated block: %v", ps)
	}
}

func TestValidateRepeated(t *testing.T) {
	for i := range rules {
		name := rules[i].name
		h := base(TypeResponse)
		if name == FieldType || rules[i].allowed&response == 0 {
			continue
		}
		h.Del(name)
		value := map[string]string{
			FieldDate: "2026", FieldContentLength: "0", FieldBlockDigest: sha(nil), FieldPayloadDigest: sha(nil), FieldTargetURI: "http://a.test/",
			FieldIPAddress: "192.0.2.1", FieldTruncated: "time", FieldSegmentNumber: "1", FieldRecordID: NewID(),
			FieldConcurrentTo: NewID(), FieldWarcinfoID: NewID(),
		}[name]
		if value == "" {
			value = "a/b"
		}
		for range 3 {
			h.Add(name, value)
		}
		want := []Code{CodeFieldRepeated}
		if name == FieldConcurrentTo {
			want = nil
		}
		if d := cmp.Diff(want, codes(Validate(h))); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}
