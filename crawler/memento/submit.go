package memento

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/ibid-archive/ibid/archive"
)

// SaverConfig describes a Saver. Archive, Fetcher, Key and Secret are required.
type SaverConfig struct {
	Archive     Archive
	Fetcher     Fetcher
	Key, Secret string        // of an account with the archive
	NotWithin   time.Duration // a snapshot so young suffices, and none is made; default 72 h
	Poll        time.Duration // between two questions about a job; default 6 s
	Polls       int           // questions about one job; default 20
}

// Saver has an archive capture sources by the Wayback Machine's Save Page Now 2.
type Saver struct {
	cfg     SaverConfig
	ended   string
	trouble int // answers of no use, one after the other
	asked   map[string]struct{}
	about   map[string]int
}

// NewSaver checks cfg and returns a Saver for one run.
func NewSaver(cfg SaverConfig) (*Saver, error) {
	if cfg.Fetcher == nil || cfg.Archive.Save == "" || cfg.Key == "" || cfg.Secret == "" {
		return nil, errors.New("memento: an archive with save, a fetcher and a key with its secret are required")
	}
	if strings.ContainsAny(cfg.Key+cfg.Secret, " \r\n\t") {
		return nil, errors.New("memento: white space in the key of the archive")
	}
	if err := cfg.Archive.Validate(); err != nil {
		return nil, err
	}
	setDefault(&cfg.Polls, 20)
	if cfg.NotWithin == 0 {
		cfg.NotWithin = 72 * time.Hour
	}
	if cfg.Poll == 0 {
		cfg.Poll = 6 * time.Second
	}
	return &Saver{cfg: cfg, asked: map[string]struct{}{}, about: map[string]int{}}, nil
}

// Ended says why the archive takes no more of this run's sources, "" when it does.
func (s *Saver) Ended() string { return s.ended }

// Asked counts for each host that was asked the addresses that it was asked to
// capture.
func (s *Saver) Asked() map[string]int { return s.about }

// Submitted is what came of a submission. The Exchanges are to be closed.
type Submitted struct {
	archive.Submission
	Exchanges []*archive.Exchange
}

// Close releases the exchanges.
func (s *Submitted) Close() {
	for _, x := range s.Exchanges {
		x.Close()
	}
}

// Submit has a source captured and waits for how that ends. What the archive says
// is in what it returns; the error is the Fetcher's before there was any answer.
func (s *Saver) Submit(ctx context.Context, source string) (*Submitted, error) {
	out := &Submitted{Submission: archive.Submission{Archive: s.cfg.Archive.Name}}
	note(s.asked, s.about, hostOf(s.cfg.Archive.Save), source)
	form := url.Values{"url": {source}, "if_not_archived_within": {fmt.Sprintf("%ds", int64(s.cfg.NotWithin.Seconds()))}, "skip_first_archive": {"1"}}
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	answer, err := s.ask(ctx, out, http.MethodPost, s.cfg.Archive.Save, header, []byte(form.Encode()))
	if err != nil {
		out.Close()
		return nil, err
	}
	for polls := 0; ; polls++ {
		if done := answer.settle(source, &s.cfg.Archive, out); done {
			if stops(answer.StatusExt) {
				s.ended = out.Message
			}
			return out, nil
		}
		if polls == s.cfg.Polls || s.cfg.Fetcher.Wait(ctx, s.cfg.Poll) != nil {
			return out, nil //nolint:nilerr // it is pending, and that is to be kept
		}
		job := strings.TrimSuffix(s.cfg.Archive.Save, "/") + "/status/" + url.PathEscape(out.Job)
		next, err := s.ask(ctx, out, http.MethodGet, job, http.Header{}, nil)
		if err != nil {
			return out, nil //nolint:nilerr // the archive was asked, and that is to be kept
		}
		if next.StatusExt == unreadable {
			continue // the job goes on though this one answer made no sense
		}
		answer = next
	}
}

// unreadable stands for an answer that is not what the interface promises.
const unreadable = "error:unreadable-answer"

// ask makes one exchange and reads the answer. Trouble is an answer, too.
func (s *Saver) ask(ctx context.Context, out *Submitted, method, url string, header http.Header, body []byte) (*saveAnswer, error) {
	header.Set("Accept", "application/json")
	header.Set("Authorization", "LOW "+s.cfg.Key+":"+s.cfg.Secret)
	xs, err := s.cfg.Fetcher.Fetch(ctx, method, url, header, body)
	out.Exchanges = append(out.Exchanges, xs...)
	if err != nil {
		return nil, err
	}
	x := xs[len(xs)-1]
	why, stop := troubleOf(x)
	switch {
	case why == "":
		s.trouble = 0
	case method == http.MethodPost:
		if s.trouble++; stop || s.trouble >= patience {
			s.ended = why
		}
		return &saveAnswer{Status: archive.SubmissionError, Message: why}, nil
	default:
		return &saveAnswer{StatusExt: unreadable}, nil
	}
	a, err := parseSave(contentOf(x))
	if err != nil {
		return &saveAnswer{Status: archive.SubmissionError, StatusExt: unreadable, Message: err.Error()}, nil //nolint:nilerr // said in the answer
	}
	if x.Status >= 400 && a.Status == "" {
		a.Status = archive.SubmissionError
	}
	return a, nil
}

// saveAnswer is what Save Page Now answers to a request and to a question about a job.
type saveAnswer struct {
	URL       string `json:"url"`
	JobID     string `json:"job_id"`
	Status    string `json:"status"`     // "", pending, success, error
	StatusExt string `json:"status_ext"` // error:…
	Message   string `json:"message"`
	Timestamp string `json:"timestamp"`
	Original  string `json:"original_url"`
}

// maxSave bounds an answer in bytes. One about a job lists every resource.
const maxSave = 4 << 20

// maxWords bounds in bytes what is kept of the archive's words.
const maxWords = 500

func parseSave(r io.Reader) (*saveAnswer, error) {
	var a saveAnswer
	if err := json.NewDecoder(io.LimitReader(r, maxSave)).Decode(&a); err != nil {
		return nil, fmt.Errorf("read answer of Save Page Now: %w", err)
	}
	for _, s := range []*string{&a.JobID, &a.Status, &a.StatusExt, &a.Message, &a.Timestamp} {
		*s = strings.ToValidUTF8((*s)[:min(len(*s), maxWords)], "")
	}
	return &a, nil
}

// settle lays an answer over what is known, and reports whether there is nothing
// more to wait for.
func (a *saveAnswer) settle(source string, of *Archive, out *Submitted) bool {
	if a.JobID != "" {
		out.Job = a.JobID
	}
	switch {
	case a.Status == "error" || strings.HasPrefix(a.StatusExt, "error:"):
		out.Status, out.Message = archive.SubmissionError, a.Message
		if out.Message == "" {
			out.Message = a.StatusExt
		}
		return true
	case a.Status == "success":
		out.Status = archive.SubmissionSuccess
		at, ok := parseStamp(a.Timestamp)
		if !ok || len(a.Timestamp) != len(stampLayout) {
			out.Message = "the archive does not say under which time it has the snapshot"
			return true
		}
		original := a.Original
		if !fetchable(original) {
			original = source
		}
		out.Datetime = at
		if of.Replay != "" {
			out.URL = shown(of.replay(a.Timestamp, original))
		}
		return true
	case out.Job == "":
		// No job: it has one that is young enough, and says so in words.
		out.Status, out.Message = archive.SubmissionSuccess, a.Message
		if a.Message == "" {
			out.Status, out.Message = archive.SubmissionError, "the answer names neither a job nor a reason"
		}
		return true
	}
	out.Status, out.Message = archive.SubmissionPending, a.Message
	return false
}

// stops reports an error that the next source would meet, too.
func stops(statusExt string) bool {
	switch statusExt {
	case "error:user-session-limit", "error:too-many-requests", "error:not-authorized", "error:no-access", "error:service-unavailable", "error:celery":
		return true
	}
	return false
}
