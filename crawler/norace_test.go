//go:build !race

package crawler_test

// slowness stretches the limits that a test waits for.
const slowness = 1
