package crawltest

import (
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
)

// Numbers of prepared pieces. A page takes each block once at most until it
// is larger than all of them together, so that nothing in it repeats that
// would not repeat in an article.
const (
	corpusBlocks = 4096
	corpusNoise  = 1 << 20
	corpusWords  = 6000
)

// corpusPieces is what the pages of a corpus are put together from.
type corpusPieces struct {
	blocks [][]byte
	noise  []byte // for PDFs
	menu   []byte // what stands before the text of every page
	foot   []byte
}

func newCorpusPieces(r *rand.Rand) corpusPieces {
	w := newWriter(r)
	p := corpusPieces{blocks: make([][]byte, corpusBlocks), noise: make([]byte, corpusNoise)}
	for i := range p.blocks {
		p.blocks[i] = w.block(i)
	}
	for i := range p.noise {
		p.noise[i] = byte(r.Uint32())
	}
	p.menu, p.foot = w.menu(), w.foot()
	return p
}

// html is the pieces of a page of about size bytes.
func (p *corpusPieces) html(list net.Buffers, i, size int, url string) net.Buffers {
	top := make([]byte, 0, 512)
	top = append(top, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Page "...)
	top = strconv.AppendInt(top, int64(i+1), 10)
	top = append(top, "</title>\n<link rel=\"canonical\" href=\""...)
	top = append(top, url...)
	top = append(top, "\">\n"...)
	list = append(list, top, p.menu)
	left := size - len(top) - len(p.menu) - len(p.foot)
	// An odd stride visits every block of a power of two once.
	at, stride := uint32(i)*2654435761, uint32(i)*40503|1
	for left > 0 {
		at += stride
		b := p.blocks[at%corpusBlocks]
		list = append(list, b)
		left -= len(b)
	}
	return append(list, p.foot)
}

// pdf is the pieces of a PDF 1.4 file of about size bytes: one empty page and
// a stream of noise.
func (p *corpusPieces) pdf(list net.Buffers, i, size int) net.Buffers {
	size = max(size-700, 0)
	top := fmt.Appendf(nil, "%%PDF-1.4\n%%\xe2\xe3\xcf\xd3\n")
	var offsets [4]int
	for n, object := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Annex " + strconv.Itoa(i+1) + " >>",
	} {
		offsets[n] = len(top)
		top = fmt.Appendf(top, "%d 0 obj\n%s\nendobj\n", n+1, object)
	}
	offsets[3] = len(top)
	top = fmt.Appendf(top, "4 0 obj\n<< /Type /EmbeddedFile /Length %d >>\nstream\n", size)
	list = append(list, top)
	at := int(uint32(i) * 2654435761 % corpusNoise)
	for left := size; left > 0; {
		piece := p.noise[at:min(at+left, corpusNoise)]
		list = append(list, piece)
		left -= len(piece)
		at = 0
	}
	end := fmt.Appendf(nil, "\nendstream\nendobj\n")
	xref := len(top) + size + len(end)
	end = append(end, "xref\n0 5\n0000000000 65535 f \n"...)
	for _, o := range offsets {
		end = fmt.Appendf(end, "%010d 00000 n \n", o)
	}
	end = fmt.Appendf(end, "trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", xref)
	return append(list, end)
}

// writer writes text whose words are as unevenly used as those of a language.
type writer struct {
	r     *rand.Rand
	zipf  *rand.Zipf
	words []string
}

const commonWords = "the of and to in a is that for it was on with as be by at from this have are not they which or had an but " +
	"were one all we their been has when who will more if no out so what up said would there its about into than them can " +
	"only other new some could time these two may then do first any my now such like our over after also did many before must " +
	"through years where much your way well down should because each just those people how too little state good very make world " +
	"still own see men work long get here between both life being under never day same another know while last might us great old"

func newWriter(r *rand.Rand) *writer {
	w := &writer{r: r, words: strings.Fields(commonWords), zipf: rand.NewZipf(r, 1.15, 6, corpusWords-1)}
	onsets := strings.Fields("b br c ch cl d dr f fl g gr h j k l m n p pl pr qu r s sh sl st str t th tr v w")
	vowels := strings.Fields("a a e e e i i o o u ai ea ee io ou")
	codas := strings.Fields("- - - n n r r s t l m nd nt rd st ck ng ld")
	ends := strings.Fields("- - - - s ed ing er ly tion al ment y")
	pick := func(list []string) string { return strings.Trim(list[r.IntN(len(list))], "-") }
	seen := make(map[string]bool)
	for _, word := range w.words {
		seen[word] = true
	}
	for len(w.words) < corpusWords {
		var word strings.Builder
		for range 1 + r.IntN(3) {
			word.WriteString(pick(onsets) + pick(vowels) + pick(codas))
		}
		word.WriteString(pick(ends))
		if s := word.String(); !seen[s] {
			seen[s] = true
			w.words = append(w.words, s)
		}
	}
	return w
}

func (w *writer) word() string { return w.words[w.zipf.Uint64()] }

// sentence is about n words.
func (w *writer) sentence(n int) string {
	var b strings.Builder
	for i := range max(3, n/2+w.r.IntN(n)) {
		word := w.word()
		if i == 0 || w.r.IntN(40) == 0 {
			word = strings.ToUpper(word[:1]) + word[1:]
		}
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(word)
		if w.r.IntN(14) == 0 {
			b.WriteByte(',')
		}
	}
	return strings.TrimSuffix(b.String(), ",") + "."
}

func (w *writer) slug() string { return w.word() + "-" + w.word() + "-" + w.word() }

// block is a piece of an article: paragraphs mostly, with links, and now and
// then a heading, a figure, a list of teasers or a table.
func (w *writer) block(i int) []byte {
	var b []byte
	switch kind := w.r.IntN(20); {
	case kind < 8:
		b = fmt.Appendf(b, "<p class=\"article__paragraph\" data-block=\"%d\">", i)
		for range 3 + w.r.IntN(4) {
			b = append(append(b, w.sentence(18)...), ' ')
			if w.r.IntN(3) == 0 {
				b = fmt.Appendf(b, "<a class=\"article__link\" href=\"/%s/%d\">%s %s</a> ", w.slug(), 1000+w.r.IntN(90000), w.word(), w.word())
			}
		}
		b = append(b, "</p>\n"...)
	case kind < 9:
		b = fmt.Appendf(b, "<h2 class=\"article__heading\" id=\"s%d\">%s</h2>\n", i, w.sentence(6))
	case kind < 12:
		b = fmt.Appendf(b, "<figure class=\"article__figure figure figure--wide\"><picture>")
		name, n := w.slug(), 1000+w.r.IntN(90000)
		for _, width := range []int{1280, 960, 640, 320} {
			b = fmt.Appendf(b, "<source media=\"(min-width: %dpx)\" srcset=\"/media/%s-%d-%d.webp 1x, /media/%s-%d-%d.webp 2x\" type=\"image/webp\">", width, name, n, width, name, n, 2*width)
		}
		b = fmt.Appendf(b, "<img class=\"figure__image\" loading=\"lazy\" decoding=\"async\" src=\"/media/%s-%d-640.jpg\" alt=\"%s\"></picture><figcaption class=\"figure__caption\">%s</figcaption></figure>\n", name, n, w.sentence(8), w.sentence(14))
	case kind < 19:
		b = append(b, "<ul class=\"teaser-list teaser-list--related\">\n"...)
		for range 4 + w.r.IntN(4) {
			n := 1000 + w.r.IntN(90000)
			b = fmt.Appendf(b, "            <li class=\"teaser-list__item\">\n              <article class=\"teaser teaser--small\" data-id=\"%d\"><a class=\"teaser__link\" href=\"/%s/%d\" data-track=\"related|%d\"><span class=\"teaser__kicker\">%s</span><h3 class=\"teaser__title\">%s</h3></a><time class=\"teaser__time\" datetime=\"2024-%02d-%02dT%02d:00:00Z\">%d min</time>\n              </article>\n            </li>\n",
				n, w.slug(), n, n, w.word(), w.sentence(7), 1+w.r.IntN(12), 1+w.r.IntN(28), w.r.IntN(24), 1+w.r.IntN(20))
		}
		b = append(b, "</ul>\n"...)
	default:
		b = append(b, "<table class=\"data-table\"><tbody>\n"...)
		for range 4 + w.r.IntN(6) {
			b = fmt.Appendf(b, "              <tr class=\"data-table__row\"><th scope=\"row\">%s</th><td class=\"data-table__cell\">%d</td><td class=\"data-table__cell\">%d.%d</td></tr>\n", w.word(), w.r.IntN(10000), w.r.IntN(100), w.r.IntN(10))
		}
		b = append(b, "</tbody></table>\n"...)
	}
	return b
}

// menu ends the head and opens the body, with what every page of a site has.
func (w *writer) menu() []byte {
	var b []byte
	for _, name := range []string{"og:title", "og:description", "og:image", "twitter:card", "author", "keywords"} {
		b = fmt.Appendf(b, "<meta property=\"%s\" content=\"%s\">\n", name, w.sentence(8))
	}
	b = append(b, "<link rel=\"stylesheet\" href=\"/static/site.css\">\n</head>\n<body class=\"page page--article\">\n<nav class=\"menu\"><ul class=\"menu__list\">\n"...)
	for range 16 {
		b = fmt.Appendf(b, "          <li class=\"menu__item menu__item--level-1\" role=\"none\"><a class=\"menu__link\" href=\"/%s\"><svg class=\"icon icon--chevron\" aria-hidden=\"true\"><use href=\"/static/icons.svg#chevron\"></use></svg>%s</a></li>\n", w.slug(), w.word())
	}
	return append(b, "</ul></nav>\n<main>\n"...)
}

func (w *writer) foot() []byte {
	return []byte("</main>\n<footer class=\"footer\"><p>" + w.sentence(20) + "</p></footer>\n</body>\n</html>\n")
}
