package seeds

import (
	"strconv"
	"strings"
)

// readCSV reads a table of values with a delimiter between them (RFC 4180), as spreadsheets and databases write it. What
// delimits the values, and whether the first row names the columns, is told by the first rows. Every address in every
// cell is cited. A row is what a spreadsheet shows: line ends in quotes are part of a cell, and the first row is row 1.
func readCSV(data []byte, charset string) (*document, error) {
	src, err := decode(data, charset)
	if err != nil {
		return nil, err
	}
	t := table{text: src.text, quotes: true}
	t.delimiter = t.separator()
	w := newListWriter(src)
	w.value = func(from, to int) {
		for {
			n := strings.Index(src.text[from:to], `""`)
			if n < 0 || !t.quotes {
				w.copy(from, to)
				return
			}
			w.copy(from, from+n)
			w.write(`"`, from+n, from+n+2)
			from += n + 2
		}
	}
	var header []string
	for row := 1; t.at < len(t.text); row++ {
		fields := t.next()
		if row == 1 {
			if header = t.header(fields); header != nil {
				continue
			}
		}
		place := "row " + strconv.Itoa(row) + ", column "
		seen := ""
		for i := range fields {
			f := &fields[i]
			name := strconv.Itoa(i + 1)
			if i < len(header) && header[i] != "" {
				name = header[i]
				f.name = plainName(name)
			}
			f.place = place + name
			if seen == "" && seenName(f.name) {
				seen = seenDay(t.text[f.from:f.to])
			}
		}
		for i := range fields {
			fields[i].seen = seen
		}
		w.record(fields, strconv.Itoa(row))
	}
	return w.document(), nil
}

// table reads the rows of a text.
type table struct {
	text      string
	at        int
	delimiter byte
	quotes    bool // a quote at the beginning of a cell encloses it
	fields    []datum
}

// delimiters are what may stand between cells, the likeliest first.
const delimiters = ",\t;|"

// separator finds what delimits the cells: what a first line such as "sep=;" says, or else the sign that the first row
// has, and of which most of the next rows have as many.
func (t *table) separator() byte {
	const rows = 20
	if rest, ok := strings.CutPrefix(t.text, "sep="); ok && rest != "" && strings.IndexByte(delimiters, rest[0]) >= 0 {
		if end := lineBreak(rest[1:]); end > 0 {
			t.at = len("sep=") + 1 + end
			return rest[0]
		}
	}
	best, bestRows, bestCells := delimiters[0], 0, 0
	for i := range len(delimiters) {
		probe := table{text: t.text[t.at:min(len(t.text), t.at+64<<10)], delimiter: delimiters[i], quotes: true}
		cells, same := 0, 0
		for row := 0; row < rows && probe.at < len(probe.text); row++ {
			n := len(probe.next())
			if row == 0 {
				cells = n
			}
			if n == cells {
				same++
			}
		}
		if cells > 1 && (same > bestRows || same == bestRows && cells > bestCells) {
			best, bestRows, bestCells = delimiters[i], same, cells
		}
	}
	return best
}

// next reads one row, which is good until the next one is read.
func (t *table) next() []datum {
	t.fields = t.fields[:0]
	for {
		t.fields = append(t.fields, t.cell())
		if t.at == len(t.text) {
			return t.fields
		}
		c := t.text[t.at]
		t.at++
		if c == t.delimiter {
			continue
		}
		if c == '\r' && t.at < len(t.text) && t.text[t.at] == '\n' {
			t.at++
		}
		return t.fields
	}
}

// cell reads up to the delimiter or the end of the line. A quote that is not closed, or with more behind it, is a
// character like any other.
func (t *table) cell() datum {
	start := t.at
	if t.quotes && start < len(t.text) && t.text[start] == '"' {
		for at := start + 1; ; {
			n := strings.IndexByte(t.text[at:], '"')
			if n < 0 {
				t.quotes = false // of the rest of the table too, which is searched only once therefore
				break
			}
			end := at + n
			at = end + 1
			if at < len(t.text) && t.text[at] == '"' {
				at++
				continue
			}
			if at == len(t.text) || t.ends(t.text[at]) {
				t.at = at
				return datum{from: start + 1, to: end}
			}
			break
		}
	}
	for t.at < len(t.text) && !t.ends(t.text[t.at]) {
		t.at++
	}
	return datum{from: start, to: t.at}
}

func (t *table) ends(c byte) bool { return c == t.delimiter || c == '\n' || c == '\r' }

// header returns the names of the columns if the first row has them: it has no address, more rows follow, and a name is
// one of those that mean something here, or else all are short, and different.
func (t *table) header(fields []datum) []string {
	const longest = 40 // code points
	var names []string
	distinct := make(map[string]bool)
	known, plain := false, t.at < len(t.text)
	for _, f := range fields {
		name := collapse(t.text[f.from:f.to])
		if strings.Contains(name, "://") || hasPrefixFold(name, "www.") {
			return nil
		}
		if runes := []rune(name); len(runes) > longest {
			name, plain = string(runes[:longest-1])+"…", false
		}
		n := plainName(name)
		known = known || claimName(n) || seenName(n) || addressName(n)
		plain = plain && !distinct[n] && strings.Trim(n, "0123456789.,:/ ") != ""
		distinct[n] = true
		names = append(names, name)
	}
	if !known && !plain {
		return nil
	}
	return names
}

// addressName tells what columns of addresses are called.
func addressName(name string) bool {
	switch name {
	case "url", "urls", "link", "links", "href", "uri", "source", "sources", "address", "website", "web", "quelle", "quellen", "lien", "enlace", "ссылка":
		return true
	}
	return false
}
