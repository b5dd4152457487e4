package seeds

import "testing"

func TestRedirected(t *testing.T) {
	tests := []struct{ address, want string }{
		{"https://www.google.com/url?sa=t&url=https%3A%2F%2Fa.example%2Fb%3Fc%3D1&usg=x", "https://a.example/b?c=1"},
		{"https://www.google.co.uk/url?q=http://a.example/&sa=D", "http://a.example/"},
		{"https://l.facebook.com/l.php?u=https%3A%2F%2Fa.example%2F&h=x", "https://a.example/"},
		{"https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2F&data=x", "https://a.example/"},
		{"https://www.youtube.com/redirect?event=x&q=https%3A%2F%2Fa.example", "https://a.example"},
		{"https://twitter.com/#!/user/status/20", "https://twitter.com/user/status/20"},
		{"https://www.google.com/amp/s/www.gazette.org/news/1.amp", "https://www.gazette.org/news/1.amp"},
		{"https://www-gazette-org.cdn.ampproject.org/c/s/www.gazette.org/news/1", "https://www.gazette.org/news/1"},
		{"https://urldefense.com/v3/__https://www.gazette.org/a?b=1__;!!Ab!cd$", "https://www.gazette.org/a?b=1"},
		{"https://www.google.com/amp/", ""},
		{"https://www.google.com/amp/s/nohost/x", ""},
		{"https://twitter.com/#about", ""},
		{"https://www.youtube.com/watch?v=1&q=https%3A%2F%2Fa.example", ""},
		{"https://www.google.com/search?q=https%3A%2F%2Fa.example", ""},
		{"https://google.evil.example/url?q=javascript:x", ""},
		{"https://notgoogle.com/url?q=https://a.example/", ""},
		{"https://www.google.com/url?q=/relative", ""},
		{"https://web.archive.org/web/2015/https://a.example/?url=https://b.example/", ""},
		{"https://t.co/abc?url=https://a.example/", ""},
	}
	for _, tt := range tests {
		if got, ok := redirected(tt.address); got != tt.want || ok != (tt.want != "") {
			t.Errorf("redirected(%q) = %q, %v, want %q", tt.address, got, ok, tt.want)
		}
	}
}
