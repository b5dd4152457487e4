package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// ignoreCases are a .gitignore, a path below its directory (a directory ends in a slash), and whether it is ignored by
// itself.
var ignoreCases = []struct {
	lines, path string
	want        bool
}{
	{"*.log", "a.log", true},
	{"*.log", "x/y/a.log", true},
	{"*.log", "a.log.md", false},
	{"# *.md\n\n", "a.md", false},
	{`\#a.md`, "#a.md", true},
	{`\!a.md`, "!a.md", true},
	{"build/", "build/", true},
	{"build/", "x/build/", true},
	{"build/", "build", false},
	{"/a.md", "a.md", true},
	{"/a.md", "x/a.md", false},
	{"x/a.md", "x/a.md", true},
	{"x/a.md", "y/x/a.md", false},
	{"**/a.md", "a.md", true},
	{"**/a.md", "x/y/a.md", true},
	{"x/**/a.md", "x/a.md", true},
	{"x/**/a.md", "x/y/z/a.md", true},
	{"x/**", "x/a.md", true},
	{"x/**", "x/", false},
	{"x/*", "x/y/", true},
	{"/*.md", "x/a.md", false},
	{"a?.md", "ab.md", true},
	{"a[0-9].md", "a1.md", true},
	{"a[!0-9].md", "a1.md", false},
	{"{a,b}.md", "a.md", false},
	{"{a,b}.md", "{a,b}.md", true},
	{"*.md\n!a.md", "a.md", false},
	{"!a.md\n*.md", "a.md", true},
	{"a.md   ", "a.md", true},
	{"a\\ ", "a ", true},
	{"a.md\r", "a.md", true},
	{"[", "[", false},
	{"/", "a.md", false},
}

func TestIgnores(t *testing.T) {
	for _, tt := range ignoreCases {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, ".gitignore"), []byte(tt.lines+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		rules, err := around(dir)
		if err != nil {
			t.Fatal(err)
		}
		name, isDir := strings.CutSuffix(tt.path, "/")
		if got := rules.ignores(filepath.Join(dir, filepath.FromSlash(name)), isDir); got != tt.want {
			t.Errorf("%q ignores %q: %v, want %v", tt.lines, tt.path, got, tt.want)
		}
	}
}

// TestIgnoresAsGit asks git the same.
func TestIgnoresAsGit(t *testing.T) {
	t.Parallel()
	git, err := exec.LookPath("git")
	if err != nil {
		t.Skip("git is not installed")
	}
	for _, tt := range ignoreCases {
		dir := t.TempDir()
		run := func(args ...string) error {
			cmd := exec.CommandContext(t.Context(), git, args...)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null", "GIT_CEILING_DIRECTORIES="+filepath.Dir(dir))
			return cmd.Run()
		}
		if err := run("init", "-q"); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, ".gitignore"), []byte(tt.lines+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, filepath.FromSlash(tt.path))
		if strings.HasSuffix(tt.path, "/") {
			err = os.MkdirAll(path, 0o700)
		} else if err = os.MkdirAll(filepath.Dir(path), 0o700); err == nil {
			err = os.WriteFile(path, nil, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := run("check-ignore", "-q", "--no-index", strings.TrimSuffix(tt.path, "/")) == nil; got != tt.want {
			t.Errorf("git says of %q and %q: %v, want %v", tt.lines, tt.path, got, tt.want)
		}
	}
}

func FuzzIgnore(f *testing.F) {
	for _, tt := range ignoreCases {
		f.Add(tt.lines, tt.path)
	}
	f.Fuzz(func(t *testing.T, lines, path string) {
		var rules ignoring
		for line := range strings.SplitSeq(lines, "\n") {
			if r, ok := parseIgnore(line); ok {
				r.base = "/base"
				rules = append(rules, r)
			}
		}
		if rules.ignores("/base/"+path, false) && !rules.ignores("/base/"+path, true) {
			t.Fatalf("%q ignores the file %q and no directory of that name", lines, path)
		}
	})
}

// In a worktree or a submodule .git is a file, which names another directory.
func TestIgnoresInWorktree(t *testing.T) {
	root := t.TempDir()
	for name, text := range map[string]string{".git": "gitdir: /elsewhere\n", ".gitignore": "drafts/\n", "docs/.gitignore": "*.txt\n"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	rules, err := around(filepath.Join(root, "docs"))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{"docs/a.txt": true, "docs/a.md": false, "a.txt": false} {
		if got := rules.ignores(filepath.Join(root, path), false); got != want {
			t.Errorf("%s is ignored: %t, want %t", path, got, want)
		}
	}
	if !rules.ignores(filepath.Join(root, "docs", "drafts"), true) {
		t.Error("docs/drafts is not ignored")
	}
}
