package verify

import (
	"testing"

	"github.com/ibid-archive/ibid/archive"
)

// TestJudgeRefresh judges pages that send browsers on.
func TestJudgeRefresh(t *testing.T) {
	const jekyll = `<!DOCTYPE html><html lang="en-US"><meta charset="utf-8"><title>Redirecting&hellip;</title>` +
		`<link rel="canonical" href="/new"><script>location="/new"</script><meta http-equiv="refresh" content="0; url=/new">` +
		`<meta name="robots" content="noindex"><h1>Redirecting&hellip;</h1><a href="/new">Click here if you are not redirected.</a></html>`
	for body, want := range map[string]archive.Verdict{
		jekyll: archive.Unknown,
		`<meta http-equiv=refresh content="0;url=/new">`:                                           archive.Unknown,
		`<META HTTP-EQUIV='Refresh' CONTENT='5; URL="https://wend.example/new"'>`:                  archive.Unknown,
		`<meta http-equiv=refresh content="0;url=/new">` + doc("Survey", survey):                   archive.Alive,
		`<meta http-equiv=refresh content="300;url=/new"><p>The gauge reads 4.12 m`:                archive.Alive,
		`<meta http-equiv=refresh content="10"><p>The gauge reads 4.12 m`:                          archive.Alive,
		`<meta http-equiv=refresh content="10;` + cited + `#now"><p>The gauge reads 4.12 m`:        archive.Alive,
		`<noscript><meta http-equiv=refresh content="0;url=/nojs"></noscript><p>The gauge: 4.12`:   archive.Alive,
		`<meta http-equiv=refresh content="0;url=javascript:alert(1)"><p>The gauge reads 4.12 m`:   archive.Alive,
		`<meta name=refresh content="0;url=/new"><p>The gauge reads 4.12 m, "refresh" reads more.`: archive.Alive,
	} {
		j := Judge(visit(answer(t, cited, 200, body, "Content-Type: text/html")))
		if j.Verdict != want || (ReasonCode(j.Reasons[0]) == "refresh") != (want == archive.Unknown) {
			t.Errorf("%.120s\nis %s %q, want %s", body, j.Verdict, j.Reasons, want)
		}
	}
}

func FuzzRefreshTarget(f *testing.F) {
	f.Add([]byte(`<meta http-equiv="refresh" content="0; url='/new'">`))
	f.Fuzz(func(_ *testing.T, page []byte) { refreshTarget(page, cited) })
}
