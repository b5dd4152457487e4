package seeds

import (
	"regexp"
	"strings"
)

// Marks of scholars say where in the source: [1, с. 15], [see 2, pp. 3–4; 5], [7. С. 12], [۱، ص ۳].

// locator is a place in a source, by page, volume, chapter and the like.
var locator = regexp.MustCompile(`(?i)^(?:с|c|стр|сс|л|лл|т|тт|гл|ст|п|пп|разд|рис|табл|б|бет|бб|p|pp|s|ss|str|f|ff|fol|t|vol|v|ch|chap|chs|sec|sect|art|par|para|paras|n|nn|no|nos|fig|figs|tab|eq|line|lines|app|` +
	`kap|abs|anm|rn|bd|bl|hoofdst|cap|pág|págs|pag|ص|صص|ج|صفحه|صفحات)?\.? ?(?:§|§§|¶|№|#)? ?(?:\pN+|[ivxlc]+)(?:[–—‑-](?:\pN+|[ivxlc]+))?(?:ff?|[a-zа-я])?\.?(?:-б|-бет|-бб)?\.?$`)

// pointer is what may stand in front of the first label.
var pointer = regexp.MustCompile(`(?i)^(?:см\. также|см|ср|подр\. см|цит\. по|қар|қараңыз|қаранг|нигар|кара|see also|see e\.g|see, e\.g|see|cf|e\.g|vgl|siehe|s|voir|cfr|véase|ver|bkz|نک|ر\.ک|نگاه کنید به)\.?[:,]? `)

// located reads the labels of a mark that says where in its sources; none if it is no such mark. What it says first must
// be a label, and something in it a place.
func located(inner string) []string {
	inner = collapse(inner)
	pointed := pointer.FindString(inner)
	inner = inner[len(pointed):]
	var labels []string
	places := 0
	for item := range strings.SplitSeq(inner, ";") {
		item = strings.TrimSpace(item)
		// "7. С. 12" and "7: с. 12" are "7, с. 12".
		if i := strings.IndexAny(item, ".:"); i > 0 && labelText(item[:i], shapeBracket) && strings.HasPrefix(item[i+1:], " ") {
			item = item[:i] + "," + item[i+1:]
		}
		placed := false
		for i, part := range strings.FieldsFunc(item, func(r rune) bool { return r == ',' || r == '،' }) {
			part = strings.TrimSpace(part)
			from, to, ranged := cutRange(part)
			switch {
			case !placed && labelText(from, shapeBracket) && (!ranged || labelText(to, shapeBracket)):
				labels = append(labels, from)
				if ranged {
					labels = append(append(labels, between(from, to)...), to)
				}
			case i > 0 && locator.MatchString(part):
				placed = true
				places++
			default:
				return nil
			}
		}
	}
	if places == 0 && pointed == "" {
		return nil
	}
	return labels
}

// westernDigits writes the digits of other scripts as 0 to 9.
func westernDigits(t string) string {
	return strings.Map(func(r rune) rune {
		if d := digit(r); d >= 0 {
			return '0' + rune(d)
		}
		return r
	}, t)
}
