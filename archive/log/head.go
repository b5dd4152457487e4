package log

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
)

// A head has one batch, and where lost keys were replaced before it was done a
// few entries more. maxHead bounds it in bytes, with the note.
const (
	maxHanded = 8
	maxHead   = MaxBatchBytes + maxHanded*(2+MaxEntry) + 64<<10
)

const headVersion = "ibid log head 1"

// A head is the intent of one append, and from the moment it is stored the
// decision: the log is then a tree of new.size entries, whatever happens. The
// cell is one line with the length of a signed note, the note, and the batch in
// the form of a bundle.
type head struct {
	old, new tree
	// key signs the checkpoint of new. It also signed this.
	key *Verifier
	// writer makes equal batches of two writers different, 16 hex digits: who
	// isn't told how a swap ended can tell its own.
	writer string
	// introduction is there when key wasn't yet the key of old.
	introduction *Introduction
	batch        [][]byte
}

// headName is the name under which heads are signed. It also is the first line
// of the text, so that no signature of a head fits a checkpoint.
func headName(origin string) string { return origin + "/head" }

func (h *head) text(batch []byte) string {
	introduction := "-"
	if h.introduction != nil {
		introduction = base64.StdEncoding.EncodeToString(h.introduction.Note)
	}
	sum := sha256.Sum256(batch)
	return headName(h.key.origin) + "\n" + headVersion +
		"\nold " + treeLines(h.old, " ") + "\nnew " + treeLines(h.new, " ") +
		"\nkey " + h.key.String() + "\nwriter " + h.writer +
		"\nbatch " + hex.EncodeToString(sum[:]) + "\nintroduction " + introduction + "\n"
}

// encode returns the bytes of the cell.
func (h *head) encode(key *Signer) ([]byte, error) {
	batch := appendBundle(nil, h.batch)
	n, err := sign(h.text(batch), headName(h.key.origin), key)
	if err != nil {
		return nil, err
	}
	b := fmt.Appendf(nil, "%s %d\n", headVersion, len(n))
	return append(append(b, n...), batch...), nil
}

// parseHead reads a head and checks that the key that it names signed it. There
// is one encoding of every head, and no other is read.
func parseHead(b []byte) (*head, error) {
	if len(b) > maxHead {
		return nil, fmt.Errorf("%d bytes: %w", len(b), ErrDamaged)
	}
	line, rest, _ := bytes.Cut(b, []byte("\n"))
	var size int
	if _, err := fmt.Sscanf(string(line[:min(len(line), 64)]), headVersion+" %d", &size); err != nil ||
		string(line) != fmt.Sprintf("%s %d", headVersion, size) || size < 0 || size > len(rest) || size > maxNote {
		return nil, fmt.Errorf("the first line is wrong: %w", ErrDamaged)
	}
	signed, batch := rest[:size], rest[size:]
	text, _, err := noteSigners(signed, "")
	if err != nil {
		return nil, err
	}
	h, err := parseHeadText(text)
	if err != nil {
		return nil, err
	}
	if h.text(batch) != text || bytes.Count(signed, []byte("\n")) != strings.Count(text, "\n")+2 {
		return nil, fmt.Errorf("its parts do not fit together: %w", ErrDamaged)
	}
	if _, err := openNote(signed, headName(h.key.origin), h.key); err != nil {
		return nil, err
	}
	n := h.new.size - h.old.size
	if n < 0 || n > MaxBatchEntries+maxHanded {
		return nil, fmt.Errorf("from %d to %d entries: %w", h.old.size, h.new.size, ErrDamaged)
	}
	if h.batch, err = parseBundle(batch, int(n)); err != nil {
		return nil, err
	}
	return h, nil
}

func parseHeadText(text string) (*head, error) {
	f, err := fields(text, "", headVersion, "old ", "new ", "key ", "writer ", "batch ", "introduction ")
	if err != nil {
		return nil, err
	}
	h := &head{writer: f[5]}
	if h.old, err = parseTree(f[2], " "); err != nil {
		return nil, err
	}
	if h.new, err = parseTree(f[3], " "); err != nil {
		return nil, err
	}
	if h.key, err = ParseVerifier(f[4]); err != nil {
		return nil, err
	}
	if f[7] == "-" {
		return h, nil
	}
	b, err := base64.StdEncoding.Strict().DecodeString(f[7])
	if err != nil {
		return nil, fmt.Errorf("the introduction: %w: %w", ErrDamaged, err)
	}
	i, err := ParseIntroduction(b)
	if err != nil {
		return nil, fmt.Errorf("the introduction: %w", err)
	}
	if !same(i.New, h.key) || (tree{i.Size, i.Root}) != h.old {
		return nil, fmt.Errorf("the introduction is of another key or tree: %w", ErrDamaged)
	}
	h.introduction = &i
	return h, nil
}
