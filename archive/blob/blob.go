// Package blob says what the archive asks of the place where its files are
// kept: put an object once, read any part of it, ask for its size, list keys.
//
// It guarantees nothing by itself; every [Store] does:
//
//   - An object is immutable. Putting the same bytes again succeeds, putting
//     other bytes under a used key is [ErrConflict], and nothing is deleted.
//     What was found damaged can be given another key.
//   - An object is whole or absent. No reader, in this process or another, sees
//     a part of an object under its final key.
//   - Put is the commit point. When it returns nil the object survives a crash
//     of the program and of the machine, as far as the file system or the
//     service keeps its own promise; when it returns an error the object may
//     or may not be there, and putting it again settles that.
//   - A store reads what it wrote: after Put returned nil, Open, Stat and List
//     see the object.
//
// Beside objects a store may keep [Cells], which are replaced, and it may be a
// [Quarantiner], which sets damaged objects aside.
//
// A store doesn't compress, encrypt or interpret, and it doesn't re-check old
// objects: that is the work of an audit.
package blob

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"time"
)

var (
	// ErrNotExist says that no finished object has the key. It is [fs.ErrNotExist].
	ErrNotExist = fs.ErrNotExist
	// ErrConflict says that the key is taken by other bytes.
	ErrConflict = errors.New("the key holds other bytes")
	// ErrMismatch says that the bytes at hand aren't those that were promised:
	// their length isn't Size, or they don't hash to SHA256.
	ErrMismatch = errors.New("the bytes do not match their size and SHA-256")
	// ErrKey says that a key isn't one that every store can hold.
	ErrKey = errors.New("not a valid key")
	// ErrReadOnly says that the store was opened for reading only.
	ErrReadOnly = errors.New("the store is open for reading only")
	// ErrRange says that an Open starts before an object or after its end.
	ErrRange = errors.New("the range starts outside of the object")
)

// Object is what Put stores.
type Object struct {
	// Body holds the bytes. It is read from 0 to Size, perhaps more than once
	// and by several goroutines at once, and must not change until Put returns.
	Body io.ReaderAt
	// Size is the length of Body in bytes.
	Size int64
	// SHA256 is the digest that the caller found for the bytes.
	SHA256 [32]byte
	// File is the path of a finished and closed file with the same bytes, or
	// empty. A store on the same file system may link it instead of copying
	// it, so the caller must never write to it again, only remove it.
	File string
}

// Info describes a stored object.
type Info struct {
	Key     string
	Size    int64     // bytes
	ModTime time.Time // when it was stored, by the clock of the store
}

// Store keeps objects. Its methods may be called by several goroutines.
type Store interface {
	// Put stores o under key unless the key is taken, and returns when the
	// object is durable. If equal bytes are there already it returns nil, if
	// other bytes are there an error that wraps [ErrConflict], and if o.Body
	// isn't what o.Size and o.SHA256 promise, [ErrMismatch].
	Put(ctx context.Context, key string, o Object) error

	// Open reads n bytes from off, or less when the object ends before; n < 0
	// reads to the end. It returns [ErrNotExist] when there is no such object
	// and [ErrRange] when off is negative or greater than the object's size.
	// The context governs the reads, too.
	Open(ctx context.Context, key string, off, n int64) (io.ReadCloser, error)

	// Stat describes one object, or returns [ErrNotExist].
	Stat(ctx context.Context, key string) (Info, error)

	// List yields the objects whose keys start with prefix (which may end
	// within a name), ascending by the bytes of the key. It reads as it goes: an
	// object stored meanwhile may be missing. An error ends the sequence.
	List(ctx context.Context, prefix string) iter.Seq2[Info, error]
}
