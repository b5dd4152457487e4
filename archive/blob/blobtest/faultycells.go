package blobtest

import (
	"context"
	"errors"
	"fmt"

	"github.com/ibid-archive/ibid/archive/blob"
)

// cells are those of the wrapped store.
func (f *Faulty) cells() (blob.Cells, error) {
	if c, ok := f.store.(blob.Cells); ok {
		return c, nil
	}
	return nil, fmt.Errorf("cells of a %T: %w", f.store, errors.ErrUnsupported)
}

// Load implements [blob.Cells].
func (f *Faulty) Load(ctx context.Context, key string) (data []byte, version string, err error) {
	err = f.do(OpLoad, key, func() error {
		c, err := f.cells()
		if err != nil {
			return err
		}
		data, version, err = c.Load(ctx, key)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	return data, version, nil
}

// Swap implements [blob.Cells]. A fault after it means that the cell is replaced
// and the caller isn't told.
func (f *Faulty) Swap(ctx context.Context, key, old string, data []byte) (version string, err error) {
	err = f.do(OpSwap, key, func() error {
		c, err := f.cells()
		if err != nil {
			return err
		}
		version, err = c.Swap(ctx, key, old, data)
		return err
	})
	if err != nil {
		return "", err
	}
	return version, nil
}
