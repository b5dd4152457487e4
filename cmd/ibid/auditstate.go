package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/verify"
)

// auditState is what audits of one archive keep beside its catalog, and no part
// of the archive: how far an audit is, and which sample is the next.
type auditState struct {
	path    string // of the journal
	notes   []string
	file    *journalFile
	buf     *bufio.Writer
	flushed time.Time
}

func openAuditState(s Settings) (*auditState, error) {
	path, err := catalogPath(s)
	if err != nil {
		return nil, err
	}
	return &auditState{path: path + ".audit"}, nil
}

// round is the seed of the next sample.
func (s *auditState) round() uint64 {
	b, err := os.ReadFile(s.path + "-round")
	if err != nil {
		return 0
	}
	n, _ := strconv.ParseUint(strings.TrimSpace(string(b)), 10, 64) // else from the start
	return n
}

func (s *auditState) setRound(n uint64) error {
	return os.WriteFile(s.path+"-round", []byte(strconv.FormatUint(n, 10)+"\n"), 0o600)
}

// journalHead is the first line of a journal.
type journalHead struct {
	Journal int          `json:"journal"` // version
	Quick   bool         `json:"quick"`
	Scope   verify.Scope `json:"scope"`
}

// journal opens the journal and sets it, and with resume what it holds already,
// in cfg. An audit that goes on has the scope that it began with; given says that
// the flags name one, which must be the same. The returned function ends the
// journal, and removes it when the audit is done.
func (s *auditState) journal(cfg *verify.AuditConfig, resume, given bool) (end func(done bool) error, err error) {
	flags := os.O_RDWR | os.O_CREATE
	if !resume {
		flags |= os.O_TRUNC
	}
	f, err := os.OpenFile(s.path, flags, 0o600)
	if err != nil {
		if resume {
			return nil, err
		}
		s.notes = append(s.notes, fmt.Sprintf("this audit cannot be resumed: %v", err))
		return func(bool) error { return nil }, nil
	}
	defer func() {
		if err != nil {
			f.Close()
		}
	}()
	head := journalHead{Journal: 1, Quick: cfg.Quick, Scope: cfg.Scope}
	if resume {
		if head, err = readHead(f, head, given); err != nil {
			return nil, err
		}
	}
	cfg.Quick, cfg.Scope = head.Quick, head.Scope
	before, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	if before > 0 {
		cfg.Done = io.NewSectionReader(f, 0, before)
	}
	line, err := json.Marshal(head)
	if err != nil {
		return nil, err
	}
	s.file = &journalFile{f: f}
	s.buf = bufio.NewWriterSize(s.file, 64<<10)
	if before > 0 { // closes what an interruption may have torn
		line = append([]byte("\n"), line...)
	}
	if _, err := s.buf.Write(append(line, '\n')); err != nil {
		return nil, err
	}
	cfg.Journal = s.buf
	return func(done bool) error {
		err := errors.Join(s.buf.Flush(), f.Close())
		if done {
			return errors.Join(err, os.Remove(s.path))
		}
		return errors.Join(s.file.failed, err)
	}, nil
}

// journalFile takes what cannot be written and forgets it: an audit that cannot
// note how far it is goes on, and reads more again if it is interrupted.
type journalFile struct {
	f      io.Writer
	failed error
}

func (j *journalFile) Write(p []byte) (int, error) {
	if j.failed == nil {
		_, j.failed = j.f.Write(p)
	}
	return len(p), nil
}

// readHead returns the head of a journal that begins with one, and otherwise
// head, for an audit that starts anew.
func readHead(f io.Reader, head journalHead, given bool) (journalHead, error) {
	line, err := bufio.NewReader(io.LimitReader(f, 64<<10)).ReadBytes('\n')
	if len(line) == 0 && err == io.EOF {
		return head, nil
	}
	var was journalHead
	if err := json.Unmarshal(line, &was); err != nil || was.Journal != head.Journal {
		return head, fmt.Errorf("what is kept of the interrupted audit cannot be read; start anew without --resume")
	}
	if given && (was.Quick != head.Quick || was.Scope.Sample != head.Scope.Sample || was.Scope.Sample > 0 && was.Scope.Seed != head.Scope.Seed || was.Scope.Since.IsZero() != head.Scope.Since.IsZero()) {
		kind := "an audit"
		if was.Quick {
			kind = "a quick audit"
		}
		return head, usageError("--resume: what was interrupted is %s of %s", kind, was.Scope)
	}
	return was, nil
}

// tick writes out what a kill would lose, every two seconds.
func (s *auditState) tick() {
	if s.buf == nil || time.Since(s.flushed) < 2*time.Second {
		return
	}
	s.flushed = time.Now()
	_ = s.buf.Flush() // journalFile keeps what is wrong
}
