package verify

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// walk reads the members of the document in whatever order they have.
func (d *document) walk(body *boundedPart) error {
	dec := json.NewDecoder(body)
	if err := open(dec, '{'); err != nil {
		return err
	}
	for dec.More() {
		body.left = maxPart
		t, err := dec.Token()
		if err != nil {
			return err
		}
		name, _ := t.(string)
		if d.seen[name] {
			return fmt.Errorf("%q stands there twice", brief(name))
		}
		d.seen[name] = true
		if err := d.member(dec, body, name); err != nil {
			return fmt.Errorf("%s: %w", brief(name), err)
		}
	}
	if _, err := dec.Token(); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the document")
	}
	for _, name := range []string{"version", "report", "log", "objects", "citations"} {
		if !d.seen[name] {
			return fmt.Errorf("there is no %q", name)
		}
	}
	for _, k := range d.order {
		if !d.objects[k.sum] {
			d.wrong("it does not name %s", k.file)
		}
	}
	return nil
}

func (d *document) member(dec *json.Decoder, body *boundedPart, name string) error {
	switch name {
	case "version":
		var v int
		if err := part(dec, &v); err != nil {
			return err
		}
		if v != documentVersion {
			return fmt.Errorf("%d, this program reads %d", v, documentVersion)
		}
		return nil
	case "report":
		if err := part(dec, &d.report); err != nil {
			return err
		}
		return d.checkReport()
	case "log":
		var l *documentLog
		if err := part(dec, &l); err != nil {
			return err
		}
		d.checkLog(l)
		return nil
	case "objects":
		return elements(dec, body, d.checkObject)
	case "citations":
		if !d.seen["report"] {
			return errors.New("they stand before the report whose citations they are")
		}
		return elements(dec, body, d.checkCitation)
	}
	var any json.RawMessage
	return dec.Decode(&any)
}

// elements reads those of an array one by one.
func elements[T any](dec *json.Decoder, body *boundedPart, each func(*T)) error {
	if err := open(dec, '['); err != nil {
		return err
	}
	for dec.More() {
		body.left = maxPart
		var v T
		if err := part(dec, &v); err != nil {
			return err
		}
		each(&v)
	}
	_, err := dec.Token()
	return err
}

func open(dec *json.Decoder, want json.Delim) error {
	t, err := dec.Token()
	if err != nil {
		return err
	}
	if t != want {
		return fmt.Errorf("there is no %q", want)
	}
	return nil
}

// part decodes one value into v. What two readers could understand differently
// is an error: a name twice, or one that encoding/json takes for another.
func part(dec *json.Decoder, v any) error {
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil {
		return err
	}
	if err := plainNames(json.NewDecoder(bytes.NewReader(raw)), 0); err != nil {
		return err
	}
	return json.Unmarshal(raw, v)
}

// plainNames reads one value and refuses names that an object has twice, and
// those with other characters than ours: encoding/json takes VERDICT for verdict.
func plainNames(dec *json.Decoder, depth int) error {
	const deepest = 32
	t, err := dec.Token()
	if err != nil {
		return err
	}
	delim, ok := t.(json.Delim)
	if !ok {
		return nil
	}
	if depth == deepest {
		return errors.New("it is nested too deeply")
	}
	names := map[string]bool{}
	for dec.More() {
		if delim == '{' {
			if t, err = dec.Token(); err != nil {
				return err
			}
			name, _ := t.(string)
			if names[name] || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
				return fmt.Errorf("the name %q stands there twice, or is none of ours", brief(name))
			}
			names[name] = true
		}
		if err := plainNames(dec, depth+1); err != nil {
			return err
		}
	}
	_, err = dec.Token()
	return err
}

// boundedPart reads the document and bounds how much a part of it may take.
type boundedPart struct {
	r    io.Reader
	left int64
	err  error // of r; nil for io.EOF
}

func (b *boundedPart) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errLongPart
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}
