package blob

import (
	"context"
	"fmt"
	"strconv"
	"strings"
)

// QuarantinePrefix begins the keys of what was set aside.
const QuarantinePrefix = "quarantine/"

// maxQuarantined is how many objects of one key can be set aside.
const maxQuarantined = 9999

// Quarantiner sets damaged objects aside, so that their keys are free for good
// copies. A damaged cell needs none of this: Swap replaces it.
type Quarantiner interface {
	// Quarantine moves what is stored under key to a free key of [QuarantineKey],
	// which it returns, and returns when that is durable. It returns [ErrNotExist]
	// when there is nothing. The bytes are at every moment under at least one of
	// the two keys. After an error they may be under both; then calling it again
	// finishes what was begun.
	Quarantine(ctx context.Context, key string) (to string, err error)
}

// QuarantineKey is the key to which the n-th object that was found damaged under
// key is moved, counted from 1: quarantine/<key>.<n>. It returns an error that
// wraps [ErrKey] when key isn't valid, would become too long, or is in
// quarantine itself, and when n is more than 9999.
func QuarantineKey(key string, n int) (string, error) {
	if err := ValidKey(key); err != nil {
		return "", err
	}
	if strings.HasPrefix(key, QuarantinePrefix) {
		return "", fmt.Errorf("%w: %q is in quarantine already", ErrKey, key)
	}
	if n > maxQuarantined {
		return "", fmt.Errorf("%w: %d objects of %q are in quarantine already", ErrKey, maxQuarantined, key)
	}
	to := QuarantinePrefix + key + "." + strconv.Itoa(n)
	if err := ValidKey(to); err != nil {
		return "", err
	}
	return to, nil
}
