package main

import (
	"errors"
	"fmt"
	"testing"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/verify"
)

func TestWhyUnread(t *testing.T) {
	failure := errors.New("the disk is gone")
	for _, tt := range []struct {
		kind, text string
		err        error
		why        string
		failed     bool
	}{
		{"text/html", "Text.", nil, "", false},
		{"text/html", "", nil, "the page shows no text", false},
		{"image/png; q=1", "", fmt.Errorf("read capture: %w", verify.ErrNoText), "no text could be read (image/png)", false},
		{"", "", verify.ErrNoText, "no text could be read (of unknown type)", false},
		{"application/pdf", "", fmt.Errorf("read capture: %w", &verify.NoTextError{Why: "its pages are images"}), "no text could be read: its pages are images", false},
		{"text/html", "", verify.ErrNoAnswer, "the visit was not answered with a page", false},
		{"text/html", "", fmt.Errorf("%w: other bytes", archive.ErrDamaged), "", true},
		{"text/html", "", failure, "", true},
	} {
		page := &verify.CapturedPage{Capture: &archive.Capture{}}
		page.Capture.MediaType, page.Text = tt.kind, tt.text
		if why, err := whyUnread(page, tt.err); why != tt.why || (err != nil) != tt.failed {
			t.Errorf("%s %v: %q, %v", tt.kind, tt.err, why, err)
		}
	}
}
