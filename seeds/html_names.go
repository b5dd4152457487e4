package seeds

import (
	"strings"
	"unicode"

	"golang.org/x/net/html/atom"
)

// classWords calls f with the words of names such as "entry-content sharedDaddy", in lower case, until it returns true.
func classWords(names string, f func(word string) bool) bool {
	for name := range strings.FieldsSeq(names) {
		for _, state := range [...]string{"has-", "no-", "is-", "with-", "without-", "category-", "tag-", "type-", "status-", "format-", "post-tag-"} {
			if strings.HasPrefix(name, state) {
				name = ""
			}
		}
		start := 0
		for i, r := range name {
			switch {
			case r == '-' || r == '_' || r == ':':
				if f(strings.ToLower(name[start:i])) {
					return true
				}
				start = i + 1
			case unicode.IsUpper(r) && i > start && name[i-1] >= 'a' && name[i-1] <= 'z':
				if f(strings.ToLower(name[start:i])) {
					return true
				}
				start = i
			}
		}
		if start < len(name) && f(strings.ToLower(name[start:])) {
			return true
		}
	}
	return false
}

// asideWord tells the words of class names that stand for what is beside an article and never of it.
func asideWord(word string) bool {
	switch word {
	case "nav", "navbar", "navbox", "navigation", "navmenu", "menu", "menubar", "breadcrumb", "breadcrumbs", "sitenav", "sitemap", "masthead",
		"related", "recirc", "recirculation", "recommended", "recommendations", "trending", "sharedaddy", "sharebar", "taboola", "outbrain",
		"cookie", "cookies", "consent", "gdpr", "newsletter", "subscribe", "subscription", "signup", "advert", "advertisement", "ads", "adslot",
		"adsense", "pagination", "pager", "skiplink", "toc", "editsection", "catlinks", "printfooter", "noprint":
		return true
	}
	return false
}

// commentWord tells the words of what readers have written below an article, which may be longer than it.
func commentWord(word string) bool {
	return word == "comments" || word == "comment" || word == "commentlist" || word == "disqus" || word == "respond"
}

// frameWord tells the words of what may be either part of an article or of the frame around it: links decide.
func frameWord(word string) bool {
	switch word {
	case "header", "footer", "sidebar", "widget", "widgets", "links", "tags", "topbar", "bottom", "rail", "more", "meta", "byline", "popular",
		"archive", "archives", "search", "login", "language", "languages", "share", "sharing", "social", "promo", "sponsor", "sponsored", "overlay",
		"modal", "popup", "lightbox", "skip", "jump":
		return true
	}
	return false
}

// notesWord tells the words of what holds notes.
func notesWord(word string) bool {
	switch word {
	case "footnotes", "endnotes", "notes", "references", "reflist", "refs", "bibliography", "rearnotes", "sources", "citations", "footnote", "endnote", "fn", "footnotelist":
		return true
	}
	return false
}

// landmark tells the roles of what is beside an article (WAI-ARIA 1.2, 5.3.4).
func landmark(role string) bool {
	switch role {
	case "navigation", "banner", "contentinfo", "search", "menu", "menubar", "toolbar", "dialog", "alertdialog", "tablist", "doc-toc", "doc-pagelist":
		return true
	}
	return false
}

// htmlSilent tells the elements whose content is no text of the page.
func htmlSilent(tag atom.Atom) bool {
	switch tag {
	case atom.Head, atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Title, atom.Svg, atom.Iframe, atom.Object, atom.Select,
		atom.Button, atom.Textarea, atom.Canvas, atom.Video, atom.Audio, atom.Noembed, atom.Noframes, atom.Rp, atom.Datalist, atom.Map:
		return true
	}
	return false
}

// unseenClass tells the words that stand for text which is only read aloud.
func unseenClass(names string) bool {
	for name := range strings.FieldsSeq(names) {
		switch name {
		case "sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "cite-accessibility-label", "mw-editsection", "mw-cite-backlink", "u-hidden":
			return true
		case "hidden":
			return !strings.Contains(names, ":") // md:block shows it on a wide screen
		}
	}
	return false
}

// hides tells whether a style takes an element out of sight.
func hides(style string) bool {
	style = strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, style))
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") || strings.Contains(style, "mso-hide:all")
}
