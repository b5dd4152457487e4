package wacz

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// maxPageLine is the longest line of a list of pages, in bytes.
const maxPageLine = 16 << 20

// pageList is a list of pages in the making.
type pageList struct {
	spool   spool
	count   int
	hasText bool
}

type pageLine struct {
	ID    string `json:"id"`
	URL   string `json:"url"`
	Title string `json:"title,omitempty"`
	TS    string `json:"ts"`
	Text  string `json:"text,omitempty"`
}

type pageHeader struct {
	Format  string `json:"format"`
	ID      string `json:"id"`
	Title   string `json:"title"`
	HasText bool   `json:"hasText"`
}

func (l *pageList) add(p Page) error {
	if p.URL == "" || p.TS.IsZero() {
		return errors.New("a page needs URL and time")
	}
	for _, s := range []string{p.ID, p.URL, p.Title, p.Text} {
		if !utf8.ValidString(s) {
			return fmt.Errorf("page %.100q: text that is not UTF-8", p.URL)
		}
	}
	line := pageLine{ID: p.ID, URL: p.URL, Title: p.Title, TS: formatTime(p.TS), Text: p.Text}
	if line.ID == "" {
		sum := sha256.Sum256([]byte(line.TS + " " + line.URL))
		line.ID = hex.EncodeToString(sum[:10])
	}
	b, err := compact(line)
	if err != nil {
		return err
	}
	if len(b) > maxPageLine {
		return fmt.Errorf("page %.100q: longer than %d bytes", p.URL, maxPageLine)
	}
	l.count++
	l.hasText = l.hasText || p.Text != ""
	_, err = l.spool.Write(b)
	return err
}

// open returns the whole list with its first line, which says what follows.
func (l *pageList) open(id, title string) Opener {
	return func() (io.ReadCloser, error) {
		head, err := compact(pageHeader{"json-pages-1.0", id, title, l.hasText})
		if err != nil {
			return nil, err
		}
		return io.NopCloser(io.MultiReader(bytes.NewReader(head), l.spool.reader())), nil
	}
}

// compact returns v as JSON on a line of its own.
func compact(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}
