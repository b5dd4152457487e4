package wacz

import (
	"bytes"
	"fmt"
	"time"
)

// checkCanonical holds the zip structure of a package of ours to what a Writer
// makes of the same files: bytes that no reader looks at are accounted for, too.
func (v *validator) checkCanonical() error {
	at, _ := time.Parse(time.RFC3339, v.info.Created) // what is no time is not written so either
	if v.info.Created != formatTime(at) {
		v.ps.add(CodeCanonical, DatapackageFile, "created is not a time as we write it: %.60q", v.info.Created)
		return nil
	}
	var size int64
	for _, e := range v.dir.entries {
		if err := v.checkEntry(e, at); err != nil {
			return err
		}
		size += int64(len(e.central))
	}
	end := appendEnd(nil, int64(len(v.dir.entries)), size, v.dir.start)
	if !bytes.Equal(v.dir.raw[size:], end) {
		v.ps.add(CodeCanonical, DirectoryFile, "its end differs from what we write")
	}
	return nil
}

func (v *validator) checkEntry(e *entry, at time.Time) error {
	if e.method != methodStored {
		v.ps.add(CodeCanonical, e.name, "it is compressed, and ours never are")
		return nil
	}
	if !bytes.Equal(e.central, appendCentral(nil, &e.file, at)) {
		v.ps.add(CodeCanonical, e.name, "its entry in the zip directory differs from what we write")
	}
	want := appendLocal(nil, &e.file, at)
	got, err := readAt(v.r, e.offset, min(int64(len(want)), v.dir.start-e.offset))
	if err != nil {
		return fmt.Errorf("read local header of %q: %w", e.name, err)
	}
	if !bytes.Equal(got, want) || e.data != e.offset+int64(len(want)) || e.end != e.data+e.size {
		v.ps.add(CodeCanonical, e.name, "its local header differs from what we write")
	}
	return nil
}
