package seeds

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// BundleType is the media type of a report that [Gather] put together with files that belong to it: a tar archive (POSIX
// pax) with the report first. The bytes of every file stand in it as they are, and positions count from its beginning.
const BundleType = "application/vnd.ibid.latex+tar"

const (
	maxBundled = 20      // files beside the report
	maxNamed   = 1000    // files that are looked for
	bundledAs  = "file " // what the places begin with that are in one of them
)

// Gather finds the texts and bibliographies that a LaTeX report names by \input, \include, \bibliography and the like and that
// lie in its directory or below, and puts them into one bundle with it, to be read by [ReadTyped] with [BundleType]. A report of
// another format, or without such files, is returned as it is, with no media type. dir is to keep links within itself, as that of an
// os.Root does. What is no file of a size that can be read is left out; reading says so.
func Gather(name string, data []byte, dir fs.FS) (gathered []byte, mediaType string) {
	if f, err := formatOf(name, "", data); err != nil || f.name != "latex" || len(data) > MaxSize {
		return data, ""
	}
	files := []bundled{{name: path.Base(strings.ReplaceAll(name, `\`, "/")), data: data}}
	var bibliographies []bundled
	left, seen := MaxSize-len(data), make(map[string]bool)
	for wanted := texFiles(data); len(wanted) > 0 && len(files)+len(bibliographies) <= maxBundled && len(seen) < maxNamed; {
		w := wanted[0]
		wanted = wanted[1:]
		if seen[w] || !fs.ValidPath(w) { // the latter is outside of the directory
			continue
		}
		seen[w] = true
		found, err := readBundled(dir, w, left)
		if err != nil {
			continue // reading says so
		}
		left -= len(found) + 3*bundleBlock
		if strings.HasSuffix(w, ".bib") {
			bibliographies = append(bibliographies, bundled{name: w, data: found})
			continue
		}
		files = append(files, bundled{name: w, data: found})
		wanted = append(wanted, texFiles(found)...)
	}
	if files = append(files, bibliographies...); len(files) == 1 {
		return data, ""
	}
	gathered, err := bundle(files)
	if err != nil || len(gathered) > MaxSize {
		return data, ""
	}
	return gathered, BundleType
}

// bundled is one file of a bundle, whose data begins at offset of it.
type bundled struct {
	name   string
	data   []byte
	offset int
}

// readBundled reads a regular file of at most limit bytes.
func readBundled(dir fs.FS, name string, limit int) ([]byte, error) {
	info, err := fs.Stat(dir, name) // before it is opened: that could wait for ever
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > int64(limit) {
		return nil, fmt.Errorf("%s: no file of at most %d bytes", name, limit)
	}
	f, err := dir.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, int64(limit)+1))
	if err == nil && len(data) > limit {
		err = fmt.Errorf("%s: more than %d bytes", name, limit)
	}
	return data, err
}

const bundleBlock = 512

// bundle writes files as a tar archive that says nothing but their names: the same files are the same bytes.
func bundle(files []bundled) ([]byte, error) {
	var b bytes.Buffer
	size := 2 * bundleBlock
	for _, f := range files {
		size += len(f.data) + 2*bundleBlock
	}
	b.Grow(size)
	w := tar.NewWriter(&b)
	for _, f := range files {
		if err := w.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: f.name, Mode: 0o644, Size: int64(len(f.data))}); err != nil {
			return nil, err
		}
		if _, err := w.Write(f.data); err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return b.Bytes(), err
}

// unbundle finds the files of a bundle: the report, and then what belongs to it.
func unbundle(data []byte) ([]bundled, error) {
	r := bytes.NewReader(data)
	t := tar.NewReader(r)
	var files []bundled
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		at := len(data) - r.Len()
		if err != nil {
			return nil, fmt.Errorf("a report with its files, at byte %d: %w", at, err)
		}
		if h.Typeflag != tar.TypeReg || h.Size < 0 || h.Size > int64(r.Len()) || len(files) > maxBundled {
			return nil, fmt.Errorf("a report with its files, at byte %d: %s is not one of them", at, short(h.Name))
		}
		files = append(files, bundled{name: h.Name, data: data[at : at+int(h.Size)], offset: at})
	}
	if len(files) == 0 {
		return nil, errors.New("a report with its files: there are none")
	}
	return files, nil
}

// textPart is what one file has of a text that was put together; it begins at a line.
type textPart struct {
	at, line int    // in the text
	name     string // empty for the report
}

// joined is the text of a report with those of other files behind it, an empty line before each.
func joined(files []bundled, charset string) (*source, error) {
	all := &source{}
	var text strings.Builder
	for i, f := range files {
		s, err := decode(f.data, charset)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		p := textPart{}
		if i == 0 {
			all.encoding = s.encoding
		} else {
			before := files[i-1]
			end := before.offset + len(before.data)
			for range 2 {
				all.runs = append(all.runs, run{text: text.Len(), raw: end, textStep: 1})
				text.WriteByte('\n')
			}
			p.name = f.name
		}
		p.at = text.Len()
		for _, r := range s.runs {
			all.runs = append(all.runs, run{text: p.at + r.text, raw: f.offset + r.raw, textStep: r.textStep, rawStep: r.rawStep})
		}
		text.WriteString(s.text)
		all.rawSize = f.offset + len(f.data)
		all.parts = append(all.parts, p)
	}
	all.text = text.String()
	all.index()
	for i := range all.parts {
		all.parts[i].line = all.lineAt(all.parts[i].at)
	}
	return all, nil
}

// upTo is the same source up to the end of a part.
func (s *source) upTo(i int) *source {
	end := len(s.text)
	if i+1 < len(s.parts) {
		end = s.parts[i+1].at - 2
	}
	one := *s
	one.text = s.text[:end]
	return &one
}

// partAt is the part in which text[at] stands.
func (s *source) partAt(at int) (textPart, bool) {
	i, found := slices.BinarySearchFunc(s.parts, at, func(p textPart, at int) int { return p.at - at })
	if !found {
		i--
	}
	if i < 0 || i >= len(s.parts) || s.parts[i].name == "" {
		return textPart{}, false
	}
	return s.parts[i], true
}
