package main

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// countingWriter counts what it passes on.
type countingWriter struct {
	w io.Writer
	n int64
}

func (c *countingWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}

// writeWhole has a file written beside name, makes it durable and gives it that
// name: name has the old content or the whole new one. Without force a file that
// is there stays, and that is an error before anything is written.
func writeWhole(name string, force bool, write func(io.Writer) error) error {
	info, err := os.Stat(name)
	switch {
	case err == nil && !info.Mode().IsRegular():
		return usageError("%s is not a regular file", name)
	case err == nil && !force:
		return taken(name)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return &exitError{exitUsage, err}
	}
	dir := filepath.Dir(name)
	temp := filepath.Join(dir, ".ibid-"+rand.Text()+".tmp")
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666) //nolint:gosec // as os.Create: the umask decides
	if err != nil {
		return &exitError{exitUsage, fmt.Errorf("write %s: %w", name, err)}
	}
	defer os.Remove(temp) //nolint:errcheck // it has another name then, or is not needed
	err = write(f)
	if err == nil && info != nil && runtime.GOOS != "windows" {
		err = f.Chmod(info.Mode().Perm()) // as it was
	}
	if err == nil {
		err = f.Sync()
	}
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return err
	}
	if err := rename(temp, name, force); err != nil {
		return err
	}
	return syncDir(dir)
}

// rename gives temp its name. Without force it takes the name from nobody, where
// the file system has links.
func rename(temp, name string, force bool) error {
	if !force {
		err := os.Link(temp, name)
		if err == nil {
			return nil
		}
		if _, there := os.Lstat(name); there == nil || errors.Is(err, fs.ErrExist) {
			return taken(name)
		}
	}
	return os.Rename(temp, name)
}

func taken(name string) error {
	return usageError("%s is there already; --force replaces it, -o names another file", name)
}

// syncDir makes a new name in a directory durable where the system can.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
