package archive

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// PostType is the media type of the resource record that holds a Post.
const PostType = "application/vnd.ibid.post+json"

// PostVersion is the version of the JSON in that record.
const PostVersion = 1

// PostURI and CardURI are the target URIs of the resource records that hold what
// a platform says of the post at url: as a Post, and as a page of HTML.
func PostURI(url string) string { return "urn:post:" + url }

// CardURI is the target URI of the page; see PostURI.
func CardURI(url string) string { return "urn:card:" + url }

// Post is what a platform says of one post, video or document, when it is asked
// in the ways that it has for programs. Its texts are the platform's: clean them
// before they are shown.
type Post struct {
	Version  int          `json:"version,omitempty"` // of a record; a summary has none
	Platform string       `json:"platform"`          // name of the probe, such as "x"
	ID       string       `json:"id"`                // as the platform has it
	URL      string       `json:"url"`               // the normal form of its address
	Standing PostStanding `json:"standing"`
	Why      string       `json:"why,omitempty"` // what that rests on, in a sentence

	Author *PostAuthor `json:"author,omitempty"`
	// Cited is the handle in the cited address, when it names one.
	Cited string `json:"cited_handle,omitempty"`
	// Mismatch says that the platform names another handle than the citation.
	Mismatch bool `json:"handle_mismatch,omitempty"`

	PostedAt time.Time `json:"posted_at,omitzero"`
	// PostedBy says where PostedAt comes from: PostedByPlatform or PostedByID.
	PostedBy string `json:"posted_by,omitempty"`

	Title  string      `json:"title,omitempty"`
	Text   string      `json:"text,omitempty"` // without markup; lines end in LF
	Lang   string      `json:"lang,omitempty"` // BCP 47, as the platform says it
	Media  []PostMedia `json:"media,omitempty"`
	Quoted *Post       `json:"quoted,omitempty"` // of one level

	// Original is the address that an archive's copy is of.
	Original string `json:"original,omitempty"`

	// Page says that the page of the post is evidence too: its platform
	// answers a plain GET with what the status promises.
	Page bool `json:"page,omitempty"`

	Asked []PostAnswer `json:"asked,omitempty"` // in the order in which they were asked
}

// PostStanding says how a post stands by what its platform answered. It is
// stored as this string.
type PostStanding string

// Standings of a post.
const (
	PostShown      PostStanding = "shown"      // the platform gives its content
	PostRegistered PostStanding = "registered" // the platform knows the name; the content is elsewhere
	PostRestricted PostStanding = "restricted" // it is there and not shown to everybody
	PostAbsent     PostStanding = "absent"     // everyone who was asked says that there is no such post
	PostUnclear    PostStanding = "unclear"    // refused, failed or in conflict
)

// Validate reports a string that is no standing.
func (s PostStanding) Validate() error {
	switch s {
	case PostShown, PostRegistered, PostRestricted, PostAbsent, PostUnclear:
		return nil
	}
	return fmt.Errorf("unknown standing of a post %q", string(s))
}

// Where the time of a post comes from.
const (
	PostedByPlatform = "platform"
	PostedByID       = "id" // computed from the ID, which holds even when the post is gone
)

// PostAuthor is who made a post.
type PostAuthor struct {
	Name   string `json:"name,omitempty"`
	Handle string `json:"handle,omitempty"` // without @
	URL    string `json:"url,omitempty"`
}

// PostMedia is one picture or film of a post.
type PostMedia struct {
	Kind string `json:"kind"` // MediaImage or MediaVideo
	URL  string `json:"url"`  // absolute, http or https
	Alt  string `json:"alt,omitempty"`
}

// Kinds of media.
const (
	MediaImage = "image"
	MediaVideo = "video"
)

// PostAnswer is how one endpoint of the platform answered.
type PostAnswer struct {
	Endpoint string       `json:"endpoint"` // "<platform>.<name>"
	URL      string       `json:"url"`
	Status   int          `json:"status,omitempty"` // 0: no answer
	Standing PostStanding `json:"standing"`
	Says     string       `json:"says,omitempty"`
}

// Bounds of a summary in characters. The text is that of all but the longest posts.
const (
	summaryText = 4096
	summaryWhy  = 500
	summaryName = 200
)

// Said is what a reader of p reads, title first; "" when it shows nothing.
func (p *Post) Said() string {
	switch {
	case p == nil:
		return ""
	case p.Title == "" || p.Text == "":
		return p.Title + p.Text
	}
	return p.Title + "\n\n" + p.Text
}

// Summary is p without what only its own record keeps, and with bounded texts:
// what the capture record and the catalog have of it.
func (p *Post) Summary() *Post {
	if p == nil {
		return nil
	}
	s := *p
	s.Version, s.Media, s.Quoted, s.Asked = 0, nil, nil, nil
	s.ID, s.Cited, s.Lang = shorten(p.ID, summaryName), shorten(p.Cited, summaryName), shorten(p.Lang, summaryName)
	s.Original = shorten(p.Original, summaryText)
	s.Title, s.Text, s.Why = shorten(p.Title, summaryName), shorten(p.Text, summaryText), shorten(p.Why, summaryWhy)
	if a := p.Author; a != nil {
		s.Author = &PostAuthor{Name: shorten(a.Name, summaryName), Handle: shorten(a.Handle, summaryName)}
	}
	return &s
}

// shorten cuts s after limit characters and marks the cut.
func shorten(s string, limit int) string {
	if len(s) <= limit {
		return strings.ToValidUTF8(s, "\ufffd")
	}
	n := 0
	for i := range s {
		if n == limit {
			return strings.ToValidUTF8(s[:i], "\ufffd") + "…"
		}
		n++
	}
	return strings.ToValidUTF8(s, "\ufffd")
}

// EncodePost returns the JSON of p as a record of its own.
func EncodePost(p *Post) ([]byte, error) {
	c := *p
	c.Version = PostVersion
	b, err := json.Marshal(&c)
	if err != nil {
		return nil, fmt.Errorf("encode post: %w", err)
	}
	return b, nil
}

// DecodePost reads the block of a record of PostType. An unknown version is an
// error.
func DecodePost(b []byte) (*Post, error) {
	var p Post
	if err := json.Unmarshal(b, &p); err != nil {
		return nil, fmt.Errorf("decode post: %w", err)
	}
	if p.Version != PostVersion {
		return nil, fmt.Errorf("decode post: version %d, this program reads %d", p.Version, PostVersion)
	}
	if err := p.Standing.Validate(); err != nil {
		return nil, fmt.Errorf("decode post: %w", err)
	}
	return &p, nil
}
