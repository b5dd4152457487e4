//go:build !linux

package dir

import (
	"errors"
	"os"
)

func newSyncFS(*os.Root) (durable, error) {
	return nil, errors.New("only Linux has syncfs")
}
