package platform

import (
	"encoding/json"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// facebook and instagram: their one endpoint says no more than that a post is
// there, and its terms are about showing posts and not about keeping what it says.
// So it is asked only by those who turn it on, and nothing but the answer itself is
// kept. Without it their pages decide.
func facebookProbe() *probe {
	return metaProbe(probe{name: "facebook", title: "Facebook", about: "posts and films of Facebook: that they are there, no more",
		hosts: []string{"www.facebook.com", "facebook.com", "m.facebook.com", "web.facebook.com"},
		match: func(s *subject) bool {
			for _, part := range segments(s.key) {
				switch part {
				case "posts", "videos", "photos", "permalink.php", "photo.php", "story.php", "photo", "reel", "watch":
					s.id = strings.TrimPrefix(s.key, "https://"+s.host+"/")
					return len(s.id) <= 500
				}
			}
			return false
		}}, "oembed_post")
}

func instagramProbe() *probe {
	return metaProbe(probe{name: "instagram", title: "Instagram", about: "posts of Instagram: that they are there, no more",
		hosts: []string{"www.instagram.com", "instagram.com"},
		match: func(s *subject) bool {
			parts := segments(s.key)
			for i, part := range parts[:min(len(parts), 2)] {
				if (part == "p" || part == "reel" || part == "tv") && i+1 < len(parts) && isWordly(parts[i+1]) && len(parts[i+1]) <= 40 {
					s.id = parts[i+1]
					return true
				}
			}
			return false
		}}, "instagram_oembed")
}

func metaProbe(p probe, endpoint string) *probe {
	p.page, p.note = true, "off: its terms do not speak of keeping what it says; `platform_endpoints: {"+p.name+".oembed: on}` turns it on"
	p.asks = []ask{{name: "oembed", base: "https://graph.facebook.com/v26.0/" + endpoint, accept: "application/json", quiet: true,
		url: func(base string, s *subject) string { return withQuery(base, "url", s.key, "omitscript", "true") },
		read: func(_ *subject, a *Answer) reading {
			var got struct {
				HTML  string          `json:"html"`
				Error json.RawMessage `json:"error"`
			}
			switch valid := json.Unmarshal(a.Body, &got) == nil; {
			case a.Failure == "" && a.Status == 200 && valid && got.HTML != "" && got.Error == nil:
				return read(archive.PostShown, "lets others embed it")
			case a.Failure == "" && valid && got.Error != nil:
				return read(archive.PostUnclear, "does not give it: deleted, not public or not to be embedded (%d)", a.Status)
			}
			return refusal(a)
		}}}
	return &p
}
