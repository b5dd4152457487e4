package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/ibid-archive/ibid/archive/evidence"
	"github.com/ibid-archive/ibid/verify"
)

// maxQuotes is how many passages are shown of a source beside one claim.
const maxQuotes = 2

// maxQuotable is how much of a page is read, and of a text looked through for each
// claim, in bytes. A page in memory takes twenty times as much.
const maxQuotable = 2 << 20

// quotable reads the text of a source for a package of evidence, and finds the
// passages that speak to the claims.
func (v *vault) quotable(ctx context.Context, capture string, claims []string) (evidence.Text, error) {
	reader := v.reader()
	reader.Limit = maxQuotable
	page, err := reader.ReadText(ctx, capture)
	if page == nil {
		return evidence.Text{}, err
	}
	why, err := whyUnread(page, err)
	switch {
	case err != nil:
		return evidence.Text{}, err
	case why != "":
		return evidence.Text{Title: page.Title, Language: page.Language}, fmt.Errorf("%w: %s", evidence.ErrNoText, why)
	}
	doc := page.Source()
	if len(doc.Text) > maxQuotable {
		doc.Text = strings.ToValidUTF8(doc.Text[:maxQuotable], "") // of the character that is cut
	}
	text := evidence.Text{Title: doc.Title, Language: doc.Language, Text: doc.Text, Quotes: make([][]evidence.Passage, len(claims)), Facts: make([][]evidence.Fact, len(claims))}
	for i, claim := range claims {
		check := verify.CheckClaim(claim, doc, maxQuotes)
		for _, p := range check.Passages {
			if !p.Weak {
				text.Quotes[i] = append(text.Quotes[i], segments(doc.Text, p, check.Highlights(p)))
			}
		}
		text.Facts[i] = lookedFor(&check, doc.Text)
	}
	return text, nil
}

// lookedFor is what a check says of a claim as a whole and of its facts.
func lookedFor(check *verify.ClaimCheck, text string) []evidence.Fact {
	var all []evidence.Fact
	for _, reason := range check.Reasons {
		if what, sentence, _ := strings.Cut(reason, ": "); what == verify.WrongSource || what == verify.LanguageDiffers {
			all = append(all, evidence.Fact{What: what, Of: sentence})
		}
	}
	for _, f := range check.Facts {
		fact := evidence.Fact{What: f.Word(), Of: f.Text}
		if there := f.Written(text); !strings.EqualFold(there, f.Text) {
			fact.There = there
		}
		all = append(all, fact)
	}
	return all
}

// segments cuts a passage of a text at its highlights.
func segments(text string, p verify.Passage, highlights []verify.Span) evidence.Passage {
	var all evidence.Passage
	add := func(from, to int, found bool) {
		if from < to {
			all = append(all, evidence.Segment{Text: text[from:to], Found: found})
		}
	}
	at := p.Start
	for _, s := range highlights {
		add(at, s.Start, false)
		add(s.Start, s.End, true)
		at = s.End
	}
	add(at, p.End, false)
	return all
}
