package platform

import (
	"strings"

	"golang.org/x/net/html"

	"github.com/ibid-archive/ibid/archive"
)

// telegram: t.me answers 200 for every message. The form for embedding says
// whether there is one; the web preview of the channel is asked when it does not
// show it. The preview can be switched off, which says nothing of the message, so
// its redirect is no evidence and its silence no contradiction.
func telegramProbe() *probe {
	return &probe{
		name: "telegram", title: "Telegram", about: "messages in public channels of Telegram", hosts: []string{"t.me"}, witnesses: 1,
		known: "https://t.me/durov/68", missing: "https://t.me/durov/999999999",
		match: func(s *subject) bool {
			parts := segments(s.key)
			if len(parts) != 2 || !isDigits(parts[1], 12) {
				return false
			}
			s.id, s.handle = parts[0]+"/"+parts[1], parts[0]
			return true
		},
		asks: []ask{
			{name: "embed", base: "https://t.me/", accept: "text/html",
				url:  func(base string, s *subject) string { return base + s.id + "?embed=1&mode=tme" },
				read: readTelegram},
			{name: "preview", base: "https://t.me/s/", accept: "text/html", aside: true,
				url: func(base string, s *subject) string { return base + s.id },
				read: func(s *subject, a *Answer) reading {
					if a.Status >= 300 && a.Status < 400 {
						return read(archive.PostUnclear, "has no preview of the channel (%d)", a.Status)
					}
					return readTelegram(s, a)
				}},
		},
	}
}

func readTelegram(s *subject, a *Answer) reading {
	if a.Failure != "" || a.Status != 200 {
		return refusal(a)
	}
	page := document(a.Body)
	message := find(page, func(n *html.Node) bool {
		return class("tgme_widget_message")(n) && strings.EqualFold(attr(n, "data-post"), s.id)
	})
	if message != nil {
		r := read(archive.PostShown, "gives the message")
		r.post = telegramPost(message, s.handle)
		return r
	}
	if e := find(page, class("tgme_widget_message_error")); e != nil {
		says := text(e)
		switch says := strings.ToLower(says); {
		case strings.Contains(says, "post not found"):
			return read(archive.PostAbsent, "says: %s", brief(text(e)))
		case strings.Contains(says, "not found"): // the channel, which may have another name now
			return read(archive.PostUnclear, "says: %s", brief(text(e)))
		}
		return read(archive.PostRestricted, "says: %s", brief(says))
	}
	if find(page, class("tgme_widget_message")) != nil {
		return read(archive.PostUnclear, "shows other messages, not this one")
	}
	return read(archive.PostUnclear, "shows no message")
}

func telegramPost(message *html.Node, handle string) archive.Post {
	p := archive.Post{}
	name := ""
	if n := find(message, class("tgme_widget_message_owner_name")); n != nil {
		name = text(n)
	} else if n := find(message, class("tgme_widget_message_author_name")); n != nil {
		name = text(n)
	}
	if parts := segments("https://t.me/" + attr(message, "data-post")); len(parts) == 2 {
		handle = parts[0] // as the channel writes it
	}
	p.Author = author(name, handle, "https://t.me/"+handle)
	if n := find(message, class("tgme_widget_message_text")); n != nil {
		p.Text = text(n)
	}
	if n := find(message, func(n *html.Node) bool { return n.Data == "time" && attr(n, "datetime") != "" }); n != nil {
		p.PostedAt = instant(attr(n, "datetime"))
	}
	for _, n := range findAll(message, class("tgme_widget_message_photo_wrap")) {
		addMedia(&p, archive.MediaImage, backgroundImage(attr(n, "style")), "")
	}
	for _, n := range findAll(message, tag("video")) {
		addMedia(&p, archive.MediaVideo, attr(n, "src"), "")
	}
	return p
}

// backgroundImage is the address in background-image:url('…').
func backgroundImage(style string) string {
	_, rest, ok := strings.Cut(style, "background-image:")
	if !ok {
		return ""
	}
	_, rest, ok = strings.Cut(rest, "url(")
	if !ok {
		return ""
	}
	address, _, _ := strings.Cut(rest, ")")
	return strings.Trim(strings.TrimSpace(address), `'"`)
}
