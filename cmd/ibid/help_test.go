package main

import (
	"bytes"
	"iter"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// Help is read on terminals of 80 columns, and repeats the exit codes.
func TestHelpFits(t *testing.T) {
	for command := range commands((&app{}).root()) {
		t.Run(command, func(t *testing.T) {
			var out, log bytes.Buffer
			if code := Main(t.Context(), append(strings.Fields(command)[1:], "--help"), &out, &log); code != exitOK {
				t.Fatalf("exits %d: %s", code, &log)
			}
			for line := range strings.Lines(out.String()) {
				if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > helpWidth {
					t.Errorf("%d columns: %s", n, line)
				}
			}
			if !strings.Contains(out.String(), "130 interrupted") {
				t.Error("no exit codes")
			}
			if strings.Contains(out.String(), "\n\n\n") || strings.HasPrefix(out.String(), "\n") {
				t.Errorf("empty lines:\n%s", &out)
			}
		})
	}
}

// commands yields what is to be typed for c and for each command below it.
func commands(c *cobra.Command) iter.Seq[string] {
	return func(yield func(string) bool) {
		if !yield(c.CommandPath()) {
			return
		}
		for _, sub := range c.Commands() {
			for path := range commands(sub) {
				if !yield(path) {
					return
				}
			}
		}
	}
}

func TestSettingsThatMakeNoSense(t *testing.T) {
	good := defaults()
	if err := good.validate(); err != nil {
		t.Fatalf("the defaults: %v", err)
	}
	none := defaults()
	none.Delay, none.Retries, none.MaxRedirects, none.MinRate, none.MaxAge, none.SecondLook, none.MaxRetryAfter = 0, 0, 0, 0, 0, 0, 0
	if err := none.validate(); err != nil {
		t.Errorf("0 for none: %v", err)
	}
	for want, set := range map[string]func(*Settings){
		"--delay must not be negative":          func(s *Settings) { s.Delay = -1 },
		"--max-redirects must not be negative":  func(s *Settings) { s.MaxRedirects = -1 },
		"--timeout must be more than 0":         func(s *Settings) { s.Timeout = 0 },
		"--requisite-count must be more than 0": func(s *Settings) { s.RequisiteCount = 0 },
		"--robots obey: want ignore or respect": func(s *Settings) { s.Robots = "obey" },
	} {
		s := defaults()
		set(&s)
		if err := s.validate(); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
