package seeds

import (
	"strings"
	"testing"
)

func TestNormalize(t *testing.T) {
	const (
		post  = "https://x.com/i/status/1516071949260230659"
		video = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
	)
	tests := []struct{ url, want string }{
		{"HTTPS://Example.COM", "https://example.com/"},
		{"https://example.com:443/a", "https://example.com/a"},
		{"http://example.com:80/a", "http://example.com/a"},
		{"http://example.com:443/a", "http://example.com:443/a"},
		{"https://example.com/A/../b/./c", "https://example.com/b/c"},
		{"https://example.com/a/", "https://example.com/a/"},
		{"https://example.com\\a", "https://example.com/a"},
		{"https://example.com/a#part", "https://example.com/a"},
		{"https://example.com/a#:~:text=x", "https://example.com/a"},
		{"https://example.com/#!/route", "https://example.com/#!/route"},
		{"https://example.com/#/route?x=1", "https://example.com/#/route?x=1"},
		{"https://example.com/a?", "https://example.com/a"},
		{"https://example.com/a?#x", "https://example.com/a"},
		{"https://example.com/a?b=2&a=1", "https://example.com/a?b=2&a=1"},
		{"https://example.com/a?utm_source=x&b=2&UTM_Medium=y&a=1&fbclid=z", "https://example.com/a?b=2&a=1"},
		{"https://example.com/a?gclid=1&yclid=2&_ga=3&mc_cid=4&igshid=5&msclkid=6", "https://example.com/a"},
		{"https://example.com/a?s=20&t=5&si=1&ref=x", "https://example.com/a?s=20&t=5&si=1&ref=x"},
		{"https://user:pw@example.com/a", "https://example.com/a"},
		{"https://example.com/%d0%B0%zz", "https://example.com/%D0%B0%zz"},
		{"https://example.com/а", "https://example.com/%D0%B0"},
		{"https://ПРИМЕР.рф/", "https://xn--e1afmkfd.xn--p1ai/"},
		{"http://0x7f.1/", "http://127.0.0.1/"},
		{"http://[2001:DB8:0:0::1]/", "http://[2001:db8::1]/"},

		{"https://twitter.com/natsecjeff/status/1516071949260230659", post},
		{"http://www.twitter.com/x/statuses/1516071949260230659?s=20&t=abc", post},
		{"https://mobile.twitter.com/a/status/1516071949260230659/photo/1", post},
		{"https://m.twitter.com/a/status/1516071949260230659#m", post},
		{"https://x.com/i/web/status/1516071949260230659", post},
		{"https://x.com/i/status/1516071949260230659/", post},
		{"https://nitter.net/a/status/1516071949260230659#m", post},
		{"https://vxtwitter.com/a/status/1516071949260230659", post},
		{"https://twitter.com/a", "https://twitter.com/a"},
		{"https://twitter.com/a?s=20&lang=en", "https://twitter.com/a?lang=en"},
		{"https://twitter.com/a/status/12ab", "https://twitter.com/a/status/12ab"},
		{"https://twitter.com/a/likes/12", "https://twitter.com/a/likes/12"},
		{"https://nottwitter.com/a/status/15", "https://nottwitter.com/a/status/15"},

		{"https://t.me/s/Channel/12?single", "https://t.me/channel/12"},
		{"https://telegram.me/channel/12?comment=5", "https://t.me/channel/12"},
		{"https://t.me/channel/12?embed=1&mode=tme", "https://t.me/channel/12"},
		{"https://t.me/s/channel", "https://t.me/channel"},
		{"https://t.me/s/channel?before=100", "https://t.me/s/channel?before=100"},
		{"https://t.me/c/12345/6", "https://t.me/c/12345/6"},
		{"https://t.me/+AbCdEf", "https://t.me/+AbCdEf"},
		{"https://t.me/joinchat/AbCdEf", "https://t.me/joinchat/AbCdEf"},

		{"https://youtu.be/dQw4w9WgXcQ?si=abc&t=5", video},
		{"https://youtube.com/watch?app=desktop&v=dQw4w9WgXcQ&t=1s", video},
		{"https://m.youtube.com/shorts/dQw4w9WgXcQ", video},
		{"https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", video},
		{"https://www.youtube.com/live/dQw4w9WgXcQ?feature=share", video},
		{"https://www.youtube.com/watch?v=short", "https://www.youtube.com/watch?v=short"},
		{"https://www.youtube.com/@channel?si=x", "https://www.youtube.com/@channel"},

		{"https://old.reddit.com/r/Announcements/comments/26h4f2/a_title/?context=3", "https://www.reddit.com/r/announcements/comments/26h4f2"},
		{"https://np.reddit.com/r/announcements/comments/26h4f2", "https://www.reddit.com/r/announcements/comments/26h4f2"},
		{"https://www.reddit.com/r/announcements/comments/26h4f2/a_title/chr0nfq/", "https://www.reddit.com/r/announcements/comments/26h4f2/comment/chr0nfq"},
		{"https://reddit.com/r/announcements/comments/26h4f2/comment/chr0nfq/?share_id=x", "https://www.reddit.com/r/announcements/comments/26h4f2/comment/chr0nfq"},
		{"https://www.reddit.com/u/Spez/comments/26h4f2/a_title", "https://www.reddit.com/user/spez/comments/26h4f2"},
		{"https://www.reddit.com/r/announcements/", "https://www.reddit.com/r/announcements/"},
		{"https://www.reddit.com/r/announcements/comments/not%20an%20id/", "https://www.reddit.com/r/announcements/comments/not%20an%20id/"},
	}
	for _, tt := range tests {
		got, err := Normalize(tt.url)
		if err != nil || got != tt.want {
			t.Errorf("Normalize(%q) = %q, %v, want %q", tt.url, got, err, tt.want)
		}
		if again, err := Normalize(got); err != nil || again != got {
			t.Errorf("Normalize(%q) = %q, %v, want the same", got, again, err)
		}
	}
}

func TestNormalizeRefuses(t *testing.T) {
	tests := []struct{ url, want string }{
		{"", "no scheme"},
		{"example.com/x", "no scheme"},
		{"ftp://example.com/x", "only http and https are fetched, not ftp"},
		{"mailto:a@example.com", "not mailto"},
		{"javascript:alert(1)", "not javascript"},
		{"https://", "not a valid name"},
		{"https://exa mple.com/", "not a valid name"},
		{"https://a..b/", "not a valid name"},
		{"https://.../", "not a valid name"},
		{"https://" + strings.Repeat("a", 64) + ".example/", "not a valid name"},
		{"https://" + strings.Repeat("a.", 127) + "example/", "not a valid name"},
		{"https://[::zz]/", "not a valid IP address"},
		{"https://1.2.3.4.5.999/", "not a valid"},
		{"https://example.com:99999/", "port"},
		{"https://example.com:x/", "port"},
	}
	for _, tt := range tests {
		if got, err := Normalize(tt.url); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("Normalize(%q) = %q, %v, want an error with %q", tt.url, got, err, tt.want)
		}
	}
}
