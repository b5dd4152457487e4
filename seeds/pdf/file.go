package pdf

import (
	"bytes"
	"errors"
	"slices"
)

const (
	// MaxPages bounds the pages of a file.
	MaxPages = 5000
	// maxUnpacked bounds all streams that are unpacked, and all content that is interpreted, together in bytes.
	maxUnpacked = 256 << 20
	// maxObjects bounds the objects of a file, and maxElements what lies in them.
	maxObjects  = 2 << 20
	maxElements = 8 << 20
)

var errTooLarge = errors.New("the file unpacks to more than is read: split it")

// File is an open PDF file. It is not safe for use by several goroutines.
type File struct {
	data    []byte
	xref    map[int]entry
	trailer dict
	cipher  *crypt

	objects  map[int]any
	loading  map[int]bool
	packed   map[int]*packed
	fonts    map[uintptr]*font
	pages    []node
	numbers  map[ref]int // of pages, by their object
	left     int         // bytes that may still be unpacked
	elements int         // that may still be read
	rebuilt  bool
	stops    []int // where "endstream" stands, once needed
	known    bool  // stops is filled
	names    map[string]any
}

// entry says where an object is: at offset, or as number index in the object stream container.
type entry struct {
	offset, gen      int
	container, index int
}

// packed is an unpacked object stream.
type packed struct {
	data    []byte
	numbers []int
	offsets []int
}

// Open reads the structure of a file; a broken one is put together from what is there. The error says why there is
// nothing to read: no PDF, a password, no pages, or a bound that was passed.
func Open(data []byte) (*File, error) { return OpenWithin(data, maxUnpacked) }

// OpenWithin is Open for whom less than that is enough: what is unpacked and interpreted is at most unpacked bytes, and
// never more than Open allows.
func OpenWithin(data []byte, unpacked int) (*File, error) {
	unpacked = max(0, min(unpacked, maxUnpacked))
	const head = 1024
	start := bytes.Index(data[:min(len(data), head)], []byte("%PDF-"))
	if start < 0 {
		return nil, errors.New("this is no PDF file: it does not begin with %PDF-")
	}
	f := &File{data: data[start:], left: unpacked, elements: maxElements, fonts: make(map[uintptr]*font)}
	f.reset()
	if err := f.readXref(); err != nil {
		return nil, err
	}
	if err := f.openPages(); err != nil {
		return nil, err
	}
	if len(f.pages) == 0 && !f.rebuilt {
		if err := f.rebuild(); err != nil {
			return nil, err
		}
		if err := f.openPages(); err != nil {
			return nil, err
		}
	}
	switch {
	case f.left < 0:
		return nil, errTooLarge
	case f.elements < 0:
		return nil, errors.New("the file holds more objects than are read: split it")
	case len(f.pages) == 0:
		return nil, errors.New("the file has no pages: it is damaged; open it in a viewer and save or print it as a new PDF")
	}
	return f, nil
}

func (f *File) openPages() error {
	f.cipher = nil
	f.forget()
	if err := f.unlock(); err != nil {
		return err
	}
	f.forget() // strings were read before the key was known
	return f.findPages()
}

func (f *File) forget() {
	f.objects, f.loading, f.packed = make(map[int]any), make(map[int]bool), make(map[int]*packed)
}

func (f *File) reset() {
	f.forget()
	f.xref, f.trailer, f.cipher = make(map[int]entry), dict{}, nil
}

// resolve follows references to an object. It is nil if there is none.
func (f *File) resolve(o any) any {
	const chain = 16
	for range chain {
		r, ok := o.(ref)
		if !ok {
			return o
		}
		o = f.load(int(r))
	}
	return nil
}

// load reads an object. Lengths of streams and object streams lead from one object to the next; loading stops a circle.
func (f *File) load(num int) any {
	if o, ok := f.objects[num]; ok {
		return o
	}
	const deepest = 32
	if f.loading[num] || len(f.loading) > deepest {
		return nil
	}
	f.loading[num] = true
	defer delete(f.loading, num)
	e, ok := f.xref[num]
	if !ok {
		return nil
	}
	var o any
	if e.container > 0 {
		o = f.unpack(num, e)
	} else {
		o, ok = f.objectAt(num, e)
		if !ok && !f.rebuilt && f.elements > 0 {
			// The table lies: look for the objects themselves.
			if f.rebuild() == nil {
				if e, ok := f.xref[num]; ok && e.container == 0 {
					o, _ = f.objectAt(num, e)
				}
			}
		}
	}
	f.objects[num] = o
	return o
}

// objectAt reads "num gen obj …".
func (f *File) objectAt(num int, e entry) (any, bool) {
	if e.offset < 0 || e.offset >= len(f.data) {
		return nil, false
	}
	l := lexer{data: f.data, pos: e.offset, refs: true, count: &f.elements}
	if l.token() != num {
		return nil, false
	}
	gen, ok := l.token().(int)
	if !ok || l.token() != keyword("obj") {
		return nil, false
	}
	o := l.object(0)
	if d, ok := o.(dict); ok {
		if raw, ok := f.streamAt(&l, d); ok {
			o = stream{dict: d, raw: raw, num: num, gen: gen}
		}
	}
	if _, ok := o.(keyword); ok {
		o = nil
	}
	if f.cipher != nil {
		o = f.cipher.plain(o, num, gen)
	}
	return o, true
}

// streamAt returns the bytes of a stream whose dictionary was just read.
func (f *File) streamAt(l *lexer, d dict) ([]byte, bool) {
	if l.token() != keyword("stream") {
		return nil, false
	}
	start := l.pos
	if start < len(f.data) && f.data[start] == '\r' {
		start++
	}
	if start < len(f.data) && f.data[start] == '\n' {
		start++
	}
	if length, ok := f.resolve(d["Length"]).(int); ok && length >= 0 && length <= len(f.data)-start {
		after := lexer{data: f.data, pos: start + length}
		after.skip()
		if bytes.HasPrefix(f.data[after.pos:], []byte("endstream")) || bytes.HasPrefix(f.data[after.pos:], []byte("endobj")) {
			return f.data[start : start+length], true
		}
	}
	if !f.known {
		f.known = true
		for at := 0; ; {
			i := bytes.Index(f.data[at:], []byte("endstream"))
			if i < 0 {
				break
			}
			f.stops = append(f.stops, at+i)
			at += i + 1
		}
	}
	i, _ := slices.BinarySearch(f.stops, start)
	if i == len(f.stops) {
		return f.data[min(start, len(f.data)):], true
	}
	return bytes.TrimRight(f.data[start:f.stops[i]], "\r\n"), true
}

// unpack reads an object out of an object stream.
func (f *File) unpack(num int, e entry) any {
	p := f.container(e.container)
	if p == nil {
		return nil
	}
	i := e.index
	if i >= len(p.numbers) || p.numbers[i] != num {
		i = slices.Index(p.numbers, num)
		if i < 0 {
			return nil
		}
	}
	l := lexer{data: p.data, pos: min(p.offsets[i], len(p.data)), refs: true, count: &f.elements}
	o := l.object(0)
	if _, ok := o.(keyword); ok {
		return nil
	}
	return o
}

func (f *File) container(num int) *packed {
	if p, ok := f.packed[num]; ok {
		return p
	}
	f.packed[num] = nil
	s, ok := f.load(num).(stream)
	if !ok {
		return nil
	}
	data, err := f.decode(s)
	if err != nil {
		return nil
	}
	p := &packed{data: data}
	l := lexer{data: data}
	first := int(f.number(s.dict["First"], 0))
	for range min(int(f.number(s.dict["N"], 0)), maxObjects) {
		n, ok := l.token().(int)
		offset, ok2 := l.token().(int)
		if !ok || !ok2 || offset < 0 || first < 0 || offset > len(data) || first > len(data) {
			break
		}
		p.numbers, p.offsets = append(p.numbers, n), append(p.offsets, first+offset)
	}
	f.packed[num] = p
	return p
}

// dict returns a dictionary, that of a stream too; nil if o is none.
func (f *File) dict(o any) dict {
	switch o := f.resolve(o).(type) {
	case dict:
		return o
	case stream:
		return o.dict
	}
	return nil
}

// list returns an array; what is none is one of a single object, and nothing an empty one.
func (f *File) list(o any) array {
	switch o := f.resolve(o).(type) {
	case nil:
		return nil
	case array:
		return o
	default:
		return array{o}
	}
}

func (f *File) name(o any) name {
	n, _ := f.resolve(o).(name)
	return n
}

func (f *File) text(o any) string {
	s, _ := f.resolve(o).(string)
	return s
}

func (f *File) number(o any, otherwise float64) float64 {
	switch n := f.resolve(o).(type) {
	case int:
		return float64(n)
	case float64:
		return n
	}
	return otherwise
}
