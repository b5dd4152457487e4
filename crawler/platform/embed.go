package platform

import "encoding/json"

// embed is what is read of an oEmbed answer (oembed.com, section 2.3.4).
type embed struct {
	URL          string `json:"url"`
	HTML         string `json:"html"`
	Title        string `json:"title"`
	AuthorName   string `json:"author_name"`
	AuthorURL    string `json:"author_url"`
	AuthorHandle string `json:"author_unique_id"` // of TikTok
	Thumbnail    string `json:"thumbnail_url"`
}

// parseEmbed is false for what is no such answer.
func parseEmbed(body []byte) (embed, bool) {
	var e embed
	if err := json.Unmarshal(body, &e); err != nil {
		return embed{}, false
	}
	return e, e != embed{}
}
