package seeds

import (
	"bytes"
	"fmt"
	"strings"
)

// risHead tells RIS by the tag that its first entry begins with.
func risHead(head []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), "\r\n \t"), []byte("TY  - "))
}

// readRIS reads RIS: lines of a tag and a value, from TY to ER.
func readRIS(data []byte, charset string) (*document, error) {
	src, err := decode(data, charset)
	if err != nil {
		return nil, err
	}
	f := newFluent(src)
	var all []sourceField
	label, entries, from, to, open := "", 0, 0, 0, false
	end := func() {
		if !open {
			return
		}
		if label == "" {
			label = fmt.Sprint(entries)
		}
		f.entry(label, from, to, all)
		label, all, open = "", nil, false
	}
	for _, l := range src.lines {
		tag, at := risTag(src.text[l.start():l.end()])
		valueFrom, valueTo := trimmedSpan(src.text, l.start()+at, l.end())
		value := src.text[valueFrom:valueTo]
		switch tag {
		case "":
			continue
		case "TY":
			end()
			entries++
			open, from, to = true, l.start(), valueTo
			continue
		case "ER":
			end()
			continue
		case "ID":
			label = short(value)
			continue
		}
		if field, ok := risField(tag, value); ok && open {
			field.from, field.to = valueFrom, valueTo
			all = append(all, field)
		}
	}
	end()
	return f.document(), nil
}

// risTag reads "UR  - " at the beginning of a line; the value begins at.
func risTag(line string) (tag string, at int) {
	if len(line) < 4 || line[0] < 'A' || line[0] > 'Z' || (line[1] < 'A' || line[1] > 'Z') && (line[1] < '0' || line[1] > '9') || line[2] != ' ' {
		return "", 0
	}
	rest := strings.TrimLeft(line[2:], " ")
	if !strings.HasPrefix(rest, "-") {
		return "", 0
	}
	return line[:2], len(line) - len(rest) + 1
}

// risField tells what a tag says; ok is false if it is not shown.
func risField(tag, value string) (f sourceField, ok bool) {
	f.text = value
	switch tag {
	case "UR", "LK":
		f.role = roleURL
		if strings.ContainsAny(value, " ;\t") {
			f.role = roleRemark // several
		}
	case "L1", "L2", "L3", "L4":
		f.role = roleURL
		return f, hasPrefixFold(value, "http") || hasPrefixFold(value, "www.")
	case "DO":
		f.role = roleDOI
	case "Y2":
		f.role = roleAccess
		f.text = strings.Trim(strings.ReplaceAll(value, "/", "-"), "- ")
	case "AU", "A1", "A2", "ED":
		f.role = roleAuthor
	case "TI", "T1", "CT":
		f.role = roleTitle
	case "N1", "RN":
		f.role = roleRemark
	case "T2", "JO", "JF", "JA", "PB", "PY", "Y1", "DA", "BT":
		f.role = roleOther
		f.text = strings.TrimRight(value, "/")
	default:
		return f, false
	}
	return f, true
}
