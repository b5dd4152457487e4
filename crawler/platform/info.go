package platform

import (
	"fmt"
	"slices"

	"github.com/ibid-archive/ibid/archive"
)

// Info describes one platform for people.
type Info struct {
	Name, About, Note string
	Page              bool // its page is evidence too
	Endpoints         []EndpointInfo
	// Known is a source that has been there for long, Missing one that never was;
	// "" for none.
	Known, Missing string
}

// EndpointInfo is one endpoint of a platform.
type EndpointInfo struct {
	Name string
	URL  string // without a query; "" for one on the host of the source
	Off  bool
}

// Platforms describes every platform, in an order that stays.
func (r *Registry) Platforms() []Info {
	var all []Info
	for _, p := range r.all {
		i := Info{Name: p.name, About: p.about, Note: p.note, Page: p.page, Known: p.known, Missing: p.missing}
		for _, a := range p.asks {
			name := p.name + "." + a.name
			e := EndpointInfo{Name: name, URL: r.bases[name]}
			if e.URL == Off {
				e.URL, e.Off = a.base, true
			}
			i.Endpoints = append(i.Endpoints, e)
		}
		all = append(all, i)
	}
	return all
}

// Differences says where a platform answered otherwise than is written here about
// the sources of its Info: known is what was learnt of Known, missing of Missing,
// by a Registry that asks all endpoints; either may be nil. None is good news.
func (r *Registry) Differences(name string, known, missing *archive.Post) []string {
	i := slices.IndexFunc(r.all, func(p *probe) bool { return p.name == name })
	if i < 0 {
		return []string{"there is no such platform"}
	}
	var all []string
	for _, a := range r.all[i].asks {
		endpoint := name + "." + a.name
		if r.bases[endpoint] == Off {
			continue
		}
		if known != nil {
			all = append(all, differs(endpoint, "what is there", a.expected(), 200, known)...)
		}
		if missing != nil && !a.aside {
			want := archive.PostAbsent
			if a.expect == archive.PostRegistered && len(r.all[i].asks) > 1 {
				want = a.expect // it only leads on
			}
			all = append(all, differs(endpoint, "what never was", want, 0, missing)...)
		}
	}
	return all
}

// differs compares one answer with what is expected; status 0 is any.
func differs(endpoint, about string, want archive.PostStanding, status int, p *archive.Post) []string {
	for _, a := range p.Asked {
		if a.Endpoint != endpoint {
			continue
		}
		if a.Standing == want && (status == 0 || a.Status == status) {
			return nil
		}
		return []string{fmt.Sprintf("%s, of %s: %s (%s), expected %s", endpoint, about, a.Standing, a.Says, want)}
	}
	return []string{fmt.Sprintf("%s, of %s: was not asked", endpoint, about)}
}
