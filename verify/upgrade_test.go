package verify

import (
	"testing"

	"github.com/ibid-archive/ibid/archive"
)

func TestJudgeUpgrade(t *testing.T) {
	const html, plain, secure = "Content-Type: text/html", "http://wend.example/reports/17", "https://wend.example/reports/17"
	refused := func() *archive.Exchange { return failure(plain, "connect", archive.ClassRefused, "connection refused") }
	for _, c := range []struct {
		name    string
		end     *archive.Exchange
		verdict archive.Verdict
		codes   string
	}{
		{"found", answer(t, secure, 200, doc("The dam", survey), html), "alive", "http-200 https-upgrade other-look"},
		{"not found", answer(t, secure, 404, "no"), "unreachable", "https-upgrade http-404 other-look"},
		{"refused too", failure(secure, "connect", archive.ClassRefused, "connection refused"), "unreachable", "refused"},
		{"walled", answer(t, secure, 403, "no"), "blocked", "http-403 other-look"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := visit(refused(), refused(), c.end)
			v.URL = plain
			check(t, Judge(v), c.verdict, c.codes)
		})
	}
}
