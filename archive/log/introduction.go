package log

import (
	"fmt"
	"strings"
)

// maxIntroduction bounds an introduction in bytes: two keys, a tree, two
// signatures.
const maxIntroduction = 4 << 10

// Introduction says from which tree on a new key signs the checkpoints of a log
// instead of an old one. It is stored under log/introductions/<id of the new key>
// and never changes. It is a note signed by both keys; if the old one is lost, by
// the new one alone.
type Introduction struct {
	Size int64 // the new key signs what comes after this tree
	Root Hash
	Old  *Verifier
	New  *Verifier
	Lost bool
	// Note is the signed note.
	Note []byte
}

const introductionVersion = "ibid log key 1"

func introductionName(origin string) string { return origin + "/keys" }

func (i Introduction) text() string {
	reason := "rotated"
	if i.Lost {
		reason = "lost"
	}
	return introductionName(i.New.origin) + "\n" + introductionVersion +
		"\ntree " + treeLines(tree{i.Size, i.Root}, " ") +
		"\nold " + i.Old.String() + "\nnew " + i.New.String() + "\nreason " + reason + "\n"
}

// introduce signs the introduction of a new key; old is nil when it is lost.
func introduce(t tree, was *Verifier, old, key *Signer) (Introduction, error) {
	i := Introduction{Size: t.size, Root: t.root, Old: was, New: key.public, Lost: old == nil}
	if was.origin != i.New.origin {
		return i, fmt.Errorf("key %s of %s: %w", i.New.ID(), i.New.origin, ErrOrigin)
	}
	signers := []*Signer{key}
	if old != nil {
		signers = []*Signer{old, key}
	}
	var err error
	i.Note, err = sign(i.text(), introductionName(was.origin), signers...)
	return i, err
}

// ParseIntroduction reads a signed introduction and checks its signatures by the
// keys that it names, which says nothing about whether they are to be trusted.
func ParseIntroduction(b []byte) (Introduction, error) {
	if len(b) > maxIntroduction {
		return Introduction{}, fmt.Errorf("an introduction of %d bytes: %w", len(b), ErrDamaged)
	}
	text, _, err := noteSigners(b, "")
	if err != nil {
		return Introduction{}, err
	}
	i, err := parseIntroductionText(text)
	if err != nil {
		return Introduction{}, err
	}
	keys := []*Verifier{i.Old, i.New}
	if i.Lost {
		keys = keys[1:]
	}
	if i.text() != text || strings.Count(string(b), "\n") != strings.Count(text, "\n")+1+len(keys) {
		return Introduction{}, fmt.Errorf("the introduction isn't in its normal form: %w", ErrDamaged)
	}
	if _, err := openNote(b, introductionName(i.New.origin), keys...); err != nil {
		return Introduction{}, err
	}
	i.Note = b
	return i, nil
}

func parseIntroductionText(text string) (i Introduction, err error) {
	f, err := fields(text, "", introductionVersion, "tree ", "old ", "new ", "reason ")
	if err != nil {
		return i, err
	}
	t, err := parseTree(f[2], " ")
	if err != nil {
		return i, err
	}
	i.Size, i.Root = t.size, t.root
	if i.Old, err = ParseVerifier(f[3]); err != nil {
		return i, err
	}
	if i.New, err = ParseVerifier(f[4]); err != nil {
		return i, err
	}
	if i.Old.origin != i.New.origin || i.Old.String() == i.New.String() {
		return i, fmt.Errorf("the introduction of %s to %s: %w", i.New, i.Old, ErrOrigin)
	}
	i.Lost = f[5] == "lost"
	return i, nil
}

// fields returns what follows the given beginnings of the lines of text, which
// has no other lines.
func fields(text string, names ...string) ([]string, error) {
	lines := strings.SplitN(text, "\n", len(names)+1)
	if len(lines) != len(names)+1 || lines[len(names)] != "" {
		return nil, fmt.Errorf("a text that hasn't %d lines: %w", len(names), ErrDamaged)
	}
	for n, name := range names {
		rest, ok := strings.CutPrefix(lines[n], name)
		if !ok {
			return nil, fmt.Errorf("line %d doesn't begin with %q: %w", n+1, name, ErrDamaged)
		}
		lines[n] = rest
	}
	return lines[:len(names)], nil
}
