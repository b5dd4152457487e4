//go:build ignore

// Testlog reads what `go test -json` prints, shows go test's own lines, counts
// the tests, and exits 1 when one failed or was skipped. A skip is no failure
// when its reason matches -may-skip. At the end it says again what each failed
// test printed, since that scrolled away long ago; the last line has the totals.
//
// With -again COMMAND, a test that failed is run once more by itself, after all
// others, so that the log tells what is broken from what depends on timing. It is
// a failure either way.
//
//	go test -json ./... | go run .ci/testlog.go -may-skip IBID_DATA_DIR -again 'go test -count=1'
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
)

// event is one line of `go test -json`, see `go doc test2json`.
type event struct {
	Action, Package, Test, Output string
}

type log struct {
	out                     *bufio.Writer
	maySkip                 *regexp.Regexp
	said                    map[string]string   // what each running test printed
	failures                map[string][]string // package -> its failed tests; none when it failed by itself
	words                   map[string]string   // what each of them printed
	passed, failed, allowed int
	skipped                 []string
	packages, broken        int
}

func main() {
	maySkip := flag.String("may-skip", "^$", "regular `expression` of the reasons for which a test may be skipped")
	again := flag.String("again", "", "the `command` that runs a failed test once more, without -run and packages")
	flag.Parse()
	l := &log{out: bufio.NewWriter(os.Stdout), maySkip: regexp.MustCompile(*maySkip), said: map[string]string{},
		failures: map[string][]string{}, words: map[string]string{}}
	if err := l.read(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "testlog:", err)
		os.Exit(1)
	}
	l.repeat()
	if words := strings.Fields(*again); len(words) > 0 {
		l.runAgain(words)
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
		l.failures[e.Package] = append(l.failures[e.Package], e.Test)
		l.words[id] = l.said[id]
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

// repeat says again what failed, with at most the last lines of each.
func (l *log) repeat() {
	const most = 8 << 10
	for _, id := range slices.Sorted(maps.Keys(l.words)) {
		words := l.words[id]
		if len(words) > most {
			words = "…" + words[len(words)-most:]
		}
		fmt.Fprintf(l.out, "\nFAILED: %s\n%s", id, words)
	}
}

// runAgain says of every failed test whether it passes by itself.
func (l *log) runAgain(command []string) {
	for _, pkg := range slices.Sorted(maps.Keys(l.failures)) {
		var tops []string
		for _, test := range l.failures[pkg] {
			top, _, _ := strings.Cut(test, "/")
			if top != "" && !slices.Contains(tops, top) {
				tops = append(tops, top)
			}
		}
		if len(tops) == 0 {
			continue // it did not build, or ended in the middle
		}
		fmt.Fprintf(l.out, "\nonce more: %s %s\n", pkg, strings.Join(tops, " "))
		l.out.Flush()
		args := slices.Concat(command[1:], []string{"-run", "^(" + strings.Join(tops, "|") + ")$", pkg})
		cmd := exec.Command(command[0], args...)
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stdout
		if cmd.Run() != nil {
			continue
		}
		fmt.Fprintf(l.out, "FLAKY: %s %s failed, and passed when run by itself\n", pkg, strings.Join(tops, " "))
	}
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
