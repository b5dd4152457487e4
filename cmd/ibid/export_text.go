package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/ibid-archive/ibid/archive/evidence"
	"github.com/ibid-archive/ibid/verify"
)

// maxQuotes is how many passages are shown of a source beside one claim.
const maxQuotes = 2

// readSource reads the text of a source for a package of evidence, and finds the
// passages that speak to the claims.
func readSource(body io.Reader, mediaType, url string, claims []string) (evidence.Text, error) {
	doc, err := verify.Text(body, mediaType, url)
	if errors.Is(err, verify.ErrNoText) {
		kind, _, _ := strings.Cut(mediaType, ";")
		if kind = strings.TrimSpace(kind); kind == "" {
			kind = "a file of unknown type"
		}
		return evidence.Text{}, fmt.Errorf("%w: none is read from %s", evidence.ErrNoText, kind)
	}
	if err != nil {
		return evidence.Text{}, err
	}
	text := evidence.Text{Title: doc.Title, Language: doc.Language, Text: doc.Text, Quotes: make([][]evidence.Passage, len(claims))}
	for i, claim := range claims {
		for _, p := range verify.StrongPassages(doc, claim, maxQuotes) {
			text.Quotes[i] = append(text.Quotes[i], segments(p.Text, p.Terms))
		}
	}
	return text, nil
}

// segments cuts a text at the terms that were found in it, which are whole words.
func segments(text string, terms []string) evidence.Passage {
	var all evidence.Passage
	from := 0
	for at := 0; at < len(text); {
		term := termAt(text, at, terms)
		if term == "" {
			_, n := utf8.DecodeRuneInString(text[at:])
			at += n
			continue
		}
		if at > from {
			all = append(all, evidence.Segment{Text: text[from:at]})
		}
		all = append(all, evidence.Segment{Text: term, Found: true})
		at += len(term)
		from = at
	}
	if from < len(text) {
		all = append(all, evidence.Segment{Text: text[from:]})
	}
	return all
}

// termAt returns the longest term that stands in text at a byte offset as a word
// of its own, "" for none.
func termAt(text string, at int, terms []string) string {
	if before, _ := utf8.DecodeLastRuneInString(text[:at]); at > 0 && wordRune(before) {
		return ""
	}
	longest := ""
	for _, t := range terms {
		if len(t) <= len(longest) || !strings.HasPrefix(text[at:], t) {
			continue
		}
		if after, _ := utf8.DecodeRuneInString(text[at+len(t):]); at+len(t) == len(text) || !wordRune(after) {
			longest = t
		}
	}
	return longest
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsMark(r) }
