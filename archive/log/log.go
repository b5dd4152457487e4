// Package log keeps an append-only transparency log in the blob store that also
// holds what the log is about.
//
// The layout is that of C2SP tlog-tiles with tiles of height 8: hashes under
// log/tile/<L>/<N>[.p/<W>], entries under log/tile/entries/<N>[.p/<W>], and
// log/checkpoint, a signed tree head as C2SP tlog-checkpoint says. Hashes are
// those of RFC 6962 section 2.1. Beside these stand log/head, which decides the
// order (below), and the keys under log/keys and log/introductions. An entry is
// 1 to 65,535 bytes that mean nothing to this package.
//
// It guarantees, as long as the private key is used by this package alone and
// the store keeps what [blob.Store] and [blob.Cells] promise:
//
//   - When Append returns nil, the entries have their final places, they and
//     the tiles that cover them are durable, and a checkpoint over them is
//     published.
//   - The log never forks, however many processes on however many machines
//     append at once, and wherever any of them ends.
//   - No checkpoint is signed unless its tree was won by a swap of the head and
//     was computed from a right edge that hashes to the root of the checkpoint
//     before it.
//   - What a reader is given was checked against the checkpoint's root first.
//
// It doesn't guarantee that each entry is there once: an Append that fails may
// have taken place, and repeating it may enter the entries twice. Nor does it
// keep whoever holds the private key and the store from writing another history:
// that is seen by those who kept an older checkpoint (see [Log.CheckWitness]).
// Without such a witness, a store that is rolled back as a whole is noticed only
// by a process that saw more of it, or a machine that remembers (Config.Seen).
//
// One append, with its commit point:
//
//  1. Read the head, then the checkpoint. If the head is ahead, another writer
//     died or is at work: do steps 4 and 5 for it, since the head determines
//     everything.
//  2. Compute the new tree over the old right edge.
//  3. Swap the head for a signed intent: the old and the new tree, and the
//     entries themselves. **Here the order is decided**; whoever loses starts
//     again.
//  4. Put bundles and tiles, which are immutable and follow from the head.
//  5. Sign the checkpoint and swap it. From here on readers see the entries.
//
// A crash before step 3 leaves nothing, and after it an append that the next
// writer finishes.
package log

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/ibid-archive/ibid/archive/blob"
)

// Keys of the log in its store.
const (
	// CheckpointKey is the cell with the newest signed tree head.
	CheckpointKey = "log/checkpoint"
	// HeadKey is the cell in which the order of entries is decided.
	HeadKey = "log/head"

	prefix             = "log/"
	tilePrefix         = "log/tile/"
	keyPrefix          = "log/keys/"
	introductionPrefix = "log/introductions/"
)

// MaxEntry is the greatest length of an entry in bytes; the least is 1.
const MaxEntry = 1<<16 - 1

// MaxBatch bounds what one swap of the head can enter: entries, and bytes of
// them with the two bytes of length that each has. Append splits what is more.
const (
	MaxBatchEntries = 1 << 14
	MaxBatchBytes   = 4 << 20
)

var (
	// ErrNoLog says that the store holds no log yet.
	ErrNoLog = errors.New("the archive has no log yet: the first append makes one")
	// ErrNoKey says that the log's private key isn't among those at hand.
	ErrNoKey = errors.New("the private key of the log is missing: copy it from the machine that has it, or replace the key as lost")
	// ErrKey says that a key or a key file can't be used.
	ErrKey = errors.New("not a usable key")
	// ErrOrigin says that a checkpoint or a key belongs to another log.
	ErrOrigin = errors.New("belongs to another log")
	// ErrUnknownKey says that a checkpoint is signed by a key that isn't among
	// the keys of the archive.
	ErrUnknownKey = errors.New("signed by an unknown key")
	// ErrUntrusted says that no trusted key leads to the one that signed.
	ErrUntrusted = errors.New("no trusted key vouches for the key that signed: compare it with the one that the archive's keeper publishes")
	// ErrRollback says that the store's log is shorter than one that was seen
	// before: objects were put back from an older copy.
	ErrRollback = errors.New("the log was rolled back: restore the newest copy")
	// ErrFork says that the store's log is no extension of one seen before.
	ErrFork = errors.New("the log is not an extension of what it was: it was rewritten")
	// ErrDamaged says that an object of the log isn't what the log makes it.
	ErrDamaged = errors.New("damaged: restore it from a copy")
	// ErrEntry says that an entry can't be appended.
	ErrEntry = errors.New("an entry has 1 to 65535 bytes")
)

// Hash is a hash of RFC 6962 section 2.1: SHA-256 with 00 before a leaf and 01
// before two children.
type Hash = tlog.Hash

// Objects is what the log asks of the store of immutable objects; see
// [blob.Store], whose errors it expects.
type Objects interface {
	Put(ctx context.Context, key string, o blob.Object) error
	Open(ctx context.Context, key string, off, n int64) (io.ReadCloser, error)
	List(ctx context.Context, prefix string) iter.Seq2[blob.Info, error]
}

// Config says where a log is.
type Config struct {
	Objects Objects
	Cells   blob.Cells
	// Keys holds the private keys of who appends. Nil means reading only.
	Keys KeySource
	// Origin is the name that the log must have, or gets when it is made. Empty
	// means whatever name it has, or a random one. See [NewOrigin].
	Origin string
	// Trusted are the public keys, as vkey lines, that are known from elsewhere
	// to be the log's. With none, the archive's own are believed, and what is
	// checked is [SelfAsserted].
	Trusted []string
	// Seen returns the newest checkpoint of a log that this machine knows, as
	// [KeyDir.Seen] does, or nil. Unless the log extends it, Open fails with
	// [ErrRollback] or [ErrFork], and nothing is signed. Its signatures aren't
	// looked at. Nil means that what processes before this one saw is unknown.
	Seen func(origin string) ([]byte, error)
	// Parallel is how many objects are put or read at once; 0 means 8.
	Parallel int
}

// known returns the tree that this machine knows of the log, or an empty one.
func (c Config) known(origin string) (tree, error) {
	t := tree{0, emptyRoot()}
	if c.Seen == nil {
		return t, nil
	}
	b, err := c.Seen(origin)
	if err != nil || b == nil {
		return t, err
	}
	text, _, err := noteSigners(b, "")
	if err != nil {
		return t, fmt.Errorf("the checkpoint that is remembered: %w", err)
	}
	was, t, err := parseCheckpointText(text)
	if err == nil && was != origin {
		err = ErrOrigin
	}
	if err != nil {
		return t, fmt.Errorf("the checkpoint that is remembered: %w", err)
	}
	return t, nil
}

func (c Config) complete() (Config, error) {
	switch {
	case c.Objects == nil || c.Cells == nil:
		return c, errors.New("open log: needs a store of objects and one of cells")
	case c.Parallel < 0:
		return c, fmt.Errorf("open log: %d objects at once", c.Parallel)
	case c.Parallel == 0:
		c.Parallel = 8
	}
	if c.Origin != "" {
		if err := ValidOrigin(c.Origin); err != nil {
			return c, fmt.Errorf("open log: %w", err)
		}
	}
	return c, nil
}
