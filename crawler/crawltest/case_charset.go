package crawltest

import (
	"strings"
	"unicode/utf16"
)

// charsetCases are pages in other character sets than UTF-8, or in another
// than they say. All are archived as the bytes they are.
func charsetCases() []trouble {
	page1 := func(name, note, ctype, body string) trouble {
		return trouble{Case: Case{Name: name, Want: alive(), Stable: true, Note: note}, page: page{ctype: ctype, body: body}}
	}
	german := simple("Mühlenstraße", "Größere Mengen Wasser flossen über die Brücke.")
	russian := simple("Плотина", "Левый затвор плотины не открывается полностью.")
	declared := strings.Replace(russian, `charset="utf-8"`, `charset="windows-1251"`, 1)
	bare := strings.Replace(german, `<meta charset="utf-8">`, "", 1)
	hostile := "<!doctype html><html><head><title>\x1b]0;owned\x07\x1b[2J\u202eevil\u2066\r\n::error file=a::b\r\n</title></head><body><h1>=cmd|' /C calc'!A0</h1>" +
		"<p onmouseover=alert(1)>" + filler + "</p></body></html>\n"
	return []trouble{
		page1("latin-1", "ISO 8859-1, and the header says so", "text/html; charset=iso-8859-1", latin1(bare)),
		page1("windows-1251", "Windows-1251, and only the page says so", "text/html", windows1251(declared)),
		page1("russian-news", "an article in Russian", typeHTML, russianNews),
		page1("utf-16le", "UTF-16, little end first, with a mark", "text/html; charset=utf-16", utf16le("\ufeff"+bare)),
		page1("utf-16-bare", "UTF-16 without a mark and without a word", "text/html", utf16le(bare)),
		page1("utf-8-bom", "UTF-8 with a byte order mark", typeHTML, "\ufeff"+german),
		page1("wrong-charset", "ISO 8859-1 that says UTF-8", typeHTML, latin1(bare)),
		page1("unknown-charset", "a character set that nobody knows", "text/html; charset=x-wend", german),
		page1("nul-bytes", "NULs in the text", typeHTML, strings.ReplaceAll(german, " ", " \x00")),
		page1("binary-html", "noise that says it is HTML", typeHTML, noise(8192, 21)),
		page1("hostile-title", "a title with terminal escapes, bidi overrides, line ends and commands", typeHTML, hostile),
		page1("long-title", "a title of 10 KB", typeHTML, strings.Replace(german, "<title>", "<title>"+strings.Repeat("Ж", 5000), 1)),
		page1("deep-html", "50,000 elements, each in the other", typeHTML,
			"<!doctype html><title>Deep</title>"+strings.Repeat("<div>", 50_000)+filler+strings.Repeat("</div>", 50_000)),
		page1("one-line", "2 MiB of text in one line without a space", typeHTML, "<!doctype html><title>Line</title><p>"+strings.Repeat("water", 2<<20/5)),
		page1("unclosed", "a tag, a comment and a quote that never end", typeHTML, german+"<!-- <a href=\""+strings.Repeat("x", 4096)),
	}
}

// russianNews is a source for a claim in English: numbers, dates and names that the
// two share are written in other letters, words and forms.
const russianNews = `<!doctype html>
<html lang="ru">
<head><meta charset="utf-8"><title>Паводок в долине Венда – Вестник Вахана</title></head>
<body>
<main>
<h1>Паводок в долине Венда</h1>
<p>В ночь на 7 мая 2022 года паводок разрушил мост у Файзабада. По словам Зафара Мирзоева из комитета по чрезвычайным ситуациям
Таджикистана, погибли не менее тридцати пяти человек, утонули 1 200 овец.</p>
<p>Правительство Афганистана от комментариев отказалось. Жители говорят, что о ремонте плотины просили ещё в 2019 году и что ответа
они не получили ни от района, ни от области, ни от министерства.</p>
</main>
</body>
</html>
`

func latin1(text string) string {
	var b strings.Builder
	for _, r := range text {
		b.WriteByte(byte(r))
	}
	return b.String()
}

// windows1251 knows ASCII and the Russian alphabet without ё.
func windows1251(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r >= 'А' && r <= 'я':
			b.WriteByte(byte(r - 'А' + 0xc0))
		default:
			b.WriteByte(byte(r))
		}
	}
	return b.String()
}

func utf16le(text string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(text)) {
		b.WriteByte(byte(u))
		b.WriteByte(byte(u >> 8))
	}
	return b.String()
}
