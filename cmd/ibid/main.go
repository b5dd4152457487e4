// Command ibid keeps every source that a report cites where its readers can
// find it, and says how each citation stands.
package main

import (
	"context"
	"os"
)

func main() {
	os.Exit(Main(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}
