package cdxj

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ibid-archive/ibid/archive/cdxj/strict"
)

// Seconds, and milliseconds behind them without a point (CDXJ 0.1.0, "Integer Timestamp").
const layout = "20060102150405"

// block is the JSON of a line, its properties in the order of the specification's example.
type block struct {
	URL      string `json:"url"`
	Digest   string `json:"digest"`
	MIME     string `json:"mime"`
	Offset   int64  `json:"offset"`
	Length   int64  `json:"length"`
	Status   int    `json:"status"`
	Filename string `json:"filename"`
}

// Append appends the text of l to b, with its LF. Milliseconds are written when
// there are any. A line without one of the mandatory properties, or one that
// would not be read again as it is, is an error.
func Append(b []byte, l Line) ([]byte, error) {
	if err := l.check(); err != nil {
		return b, err
	}
	start := len(b)
	b = append(b, l.Key...)
	b = append(b, ' ')
	b = l.Time.UTC().AppendFormat(b, layout)
	if ms := l.Time.Nanosecond() / int(time.Millisecond); ms > 0 {
		b = fmt.Appendf(b, "%03d", ms)
	}
	b = append(b, ' ')
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	if err := e.Encode(block{l.URL, l.Digest, l.MIME, l.Offset, l.Length, l.Status, l.Filename}); err != nil {
		return b[:start], fmt.Errorf("write cdxj of %s: %w", l.URL, err)
	}
	b = append(b, text.Bytes()...)
	if len(b)-start > MaxLine {
		return b[:start], fmt.Errorf("write cdxj: the line of %.100s is longer than %d bytes", l.URL, MaxLine)
	}
	return b, nil
}

func (l *Line) check() error {
	var missing string
	switch {
	case l.URL == "":
		missing = "url"
	case l.Digest == "":
		missing = "digest"
	case l.MIME == "":
		missing = "mime"
	case l.Filename == "":
		missing = "filename"
	case l.Length <= 0:
		missing = "length"
	case l.Offset < 0:
		missing = "offset"
	case l.Status < 0 || l.Status > 999:
		missing = "status"
	}
	if missing != "" {
		return fmt.Errorf("write cdxj of %.100q: no usable %s", l.URL, missing)
	}
	if !isKey(l.Key) {
		return fmt.Errorf("write cdxj of %.100q: %.100q is no searchable URL", l.URL, l.Key)
	}
	if y := l.Time.UTC().Year(); y < 0 || y > 9999 {
		return fmt.Errorf("write cdxj of %.100q: year %d", l.URL, y)
	}
	for _, s := range []string{l.URL, l.Digest, l.MIME, l.Filename} {
		if !utf8.ValidString(s) {
			return fmt.Errorf("write cdxj of %.100q: %.100q is not UTF-8", l.URL, s)
		}
	}
	return nil
}

func isKey(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return s != ""
}

// Parse reads one line, with or without its line end. Properties that are
// absent have their zero value; those that Line does not know are passed over.
// The error is a [*SyntaxError].
func Parse(line []byte) (Line, error) {
	l, err := parse(bytes.TrimRight(line, "\r\n"))
	if err != nil {
		return Line{}, &SyntaxError{Message: err.Error()}
	}
	return l, nil
}

func parse(line []byte) (l Line, err error) {
	if len(line) > MaxLine {
		return l, fmt.Errorf("longer than %d bytes", MaxLine)
	}
	key, rest, ok := bytes.Cut(line, []byte{' '})
	stamp, text, ok2 := bytes.Cut(rest, []byte{' '})
	if !ok || !ok2 || len(key) == 0 {
		return l, fmt.Errorf("%.100q is not URL, time and JSON", line)
	}
	if l.Key = string(key); !utf8.ValidString(l.Key) {
		return l, fmt.Errorf("searchable URL %.100q is not UTF-8", l.Key)
	}
	if l.Time, err = parseTime(string(stamp)); err != nil {
		return l, err
	}
	o, err := strict.Object(text)
	if err != nil {
		return l, err
	}
	for name, to := range map[string]*string{"url": &l.URL, "digest": &l.Digest, "mime": &l.MIME, "filename": &l.Filename} {
		if v, has := o[name]; has {
			if *to, ok = v.(string); !ok {
				return l, fmt.Errorf("%s is no text", name)
			}
		}
	}
	if l.Offset, err = number(o, "offset", math.MaxInt64); err != nil {
		return l, err
	}
	if l.Length, err = number(o, "length", math.MaxInt64); err != nil {
		return l, err
	}
	status, err := number(o, "status", 999)
	l.Status = int(status)
	return l, err
}

func parseTime(s string) (time.Time, error) {
	if len(s) != len(layout) && len(s) != len(layout)+3 || strings.Trim(s, "0123456789") != "" {
		return time.Time{}, fmt.Errorf("time %.40q has not 14 or 17 digits", s)
	}
	t, err := time.Parse(layout, s[:len(layout)])
	if err != nil {
		return time.Time{}, fmt.Errorf("time %s is none", s)
	}
	ms, _ := strconv.Atoi(s[len(layout):]) // "" is none
	return t.Add(time.Duration(ms) * time.Millisecond), nil
}

// number reads a number that most tools write as text. A dash stands for none.
func number(o map[string]any, name string, limit int64) (int64, error) {
	var text string
	switch v := o[name].(type) {
	case nil:
		return 0, nil
	case string:
		text = v
	case json.Number:
		text = v.String()
	default:
		return 0, fmt.Errorf("%s is no number", name)
	}
	if name == "status" && (text == "-" || text == "") {
		return 0, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > limit {
		return 0, errors.New(name + " is no number that it could be")
	}
	return n, nil
}
