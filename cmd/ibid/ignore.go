package main

import (
	"bufio"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/bmatcuk/doublestar/v4"
)

// ignoreRule is one line of a .gitignore.
type ignoreRule struct {
	base    string // directory of the file, absolute, with slashes
	pattern string // as doublestar reads it
	name    bool   // the pattern is that of a name, in whatever directory below base
	dirs    bool   // only directories are meant
	include bool   // what an earlier rule ignores is not ignored
}

// ignoring are rules in the order in which they were read; the last one that matches decides.
type ignoring []ignoreRule

// maxIgnoreFile bounds a .gitignore in bytes.
const maxIgnoreFile = 1 << 20

// below adds the rules of the .gitignore in a directory, which its caller knows to be absolute. The rules of the
// directories around stay as they are.
func (rules ignoring) below(dir string) (ignoring, error) {
	return rules.file(filepath.Join(dir, ".gitignore"), dir)
}

// file adds the rules of one file for what lies below base.
func (rules ignoring) file(name, base string) (ignoring, error) {
	info, err := os.Stat(name)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) || err == nil && !info.Mode().IsRegular() {
		return rules, nil
	}
	if err != nil {
		return rules, err
	}
	data, err := readFile(name, maxIgnoreFile)
	if err != nil {
		return rules, err
	}
	added := rules[:len(rules):len(rules)]
	lines := bufio.NewScanner(bytes.NewReader(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))))
	lines.Buffer(nil, maxIgnoreFile+1)
	for lines.Scan() {
		if r, ok := parseIgnore(lines.Text()); ok {
			r.base = filepath.ToSlash(base)
			added = append(added, r)
		}
	}
	return added, lines.Err()
}

// parseIgnore reads one line (gitignore(5)); ok is false if it is none, or no pattern.
func parseIgnore(line string) (r ignoreRule, ok bool) {
	line = strings.TrimSuffix(line, "\r")
	for strings.HasSuffix(line, " ") && !strings.HasSuffix(line, `\ `) {
		line = line[:len(line)-1]
	}
	if line == "" || line[0] == '#' {
		return r, false
	}
	line, r.include = strings.CutPrefix(line, "!")
	line, r.dirs = strings.CutSuffix(line, "/")
	r.name = !strings.Contains(line, "/")
	line = strings.TrimPrefix(line, "/")
	if inner, below := strings.CutSuffix(line, "/**"); below {
		line = inner + "/**/*" // what lies in a directory, and not itself
	}
	r.pattern = literalBraces(line)
	return r, line != "" && doublestar.ValidatePattern(r.pattern)
}

// literalBraces escapes braces, which mean nothing in a .gitignore.
func literalBraces(pattern string) string {
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '\\' && i+1 < len(pattern):
			i++
			b.WriteByte(c)
			b.WriteByte(pattern[i])
		case c == '{' || c == '}':
			b.WriteByte('\\')
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// ignores tells whether a file or directory is ignored by itself; path is absolute. Whoever walks does not look into a
// directory that is.
func (rules ignoring) ignores(path string, dir bool) bool {
	path = filepath.ToSlash(path)
	for i := len(rules) - 1; i >= 0; i-- {
		r := rules[i]
		rest, ok := strings.CutPrefix(path, strings.TrimSuffix(r.base, "/")+"/")
		if !ok || r.dirs && !dir {
			continue
		}
		if r.name {
			rest = rest[strings.LastIndexByte(rest, '/')+1:]
		}
		if doublestar.MatchUnvalidated(r.pattern, rest) {
			return !r.include
		}
	}
	return false
}

// around reads the rules that hold in a directory: those of its repository, from the root down, or else its own.
func around(dir string) (ignoring, error) {
	root := dir
	for {
		if _, err := os.Stat(filepath.Join(root, ".git")); err == nil {
			break
		}
		up := filepath.Dir(root)
		if up == root {
			return ignoring(nil).below(dir)
		}
		root = up
	}
	rules, err := ignoring(nil).file(filepath.Join(root, ".git", "info", "exclude"), root)
	if err != nil {
		return nil, err
	}
	if rules, err = rules.below(root); err != nil {
		return nil, err
	}
	rest, err := filepath.Rel(root, dir)
	if err != nil || rest == "." {
		return rules, err
	}
	at := root
	for name := range strings.SplitSeq(filepath.ToSlash(rest), "/") {
		at = filepath.Join(at, name)
		if rules, err = rules.below(at); err != nil {
			return nil, err
		}
	}
	return rules, nil
}
