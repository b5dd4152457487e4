package log

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

const seenName = "seen"

// Seen returns the checkpoint that [KeyDir.Remember] kept for the log named
// origin, or nil. It is meant for Config.Seen.
func (d KeyDir) Seen(origin string) ([]byte, error) {
	name := filepath.Join(d.path(origin), seenName)
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read remembered checkpoint: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxNote+1))
	if err != nil {
		return nil, fmt.Errorf("read remembered checkpoint: %w", err)
	}
	return b, nil
}

// Remember keeps a checkpoint beside the keys of its log, in the file "seen", so
// that a later process on this machine notices when the store was rolled back
// behind it. It replaces an older one and leaves a newer one; of two processes
// that do so at once, the older may win, which only makes the memory shorter.
func (d KeyDir) Remember(c Checkpoint) error {
	b, err := d.Seen(c.Origin)
	if err != nil {
		return err
	}
	if text, _, err := noteSigners(b, ""); err == nil {
		if _, was, err := parseCheckpointText(text); err == nil && was.size >= c.Size {
			return nil
		}
	}
	if err := replaceFile(d.path(c.Origin), c.Note); err != nil {
		return fmt.Errorf("remember checkpoint of %s: %w", c.Origin, err)
	}
	return nil
}

// replaceFile writes the file "seen" in dir, whole or not at all.
func replaceFile(dir string, b []byte) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".seen-*")
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, seenName))
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncDir(dir)
}
