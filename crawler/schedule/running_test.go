package schedule

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/ibid-archive/ibid/archive/catalog"
)

func TestRunning(t *testing.T) {
	host, err := os.Hostname()
	if err != nil {
		t.Skip(err)
	}
	dead := exec.Command(os.Args[0], "-test.run=^$")
	if err := dead.Run(); err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 14, 0, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		run  catalog.Run
		want bool
	}{
		"an earlier one of this process": {catalog.Run{Host: host, Process: os.Getpid(), StartedAt: now}, false},
		"one of a living process":        {catalog.Run{Host: host, Process: os.Getppid(), StartedAt: now.AddDate(-1, 0, 0)}, true},
		"one of a dead process":          {catalog.Run{Host: host, Process: dead.Process.Pid, StartedAt: now}, false},
		"one on another host":            {catalog.Run{Host: host + "-2", Process: os.Getpid(), StartedAt: now.Add(-time.Hour)}, true},
		"an old one on another host":     {catalog.Run{Host: host + "-2", Process: os.Getpid(), StartedAt: now.Add(-elsewhere)}, false},
		"an old one on no known host":    {catalog.Run{StartedAt: now.Add(-elsewhere)}, false},
	} {
		if got := running(test.run, now); got != test.want {
			t.Errorf("%s: running is %v", name, got)
		}
	}
}
