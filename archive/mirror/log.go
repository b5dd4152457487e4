package mirror

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/ibid-archive/ibid/archive/blob"
)

var (
	// ErrAhead says that the target's log has more entries than the source's:
	// somebody archived into the copy, or the source was rolled back.
	ErrAhead = errors.New("the target's log is ahead of the source's; a copy must not go backwards: was something archived into the copy, or the source rolled back?")
	// ErrForked says that the two stores hold two logs, or two versions of one.
	ErrForked = errors.New("the target's log is another than the source's; name an empty store as the target")
)

// logState are the cells of a log as they were at one moment.
type logState struct {
	data    map[string][]byte
	version map[string]string

	exists bool
	origin string
	size   uint64
	root   string
}

// loadLog reads the cells. It reads the head before and after the checkpoint,
// until it is the same, so that the two belong together.
func loadLog(ctx context.Context, store blob.Cells) (logState, error) {
	const attempts = 100 // a writer publishes some checkpoints a second at most
	for range attempts {
		s := logState{data: map[string][]byte{}, version: map[string]string{}}
		for _, key := range cells {
			data, version, err := store.Load(ctx, key)
			if errors.Is(err, blob.ErrNotExist) {
				continue
			}
			if err != nil {
				return s, err
			}
			s.data[key], s.version[key] = data, version
		}
		_, again, err := store.Load(ctx, headCell)
		if err != nil && !errors.Is(err, blob.ErrNotExist) {
			return s, err
		}
		if again != s.version[headCell] {
			continue
		}
		return s, s.parse()
	}
	return logState{}, errors.New("the log's head does not stand still; try again when less is archived")
}

// parse reads the first three lines of a checkpoint (C2SP tlog-checkpoint). Its
// signature is for an audit to check.
func (s *logState) parse() error {
	note, ok := s.data[checkpointCell]
	if !ok {
		return nil
	}
	lines := strings.SplitN(string(note[:min(len(note), 4096)]), "\n", 4)
	if len(lines) < 4 || lines[0] == "" || lines[2] == "" {
		return fmt.Errorf("%s is no checkpoint", checkpointCell)
	}
	size, err := strconv.ParseUint(lines[1], 10, 63)
	if err != nil || strconv.FormatUint(size, 10) != lines[1] {
		return fmt.Errorf("%s is no checkpoint: its size is %q", checkpointCell, lines[1])
	}
	s.exists, s.origin, s.size, s.root = true, lines[0], size, lines[2]
	return nil
}

// follows returns an error unless the log now can be a later state of the log
// was. That the smaller tree is a part of the greater is shown by the tiles,
// which are compared one by one.
func follows(was, now logState) error {
	switch {
	case !was.exists:
		return nil
	case !now.exists:
		return fmt.Errorf("%w: the source has no log", ErrAhead)
	case was.origin != now.origin:
		return fmt.Errorf("%w: origin %q there, %q here", ErrForked, clip(was.origin), clip(now.origin))
	case was.size > now.size:
		return fmt.Errorf("%w (%d entries there, %d here)", ErrAhead, was.size, now.size)
	case was.size == now.size && was.root != now.root:
		return fmt.Errorf("%w: both have %d entries, with different roots", ErrForked, was.size)
	}
	return nil
}

func clip(s string) string { return s[:min(len(s), 200)] }

// cells brings the target's cells up to date.
func (c *copier) cells(ctx context.Context, was, now logState) error {
	for _, key := range cells {
		data, ok := now.data[key]
		if !ok || bytes.Equal(data, was.data[key]) && was.version[key] != "" {
			continue
		}
		if !c.cfg.DryRun {
			if _, err := c.to.Swap(ctx, key, was.version[key], data); err != nil {
				return fmt.Errorf("target: replace %s: %w", key, err)
			}
		}
		c.report.Cells = append(c.report.Cells, key)
	}
	return nil
}
