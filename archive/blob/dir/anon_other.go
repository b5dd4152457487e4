//go:build !linux

package dir

import (
	"errors"
	"os"
)

func newAnonymous(*os.Root, string, os.FileMode) (*os.File, error) {
	return nil, errors.ErrUnsupported
}

func linkAnonymous(f, dir *os.File, name string) error { return errors.ErrUnsupported }
