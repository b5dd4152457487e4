package verify

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/ibid-archive/ibid/archive"
)

// records are capture records by the SHA-256 of their WARC.
type records map[string]*archive.Capture

func (r records) Capture(_ context.Context, sum string) (*archive.Capture, error) {
	c, ok := r[sum]
	if !ok {
		return nil, errors.New("no such capture")
	}
	return c, nil
}

// holders are captures by the ID of a record.
type holders map[string]string

func (h holders) Holder(_ context.Context, _, record string) (string, error) { return h[record], nil }

func TestCaptureReader(t *testing.T) {
	m := memory{}
	_, sum, ok := parseKey(m.put(captureKind, writeWARC(t, warcinfo(1), response(2), captureRecord(t, 3, 2))))
	if !ok {
		t.Fatal("no key")
	}
	_, other, _ := parseKey(m.put(captureKind, writeWARC(t, warcinfo(1), captureRecord(t, 5, 9))))
	answered := func(x archive.ExchangeInfo) *archive.Capture {
		x.URL = cited
		return &archive.Capture{URL: cited, SHA256: sum, Exchanges: []archive.ExchangeInfo{
			{Role: archive.RoleSource, URL: cited, Record: urn(7), Status: 302}, {Role: x.Role, URL: cited, Record: x.Record, RefersTo: x.RefersTo},
			{Role: archive.RoleRequisite, URL: cited + "style.css", Record: urn(8)},
		}}
	}
	source := archive.RoleSource
	const revisit, lost, wrong, silent, unheld = "revisit", "lost", "wrong", "silent", "unheld"
	r := CaptureReader{Objects: m, Holders: holders{urn(2): sum, urn(4): other}, Captures: records{
		sum:     answered(archive.ExchangeInfo{Role: source, Record: urn(2)}),
		revisit: answered(archive.ExchangeInfo{Role: source, RefersTo: urn(2)}),
		lost:    answered(archive.ExchangeInfo{Role: source, RefersTo: urn(3)}),
		wrong:   answered(archive.ExchangeInfo{Role: source, RefersTo: urn(4)}),
		silent:  answered(archive.ExchangeInfo{Role: source}),
		unheld:  {URL: cited},
	}}
	for _, c := range []struct {
		name, content, text string
		err                 error
	}{
		{sum, sum, "The dam held.", nil},
		{revisit, sum, "The dam held.", nil},
		{lost, "", "", archive.ErrDamaged},
		{wrong, "", "", archive.ErrDamaged},
		{silent, "", "", ErrNoAnswer},
		{unheld, "", "", ErrNoAnswer},
	} {
		p, err := r.Read(t.Context(), c.name)
		if !errors.Is(err, c.err) {
			t.Errorf("%s: %v, want %v", c.name, err, c.err)
		}
		if err == nil && (p.Content != c.content || p.Text != c.text) {
			t.Errorf("%s: %s holds %q, want %s, %q", c.name, p.Content, p.Text, c.content, c.text)
		}
	}
	if _, err := r.Read(t.Context(), "unknown"); err == nil || errors.Is(err, ErrNoAnswer) {
		t.Errorf("an unknown capture: %v", err)
	}

	// No byte of the object may differ, not even behind the record that is read.
	key := archive.CaptureKey(sum)
	good := m[key]
	for i := range good {
		m[key] = append([]byte(nil), good...)
		m[key][i] ^= 0x10
		if _, err := r.Read(t.Context(), sum); !errors.Is(err, archive.ErrDamaged) || !strings.Contains(err.Error(), key) {
			t.Fatalf("byte %d: %v", i, err)
		}
	}
}
