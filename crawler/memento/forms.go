package memento

import (
	"net/url"
	"strings"

	"github.com/ibid-archive/ibid/seeds"
)

// forms are the addresses under which archives may have a source: as it was cited,
// and a post of X under the names that the platform had. Archives of posts from
// before the platform was renamed know it as twitter.com, so that comes first.
func forms(s Source) []string {
	id, post := strings.CutPrefix(s.Key, "https://x.com/i/status/")
	if !post {
		return []string{s.URL}
	}
	user := "i"
	if u, err := url.Parse(s.URL); err == nil {
		if parts := strings.Split(strings.Trim(u.Path, "/"), "/"); len(parts) > 1 && parts[0] != "" {
			user = parts[0]
		}
	}
	path := "/" + user + "/status/" + id
	if user == "i" {
		path = "/i/web/status/" + id
	}
	return []string{"https://twitter.com" + path, "https://x.com/" + user + "/status/" + id}
}

// sameSource reports that an archive's original is the source. Scheme and "www."
// do not count: archives fold them.
func sameSource(original, key string) bool {
	a, err := seeds.Normalize(original)
	if err != nil {
		return false
	}
	return schemeless(a) == schemeless(key)
}

func schemeless(s string) string {
	_, rest, _ := strings.Cut(s, "://")
	return strings.TrimPrefix(strings.TrimSuffix(rest, "/"), "www.")
}
