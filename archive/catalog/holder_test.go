package catalog

import (
	"context"
	"testing"

	"github.com/ibid-archive/ibid/archive"
)

func TestHolder(t *testing.T) {
	c := openTest(t)
	holds := sampleCapture(1, 0)
	put(t, c, holds, sampleCapture(2, 1))
	var x *archive.ExchangeInfo
	for i := range holds.Exchanges {
		if holds.Exchanges[i].Record != "" && holds.Exchanges[i].PayloadSHA256 != "" {
			x = &holds.Exchanges[i]
		}
	}
	if x == nil {
		t.Fatal("the sample has no record to refer to")
	}
	for _, tt := range []struct{ name, url, record, want string }{
		{"its record", x.URL, x.Record, holds.SHA256},
		{"another URL", x.URL + "x", x.Record, ""},
		{"another record", x.URL, "urn:uuid:none", ""},
	} {
		if got, err := c.Holder(context.Background(), tt.url, tt.record); got != tt.want || err != nil {
			t.Errorf("%s: got %q, error %v", tt.name, got, err)
		}
	}
}
