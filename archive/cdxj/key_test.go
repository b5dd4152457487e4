package cdxj

import (
	"testing"

	"pgregory.net/rapid"
)

func TestKey(t *testing.T) {
	for _, c := range []struct{ url, want string }{
		{"https://www.example.org/index.html", "org,example)/index.html"},
		{"http://Example.ORG", "org,example)/"},
		{"http://example.org/Path/Of%2fCase", "org,example)/Path/Of%2FCase"},
		{"http://example.org/a/?", "org,example)/a"},
		{"http://example.org/?b=2&a=1&&B=3", "org,example)/?B=3&a=1&b=2"},
		{"http://example.org?q=/x", "org,example)/?q=/x"},
		{"http://example.org:80/", "org,example)/"},
		{"https://example.org:443/", "org,example)/"},
		{"https://example.org:80/", "org,example:80)/"},
		{"http://example.org:8080/", "org,example:8080)/"},
		{"http://user:p%40ss@example.org/", "org,example)/"},
		{"http://example.org./", "org,example)/"},
		{"http://www2.example.org/", "org,example)/"},
		{"http://www.org/", "org,www)/"},
		{"http://wwwx.example.org/", "org,example,wwwx)/"},
		{"http://192.0.2.1:8080/x", "192.0.2.1:8080)/x"},
		{"http://[2001:db8::1]:8080/x", "[2001:db8::1]:8080)/x"},
		{"http://example.org/%7Euser/%41", "org,example)/~user/A"},
		{"http://example.org/ä b", "org,example)/%C3%A4%20b"},
		{"http://example.org/100%", "org,example)/100%"},
		{"http://example.org/#top", "org,example)/"},
		{"http://example.org/a;jsessionid=0123?x=1", "org,example)/a?x=1"},
		{"http://example.org/?PHPSESSID=1&x=1&ASPSESSIONIDABC=2", "org,example)/?x=1"},
		{"http://example.org/?sid=7", "org,example)/"},
		{"urn:pageinfo:https://example.org/", "urn:pageinfo:https://example.org/"},
		{"urn:a b", "urn:a%20b"},
		{"ftp://example.org/", "ftp://example.org/"},
		{"", ""},
	} {
		if got := Key(c.url); got != c.want {
			t.Errorf("Key(%q) = %q, want %q", c.url, got, c.want)
		}
	}
}

// TestKeyIsAWord keeps keys fit for a line, whatever the URL.
func TestKeyIsAWord(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		url := rapid.SampledFrom([]string{"", "http://", "HTTPS://", "urn:"}).Draw(r, "scheme") + rapid.String().Draw(r, "rest")
		key := Key(url)
		if url != "" && !isKey(key) {
			r.Fatalf("Key(%q) = %q", url, key)
		}
	})
}
