package pdf

import (
	"bytes"
	"errors"
	"maps"
	"slices"
)

var errTooManyObjects = errors.New("the file has more than 2 million objects: split it")

// readXref reads the cross-reference tables and streams from the last one back; where they are broken, the objects are
// looked for.
func (f *File) readXref() error {
	const tail = 2048
	from := max(0, len(f.data)-tail)
	i := bytes.LastIndex(f.data[from:], []byte("startxref"))
	if i < 0 {
		return f.rebuild()
	}
	l := lexer{data: f.data, pos: from + i + len("startxref")}
	at, _ := l.token().(int)
	seen := make(map[int]bool)
	for at > 0 && at < len(f.data) && !seen[at] {
		seen[at] = true
		section, ok := f.xrefAt(at)
		if len(f.xref) > maxObjects {
			return errTooManyObjects
		}
		if !ok {
			return f.rebuild()
		}
		for k, v := range section {
			if _, set := f.trailer[k]; !set {
				f.trailer[k] = v
			}
		}
		if hybrid, ok := section["XRefStm"].(int); ok && hybrid > 0 && hybrid < len(f.data) && !seen[hybrid] {
			seen[hybrid] = true
			f.xrefAt(hybrid)
		}
		at, _ = section["Prev"].(int)
	}
	if f.dict(f.trailer["Root"]) == nil {
		return f.rebuild()
	}
	return nil
}

// xrefAt reads one section and returns its trailer.
func (f *File) xrefAt(at int) (dict, bool) {
	l := lexer{data: f.data, pos: at, refs: true, count: &f.elements}
	first := l.token()
	if first == keyword("xref") {
		return f.table(&l)
	}
	num, ok := first.(int)
	if !ok {
		return nil, false
	}
	o, ok := f.objectAt(num, entry{offset: at})
	s, isStream := o.(stream)
	if !ok || !isStream {
		return nil, false
	}
	data, err := f.decode(s)
	if err != nil {
		return nil, false
	}
	return s.dict, f.entries(s.dict, data)
}

// table reads a cross-reference table.
func (f *File) table(l *lexer) (dict, bool) {
	for {
		start, ok := l.token().(int)
		if !ok {
			break
		}
		n, ok := l.token().(int)
		if !ok {
			return nil, false
		}
		for i := range n {
			offset, ok1 := l.token().(int)
			gen, ok2 := l.token().(int)
			kind, ok3 := l.token().(keyword)
			if !ok1 || !ok2 || !ok3 || len(f.xref) > maxObjects {
				return nil, false
			}
			if kind == "n" {
				f.add(start+i, entry{offset: offset, gen: gen})
			}
		}
	}
	l.pos -= len("trailer") // the token that was no number
	if l.pos < 0 || l.token() != keyword("trailer") {
		return nil, false
	}
	d, ok := l.object(0).(dict)
	return d, ok
}

// entries reads the entries of a cross-reference stream.
func (f *File) entries(d dict, data []byte) bool {
	var width [3]int
	w := f.list(d["W"])
	if len(w) < 3 {
		return false
	}
	total := 0
	for i := range width {
		width[i] = int(f.number(w[i], 0))
		if width[i] < 0 || width[i] > 8 {
			return false
		}
		total += width[i]
	}
	if total == 0 {
		return false
	}
	index := f.list(d["Index"])
	if len(index) == 0 {
		index = array{0, d["Size"]}
	}
	for i := 0; i+1 < len(index); i += 2 {
		start, n := int(f.number(index[i], 0)), int(f.number(index[i+1], 0))
		for j := 0; j < n && len(data) >= total; j++ {
			if len(f.xref) > maxObjects {
				return false
			}
			kind, a, b := 1, bigEndian(data[width[0]:width[0]+width[1]]), bigEndian(data[width[0]+width[1]:total])
			if width[0] > 0 {
				kind = bigEndian(data[:width[0]])
			}
			data = data[total:]
			switch kind {
			case 1:
				f.add(start+j, entry{offset: a, gen: b})
			case 2:
				f.add(start+j, entry{container: a, index: b})
			}
		}
	}
	return true
}

// add keeps an entry unless a later section had one.
func (f *File) add(num int, e entry) {
	if _, ok := f.xref[num]; !ok && num > 0 {
		f.xref[num] = e
	}
}

func bigEndian(b []byte) int {
	n := 0
	for _, c := range b {
		n = n<<8 | int(c)
	}
	return n
}

// rebuild finds the objects by their "1 0 obj"; of two with one number the later one counts.
func (f *File) rebuild() error {
	f.rebuilt = true
	trailer := f.trailer
	cipher := f.cipher
	f.reset()
	f.cipher = cipher
	for at := 0; ; {
		i := bytes.Index(f.data[at:], []byte("obj"))
		if i < 0 {
			break
		}
		at += i + len("obj")
		start, num, gen, ok := f.numbersBefore(at - len("obj"))
		if !ok {
			continue
		}
		f.xref[num] = entry{offset: start, gen: gen}
		if len(f.xref) > maxObjects {
			return errTooManyObjects
		}
	}
	for at := 0; ; {
		i := bytes.Index(f.data[at:], []byte("trailer"))
		if i < 0 {
			break
		}
		at += i + len("trailer")
		l := lexer{data: f.data, pos: at, refs: true, count: &f.elements}
		if d, ok := l.object(0).(dict); ok {
			for k, v := range d {
				f.trailer[k] = v
			}
		}
	}
	f.rebuildPacked()
	for k, v := range trailer {
		if _, ok := f.trailer[k]; !ok {
			f.trailer[k] = v
		}
	}
	return nil
}

// rebuildPacked looks into the streams that hold objects, and for the root.
func (f *File) rebuildPacked() {
	numbers := slices.Sorted(maps.Keys(f.xref))
	for _, num := range numbers {
		e := f.xref[num]
		// Only the types are of interest here; most objects need not be read for that.
		part := f.data[min(e.offset, len(f.data)):min(e.offset+512, len(f.data))]
		switch {
		case bytes.Contains(part, []byte("/XRef")):
			if s, ok := f.load(num).(stream); ok && s.dict["Type"] == name("XRef") {
				for _, k := range []name{"Root", "Info", "Encrypt", "ID"} {
					if v, ok := s.dict[k]; ok {
						f.trailer[k] = v
					}
				}
			}
		case bytes.Contains(part, []byte("/Catalog")):
			if d := f.dict(ref(num)); d["Type"] == name("Catalog") && f.trailer["Root"] == nil {
				f.trailer["Root"] = ref(num)
			}
		}
	}
	if f.cipher == nil && f.trailer["Encrypt"] != nil && f.unlock() != nil {
		return
	}
	var containers []int
	for _, num := range numbers {
		e := f.xref[num]
		if part := f.data[min(e.offset, len(f.data)):min(e.offset+512, len(f.data))]; bytes.Contains(part, []byte("/ObjStm")) {
			containers = append(containers, num)
		}
	}
	for _, num := range containers {
		p := f.container(num)
		if p == nil {
			continue
		}
		for i, n := range p.numbers {
			if len(f.xref) > maxObjects {
				return
			}
			f.add(n, entry{container: num, index: i})
			if f.trailer["Root"] == nil {
				if d := f.dict(ref(n)); d["Type"] == name("Catalog") {
					f.trailer["Root"] = ref(n)
				}
			}
		}
	}
}

// numbersBefore reads the two numbers before "obj" at at.
func (f *File) numbersBefore(at int) (start, num, gen int, ok bool) {
	digits := func(at int) (int, int, bool) {
		stop := at
		for stop > 0 && space(f.data[stop-1]) && at-stop < 8 {
			stop--
		}
		n := stop
		for n > 0 && f.data[n-1] >= '0' && f.data[n-1] <= '9' && stop-n < 10 {
			n--
		}
		value := 0
		for _, c := range f.data[n:stop] {
			value = value*10 + int(c-'0')
		}
		return n, value, n < stop && stop <= at
	}
	genAt, gen, ok := digits(at)
	if !ok {
		return 0, 0, 0, false
	}
	start, num, ok = digits(genAt)
	return start, num, gen, ok && start < genAt-1 && num > 0
}
