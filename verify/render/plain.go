package render

// Clean makes one line of harmless text out of hostile text, for a terminal or
// a log: escape sequences, control characters and invisible formatting are
// dropped, white space becomes single spaces.
func Clean(s string) string { return clean(s, longLine) }

// Bytes writes a size for a person: "12.3 MB", in powers of 1000.
func Bytes(n int64) string { return size(n) }
