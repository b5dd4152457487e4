package seeds

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// This file has what a LaTeX report takes from other files.

// texFiles are the texts and bibliographies that a LaTeX report, or a text of it, names.
func texFiles(data []byte) []string {
	src, err := decode(data, "")
	if err != nil {
		return nil
	}
	scan, err := scanTeX(src, true)
	if err != nil {
		return nil
	}
	l := &latex{texScan: scan, src: src}
	var names []string
	for _, at := range l.others {
		if named, bibliography := l.named(at); bibliography || at >= l.bodyStart { // what is before the text is macros
			names = append(names, named...)
		}
	}
	return names
}

// named are the files that the command at a place names, as paths in the report's directory: a text, or bibliographies. One
// that lies elsewhere is named as it is written.
func (l *latex) named(at int) (names []string, bibliography bool) {
	const longest, most = 10_000, 100 // bytes, names
	command, end := texName(l.src.text, at)
	bibliography = command == "bibliography" || command == "addbibresource"
	from, to, _, ok := l.group(l.skip(end, 0), '{')
	if !ok || to-from > longest || strings.ContainsAny(l.src.text[from:to], "\\#") {
		return nil, bibliography
	}
	if !bibliography {
		return []string{texFile(l.src.text[from:to])}, false
	}
	for name := range strings.SplitSeq(l.src.text[from:to], ",") {
		if name = strings.TrimSpace(name); name == "" || len(names) == most {
			continue
		}
		if !strings.HasSuffix(name, ".bib") {
			name += ".bib"
		}
		names = append(names, path.Clean(name))
	}
	return names, true
}

// texFile is the path of a text that is named by \input and its kin.
func texFile(name string) string {
	name = strings.TrimSpace(name)
	switch path.Ext(name) {
	case ".tex", ".ltx", ".bbl":
	default:
		name += ".tex"
	}
	return path.Clean(name)
}

// texInput is text[from:to] of a file that is read where it is named first; where it is named again it is passed over, and so
// no text is read within itself.
type texInput struct {
	from, to int
	done     bool
}

// include reads a text that \input, \include or \subfile names; ok is false if it is not there.
func (l *latex) include(name string, i, end int) (next int, ok bool) {
	if name != "input" && name != "include" && name != "subfile" || l.flat {
		return i, false
	}
	names, _ := l.named(i)
	if len(names) == 0 || l.inputs[names[0]] == nil {
		return i, false
	}
	_, _, next, _ = l.group(l.skip(end, 0), '{')
	in := l.inputs[names[0]]
	if in.done {
		return next, true
	}
	in.done = true
	if name == "input" {
		l.space(i, end, true)
	} else {
		l.paragraph()
	}
	l.run(in.from, in.to)
	if name != "input" {
		l.paragraph()
	}
	return next, true
}

// scanTexts looks over the report and the texts that belong to it, which are the first parts of all.
func (l *latex) scanTexts(all *source, texts int) error {
	for i := range texts {
		one, err := scanTeXFrom(all.upTo(i), all.parts[i].at, true)
		if i == 0 {
			l.texScan = one
			if err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return fmt.Errorf("%s: %w", all.parts[i].name, err)
		}
		if l.pairs = append(l.pairs, one.pairs...); len(l.pairs) > maxGroups {
			return fmt.Errorf("%s: more than %d braces and brackets up to here: split the report", all.parts[i].name, maxGroups)
		}
		l.bibitems, l.others = append(l.bibitems, one.bibitems...), append(l.others, one.others...)
		l.footnotes, l.endnotes = l.footnotes || one.footnotes, l.endnotes || one.endnotes
		l.inputs[all.parts[i].name] = &texInput{from: max(one.bodyStart, all.parts[i].at), to: one.bodyEnd}
	}
	l.all, l.none = l.src.text, make(map[string]bool)
	return nil
}

// unread counts the bibliographies that are named and not read with the report.
func (l *latex) unread() int {
	count := 0
	for _, at := range l.others {
		names, bibliography := l.named(at)
		for _, name := range names {
			if bibliography && !l.files[name] {
				count++
			}
		}
	}
	return count
}

// openBibliographies looks for the keys of the bibliographies, which are the parts of all from the first on, so that they can be
// cited.
func (l *latex) openBibliographies(all *source, first int) ([]*bibtex, error) {
	var opened []*bibtex
	groups := len(l.pairs)
	for i := first; i < len(all.parts); i++ {
		src, from := all.upTo(i), all.parts[i].at
		scan, err := scanTeXFrom(src, from, false)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", all.parts[i].name, err)
		}
		if groups += len(scan.pairs); groups > maxGroups {
			return nil, fmt.Errorf("%s: more than %d braces and brackets up to here: split the report", all.parts[i].name, maxGroups)
		}
		b := &bibtex{t: src.text, from: from, strings: make(map[string]string)}
		b.latex = &latex{
			fluent: fluent{writer: l.writer, marks: l.fluent.marks, root: -1}, texScan: scan, src: src,
			macros: make(map[string]string), expanded: l.expanded, percent: true,
		}
		b.want = func(key string) (string, bool) {
			if _, ok := l.notes.entries[key]; !ok {
				l.notes.entries[key] = l.notes.unique(short(key))
			}
			return "", false
		}
		b.items(from)
		b.want = func(key string) (string, bool) {
			label := l.notes.entries[key]
			if !l.notes.cited[label] || l.notes.written[label] {
				return "", false
			}
			l.notes.written[label] = true
			return label, true
		}
		opened = append(opened, b)
	}
	return opened, nil
}

// external says what other files the report is made of: they are not read.
func (l *latex) external() {
	const most = 100 // findings
	keys := l.notes.missing
	slices.Sort(keys)
	keys = slices.Compact(keys)
	for _, at := range l.others {
		_, end := texName(l.src.text, at)
		from, to, next, ok := l.group(l.skip(end, 0), '{')
		if !ok || to == from || len(l.doc.findings) == most || strings.ContainsAny(l.src.text[from:to], "\\#") {
			continue
		}
		file := short(l.src.text[from:to])
		f := Finding{Rule: RuleFileUnread, Level: LevelWarning, Position: l.src.position(at, next)}
		names, bibliography := l.named(at)
		switch {
		case !bibliography:
			if at < l.bodyStart || len(names) > 0 && l.files[names[0]] {
				continue // macros, or read
			}
			f.Message = fmt.Sprintf("%s is a file of its own, which is not read with this one: give it as well", file)
		case len(keys) == 0:
			continue
		default:
			missing := slices.DeleteFunc(names, func(file string) bool { return l.files[file] })
			if len(missing) == 0 {
				continue
			}
			file = short(strings.Join(missing, ", "))
			what := shown(keys[0]) + " is cited from"
			if len(keys) > 1 {
				what = fmt.Sprintf("%d keys, such as %s, are cited from", len(keys), shown(keys[0]))
			}
			f.Message = fmt.Sprintf("%s %s, which is not read with this file: give it as well, or put it beside the report", what, file)
			keys = nil
		}
		l.doc.findings = append(l.doc.findings, f)
	}
}
