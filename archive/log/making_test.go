package log

import (
	"errors"
	"testing"
)

// TestMadeMeanwhile opens a log, to write and to read, while another process
// makes it and appends: that is no damage.
func TestMadeMeanwhile(t *testing.T) {
	for at := 1; at <= 6; at++ {
		for _, writes := range []bool{true, false} {
			m, keys := newMemory(), &keyring{}
			n := 0
			view := &memory{shared: m.shared, strike: func(string, string, bool) error {
				if n++; n == at {
					appendTo(t, openWriter(t, m, keys), entryList(0, 3))
				}
				return nil
			}}
			cfg := view.config()
			cfg.Origin = "example.org/log"
			if writes {
				cfg.Keys = keys
			}
			_, err := Open(t.Context(), cfg)
			if err != nil && (writes || !errors.Is(err, ErrNoLog)) {
				t.Errorf("made before operation %d, writes %v: %v", at, writes, err)
			}
		}
	}
}

// What is left when a part was lost is damage still.
func TestLostParts(t *testing.T) {
	for _, key := range []string{HeadKey, CheckpointKey} {
		m, keys := newMemory(), &keyring{}
		appendTo(t, openWriter(t, m, keys), entryList(0, 3))
		delete(m.cells, key)
		for _, source := range []KeySource{keys, nil} {
			cfg := m.config()
			cfg.Keys = source
			if _, err := Open(t.Context(), cfg); !errors.Is(err, ErrDamaged) && (source != nil || key == CheckpointKey) {
				t.Errorf("without %s: %v", key, err)
			}
		}
	}
}
