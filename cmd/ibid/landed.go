package main

import (
	"context"
	"slices"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// lands remembers where a visit ended.
func (e *earlier) lands(v *archive.Visit) {
	if v.FinalURL == "" || v.FinalURL == v.URL {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.landed != nil {
		e.landsAt(v.FinalURL, v.Key)
	} else {
		e.early = append(e.early, [2]string{v.FinalURL, v.Key})
	}
}

func (e *earlier) landsAt(url, key string) {
	if keys := e.landed[url]; len(keys) < landedLimit && !slices.Contains(keys, key) {
		e.landed[url] = append(keys, key)
	}
}

// others counts the sources of the host of key, without key itself, whose visits
// ended at a URL, in this run or before it.
func (e *earlier) others(ctx context.Context, key, url string) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.landed == nil {
		e.landed = map[string][]string{}
		err := e.catalog.Landed(ctx, func(url string, keys []string) {
			if len(keys) > 1 {
				e.landed[url] = slices.Clone(keys[:min(len(keys), landedLimit)])
			}
		})
		e.failed("look up where visits ended", key, err)
		for _, l := range e.early {
			e.landsAt(l[0], l[1])
		}
		e.early = nil
	}
	n := 0
	for _, k := range e.landed[url] {
		if k != key && keyHost(k) == keyHost(key) {
			n++
		}
	}
	return n
}

// keyHost is the host in the key of a source.
func keyHost(key string) string {
	_, rest, _ := strings.Cut(key, "://")
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest = rest[:i]
	}
	return strings.TrimPrefix(rest, "www.")
}
