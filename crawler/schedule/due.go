package schedule

import (
	"context"
	"slices"
	"time"

	"github.com/ibid-archive/ibid/archive"
	"github.com/ibid-archive/ibid/crawler"
)

// Due is when a source wants its next visit, and as whom.
type Due struct {
	At      time.Time // zero: now
	Profile string    // archive.ProfileDefault or archive.ProfileBrowser
	InDoubt bool      // the source may be dead, and the visit may settle it
}

// DueFunc says when sources that were visited before want their next visit, by
// key; those that never were are not in what it returns.
type DueFunc func(ctx context.Context, keys []string) (map[string]Due, error)

// plan is what one run does: the jobs by the profile that they are visited with.
type plan struct {
	jobs  map[string][]crawler.Job
	known map[string]bool // keys of those that were visited before
}

// profiles is the order in which they are used.
func profiles() []string { return []string{archive.ProfileDefault, archive.ProfileBrowser} }

// plan leaves out, when only what is due is wanted, the jobs that are not, and
// sorts the others by profile.
func (r *Runner) plan(ctx context.Context, jobs []crawler.Job) (plan, error) {
	p := plan{jobs: map[string][]crawler.Job{}, known: map[string]bool{}}
	if r.Due == nil {
		p.jobs[archive.ProfileDefault] = jobs
		return p, nil
	}
	now := r.now()
	for part := range slices.Chunk(jobs, lookUp) {
		due, err := r.Due(ctx, keysOf(part))
		if err != nil {
			return p, err
		}
		for _, j := range part {
			d, known := due[j.Key]
			ready := !d.At.After(now)
			if known {
				p.known[j.Key] = true
			}
			switch {
			case r.OnlyDue && !ready:
				continue
			case !ready:
				d.Profile = archive.ProfileDefault
			}
			p.jobs[d.Profile] = append(p.jobs[d.Profile], j)
		}
	}
	return p, nil
}

// count is how many jobs there are.
func (p *plan) count() (n int) {
	for _, jobs := range p.jobs {
		n += len(jobs)
	}
	return n
}

// all are the jobs of all profiles.
func (p *plan) all() []crawler.Job {
	if len(p.jobs) == 1 {
		for _, jobs := range p.jobs {
			return jobs
		}
	}
	var all []crawler.Job
	for _, profile := range profiles() {
		all = append(all, p.jobs[profile]...)
	}
	return all
}

// again are the jobs, of those that were just not found and had been visited
// before, that are to be asked for at once with another profile.
func (r *Runner) again(ctx context.Context, profile string, lost []crawler.Job) ([]crawler.Job, error) {
	if len(lost) == 0 || r.Due == nil {
		return nil, nil
	}
	due, err := r.Due(ctx, keysOf(lost))
	if err != nil {
		return nil, err
	}
	now := r.now()
	return slices.DeleteFunc(lost, func(j crawler.Job) bool {
		d := due[j.Key]
		return d.Profile != profile || d.At.After(now)
	}), nil
}

func keysOf(jobs []crawler.Job) []string {
	keys := make([]string, len(jobs))
	for i, j := range jobs {
		keys[i] = j.Key
	}
	return keys
}

// absent reports a verdict that another profile is asked about.
func absent(v archive.Verdict) bool { return v == archive.Gone || v == archive.Soft404 }
