package platform

import (
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// youtube: the page of a video is 200 whatever became of it. oEmbed tells a
// video that is there from one that is not shown to everybody; that one may be
// deleted, private or never have been, and nobody outside can tell which. So a
// second witness is heard, the server of preview pictures, before a video is
// called absent.
func youTubeProbe() *probe {
	return &probe{
		name: "youtube", title: "YouTube", about: "videos of YouTube", hosts: []string{"www.youtube.com"}, witnesses: 2,
		known: "https://www.youtube.com/watch?v=jNQXAC9IVRw", missing: "https://www.youtube.com/watch?v=00000000000",
		note: "a private video is absent to everybody else",
		match: func(s *subject) bool {
			id, ok := strings.CutPrefix(s.key, "https://www.youtube.com/watch?v=")
			s.id = id
			return ok && len(id) == 11 && !strings.ContainsAny(id, "&?#/")
		},
		asks: []ask{
			{name: "oembed", base: "https://www.youtube.com/oembed", accept: "application/json",
				url: func(base string, s *subject) string {
					return withQuery(base, "format", "json", "url", "https://www.youtube.com/watch?v="+s.id)
				},
				read: readYouTube},
			{name: "thumbnail", base: "https://i.ytimg.com/vi/", accept: "image/*", expect: archive.PostUnclear,
				url: func(base string, s *subject) string { return base + s.id + "/hqdefault.jpg" },
				read: func(_ *subject, a *Answer) reading {
					switch {
					case a.Failure == "" && a.Status == 404:
						return read(archive.PostAbsent, "has no preview picture (404)")
					case a.Failure == "" && a.Status == 200:
						return read(archive.PostUnclear, "still has the preview picture: private, or deleted not long ago")
					}
					return refusal(a)
				}},
		},
	}
}

func readYouTube(s *subject, a *Answer) reading {
	picture := func(r reading) reading {
		addMedia(&r.post, archive.MediaImage, "https://i.ytimg.com/vi/"+s.id+"/hqdefault.jpg", "")
		return r
	}
	switch {
	case a.Failure != "":
		return refusal(a)
	case a.Status == 401:
		return picture(read(archive.PostShown, "has the video, whose owner does not let others embed it (401)"))
	case a.Status == 404:
		return read(archive.PostAbsent, "does not give it: deleted, private or never there (404)")
	case a.Status == 400:
		return read(archive.PostAbsent, "says that no video can have this ID (400)")
	case a.Status == 403:
		return read(archive.PostRestricted, "does not show it to everybody (403)")
	case a.Status != 200:
		return refusal(a)
	}
	e, ok := parseEmbed(a.Body)
	if !ok || e.Title == "" && e.AuthorName == "" {
		return read(archive.PostUnclear, "answers with something else than a video")
	}
	r := picture(read(archive.PostShown, "gives title and channel"))
	handle := ""
	if parts := segments(e.AuthorURL); len(parts) == 1 && strings.HasPrefix(parts[0], "@") {
		handle = unescaped(parts[0])
	}
	r.post.Author, r.post.Title = author(e.AuthorName, handle, e.AuthorURL), cut(e.Title, maxName)
	return r
}
