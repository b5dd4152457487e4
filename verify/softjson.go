package verify

import (
	"encoding/json"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// apologyLimit bounds, in bytes, the data that is read for an apology.
const apologyLimit = 2 << 10

// apologyInData reads a short JSON object that says, and says nothing else, that
// something is not there: {"error":"not found","status":404}. "" when it does not.
func apologyInData(x *archive.Exchange, text []byte) string {
	kind, _, _ := strings.Cut(x.Header.Get("Content-Type"), ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	if kind != "application/json" && kind != "text/json" && !strings.HasSuffix(kind, "+json") || len(text) > apologyLimit {
		return ""
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(text, &object) != nil || len(object) > 6 {
		return ""
	}
	if inner, ok := object["error"]; ok && len(inner) > 0 && inner[0] == '{' {
		var nested map[string]json.RawMessage
		if json.Unmarshal(inner, &nested) == nil && len(nested) <= 6 {
			object = nested
		}
	}
	for _, key := range [...]string{"error", "message", "detail", "title", "error_description", "msg"} {
		var said string
		if json.Unmarshal(object[key], &said) != nil {
			continue
		}
		if how, _ := absenceIn(oneLine(said, titleLimit)); how != notAbsent {
			return because("not-found-text", "its data say %q", brief(oneLine(said, 120)))
		}
	}
	return ""
}
