//go:build ignore

// Testlog reads what `go test -json` prints, shows go test's own lines, counts
// the tests, and exits 1 when one failed or was skipped. A skip is no failure
// when its reason matches -may-skip. The last line has the totals.
//
//	go test -json ./... | go run .ci/testlog.go -may-skip IBID_DATA_DIR
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
)

// event is one line of `go test -json`, see `go doc test2json`.
type event struct {
	Action, Package, Test, Output string
}

type log struct {
	out                     *bufio.Writer
	maySkip                 *regexp.Regexp
	said                    map[string]string // what each running test printed
	passed, failed, allowed int
	skipped                 []string
	packages, broken        int
}

func main() {
	maySkip := flag.String("may-skip", "^$", "regular `expression` of the reasons for which a test may be skipped")
	flag.Parse()
	l := &log{out: bufio.NewWriter(os.Stdout), maySkip: regexp.MustCompile(*maySkip), said: map[string]string{}}
	if err := l.read(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "testlog:", err)
		os.Exit(1)
	}
	ok := l.end()
	l.out.Flush()
	if !ok {
		os.Exit(1)
	}
}

func (l *log) read(in io.Reader) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		var e event
		if strings.HasPrefix(line, "{") && json.Unmarshal([]byte(line), &e) == nil {
			l.event(&e)
		} else {
			l.out.WriteString(line) // of the go command itself
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (l *log) event(e *event) {
	id := e.Package + " " + e.Test
	switch e.Action {
	case "output", "build-output":
		l.said[id] += e.Output
		// What begins with === tells only that a test runs.
		if !strings.HasPrefix(e.Output, "=== ") {
			l.out.WriteString(e.Output)
		}
		return
	case "pass":
		if e.Test != "" {
			l.passed++
		} else {
			l.packages++
		}
	case "fail":
		if e.Test != "" {
			l.failed++
		} else {
			l.broken++
		}
	case "skip":
		switch {
		case e.Test == "": // a package without tests
		case l.maySkip.MatchString(l.said[id]):
			l.allowed++
		default:
			l.skipped = append(l.skipped, id)
		}
	default:
		return
	}
	delete(l.said, id)
	l.out.Flush()
}

// end writes the totals and reports whether all is well.
func (l *log) end() bool {
	for _, id := range l.skipped {
		fmt.Fprintf(l.out, "SKIPPED, and must not be: %s\n", id)
	}
	fmt.Fprintf(l.out, "tests: %d passed, %d failed, %d skipped that must not be, %d left out; packages: %d ok, %d failed\n",
		l.passed, l.failed, len(l.skipped), l.allowed, l.packages, l.broken)
	return l.failed == 0 && l.broken == 0 && len(l.skipped) == 0 && l.packages > 0
}
