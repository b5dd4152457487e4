package seeds

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// pack is a document that is a zip archive of parts. Its entries are only looked up by name: nothing is written anywhere,
// and a name is never a path.
type pack struct {
	parts map[string]*zip.File // by name in lower case, with slashes
	left  int64                // bytes that may still be unpacked
}

var errPassword = errors.New("the document is protected by a password: save it without one")

// openPack reads the list of the parts.
func openPack(data []byte) (*pack, error) {
	if !bytes.HasPrefix(data, []byte("PK")) {
		return nil, errors.New("it is no zip archive, as such a document is: the file is damaged or has a wrong name")
	}
	if n := bytes.Count(data, []byte("PK\x01\x02")); n > maxParts {
		return nil, fmt.Errorf("the zip archive has %d entries, more than %d", n, maxParts)
	}
	r, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, fmt.Errorf("open the zip archive: %w: the file is damaged or cut", err)
	}
	p := &pack{parts: make(map[string]*zip.File), left: maxUnpacked}
	for _, f := range r.File {
		name := partName(f.Name)
		if p.parts[name] != nil {
			return nil, fmt.Errorf("the zip archive has two parts %s: which is meant cannot be known", shortName(name))
		}
		p.parts[name] = f
	}
	return p, nil
}

// partName is what two spellings of the name of a part have in common.
func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

// shortName is a name from the report, fit for an error.
func shortName(name string) string {
	const longest = 100
	return fmt.Sprintf("%q", name[:min(len(name), longest)])
}

// partAt resolves a target that a part names.
func partAt(from, target string) string {
	if strings.HasPrefix(target, "/") {
		return path.Clean(target)[1:]
	}
	return path.Join("/", path.Dir(from), target)[1:]
}

func (p *pack) has(name string) bool { return p.parts[partName(name)] != nil }

// open opens a part; ok is false if there is none of that name.
func (p *pack) open(name string) (r io.ReadCloser, ok bool, err error) {
	f := p.parts[partName(name)]
	if f == nil {
		return nil, false, nil
	}
	if f.Flags&1 != 0 {
		return nil, true, errPassword
	}
	rc, err := f.Open()
	if err != nil {
		return nil, true, fmt.Errorf("open part %s: %w", shortName(name), err)
	}
	return &unpacked{pack: p, from: rc, most: max(freeRatio, int64(min(f.CompressedSize64, MaxSize))*maxRatio)}, true, nil
}

// unpacked reads a part within the bounds of its pack.
type unpacked struct {
	pack *pack
	from io.ReadCloser
	most int64 // bytes that may still come
}

func (u *unpacked) Read(b []byte) (int, error) {
	n, err := u.from.Read(b[:min(int64(len(b)), u.pack.left+1)])
	if u.most -= int64(n); u.most < 0 {
		return 0, fmt.Errorf("it unpacks to more than %d times its size", maxRatio)
	}
	if u.pack.left -= int64(n); u.pack.left < 0 {
		return 0, fmt.Errorf("more than %d bytes are unpacked: split the report", maxUnpacked)
	}
	return n, err
}

func (u *unpacked) Close() error { return u.from.Close() }

// readAll reads a small part as a whole.
func (p *pack) readAll(name string) ([]byte, error) {
	r, ok, err := p.open(name)
	if err != nil || !ok {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	data, err := io.ReadAll(io.LimitReader(r, 1<<20))
	if err != nil {
		return nil, fmt.Errorf("read part %s: %w", shortName(name), err)
	}
	return data, nil
}

// read reads the XML of a part; a part that is missing is empty.
func (p *pack) read(name string, root func(*part, element) error) error {
	r, ok, err := p.open(name)
	if err != nil || !ok {
		return err
	}
	defer func() { _ = r.Close() }()
	return readXML(name, r, root)
}
