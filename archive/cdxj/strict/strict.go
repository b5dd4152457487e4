// Package strict reads JSON that means the same to every reader.
//
// encoding/json takes "Hash" for "hash", lets the last of two equal names win
// and replaces what is no UTF-8; other readers decide otherwise. A manifest that
// two readers understand differently proves nothing. [Object] guarantees that
// the text is one JSON object, in UTF-8, without repeated names at any depth,
// with nothing after it and nested at most [MaxDepth] deep; names keep their
// case. It does not bound the size of the text: the caller has read it already.
package strict

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// MaxDepth is how many objects and arrays may stand in each other.
const MaxDepth = 32

// Object returns the object that text is. Values are string, json.Number, bool,
// nil, []any and map[string]any.
func Object(text []byte) (map[string]any, error) {
	if !utf8.Valid(text) {
		return nil, errors.New("json is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	v, err := value(d, 0)
	if err != nil {
		return nil, fmt.Errorf("json: %w", noEOF(err))
	}
	o, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("json is no object")
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("json: more follows the object")
	}
	return o, nil
}

// noEOF keeps callers that read streams from taking a torn text for the end.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

func value(d *json.Decoder, depth int) (any, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	delim, ok := t.(json.Delim)
	if !ok {
		return t, nil
	}
	if depth == MaxDepth {
		return nil, fmt.Errorf("nested more than %d deep", MaxDepth)
	}
	if delim == '{' {
		return object(d, depth)
	}
	list := []any{}
	for d.More() {
		v, err := value(d, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err = d.Token()
	return list, err
}

func object(d *json.Decoder, depth int) (any, error) {
	o := map[string]any{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return nil, err
		}
		name, ok := t.(string)
		if !ok {
			return nil, fmt.Errorf("name expected, found %v", t)
		}
		if _, twice := o[name]; twice {
			return nil, fmt.Errorf("name %.100q stands twice in one object", name)
		}
		if o[name], err = value(d, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return o, err
}
