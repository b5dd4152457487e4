package blobtest

import (
	"testing"

	"github.com/ibid-archive/ibid/archive/blob"
)

func TestMemory(t *testing.T) {
	Run(t, func(*testing.T) blob.Store { return NewMemory() })
}

// A copy goes its own way.
func TestMemoryClone(t *testing.T) {
	a := NewMemory()
	put(t, a, "k/a", []byte("one"))
	b := a.Clone()
	put(t, a, "k/b", []byte("two"))
	b.Set("k/a", []byte("else"))
	wantKeys(t, a, "", "k/a", "k/b")
	wantKeys(t, b, "", "k/a")
	wantBytes(t, a, "k/a", []byte("one"))
	wantBytes(t, b, "k/a", []byte("else"))
	b.Set("k/a", nil)
	if n := len(b.Bytes()); n != 0 {
		t.Errorf("%d objects are left", n)
	}
}
