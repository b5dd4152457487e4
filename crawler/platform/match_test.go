package platform

const syndication = "https://cdn.syndication.twimg.com/tweet-result?id="

// matches are addresses as reports cite them, with what is asked first.
var matches = []struct{ cited, platform, id, handle, first string }{
	{"https://x.com/jack/status/20", "x", "20", "jack", syndication + "20&lang=en&token=6dq1a2xwd93"},
	{"https://mobile.twitter.com/Jack/status/20?s=20&t=abc", "x", "20", "Jack", syndication + "20&lang=en&token=6dq1a2xwd93"},
	{"https://x.com/i/web/status/1790637656616943991", "x", "1790637656616943991", "", syndication + "1790637656616943991&lang=en&token=4c9gcitu1vq"},
	{"https://nitter.net/jack/status/20#m", "x", "20", "jack", syndication + "20&lang=en&token=6dq1a2xwd93"},
	{"https://x.com/jack/status/20/photo/1", "x", "20", "jack", syndication + "20&lang=en&token=6dq1a2xwd93"},
	{"https://x.com/jack", "", "", "", ""},
	{"https://x.com/search?q=a", "", "", "", ""},
	{"https://t.me/Durov/1?single", "telegram", "durov/1", "durov", "https://t.me/durov/1?embed=1&mode=tme"},
	{"https://telegram.me/s/durov/1", "telegram", "durov/1", "durov", "https://t.me/durov/1?embed=1&mode=tme"},
	{"https://t.me/durov", "", "", "", ""},
	{"https://t.me/c/1234567/8", "", "", "", ""},
	{"https://youtu.be/jNQXAC9IVRw?t=3", "youtube", "jNQXAC9IVRw", "", "https://www.youtube.com/oembed?format=json&url=https%3A%2F%2Fwww.youtube.com%2Fwatch%3Fv%3DjNQXAC9IVRw"},
	{"https://www.youtube.com/@jawed", "", "", "", ""},
	{"https://example.org/@user/17a", "", "", "", ""},
	{"https://example.org/", "", "", "", ""},
}
