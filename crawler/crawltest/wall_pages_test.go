package crawltest

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// Every wall answers with its status, its header and its page.
func TestWallPagesAnswerAsSaid(t *testing.T) {
	w := start(t, Config{NoDemo: true})
	for _, page := range wallPages() {
		got := ask(t, w, page.URL, 5*time.Second)
		status := page.status
		if status == 0 {
			status = 200
		}
		text := string(got.wire)
		if !strings.HasPrefix(text, "HTTP/1.1 "+strconv.Itoa(status)+" ") || !strings.Contains(text, page.fields+"Content-Length: ") ||
			!strings.HasSuffix(text, "\r\n\r\n"+page.body) {
			t.Errorf("%s: heard %.300q", page.Name, text)
		}
	}
}
