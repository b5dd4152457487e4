package verify

import (
	"slices"
	"strings"
	"unicode"

	"github.com/ibid-archive/ibid/archive"
)

// platformPage is a page that a platform serves in the place of what is cited,
// with a status that says nothing. It is known by its title or heading.
type platformPage struct {
	hosts   []string // the answering host is one of these or below it
	words   []string // the title, or the heading, is one of these, folded
	verdict archive.Verdict
	code    string
	says    string
}

// platformPages is the table. It is not changed.
var platformPages = []platformPage{
	{[]string{"facebook.com"}, []string{"log in or sign up to view", "log into facebook", "facebook log in or sign up", "log in to facebook", "you must log in to continue", "you must log in first"},
		archive.Restricted, "login", "Facebook shows its login page in the place of the source: only who is logged in may see it"},
	{[]string{"facebook.com"}, []string{"this content isn t available right now", "this content isn t available at the moment", "this page isn t available", "content not found"},
		archive.Unknown, "platform-unclear", "Facebook calls it not available, as it does whatever is deleted and whatever is not public"},
	{[]string{"instagram.com"}, []string{"login instagram", "log in instagram", "login"},
		archive.Restricted, "login", "Instagram shows its login page in the place of the source: only who is logged in may see it"},
	{[]string{"linkedin.com"}, []string{"sign up linkedin", "linkedin login sign in linkedin", "join linkedin"},
		archive.Restricted, "login", "LinkedIn shows its login page in the place of the source: only who is logged in may see it"},
	{[]string{"docs.google.com", "drive.google.com"}, []string{"you need access", "you need permission", "request access", "google drive access denied", "google docs access denied", "access denied"},
		archive.Restricted, "not-permitted", "Google shows it only to those whom its owner lets in"},
	{[]string{"docs.google.com", "drive.google.com"}, []string{"sorry the file you have requested does not exist", "sorry the file you have requested has been deleted", "google docs page not found", "google drive page not found", "sorry unable to open the file at this time file does not exist"},
		archive.Soft404, "platform-absent", "Google says that there is no such file"},
}

// standIn: a platform's page in the place of what is cited.
func standIn(e *evidence) (archive.Judgement, bool) {
	x := e.end()
	if !success(x.Status) || !isPage(x) || loginAddress(e.hops[0].URL) {
		return archive.Judgement{}, false
	}
	at := addressOf(x.URL)
	for i := range platformPages {
		p := &platformPages[i]
		if !slices.ContainsFunc(p.hosts, at.below) {
			continue
		}
		for _, line := range [...]string{e.heading().title, e.heading().h1} {
			if slices.Contains(p.words, plainWords(line)) {
				return judged(p.verdict, because(p.code, "%s", p.says)), true
			}
		}
	}
	return archive.Judgement{}, false
}

// plainWords is a line in lower case with one space in the place of whatever is
// neither letter nor digit.
func plainWords(line string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(line), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}
