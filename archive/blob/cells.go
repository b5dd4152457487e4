package blob

import (
	"context"
	"errors"
)

// MaxCell is the greatest size of a cell in bytes.
const MaxCell = 32 << 20

var (
	// ErrStale says that a cell wasn't replaced, because it isn't the version
	// any more that the caller knows.
	ErrStale = errors.New("the cell was replaced by somebody else meanwhile")
	// ErrCellSize says that a cell is, or would be, larger than [MaxCell].
	ErrCellSize = errors.New("a cell has at most 32 MiB")
)

// Cells keeps the few small objects that are replaced, such as the head of a
// log. A cell is at every moment one whole value; of several writers that
// know the same version, one succeeds.
//
// Keys are those of objects, and cells are seen by Open, Stat and List of the
// [Store]. Put and Swap on one key must not be mixed: Put never replaces, but
// it takes what it finds for an object that can't change.
type Cells interface {
	// Load returns a cell's bytes and its version. It returns [ErrNotExist] when
	// the cell was never stored and [ErrCellSize] when it is too large. From a
	// store that is open for writing, what Load returns is durable.
	Load(ctx context.Context, key string) (data []byte, version string, err error)

	// Swap replaces the cell's bytes if its version is still old – "" means that
	// it must not exist – and returns the new version when that is durable. If
	// the version is another one, it returns an error that wraps [ErrStale] and
	// has changed nothing. After any other error the cell may or may not be
	// replaced, now or a moment later; Load tells.
	//
	// A version is opaque and only compared, within one store. Equal bytes may
	// have equal versions, so a cell that went from A to B and back to A may be
	// taken for one that never changed, and of two writers of equal bytes both
	// may be told that they succeeded. Callers to whom that matters put something
	// into the bytes that never comes again.
	Swap(ctx context.Context, key, old string, data []byte) (version string, err error)
}
