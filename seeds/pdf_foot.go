package seeds

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// pdfNote is a note at the foot of a page.
type pdfNote struct {
	page      int
	shown     string // the label as it stands there
	label     string // unique in the report
	labelSize int    // bytes of the text of the first line
	lines     []*pdfLine
	used      bool // a mark was found
}

// findFeet takes the notes at the feet of pages out of the body. They are smaller than it or stand below a line, and begin
// with a label that a mark on that page has.
func (p *pdfReader) findFeet() {
	p.measure()
	p.marked = make(map[pageLabel]bool)
	before := make(map[string]bool) // marks of the page before
	for _, s := range p.sheets {
		starts := make([]int, len(s.regions))
		marks := make(map[string]bool)
		for i, r := range s.regions {
			starts[i] = p.footStart(s, r)
			for _, l := range r.lines[:starts[i]] {
				l.marks(marks)
			}
		}
		for i, r := range s.regions {
			if starts[i] < len(r.lines) {
				p.readFoot(s, r, starts[i], func(label string, sure bool) bool {
					_, ok := marks[label]
					return marks[label] || before[label] || sure && ok
				})
			}
		}
		for label, sure := range marks {
			if sure {
				p.marked[pageLabel{s.number, label}] = true
			}
		}
		before = marks
	}
	p.labelNotes()
}

// footStart is the first line of a region that may belong to its notes.
func (p *pdfReader) footStart(s *pdfSheet, r *pdfRegion) int {
	const smaller = 0.94
	k := len(r.lines)
	for k > 0 && r.lines[k-1].size < smaller*p.body {
		k--
	}
	small := k
	for j := len(r.lines) - 1; j > 0; j-- {
		for _, rule := range s.rules {
			above, below := r.lines[j-1], r.lines[j]
			if rule.Y < above.y && rule.Y > below.y && abs(rule.X0-r.left) < 20 && rule.X1-rule.X0 < 0.75*(r.right-r.left) {
				if _, n, sure := below.noteLabel(); j >= small || n > 0 && sure {
					return j
				}
			}
		}
		if len(r.lines)-j > 60 || len(s.rules) > 1000 {
			break
		}
	}
	return k
}

// marks adds the labels that a line has in superscript, and its symbols. Of one that may be an exponent the value is false.
func (l *pdfLine) marks(all map[string]bool) {
	for i := 0; i < len(l.text); {
		r, n := utf8.DecodeRuneInString(l.text[i:])
		if raisedDigit(r) >= 0 {
			if labels, size, ok := raisedAt(l.text[i:]); ok {
				sure := !powered(l.text[:i])
				for _, label := range labels {
					all[label] = all[label] || sure
				}
				i += size
				continue
			}
		}
		if i > 0 && noteSymbol(r) {
			size := symbolSize(l.text[i:])
			all[l.text[i:i+size]] = true
			i += size
			continue
		}
		i += n
	}
}

func noteSymbol(r rune) bool { return strings.ContainsRune("*∗†‡§¶", r) }

// symbolSize is the length of one symbol, or of one that is repeated.
func symbolSize(text string) int {
	first, n := utf8.DecodeRuneInString(text)
	size := n
	for size < 4*n && strings.HasPrefix(text[size:], string(first)) {
		size += n
	}
	return size
}

// noteLabel reads the label at the beginning of a line and how many bytes it has with what separates it from the text.
// A plain number is not sure.
func (l *pdfLine) noteLabel() (label string, size int, sure bool) {
	t := l.text
	r, _ := utf8.DecodeRuneInString(t)
	switch {
	case raisedDigit(r) >= 0:
		size = raised(t)
		label, sure = lowered(t[:size]), true
	case noteSymbol(r):
		size = symbolSize(t)
		label, sure = t[:size], true
	default:
		for size < len(t) && t[size] >= '0' && t[size] <= '9' {
			size++
		}
		label = t[:size]
		if size == 0 || size > 4 || label[0] == '0' || size < len(t) && strings.IndexByte("-/%:", t[size]) >= 0 {
			return "", 0, false
		}
		if size+1 < len(t) && t[size] == '.' && t[size+1] >= '0' && t[size+1] <= '9' {
			return "", 0, false
		}
	}
	size += len(t[size:]) - len(strings.TrimLeft(t[size:], ".): \u00a0\t"))
	return label, size, sure
}

// readFoot divides the foot of a region into notes. What precedes the first label goes on with the last note of the page
// before; if there is none it belongs to the body.
func (p *pdfReader) readFoot(s *pdfSheet, r *pdfRegion, start int, marked func(label string, sure bool) bool) {
	var open *pdfNote
	last := 0
	if n := len(p.notes); n > 0 && p.notes[n-1].page >= s.number-1 {
		last, _ = strconv.Atoi(p.notes[n-1].shown)
		if p.notes[n-1].page == s.number-1 {
			open = p.notes[n-1]
		}
	}
	foot := r.lines[start:]
	begin := -1
	var notes []*pdfNote
	for i, l := range foot {
		label, size, sure := l.noteLabel()
		number, _ := strconv.Atoi(label)
		next := number > 0 && number == last+1
		if size == len(l.text) && !(next && marked(label, sure)) {
			size = 0 // a number that stands alone, unless its text begins in the next line
		}
		if size > 0 && l.x0 < r.left+30 && (marked(label, sure) && (sure || number > last || begin < 0) || next && sure) {
			if begin < 0 {
				begin = i
			}
			notes = append(notes, &pdfNote{page: s.number, shown: label, labelSize: size})
			last = number
		}
		if len(notes) > 0 {
			n := notes[len(notes)-1]
			n.lines = append(n.lines, l)
		}
	}
	if begin < 0 || !worded(notes) {
		return
	}
	if begin > 0 && open != nil {
		open.lines = append(open.lines, foot[:begin]...)
		begin = 0
	}
	r.lines = r.lines[:start+begin]
	p.notes = append(p.notes, notes...)
}

// labelNotes gives every note a label of its own. Where numbering begins anew, and where a list of sources has the same
// numbers in brackets, the second note 1 is 1/2.
func (p *pdfReader) labelNotes() {
	if len(p.notes) == 0 {
		return
	}
	listed := make(map[string]bool)
	for _, s := range p.sheets {
		for _, r := range s.regions {
			for _, l := range r.lines {
				if label, ok := labelAt(l.text); ok && label.shape == shapeBracket {
					listed[label.text] = true
				}
			}
		}
	}
	count := make(map[string]int)
	for _, n := range p.notes {
		if count[n.shown] == 0 && listed[n.shown] {
			count[n.shown] = 1
		}
		count[n.shown]++
		n.label = again(n.shown, count[n.shown])
	}
}

// again is the label of the n-th note that is shown with one and the same.
func again(shown string, n int) string {
	if n == 1 {
		return shown
	}
	return shown + "/" + strconv.Itoa(n)
}

// noteIndex finds the notes that a mark belongs to.
type noteIndex struct {
	byPage map[pageLabel]*pdfNote
	count  map[string]int
}

type pageLabel struct {
	page  int
	label string
}

func (p *pdfReader) index() *noteIndex {
	x := &noteIndex{byPage: make(map[pageLabel]*pdfNote), count: make(map[string]int)}
	for _, n := range p.notes {
		key := pageLabel{n.page, n.shown}
		if x.byPage[key] == nil {
			x.byPage[key] = n
		}
		x.count[n.shown]++
	}
	return x
}

// find returns the note of a mark: that at the foot of its page, or of the next one if it has no mark yet.
func (x *noteIndex) find(page int, label string) *pdfNote {
	if n := x.byPage[pageLabel{page, label}]; n != nil {
		return n
	}
	if n := x.byPage[pageLabel{page + 1, label}]; n != nil && !n.used {
		return n
	}
	return nil
}

// missing tells whether a number lies between those of notes, so that a note of that number is missing.
func (x *noteIndex) missing(label string) bool {
	n, err := strconv.Atoi(label)
	return err == nil && x.count[label] == 0 && x.count[strconv.Itoa(n-1)] == 1 && x.count[strconv.Itoa(n+1)] == 1
}

// split takes numbers apart that were drawn side by side: no note is 45, but 4 and 5 are.
func (x *noteIndex) split(page int, shown []string) []string {
	var all []string
	for _, s := range shown {
		at := 0
		if x.find(page, s) == nil && len(s) > 1 && len(s) <= 6 {
			for at = 1; at < len(s); at++ {
				if s[at] != '0' && x.find(page, s[:at]) != nil && x.find(page, s[at:]) != nil {
					break
				}
			}
		}
		if at > 0 && at < len(s) {
			all = append(all, s[:at], s[at:])
		} else {
			all = append(all, s)
		}
	}
	return all
}

// worded tells whether some notes consist of words, which the labels of a figure do not.
func worded(notes []*pdfNote) bool {
	for _, n := range notes {
		words, all := 0, 0
		skip := n.labelSize
		for _, l := range n.lines {
			for _, word := range strings.Fields(l.text[skip:]) {
				all++
				if strings.Contains(word, "://") || len(firstWord(strings.TrimLeft(word, "(“\"‘'„«"))) > 2 {
					words++
				}
			}
			skip = 0
		}
		if words*3 < all || words == 0 {
			return false
		}
	}
	return true
}
