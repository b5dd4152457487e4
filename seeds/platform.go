package seeds

import "strings"

// foldPlatform returns the normal form of a page that a platform knows by an ID under many spellings, or "".
// The spellings are those met in reports by late 2026; see the table test.
func foldPlatform(host, port, path, search string) string {
	if port != "" {
		return ""
	}
	segments := func() []string { return strings.Split(strings.Trim(path, "/"), "/") }
	switch {
	case isPostHost(host):
		return foldPost(segments())
	case host == "t.me" || isHost(host, "telegram.me") || isHost(host, "telegram.dog"):
		return foldTelegram(segments(), search)
	case host == "youtu.be":
		return foldVideo(segments()[0])
	case isHost(host, "youtube.com") && host != "music.youtube.com", isHost(host, "youtube-nocookie.com"):
		return foldYouTube(segments(), search)
	case isRedditHost(host):
		return foldReddit(segments())
	}
	return ""
}

// isPostHost tells the hosts of X, once Twitter, and the mirrors that show its posts under the same path.
func isPostHost(host string) bool {
	switch host {
	case "twitter.com", "www.twitter.com", "mobile.twitter.com", "m.twitter.com",
		"x.com", "www.x.com", "mobile.x.com", "m.x.com",
		"twitter3e4tixl4xyajtrzo62zg5vztmjuricljdp2c5kshju4avyoid.onion",
		"fxtwitter.com", "www.fxtwitter.com", "vxtwitter.com", "www.vxtwitter.com", "fixupx.com", "fixvx.com",
		"nitter.net", "nitter.poast.org", "nitter.privacydev.net", "xcancel.com":
		return true
	}
	return false
}

// foldPost reads /<user>/status/<id>, /<user>/statuses/<id>, /i/status/<id> and /i/web/status/<id>, with anything
// such as /photo/1 behind. The user is decoration: the platform redirects by ID.
func foldPost(segments []string) string {
	if len(segments) >= 4 && segments[0] == "i" && segments[1] == "web" {
		segments = segments[1:]
	}
	if len(segments) < 3 || segments[1] != "status" && segments[1] != "statuses" || !isDigits(segments[2], 20) {
		return ""
	}
	return "https://x.com/i/status/" + segments[2]
}

// foldTelegram reads /<channel>, /<channel>/<id> and the web preview under /s/. Names of channels ignore case.
func foldTelegram(segments []string, search string) string {
	if len(segments) > 1 && segments[0] == "s" {
		segments = segments[1:]
	}
	channel := strings.ToLower(segments[0])
	switch channel {
	case "c", "iv", "joinchat", "addstickers", "addemoji", "addlist", "share", "proxy", "socks", "login", "setlanguage":
		return "" // private chats and commands: no public page that an ID names
	}
	if !isChannel(channel) {
		return ""
	}
	switch {
	case len(segments) == 1 && dropTracking("t.me", search) == "":
		return "https://t.me/" + channel
	case len(segments) == 2 && isDigits(segments[1], 12):
		// ?single, ?comment=… and ?embed=1 are views of the one message.
		return "https://t.me/" + channel + "/" + segments[1]
	}
	return ""
}

func isChannel(name string) bool {
	if len(name) < 4 || len(name) > 32 || name[0] < 'a' || name[0] > 'z' {
		return false
	}
	for i := range len(name) {
		if c := name[i]; c != '_' && (c < 'a' || c > 'z') && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// foldYouTube reads /watch?v=<id>, /shorts/<id>, /embed/<id>, /live/<id> and /v/<id>.
func foldYouTube(segments []string, search string) string {
	switch segments[0] {
	case "watch":
		for pair := range strings.SplitSeq(strings.TrimPrefix(search, "?"), "&") {
			if id, ok := strings.CutPrefix(pair, "v="); ok {
				return foldVideo(id)
			}
		}
	case "shorts", "embed", "live", "v":
		if len(segments) >= 2 {
			return foldVideo(segments[1])
		}
	}
	return ""
}

func foldVideo(id string) string {
	if len(id) != 11 {
		return ""
	}
	for i := range len(id) {
		if c := id[i]; c != '-' && c != '_' && !isWordByte(c) {
			return ""
		}
	}
	return "https://www.youtube.com/watch?v=" + id
}

// isRedditHost tells the hosts that show Reddit's posts under the same path.
func isRedditHost(host string) bool {
	switch host {
	case "reddit.com", "www.reddit.com", "old.reddit.com", "new.reddit.com", "np.reddit.com", "m.reddit.com", "i.reddit.com", "amp.reddit.com":
		return true
	}
	return false
}

// foldReddit reads /r/<community>/comments/<id>, with the title, which is decoration, and the ID of a comment behind
// it; /user/<name>/… and /u/<name>/… too. Names ignore case.
func foldReddit(segments []string) string {
	if len(segments) < 4 || segments[2] != "comments" || !isBase36(segments[3]) || segments[1] == "" {
		return ""
	}
	space := segments[0]
	switch space {
	case "u":
		space = "user"
	case "r", "user":
	default:
		return ""
	}
	post := "https://www.reddit.com/" + space + "/" + strings.ToLower(segments[1]) + "/comments/" + segments[3]
	if len(segments) >= 6 && isBase36(segments[5]) {
		return post + "/comment/" + segments[5]
	}
	return post
}

// isBase36 tells whether s is an ID of Reddit: base 36, 13 digits at most.
func isBase36(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return s != "" && len(s) <= 13
}

func isWordByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// isDigits tells whether s is 1 to limit digits.
func isDigits(s string, limit int) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != "" && len(s) <= limit
}
