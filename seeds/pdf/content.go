package pdf

import (
	"bytes"
	"math"
)

// matrix maps (x, y) to (ax+cy+e, bx+dy+f).
type matrix [6]float64

// times applies m, and then n.
func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

func (m matrix) apply(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

func (m matrix) rect(r Rect) Rect {
	x0, y0 := m.apply(r.X0, r.Y0)
	x1, y1 := m.apply(r.X1, r.Y1)
	return Rect{min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)}
}

const (
	// maxForms bounds how deep forms lie within each other, maxStates how often the state is saved.
	maxForms  = 12
	maxStates = 256
	// maxGlyphs bounds the glyphs of a page, maxRules its lines.
	maxGlyphs = 1 << 20
	maxRules  = 10_000
)

// state is the part of the graphics state that the place of text depends on.
type state struct {
	ctm                  matrix
	font                 *font
	size, scale, rise    float64
	charSpace, wordSpace float64
	leading              float64
}

// interpreter runs the content of a page.
type interpreter struct {
	file   *File
	page   *Page
	state  state
	saved  []state
	tm     matrix // of the text
	tlm    matrix // of its line
	x, y   float64
	marked []marked
}

// marked is content between BDC and EMC.
type marked struct {
	artifact bool    // a running header or footer
	actual   *string // the text that is meant, until it was given to a glyph
	replaced bool
}

// run interprets content; the operands are kept until their operator comes.
func (in *interpreter) run(content []byte, resources dict, depth int) error {
	// Forms that draw forms multiply: the deeper, the more each costs.
	if err := in.file.spend(len(content) + 64<<(2*depth)); err != nil {
		return err
	}
	const maxOperands = 64
	l := lexer{data: content}
	operands := make([]any, 0, maxOperands)
	states, tags := len(in.saved), len(in.marked)
	for {
		o := l.object(0)
		op, ok := o.(keyword)
		if !ok {
			if len(operands) < maxOperands {
				operands = append(operands, o)
			}
			continue
		}
		if op == end {
			break
		}
		var err error
		switch op {
		case "BI":
			skipInline(&l)
			in.page.Images = true
		case "Do":
			if len(operands) > 0 {
				err = in.do(operands[len(operands)-1], resources, depth)
			}
		default:
			in.operate(op, operands, resources, states, tags)
		}
		if err != nil {
			return err
		}
		operands = operands[:0]
	}
	if len(in.saved) > states {
		in.state = in.saved[states]
		in.saved = in.saved[:states]
	}
	in.marked = in.marked[:min(tags, len(in.marked))]
	return nil
}

// skipInline passes an image over that stands in the content.
func skipInline(l *lexer) {
	for {
		t := l.token()
		if t == end {
			return
		}
		if t == keyword("ID") {
			break
		}
	}
	for {
		i := bytes.Index(l.data[l.pos:], []byte("EI"))
		if i < 0 {
			l.pos = len(l.data)
			return
		}
		at := l.pos + i
		l.pos = at + 2
		if at > 0 && space(l.data[at-1]) && (l.pos == len(l.data) || space(l.data[l.pos])) {
			return
		}
	}
}

// do draws a form; of an image it is only noted that there is one.
func (in *interpreter) do(operand any, resources dict, depth int) error {
	f := in.file
	n, _ := operand.(name)
	s, ok := f.resolve(f.dict(resources["XObject"])[n]).(stream)
	if !ok {
		return nil
	}
	if f.name(s.dict["Subtype"]) == "Image" {
		in.page.Images = true
		return nil
	}
	if f.name(s.dict["Subtype"]) != "Form" || depth >= maxForms {
		return nil
	}
	content, err := f.decode(s)
	if err == errTooLarge {
		return err
	}
	if r := f.dict(s.dict["Resources"]); r != nil {
		resources = r
	}
	before, tm, tlm := in.state, in.tm, in.tlm
	if a := f.list(s.dict["Matrix"]); len(a) >= 6 {
		var m matrix
		for i := range m {
			m[i] = f.number(a[i], 0)
		}
		in.state.ctm = m.times(in.state.ctm)
	}
	err = in.run(content, resources, depth+1)
	in.state, in.tm, in.tlm = before, tm, tlm
	return err
}

// operate runs one operator. states and tags are what was open before this content.
func (in *interpreter) operate(op keyword, operands []any, resources dict, states, tags int) {
	s := &in.state
	n := len(operands)
	num := func(i int) float64 { // the i-th operand from the end
		if i > n {
			return 0
		}
		switch x := operands[n-i].(type) {
		case int:
			return float64(x)
		case float64:
			return x
		}
		return 0
	}
	text := func() string {
		if n == 0 {
			return ""
		}
		t, _ := operands[n-1].(string)
		return t
	}
	switch op {
	case "q":
		if len(in.saved) < maxStates {
			in.saved = append(in.saved, *s)
		}
	case "Q":
		if len(in.saved) > states {
			*s = in.saved[len(in.saved)-1]
			in.saved = in.saved[:len(in.saved)-1]
		}
	case "cm":
		s.ctm = matrix{num(6), num(5), num(4), num(3), num(2), num(1)}.times(s.ctm)
	case "BT":
		in.tm, in.tlm = matrix{1, 0, 0, 1, 0, 0}, matrix{1, 0, 0, 1, 0, 0}
	case "Tc":
		s.charSpace = num(1)
	case "Tw":
		s.wordSpace = num(1)
	case "Tz":
		s.scale = num(1) / 100
	case "TL":
		s.leading = num(1)
	case "Ts":
		s.rise = num(1)
	case "Tf":
		if n >= 2 {
			if key, ok := operands[n-2].(name); ok {
				s.font = in.file.font(in.file.dict(resources["Font"])[key])
			}
			s.size = num(1)
		}
	case "gs":
		if n > 0 {
			if key, ok := operands[n-1].(name); ok {
				if a := in.file.list(in.file.dict(in.file.dict(resources["ExtGState"])[key])["Font"]); len(a) == 2 {
					s.font, s.size = in.file.font(a[0]), in.file.number(a[1], 0)
				}
			}
		}
	case "TD":
		s.leading = -num(1)
		in.line(num(2), num(1))
	case "Td":
		in.line(num(2), num(1))
	case "Tm":
		in.tm = matrix{num(6), num(5), num(4), num(3), num(2), num(1)}
		in.tlm = in.tm
	case "T*":
		in.line(0, -s.leading)
	case "Tj":
		in.show(text())
	case "'":
		in.line(0, -s.leading)
		in.show(text())
	case "\"":
		s.wordSpace, s.charSpace = num(3), num(2)
		in.line(0, -s.leading)
		in.show(text())
	case "TJ":
		if n > 0 {
			a, _ := operands[n-1].(array)
			for _, o := range a {
				switch o := o.(type) {
				case string:
					in.show(o)
				case int:
					in.move(-float64(o) / 1000 * s.size * s.scale)
				case float64:
					in.move(-o / 1000 * s.size * s.scale)
				}
			}
		}
	case "m":
		in.x, in.y = s.ctm.apply(num(2), num(1))
	case "l":
		x, y := s.ctm.apply(num(2), num(1))
		in.rule(in.x, in.y, x, y)
		in.x, in.y = x, y
	case "re":
		x0, y0 := s.ctm.apply(num(4), num(3))
		x1, y1 := s.ctm.apply(num(4)+num(2), num(3)+num(1))
		in.rule(x0, y0, x1, y1)
	case "BMC", "BDC":
		in.mark(operands, resources)
	case "EMC":
		if len(in.marked) > tags {
			in.marked = in.marked[:len(in.marked)-1]
		}
	}
}

// rule notes a line that is long and thin.
func (in *interpreter) rule(x0, y0, x1, y1 float64) {
	if math.Abs(y1-y0) > 2 || math.Abs(x1-x0) < 20 || !sane(x0) || !sane(x1) || !sane(y0) || len(in.page.Rules) >= maxRules {
		return
	}
	in.page.Rules = append(in.page.Rules, Rule{X0: min(x0, x1), X1: max(x0, x1), Y: (y0 + y1) / 2})
}

// mark opens marked content.
func (in *interpreter) mark(operands []any, resources dict) {
	if len(in.marked) >= maxStates {
		return
	}
	m := marked{}
	if n := len(in.marked); n > 0 {
		m.artifact = in.marked[n-1].artifact
	}
	if len(operands) > 0 {
		tag, _ := operands[0].(name)
		d, _ := operands[len(operands)-1].(dict)
		if key, ok := operands[len(operands)-1].(name); ok && len(operands) > 1 {
			d = in.file.dict(in.file.dict(resources["Properties"])[key])
		}
		if tag == "Artifact" && in.file.name(d["Type"]) == "Pagination" {
			m.artifact = true
		}
		if t, ok := in.file.resolve(d["ActualText"]).(string); ok && len(t) < 1000 {
			t = decodeText(t)
			m.actual = &t
		}
	}
	in.marked = append(in.marked, m)
}

func (in *interpreter) line(x, y float64) {
	in.tlm = matrix{1, 0, 0, 1, x, y}.times(in.tlm)
	in.tm = in.tlm
}

func (in *interpreter) move(x float64) {
	in.tm[4] += x * in.tm[0]
	in.tm[5] += x * in.tm[1]
}

// show draws a string.
func (in *interpreter) show(text string) {
	s := &in.state
	if s.font == nil {
		return
	}
	for text != "" {
		code, n := s.font.next(text)
		raw := text[:n]
		text = text[n:]
		width := s.font.width(code) * s.size * s.scale
		in.draw(s.font.meaning(code, raw), width)
		advance := width + s.charSpace*s.scale
		if n == 1 && code == ' ' {
			advance += s.wordSpace * s.scale
		}
		in.move(advance)
	}
}

// draw notes one glyph.
func (in *interpreter) draw(text string, width float64) {
	s := &in.state
	for i := range in.marked {
		m := &in.marked[i]
		if m.artifact {
			return
		}
		if m.actual == nil {
			continue
		}
		text = ""
		if !m.replaced {
			m.replaced, text = true, *m.actual
		}
		break
	}
	if len(in.page.Glyphs) >= maxGlyphs {
		return
	}
	t := in.tm.times(s.ctm)
	x, y := t.apply(0, s.rise)
	along := math.Hypot(t[0], t[1])
	g := Glyph{Text: text, Width: math.Abs(width) * along, Size: math.Abs(s.size) * math.Hypot(t[2], t[3]) * s.font.height, Bold: s.font.bold}
	dx, dy := t[0]*s.scale*s.size, t[1]*s.scale*s.size
	switch {
	case math.Abs(dx) >= math.Abs(dy) && dx >= 0:
		g.X, g.Y = x, y
	case math.Abs(dx) >= math.Abs(dy):
		g.Turn, g.X, g.Y = 2, in.page.Width-x, in.page.Height-y
	case dy > 0:
		g.Turn, g.X, g.Y = 1, y, in.page.Width-x
	default:
		g.Turn, g.X, g.Y = 3, in.page.Height-y, x
	}
	// What lies outside of the page nobody sees.
	const bleed = 2
	if !sane(x) || !sane(y) || !sane(g.Width) || !(g.Size > 0.1 && g.Size < 2000) ||
		x < -bleed || y < -bleed || x > in.page.Width+bleed || y > in.page.Height+bleed {
		return
	}
	in.file.left -= len(g.Text) // a code of one byte may stand for many letters
	in.page.Glyphs = append(in.page.Glyphs, g)
}
