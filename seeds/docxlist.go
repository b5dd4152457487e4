package seeds

import (
	"strconv"
	"strings"
)

// docxLists are the lists of a document, which are numbered when they are shown: ECMA-376 part 1 section 17.9.
type docxLists struct {
	kinds map[string]*docxListKind
	lists map[string]*docxList
}

const docxLevels = 9

// docxListKind says how the lists of a kind look; they go on counting from each other.
type docxListKind struct {
	levels [docxLevels]docxLevel
	counts [docxLevels]int
	used   [docxLevels]bool
}

// docxLevel has the number of an item in text as %1 for the first level.
type docxLevel struct {
	format, text string
	start        int
}

// docxList is a list, which may begin to count anew.
type docxList struct {
	kind  string
	start map[int]int // by level
	begun bool
}

func (l *docxLists) read(p *part, _ element) error {
	l.kinds, l.lists = make(map[string]*docxListKind), make(map[string]*docxList)
	return p.each(func(e element) error {
		switch {
		case e.space == "w" && e.name == "abstractNum":
			k := &docxListKind{}
			l.kinds[e.attr("w", "abstractNumId")] = k
			return p.each(func(e element) error {
				if level := listLevel(e); e.name == "lvl" && level >= 0 {
					k.levels[level].start = 1
					return k.levels[level].read(p)
				}
				return nil
			}, nil)
		case e.space == "w" && e.name == "num":
			list := &docxList{start: make(map[int]int)}
			l.lists[e.attr("w", "numId")] = list
			return p.each(func(e element) error { return list.read(p, e) }, nil)
		}
		return nil
	}, nil)
}

// listLevel is the level that an element is about, -1 if there is none such.
func listLevel(e element) int {
	n, err := strconv.Atoi(e.attr("w", "ilvl"))
	if err != nil || n < 0 || n >= docxLevels {
		return -1
	}
	return n
}

func (l *docxLevel) read(p *part) error {
	return p.each(func(e element) error {
		switch value := e.attr("w", "val"); e.name {
		case "start":
			l.start, _ = strconv.Atoi(value)
		case "numFmt":
			l.format = value
		case "lvlText":
			l.text = value
		}
		return nil
	}, nil)
}

func (l *docxList) read(p *part, e element) error {
	switch e.name {
	case "abstractNumId":
		l.kind = e.attr("w", "val")
	case "lvlOverride":
		level := listLevel(e)
		return p.each(func(e element) error {
			if n, err := strconv.Atoi(e.attr("w", "val")); e.name == "startOverride" && err == nil && level >= 0 {
				l.start[level] = n
			}
			return nil
		}, nil)
	}
	return nil
}

// next counts an item and returns its number as shown, with a blank behind it; nothing for a bullet.
func (l *docxLists) next(i docxItem) string {
	list := l.lists[i.list]
	if list == nil || i.level < 0 || i.level >= docxLevels {
		return ""
	}
	k := l.kinds[list.kind]
	if k == nil {
		return ""
	}
	if !list.begun {
		list.begun = true
		for level, start := range list.start {
			k.counts[level], k.used[level] = start-1, true
		}
	}
	if !k.used[i.level] {
		k.counts[i.level], k.used[i.level] = k.levels[i.level].start-1, true
	}
	k.counts[i.level]++
	for deeper := i.level + 1; deeper < docxLevels; deeper++ {
		k.used[deeper] = false
	}
	level := k.levels[i.level]
	if level.format == "bullet" || level.format == "none" || !strings.Contains(level.text, "%") {
		return ""
	}
	text := around(level.text)
	for n := range i.level + 1 {
		text = strings.ReplaceAll(text, "%"+strconv.Itoa(n+1), numberFormat(max(k.counts[n], 0), k.levels[n].format))
	}
	return text + " "
}

// around bounds what stands around a number.
func around(text string) string {
	const longest = 40 // bytes
	return strings.ToValidUTF8(text[:min(len(text), longest)], "")
}
