// Command ibid keeps every source that a report cites where its readers can
// find it, and says how each citation stands.
package main

import (
	"context"
	"os"
	"runtime/debug"
)

func main() {
	// A report may cite 100,000 sources, and what is known of them stays in
	// memory. Collecting twice as often costs a few percent of time and keeps
	// the peak near what is in use.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(50)
	}
	os.Exit(Main(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}
