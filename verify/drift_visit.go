package verify

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// drift compares what a look found with the source as it was cited, and says so.
// j is the judgement of a look that found the source. Where its bytes are those of
// then, or nothing is kept of then, nothing is read and j stands as it is.
func (e *evidence) drift(j archive.Judgement) archive.Judgement {
	sum := payloadOf(e.end())
	if sum == "" || e.visit.Differs != nil && !e.visit.Differs(sum) {
		return j
	}
	before := e.earlier()
	if before == nil || before.PayloadSHA256 == "" || before.PayloadSHA256 == sum {
		return j
	}
	day := before.Date.UTC().Format(time.DateOnly)
	old, now := contentOf(before.Content), e.content()
	if old == nil || now == nil {
		j.Reasons = append(j.Reasons, because("not-compared", "its bytes are not those of %s, and what was kept then cannot be read", day))
		return j
	}
	if old.Post {
		j.Reasons = append(j.Reasons, because("not-compared", "what is kept of %s is what its platform said, which was not asked now", day))
		return j
	}
	d, text, err := compareContent(old, now, e.visit.Claims)
	if err != nil {
		why := "no text can be read from it"
		var none *NoTextError
		switch {
		case errors.As(err, &none):
			why = "no text could be read: " + none.Why
		case errors.Is(err, ErrNoText):
			why = "no text is read from this kind of document"
		}
		j.Reasons = append(j.Reasons, because("not-compared", "its bytes are not those of %s, and %s", day, why))
		return j
	}
	j.Compared = &archive.Comparison{With: before.Capture, Class: string(d.Class), Score: d.Score, Kept: d.Kept,
		Version: d.Version, Extractor: d.Extractor, Text: TextVersion, TextSHA256: text}
	since := because("as-cited", "compared with what was there on %s", day)
	if d.Class == Drifted {
		j.Verdict = archive.Drifted
		j.Reasons = append(append(append([]string(nil), d.Reasons...), since), j.Reasons...)
		return j
	}
	j.Reasons = append(append(j.Reasons, d.Reasons...), since)
	return j
}

// payloadOf is the digest of the answer's payload, "" when it has none that is
// whole.
func payloadOf(x *archive.Exchange) string {
	switch {
	case x.NotModified():
		return x.Prior.PayloadSHA256
	case !x.Complete() || x.PayloadSize == 0:
		return ""
	}
	return hex.EncodeToString(x.PayloadSHA256[:])
}

// content is what the look found, nil when it cannot be had. Of a 304 it is what
// the archive holds.
func (e *evidence) content() *archive.Content {
	x := e.end()
	if x.NotModified() {
		if e.visit.Held == nil {
			return nil
		}
		return e.visit.Held(x.Prior)
	}
	// What breaks off is compared as far as it goes.
	mediaType := x.Header.Get("Content-Type")
	body, _ := io.ReadAll(asFarAs{x.Content(archive.DecodeLimits{MaxBytes: bodyLimit(mediaType) + 1})})
	return &archive.Content{URL: x.URL, MediaType: mediaType, Body: body}
}

func contentOf(f func() *archive.Content) *archive.Content {
	if f == nil {
		return nil
	}
	return f()
}

// compareContent compares two answers, the cheap way first: where readers see
// the same text, no main text is looked for. It returns the SHA-256 of the new
// text, too. claims may be nil.
func compareContent(old, now *archive.Content, claims func() []string) (d Drift, text string, err error) {
	was, err := Text(bytes.NewReader(old.Body), old.MediaType, old.URL)
	if err != nil {
		return d, "", err
	}
	is, err := Text(bytes.NewReader(now.Body), now.MediaType, now.URL)
	if err != nil {
		return d, "", err
	}
	var cited Cited
	a, b := Page{Doc: was, Extractor: VisibleExtractor}, Page{Doc: is, Extractor: VisibleExtractor}
	differs := was.Text != is.Text
	if differs || was.MediaType == pdfType && is.MediaType == pdfType {
		a, b = withMain(was, old.Body, old.MediaType), withMain(is, now.Body, now.MediaType)
	}
	if differs && claims != nil {
		cited = CitedFor(claims())
	}
	return Compare(a, b, cited), is.SHA256(), nil
}
