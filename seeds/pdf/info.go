package pdf

import (
	"bytes"
	"encoding/xml"
	"strings"
)

// Info is what a file says of itself.
type Info struct {
	Title    string
	Authors  []string
	Created  string // 2022-05-03, or a part of it from the left
	Language string
}

// Info reads the XMP metadata, and what it lacks from the older information dictionary.
func (f *File) Info() Info {
	var i Info
	root, old := f.dict(f.trailer["Root"]), f.dict(f.trailer["Info"])
	if s, ok := f.resolve(root["Metadata"]).(stream); ok {
		if data, err := f.decode(s); err == nil {
			i.readXMP(data)
		}
	}
	if i.Title == "" {
		i.Title = decodeText(f.text(old["Title"]))
	}
	if len(i.Authors) == 0 {
		if a := decodeText(f.text(old["Author"])); a != "" {
			i.Authors = []string{a}
		}
	}
	if i.Created == "" {
		i.Created = day(decodeText(f.text(old["CreationDate"])))
	}
	if lang := decodeText(f.text(root["Lang"])); lang != "" {
		i.Language = lang
	}
	return i
}

// readXMP reads dc:title, dc:creator, dc:language and xmp:CreateDate.
func (i *Info) readXMP(data []byte) {
	const longest, deepest = 1 << 20, 100
	d := xml.NewDecoder(bytes.NewReader(data[:min(len(data), longest)]))
	d.Strict = false
	var path []string
	within := func(element string) bool {
		for _, p := range path {
			if p == element {
				return true
			}
		}
		return false
	}
	for {
		t, err := d.Token()
		if err != nil {
			return
		}
		switch t := t.(type) {
		case xml.StartElement:
			if len(path) == deepest {
				return
			}
			path = append(path, t.Name.Local)
			for _, a := range t.Attr {
				if a.Name.Local == "CreateDate" && i.Created == "" {
					i.Created = day(a.Value)
				}
			}
		case xml.EndElement:
			if len(path) > 0 {
				path = path[:len(path)-1]
			}
		case xml.CharData:
			text := strings.TrimSpace(string(t))
			switch {
			case text == "":
			case within("title") && i.Title == "":
				i.Title = text
			case within("creator") && len(i.Authors) < 200:
				i.Authors = append(i.Authors, text)
			case within("language") && i.Language == "":
				i.Language = text
			case within("CreateDate") && i.Created == "":
				i.Created = day(text)
			}
		}
	}
}

// day reads a date of PDF, D:20220503…, or of XMP, 2022-05-03….
func day(s string) string {
	s = strings.TrimPrefix(strings.TrimSpace(s), "D:")
	digits := func(n int) string {
		if len(s) < n || strings.Trim(s[:n], "0123456789") != "" {
			return ""
		}
		d := s[:n]
		s = strings.TrimPrefix(s[n:], "-")
		return d
	}
	out := digits(4)
	if out < "1900" || out > "2999" {
		return ""
	}
	for _, bound := range []string{"12", "31"} {
		part := digits(2)
		if part < "01" || part > bound {
			break
		}
		out += "-" + part
	}
	return out
}
