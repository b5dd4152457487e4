package log

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/ibid-archive/ibid/archive/log/timestamp"
	"github.com/ibid-archive/ibid/archive/log/timestamp/tsatest"
)

func TestStamp(t *testing.T) {
	m := newMemory()
	l, err := Open(t.Context(), Config{Objects: m, Cells: m, Keys: KeyDir(t.TempDir())})
	if err != nil {
		t.Fatal(err)
	}
	good := tsatest.Start(t, tsatest.Config{})
	roots, err := timestamp.ParseRoots(good.Roots)
	if err != nil {
		t.Fatal(err)
	}
	client := &timestamp.Client{Transport: http.DefaultTransport, Roots: roots}
	const dead = "http://127.0.0.1:1/"
	for round := range 2 {
		if _, err := l.Append(t.Context(), [][]byte{[]byte("an entry")}); err != nil {
			t.Fatal(err)
		}
		for repeat := range 2 {
			stamped, err := l.Stamp(t.Context(), client, good.URL, dead)
			if err != nil || len(stamped) != 2 {
				t.Fatalf("%+v, error %v", stamped, err)
			}
			if s := stamped[0]; s.Err != nil || !s.Info.Trusted || s.Known != (repeat == 1) {
				t.Errorf("round %d, time %d: %+v", round, repeat, s)
			}
			if stamped[1].Err == nil {
				t.Error("nobody answered, and it is no error")
			}
		}
	}
	n := 0
	for s, err := range l.Stamps(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
		c, err := l.Keychain().Open(s.Checkpoint)
		if err != nil || c.Size != int64(n) {
			t.Errorf("the checkpoint of %s is of %d entries, error %v", s.Key, c.Size, err)
		}
		if _, findings := timestamp.Verify(s.Token, s.Checkpoint, timestamp.Options{Roots: roots}); timestamp.Err(findings) != nil {
			t.Errorf("%s: %v", s.Key, findings)
		}
	}
	if n != 2 {
		t.Errorf("%d time-stamps, want one for each checkpoint", n)
	}
	for p, err := range l.Check(t.Context()) {
		t.Errorf("the check found %+v, error %v", p, err)
	}
}

func TestStampsNamesWhatIsDamaged(t *testing.T) {
	m := newMemory()
	l, err := Open(t.Context(), Config{Objects: m, Cells: m, Keys: KeyDir(t.TempDir())})
	if err != nil {
		t.Fatal(err)
	}
	good := tsatest.Start(t, tsatest.Config{})
	if s, err := l.Stamp(t.Context(), &timestamp.Client{Transport: http.DefaultTransport}, good.URL); err != nil || s[0].Err != nil {
		t.Fatal(s, err)
	}
	for key, b := range m.objects {
		if !strings.HasPrefix(key, StampPrefix) {
			continue
		}
		if strings.HasSuffix(key, stampSuffix) {
			m.objects[key] = append([]byte("x"), b[1:]...)
		} else {
			delete(m.objects, key)
		}
		found := false
		for _, err := range l.Stamps(t.Context()) {
			found = found || errors.Is(err, ErrDamaged) && strings.Contains(err.Error(), StampPrefix)
		}
		if !found {
			t.Errorf("nothing is said about %s", key)
		}
		m.objects[key] = b
	}
}
