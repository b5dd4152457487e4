package seeds

import (
	"strings"
	"unicode"
)

// isHeading tells whether a line is such a heading, whatever its case, numbering or underlining.
func isHeading(line string) bool {
	const longest = 120 // bytes
	line = strings.TrimFunc(line, invisible)
	if line == "" || len(line) > longest {
		return false
	}
	line = strings.TrimFunc(line, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune("#*=_-–—:.[]()", r) || unicode.IsDigit(r)
	})
	return headingWord(strings.ToLower(line))
}

// headingWord tells the words, in lower case, that stand above the notes of a report.
func headingWord(word string) bool {
	switch word {
	case "notes", "note", "endnotes", "end notes", "footnotes", "references", "reference", "reference list",
		"sources", "source list", "bibliography", "works cited", "citations", "links", "notes and references",
		"notes and sources", "sources and notes", "примечания", "примечание", "сноски", "источники", "литература",
		"ссылки", "список литературы", "список источников", "примечания и ссылки", "примітки", "виноски", "джерела",
		"посилання", "література", "заўвагі", "крыніцы", "бележки", "източници", "напомене", "извори",
		"notes de bas de page", "références", "notes et références", "bibliographie", "sources et notes", "liens",
		"anmerkungen", "fußnoten", "fussnoten", "endnoten", "quellen", "quellenangaben", "quellenverzeichnis",
		"einzelnachweise", "literatur", "nachweise", "notas", "notas al pie", "notas finales", "referencias",
		"fuentes", "bibliografía", "enlaces", "notas de rodapé", "referências", "fontes", "bibliografia",
		"note a piè di pagina", "riferimenti", "fonti", "voetnoten", "eindnoten", "noten", "bronnen",
		"bronvermelding", "przypisy", "źródła", "odnośniki", "poznámky", "zdroje", "odkazy", "jegyzetek",
		"lábjegyzetek", "források", "surse", "referințe", "notlar", "dipnotlar", "kaynaklar", "kaynakça", "fotnoter",
		"källor", "kilder", "noter", "lähteet", "viitteet", "izohlar", "manbalar", "注", "注释", "註釋", "脚注", "腳註",
		"参考文献", "參考文獻", "参考资料", "来源", "出典", "注記", "각주", "미주", "참고문헌", "출처", "المصادر", "المراجع", "الهوامش",
		"ملاحظات", "الحواشي", "منابع", "پانویس", "یادداشت‌ها", "مآخذ", "ماخذونه", "مراجع", "حوالہ جات", "הערות",
		"מקורות":
		return true
	}
	return false
}

// lastHeading returns the line of the last heading that the first of some candidates follows directly, or -1.
func lastHeading(d *document, candidates []candidate) int {
	for i := len(candidates) - 1; i >= 0; i-- {
		l := candidates[i].line - 1
		for l >= 0 && (d.blank(l) || underline(d.lineText(l))) {
			l--
		}
		if l >= 0 && isHeading(d.lineText(l)) {
			return l
		}
	}
	return -1
}

// underline tells a line of dashes or the like below a heading.
func underline(line string) bool {
	return strings.Trim(line, "-=_*~—– ") == ""
}
