package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/ibid-archive/ibid/seeds"
)

// wanted is a report to read.
type wanted struct {
	path  string // names it
	file  string // where it lies; the path, unless that is relative to another directory
	found bool   // in a directory or by a pattern, and not named itself
}

// finder turns the arguments of a command into reports. Of directories it takes the files that are reports by their
// name, and of patterns the files that match; both in the order of their names, without hidden files, what .gitignore
// names, and symbolic links.
type finder struct {
	dir  string // what relative paths are relative to; "" for the working directory
	all  []wanted
	seen map[string]bool
}

// add takes one argument. A file is what it names even if its name looks like a pattern.
func (f *finder) add(arg string) error {
	if onTheWeb(arg) || arg == "-" {
		f.take(arg, false)
		return nil
	}
	info, err := os.Stat(f.at(arg))
	switch {
	case err == nil && !info.IsDir():
		f.take(filepath.Clean(arg), false)
		return nil
	case err == nil:
		return f.walk(filepath.Clean(arg), arg+": no report is in it that is neither hidden nor ignored by .gitignore; name the files", -1, seeds.Known)
	case !patterned(arg):
		f.take(filepath.Clean(arg), false) // who opens it says why not
		return nil
	}
	pattern := filepath.ToSlash(filepath.Clean(arg))
	if !doublestar.ValidatePattern(pattern) {
		return fmt.Errorf("%s: no such file, and not a pattern that can be read", arg)
	}
	base, rest := doublestar.SplitPattern(pattern)
	depth := strings.Count(rest, "/")
	if strings.Contains(rest, "**") || strings.Contains(rest, "{") {
		depth = -1
	}
	return f.walk(filepath.FromSlash(base), arg+": no file matches that is neither hidden nor ignored by .gitignore", depth, func(path string) bool {
		return doublestar.MatchUnvalidated(pattern, filepath.ToSlash(path))
	})
}

// patterned tells a name that is a pattern, unless there is a file with that name.
func patterned(name string) bool { return strings.ContainsAny(name, "*?[{") }

// at is where the file with a path lies.
func (f *finder) at(path string) string {
	if f.dir == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(f.dir, path)
}

func (f *finder) take(path string, found bool) {
	if f.seen[path] {
		return
	}
	if f.seen == nil {
		f.seen = make(map[string]bool)
	}
	f.seen[path] = true
	f.all = append(f.all, wanted{path, f.at(path), found})
}

// walk takes the files below a directory that are accepted, at most depth directories down if it is not negative; if
// there are none it is an error, and none says so. The directory itself was named, even if it is hidden or ignored.
func (f *finder) walk(dir, none string, depth int, accept func(path string) bool) error {
	absolute, err := filepath.Abs(f.at(dir))
	if err != nil {
		return err
	}
	if absolute, err = filepath.EvalSymlinks(absolute); err != nil {
		return err
	}
	rules, err := around(absolute)
	if err != nil {
		return err
	}
	found, err := f.below(dir, absolute, depth, rules, accept)
	if err == nil && found == 0 {
		err = errors.New(none)
	}
	return err
}

// below walks one directory; absolute is where it lies. It returns how many files were accepted.
func (f *finder) below(dir, absolute string, depth int, rules ignoring, accept func(string) bool) (found int, err error) {
	entries, err := os.ReadDir(absolute)
	if err != nil {
		return 0, err
	}
	slices.SortFunc(entries, func(a, b os.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	for _, e := range entries {
		path, at := filepath.Join(dir, e.Name()), filepath.Join(absolute, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), "."), rules.ignores(at, e.IsDir()):
		case e.IsDir() && depth != 0:
			inner, err := rules.below(at)
			if err != nil {
				return found, err
			}
			n, err := f.below(path, at, depth-1, inner, accept)
			if found += n; err != nil {
				return found, err
			}
		case e.Type().IsRegular() && accept(path):
			found++
			f.take(path, true)
		}
	}
	return found, nil
}

// media tells files of pictures, sound, films and fonts by their first bytes, so that they need not be read.
func media(head []byte) bool {
	kind, _, _ := strings.Cut(http.DetectContentType(head), "/")
	return kind == "image" || kind == "video" || kind == "audio" || kind == "font"
}
