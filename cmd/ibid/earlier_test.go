package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// A redirect is believed as far as the page where it ends still carries what
// an earlier visit kept.
func TestRedirectIsComparedWithWhatWasKept(t *testing.T) {
	t.Parallel()
	page := func(title, text string) string {
		return "<html><head><title>" + title + "</title></head><body><p>" + text + "</p></body></html>"
	}
	survey := "The survey of the dam found that the gate opens by sixty-one per cent of its height and no further, and the waterworks " +
		"had told the council in March that the spillway would pass a flood of 480 cubic metres a second."
	bands := "Brass bands from four valleys will play on the green this Saturday, beginning at two in the afternoon with the juniors, " +
		"and the committee asks visitors to leave their cars at the mill, where a bus will wait for them."
	var phase atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch {
		case r.URL.Path == "/story/17" && phase.Load() == 0:
			fmt.Fprint(w, page("The dam", survey))
		case r.URL.Path == "/story/17" && phase.Load() == 1:
			http.Redirect(w, r, "/archive/a", http.StatusMovedPermanently)
		case r.URL.Path == "/story/17":
			http.Redirect(w, r, "/archive/b", http.StatusMovedPermanently)
		case r.URL.Path == "/archive/a":
			fmt.Fprint(w, page("A gate", survey))
		case r.URL.Path == "/archive/b":
			fmt.Fprint(w, page("The dam", bands))
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	dir := t.TempDir()
	report := filepath.Join(dir, "report.txt")
	if err := os.WriteFile(report, []byte("A claim.[1]\n\n[1] "+server.URL+"/story/17\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"alive ", "moved ", "drifted "} {
		var out, log bytes.Buffer
		code := Main(t.Context(), []string{"archive", "-q", "--allow-private", "--delay", "0", "--max-age", "0", "--archive", filepath.Join(dir, "kept"), report}, &out, &log)
		if code != exitOK || !strings.Contains(out.String(), want) {
			t.Errorf("phase %d: exit %d, want %q:\n%s%s", phase.Load(), code, want, &out, &log)
		}
		phase.Add(1)
	}
}
