package blobtest

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/ibid-archive/ibid/archive/blob"
)

func listOrder(t *testing.T, s blob.Store) {
	wantKeys(t, s, "")
	all := []string{"a-b/c", "a.b", "a/b", "a/b.c", "a/b0/x", "a0", "ab/c", "b", "B", "captures/00/x", "captures/0a/x", "captures0", "z/z/z/z"}
	for _, key := range all {
		put(t, s, key, []byte(key))
	}
	slices.Sort(all)
	wantKeys(t, s, "", all...)
	for _, prefix := range []string{"a", "a/", "a/b", "a/b0/", "a-", "captures", "captures/", "captures/0", "captures/00/x", "b", "z/z", "z/z/", "x", "a//b", "/", "..", "../", "tmp", "tmp/", ".", "a/../b"} {
		var want []string
		for _, key := range all {
			if strings.HasPrefix(key, prefix) {
				want = append(want, key)
			}
		}
		wantKeys(t, s, prefix, want...)
	}
}

// listPages stores more objects than S3 lists in one answer.
func listPages(t *testing.T, s blob.Store) {
	const n = 1100
	var want []string
	g, ctx := errgroup.WithContext(t.Context())
	g.SetLimit(32)
	for i := range n {
		want = append(want, name(i))
		g.Go(func() error { return s.Put(ctx, name(i), blob.Bytes([]byte{byte(i)})) })
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(want)
	wantKeys(t, s, "", want...)
	wantKeys(t, s, "captures/03/00", slices.DeleteFunc(want, func(k string) bool { return !strings.HasPrefix(k, "captures/03/00") })...)
}

func listStops(t *testing.T, s blob.Store) {
	for i := range 20 {
		put(t, s, name(i), nil)
	}
	seq := s.List(t.Context(), "captures/")
	for range 2 { // a sequence can be used again
		seen := 0
		for _, err := range seq {
			if err != nil {
				t.Fatal(err)
			}
			if seen++; seen == 5 {
				break
			}
		}
		if seen != 5 {
			t.Errorf("listed %d objects, want 5", seen)
		}
	}
}
