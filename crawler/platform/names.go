package platform

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// doi: a name that is registered leads to a page, and that page decides. What
// the registry does not have is absent when its own page says so too.
func doiProbe() *probe {
	return &probe{
		name: "doi", title: "doi.org", about: "names of documents: DOIs at doi.org", hosts: []string{"doi.org", "dx.doi.org", "www.doi.org"}, page: true, witnesses: 1,
		known: "https://doi.org/10.1000/182", missing: "https://doi.org/10.5555/no-such-name-of-anything",
		match: func(s *subject) bool {
			s.id = handleOf(s.key)
			return strings.HasPrefix(s.id, "10.")
		},
		asks: []ask{{name: "handle", base: "https://doi.org/api/handles/", accept: "application/json", expect: archive.PostRegistered,
			url: func(base string, s *subject) string { return base + s.id }, read: readName}},
	}
}

// handle: the system beneath DOIs.
func handleProbe() *probe {
	return &probe{
		name: "handle", title: "hdl.handle.net", about: "names of documents: Handles at hdl.handle.net", hosts: []string{"hdl.handle.net"}, page: true, witnesses: 1,
		known: "https://hdl.handle.net/10.1000/182", missing: "https://hdl.handle.net/10.5555/no-such-name-of-anything",
		match: func(s *subject) bool {
			s.id = handleOf(s.key)
			return s.id != ""
		},
		asks: []ask{{name: "handle", base: "https://hdl.handle.net/api/handles/", accept: "application/json", expect: archive.PostRegistered,
			url: func(base string, s *subject) string { return base + s.id }, read: readName}},
	}
}

// handleOf is the name in the path, as it stands there: prefix/suffix.
func handleOf(key string) string {
	parts := segments(key)
	if len(parts) < 2 || parts[0] == "" || parts[0] == "api" || strings.Trim(parts[0], "0123456789.") != "" {
		return ""
	}
	name := strings.Join(parts, "/")
	if _, err := url.PathUnescape(name); err != nil {
		return ""
	}
	return name
}

// readName reads the answer of a Handle proxy (its documentation, "Proxy Server
// REST API").
func readName(_ *subject, a *Answer) reading {
	if a.Failure != "" || a.Status != 200 && a.Status != 404 {
		return refusal(a)
	}
	var got struct {
		Code   int `json:"responseCode"`
		Values []struct {
			Type string `json:"type"`
			Data struct {
				Value any `json:"value"`
			} `json:"data"`
		} `json:"values"`
	}
	if json.Unmarshal(a.Body, &got) != nil {
		return read(archive.PostUnclear, "answers with something else than a name's values")
	}
	switch got.Code {
	case 1:
		for _, v := range got.Values {
			if to, ok := v.Data.Value.(string); ok && v.Type == "URL" {
				return read(archive.PostRegistered, "says that the name is registered and leads to %s", brief(to))
			}
		}
		return read(archive.PostRegistered, "says that the name is registered")
	case 100:
		return read(archive.PostAbsent, "says that no such name is registered")
	}
	return read(archive.PostUnclear, "does not say whether the name is registered (code %d)", got.Code)
}
