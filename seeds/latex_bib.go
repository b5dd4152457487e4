package seeds

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// This file has what a LaTeX report takes from other files.

// texFiles are the bibliographies that a LaTeX report names.
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
		for _, name := range l.named(at) {
			if !slices.Contains(names, name) && len(names) < maxBundled {
				names = append(names, name)
			}
		}
	}
	return names
}

// named are the bibliographies that the command at a place names, as paths in the report's directory; none for another
// command. One that lies elsewhere is named as it is written.
func (l *latex) named(at int) []string {
	const longest, most = 10_000, 100 // bytes, names
	command, end := texName(l.src.text, at)
	if command != "bibliography" && command != "addbibresource" {
		return nil
	}
	from, to, _, ok := l.group(l.skip(end, 0), '{')
	if !ok || to-from > longest {
		return nil
	}
	var names []string
	for name := range strings.SplitSeq(l.src.text[from:to], ",") {
		if name = strings.TrimSpace(name); name == "" || len(names) == most {
			continue
		}
		if !strings.HasSuffix(name, ".bib") {
			name += ".bib"
		}
		names = append(names, path.Clean(name))
	}
	return names
}

// unread counts the bibliographies that are named and not read with the report.
func (l *latex) unread() int {
	count := 0
	for _, at := range l.others {
		for _, name := range l.named(at) {
			if !l.files[name] {
				count++
			}
		}
	}
	return count
}

// openBibliographies looks for the keys of the bibliographies, so that they can be cited.
func (l *latex) openBibliographies(all *source) ([]*bibtex, error) {
	var opened []*bibtex
	groups := len(l.pairs)
	for i := 1; i < len(all.parts); i++ {
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
		name, end := texName(l.src.text, at)
		from, to, next, ok := l.group(l.skip(end, 0), '{')
		if !ok || to == from || len(l.doc.findings) == most || strings.ContainsAny(l.src.text[from:to], "\\#") {
			continue
		}
		file := short(l.src.text[from:to])
		f := Finding{Rule: RuleFileUnread, Level: LevelWarning, Position: l.src.position(at, next)}
		switch {
		case name != "bibliography" && name != "addbibresource":
			if at < l.bodyStart {
				continue // macros
			}
			f.Message = fmt.Sprintf("%s is a file of its own, which is not read with this one: give it as well", file)
		case len(keys) == 0:
			continue
		default:
			missing := slices.DeleteFunc(l.named(at), func(file string) bool { return l.files[file] })
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
