package platform

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

//go:embed card.tmpl
var cardSource string

// cards is the page's template. html/template escapes every value for its place.
var cards = template.Must(template.New("card").Funcs(template.FuncMap{
	"lines": func(s string) []string { return strings.Split(s, "\n") },
}).Parse(cardSource))

// Card is a page that shows p: no script, no style from elsewhere, and nothing
// that is loaded but the pictures and films of the post, which its policy names.
func Card(p *archive.Post) ([]byte, error) {
	var b bytes.Buffer
	if err := cards.Execute(&b, struct {
		*archive.Post
		Policy string
	}{p, cardPolicy(p)}); err != nil {
		return nil, fmt.Errorf("make card of %s: %w", p.URL, err)
	}
	return b.Bytes(), nil
}

// cardPolicy is a Content-Security-Policy that allows the media's hosts and the
// page's own style, nothing else.
func cardPolicy(p *archive.Post) string {
	var hosts []string
	for post := p; post != nil; post = post.Quoted {
		for _, m := range post.Media {
			u, err := url.Parse(m.URL)
			if err != nil || webURL(m.URL) == "" || strings.Trim(strings.ToLower(u.Host), "abcdefghijklmnopqrstuvwxyz0123456789-.:") != "" {
				continue
			}
			if source := u.Scheme + "://" + u.Host; !slices.Contains(hosts, source) {
				hosts = append(hosts, source)
			}
		}
	}
	from := "'none'"
	if len(hosts) > 0 {
		from = strings.Join(hosts, " ")
	}
	return "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; img-src " + from + "; media-src " + from
}
