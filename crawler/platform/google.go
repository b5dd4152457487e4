package platform

import (
	"mime"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// google: the page of a document is made by a script. Documents, tables and slides
// that are public can be had as text; of forms and files the page alone tells.
func googleProbe() *probe {
	return &probe{
		name: "google", title: "Google", about: "documents, tables and slides of Google", hosts: []string{"docs.google.com"}, page: true, witnesses: 1,
		note: "forms, published documents and files of Drive are judged by their pages",
		match: func(s *subject) bool {
			parts := segments(s.key)
			if len(parts) < 3 || parts[1] != "d" || parts[2] == "e" || len(parts[2]) > 200 || !isWordly(parts[2]) || googleExport[parts[0]] == "" {
				return false
			}
			s.id = parts[0] + "/" + parts[2]
			return true
		},
		asks: []ask{{name: "export", base: "https://docs.google.com/", accept: "text/plain, text/csv", follow: true,
			url: func(base string, s *subject) string {
				kind, id, _ := strings.Cut(s.id, "/")
				return base + kind + "/d/" + id + "/" + googleExport[kind]
			},
			read: readExport}},
	}
}

// googleExport is where the text of each kind is. It is not changed.
var googleExport = map[string]string{"document": "export?format=txt", "spreadsheets": "export?format=csv", "presentation": "export/txt"}

// isWordly reports letters, digits, - and _.
func isWordly(s string) bool {
	return s != "" && strings.Trim(strings.ToLower(s), "abcdefghijklmnopqrstuvwxyz0123456789-_") == ""
}

func readExport(_ *subject, a *Answer) reading {
	kind, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
	switch {
	case a.Status == 200 && (kind == "text/plain" || kind == "text/csv"): // cut or not: a long document is there
		r := read(archive.PostShown, "gives its text")
		r.post.Text = tidy(strings.TrimPrefix(cut(string(a.Body), maxText), "\ufeff"))
		if _, params, err := mime.ParseMediaType(a.Header.Get("Content-Disposition")); err == nil {
			name := params["filename"]
			if i := strings.LastIndexByte(name, '.'); i > 0 {
				name = name[:i]
			}
			r.post.Title = cut(name, maxName)
		}
		return r
	case a.Failure != "":
		return refusal(a)
	case a.Status == 404, a.Status == 410:
		return read(archive.PostAbsent, "has no such document (%d)", a.Status)
	case a.Status == 401, a.Status == 403:
		return read(archive.PostRestricted, "gives it only to those whom its owner lets in (%d)", a.Status)
	case a.Status == 200 && strings.Contains(string(a.Body), "accounts.google.com"):
		return read(archive.PostRestricted, "asks for a login")
	}
	return refusal(a)
}
