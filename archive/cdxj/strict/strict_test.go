package strict

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestObject(t *testing.T) {
	got, err := Object([]byte(` {"a":1,"A":"x","l":[true,null,{"a":{}}]} `))
	want := map[string]any{"a": json.Number("1"), "A": "x", "l": []any{true, nil, map[string]any{"a": map[string]any{}}}}
	if d := cmp.Diff(want, got); d != "" || err != nil {
		t.Error(d, err)
	}
}

func TestObjectRefuses(t *testing.T) {
	for _, text := range []string{
		"", " ", "{", `{"a"`, `{"a":`, `{"a":1`, `{"a":1,}`, "[]", "null", `"x"`, "1", "{}{}", "{} x", `{"a":1 "b":2}`, `{"a":[1}`, `{1:2}`,
		`{"a":1,"a":1}`, `{"x":{"a":1,"a":2}}`, `{"x":[{"a":1,"\u0061":2}]}`, "{\"a\":\"\xff\"}", "\xef\xbb\xbf{}",
		`{"a":` + strings.Repeat("[", MaxDepth) + strings.Repeat("]", MaxDepth) + "}",
	} {
		if o, err := Object([]byte(text)); err == nil {
			t.Errorf("%.60q was read as %v", text, o)
		}
	}
	deepest := `{"a":` + strings.Repeat("[", MaxDepth-1) + strings.Repeat("]", MaxDepth-1) + "}"
	if _, err := Object([]byte(deepest)); err != nil {
		t.Errorf("depth %d: %v", MaxDepth, err)
	}
}

// FuzzObject holds what is accepted against encoding/json.
func FuzzObject(f *testing.F) {
	f.Add([]byte(`{"a":[1,{"b":null}],"c":"\u00e9"}`))
	f.Add([]byte(`{"a":1,"a":2}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		o, err := Object(text)
		if err != nil {
			return
		}
		if !json.Valid(text) {
			t.Fatalf("%q is no JSON", text)
		}
		b, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Object(b)
		if d := cmp.Diff(o, again); d != "" || err != nil {
			t.Errorf("%q: %s, %v", text, d, err)
		}
	})
}
