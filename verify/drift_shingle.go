package verify

import (
	"slices"
)

// shingleLength is how many tokens in a row make a shingle.
const shingleLength = 3

// shingles returns the set of all runs of three tokens (Broder 1997), hashed and
// sorted. A shorter text is one shingle, an empty one none.
func shingles(tokens []token) []uint64 {
	if len(tokens) == 0 {
		return nil
	}
	n := min(shingleLength, len(tokens))
	all := make([]uint64, 0, len(tokens)-n+1)
	for i := range len(tokens) - n + 1 {
		h := uint64(fnvOffset)
		for _, t := range tokens[i : i+n] {
			h = hashKey(h, t.key)
		}
		all = append(all, h)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// FNV-1a of 64 bits.
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// hashKey adds a key and its end to a hash.
func hashKey(h uint64, key string) uint64 {
	for i := range len(key) {
		h = (h ^ uint64(key[i])) * fnvPrime
	}
	return (h ^ 0xff) * fnvPrime // no byte of UTF-8
}

// common counts what two sorted sets share.
func common(a, b []uint64) int {
	n := 0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] < b[j]:
			i++
		case a[i] > b[j]:
			j++
		default:
			n, i, j = n+1, i+1, j+1
		}
	}
	return n
}

// jaccard is the size of the intersection of two sets as a share of their union;
// 1 for two empty ones.
func jaccard(a, b []uint64) float64 {
	if len(a)+len(b) == 0 {
		return 1
	}
	n := common(a, b)
	return float64(n) / float64(len(a)+len(b)-n)
}

// contained is which share of a is in b; 1 for an empty a.
func contained(a, b []uint64) float64 {
	if len(a) == 0 {
		return 1
	}
	return float64(common(a, b)) / float64(len(a))
}
