package log

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// maxNote bounds a signed note in bytes.
const maxNote = 1 << 20

// maxSize bounds a tree in entries, so that no index of a hash or tile can
// overflow.
const maxSize = 1 << 54

// sign returns the note with text, signed by each key under name.
func sign(text, name string, keys ...*Signer) ([]byte, error) {
	signers := make([]note.Signer, len(keys))
	for i, k := range keys {
		var err error
		if signers[i], err = k.as(name); err != nil {
			return nil, err
		}
	}
	return note.Sign(&note.Note{Text: text}, signers...)
}

// openNote returns the text of a signed note (C2SP signed-note) that every one
// of keys has signed under name. Signatures by others are passed over. It is
// stricter than the standard in that base64 has one form, so that no bit of a
// signature can change unseen.
func openNote(b []byte, name string, keys ...*Verifier) (string, error) {
	if len(b) > maxNote {
		return "", fmt.Errorf("a signed note of %d bytes: %w", len(b), ErrDamaged)
	}
	list := make([]note.Verifier, len(keys))
	for i, k := range keys {
		var err error
		if list[i], err = k.as(name); err != nil {
			return "", err
		}
	}
	n, err := note.Open(b, note.VerifierList(list...))
	if err != nil {
		var unverified *note.UnverifiedNoteError
		if errors.As(err, &unverified) {
			return "", ErrUnknownKey
		}
		return "", fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	if len(n.Sigs) != len(keys) {
		return "", fmt.Errorf("signed by %d of %d keys: %w", len(n.Sigs), len(keys), ErrUnknownKey)
	}
	for _, sig := range n.Sigs {
		if _, err := base64.StdEncoding.Strict().DecodeString(sig.Base64); err != nil {
			return "", fmt.Errorf("the signature isn't in its normal form: %w", ErrDamaged)
		}
	}
	return n.Text, nil
}

// noteSigners returns the ids of the keys that claim to have signed a note under
// name. Nothing is verified.
func noteSigners(b []byte, name string) (text string, ids []uint32, err error) {
	if len(b) > maxNote {
		return "", nil, fmt.Errorf("a signed note of %d bytes: %w", len(b), ErrDamaged)
	}
	_, err = note.Open(b, nil)
	var unverified *note.UnverifiedNoteError
	if !errors.As(err, &unverified) {
		return "", nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	for _, sig := range unverified.Note.UnverifiedSigs {
		if sig.Name == name {
			ids = append(ids, sig.Hash)
		}
	}
	return unverified.Note.Text, ids, nil
}

// treeLines returns the two lines of a checkpoint that describe a tree, and
// with " " in place of "\n" the value of a field.
func treeLines(t tree, separator string) string {
	return strconv.FormatInt(t.size, 10) + separator + base64.StdEncoding.EncodeToString(t.root[:])
}

func parseTree(s, separator string) (tree, error) {
	size, root, ok := strings.Cut(s, separator)
	n, err := strconv.ParseInt(size, 10, 64)
	h, herr := base64.StdEncoding.Strict().DecodeString(root)
	if !ok || err != nil || herr != nil || len(h) != len(Hash{}) {
		return tree{}, fmt.Errorf("no size and root of a tree: %w", ErrDamaged)
	}
	t := tree{n, Hash(h)}
	if n < 0 || n > maxSize || treeLines(t, separator) != s || n == 0 && t.root != emptyRoot() {
		return tree{}, fmt.Errorf("no size and root of a tree: %w", ErrDamaged)
	}
	return t, nil
}
