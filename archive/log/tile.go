package log

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/ibid-archive/ibid/archive/blob"
)

const (
	height    = 8
	full      = 1 << height // entries or hashes in a full tile
	maxLevel  = 7           // 256^8 is more than any int64
	entries   = -1          // the level of entry bundles
	pathBase  = 1000
	maxBundle = full * (2 + MaxEntry)
	maxTile   = full * tlog.HashSize
)

// A tile names one object of C2SP tlog-tiles: w consecutive hashes of level l,
// or entries, from n*256 on.
type tile struct {
	l int // level, or entries
	n int64
	w int // 1 to full
}

// key returns the tile's key in the store.
func (t tile) key() string {
	n := fmt.Sprintf("%03d", t.n%pathBase)
	for rest := t.n / pathBase; rest > 0; rest /= pathBase {
		n = fmt.Sprintf("x%03d/%s", rest%pathBase, n)
	}
	level := "entries"
	if t.l != entries {
		level = strconv.Itoa(t.l)
	}
	if t.w != full {
		return fmt.Sprintf("%s%s/%s.p/%d", tilePrefix, level, n, t.w)
	}
	return tilePrefix + level + "/" + n
}

// parseTile is the inverse of key. Only what key returns is a tile.
func parseTile(key string) (tile, bool) {
	rest, ok := strings.CutPrefix(key, tilePrefix)
	if !ok || len(key) > blob.MaxKey {
		return tile{}, false
	}
	level, rest, ok := strings.Cut(rest, "/")
	if !ok {
		return tile{}, false
	}
	t := tile{l: entries, w: full}
	var err error
	if level != "entries" {
		if t.l, err = strconv.Atoi(level); err != nil || t.l < 0 || t.l > maxLevel {
			return tile{}, false
		}
	}
	path, width, partial := strings.Cut(rest, ".p/")
	if partial {
		if t.w, err = strconv.Atoi(width); err != nil || t.w < 1 || t.w >= full {
			return tile{}, false
		}
	}
	for part := range strings.SplitSeq(path, "/") {
		n, err := strconv.ParseUint(strings.TrimPrefix(part, "x"), 10, 16)
		if err != nil || n >= pathBase || t.n > (1<<62)/pathBase {
			return tile{}, false
		}
		t.n = t.n*pathBase + int64(n)
	}
	// Leading zeros, signs and missing or superfluous x all end here.
	return t, t.key() == key
}

// width returns how many hashes of level l, or entries, a tree of the given
// size has in the tile n, from 0 to full.
func width(l int, n, size int64) int {
	return int(max(0, min(full, count(l, size)-n<<height)))
}

// count returns how many hashes of level l, or entries, a tree of the given
// size has in full and partial tiles.
func count(l int, size int64) int64 {
	if l == entries {
		return size
	}
	return size >> (height * l)
}

// read returns an object of at most limit bytes.
func read(ctx context.Context, o Objects, key string, limit int64) ([]byte, error) {
	r, err := o.Open(ctx, key, 0, limit+1)
	if err != nil {
		return nil, storeError{key, err}
	}
	defer r.Close()
	b, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, storeError{key, err}
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("read %s: longer than %d bytes: %w", key, limit, ErrDamaged)
	}
	return b, nil
}

// storeError says that the store couldn't give an object, whatever is in it.
type storeError struct {
	key string
	err error
}

func (e storeError) Error() string { return "read " + e.key + ": " + e.err.Error() }
func (e storeError) Unwrap() error { return e.err }

// readTile returns the tile's bytes. A partial tile that isn't there may be
// taken from the full one (tlog-tiles: partial tiles may be deleted then).
func readTile(ctx context.Context, o Objects, t tile) ([]byte, error) {
	limit := int64(maxTile)
	if t.l == entries {
		limit = maxBundle
	}
	b, err := read(ctx, o, t.key(), limit)
	if t.w == full || !errors.Is(err, blob.ErrNotExist) {
		return b, err
	}
	whole := t
	whole.w = full
	b, fallback := read(ctx, o, whole.key(), limit)
	if fallback != nil {
		return nil, err // the one that should be there
	}
	if t.l != entries {
		return b[:min(len(b), t.w*tlog.HashSize)], nil
	}
	list, perr := parseBundle(b, full)
	if perr != nil {
		return nil, err
	}
	return appendBundle(nil, list[:t.w]), nil
}

// readHashes returns the hashes of a tile, which are not checked in any way
// but for their number.
func readHashes(ctx context.Context, o Objects, t tile) ([]Hash, error) {
	b, err := readTile(ctx, o, t)
	if err != nil {
		return nil, err
	}
	hashes, err := parseHashes(b, t.w)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", t.key(), err)
	}
	return hashes, nil
}

func parseHashes(b []byte, w int) ([]Hash, error) {
	if len(b) != w*tlog.HashSize {
		return nil, fmt.Errorf("%d bytes instead of %d: %w", len(b), w*tlog.HashSize, ErrDamaged)
	}
	hashes := make([]Hash, w)
	for i := range hashes {
		copy(hashes[i][:], b[i*tlog.HashSize:])
	}
	return hashes, nil
}

func appendHashes(b []byte, hashes []Hash) []byte {
	for _, h := range hashes {
		b = append(b, h[:]...)
	}
	return b
}
