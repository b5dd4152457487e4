package crawltest

import (
	"strings"
	"sync"
)

// Case is one way in which the web goes wrong, on a host of its own.
type Case struct {
	Name string
	URL  string // as a report would cite it; package net/url refuses some
	// Want is the verdicts that a reasonable checker may reach.
	Want []string
	// Stable says that the body is the same bytes each time, arrives whole,
	// and is what Web.Body(URL) gives: an archive must hold exactly it, under
	// exactly this URL or at the end of its redirects (then Final names where).
	Stable bool
	Final  string // the URL whose body is the stable one, when it is not URL
	// Truncated is how the record of the answer must be marked
	// (WARC-Truncated, WARC 1.1 section 5.13): length, time, disconnect or
	// unspecified, several separated by a bar when each is right, with nothing
	// before a bar when unmarked is right too. Empty: not at all, or there is
	// no answer to mark.
	Truncated string
	Note      string // what is wrong with it
	// Claim is the sentence that a report cites it for, and Then what a checker
	// that kept it in phase 0 finds in phase 1, 2 and so on, with bars between
	// verdicts of which each is right.
	Claim string
	Then  []string
}

// Cases lists every case, in an order that stays.
func (w *Web) Cases() []Case { return append([]Case(nil), w.cases...) }

// trouble is a case with the host that shows it.
type trouble struct {
	Case              // URL empty means "http://" + Name + ".test/"
	page              // what the URL answers
	later func() page // makes that page when it is wanted, for one that is dear
	do    answer      // what it answers instead; the page's body is then the stable one
	also  map[string]route
	on    site // its name and the route of the URL are filled in
}

// caseSites is every case and its host. Cases that share a host name one
// after the other share the site of the first.
func caseSites() ([]*site, []Case) {
	var all []trouble
	for _, group := range [][]trouble{
		bodyCases(), encodingCases(), lengthCases(), connCases(), headerCases(), statusCases(), redirectCases(), locationCases(),
		privateCases(), urlCases(), charsetCases(), tlsCases(), robotsCases(), requisiteCases(), cacheCases(), softCases(), softPages(), goodPages(), wallPages(), driftPages(), manyPages(),
	} {
		all = append(all, group...)
	}
	var sites []*site
	var cases []Case
	byName := make(map[string]*site)
	for _, t := range all {
		if t.URL == "" {
			t.URL = "http://" + t.Name + ".test/"
		}
		cases = append(cases, t.Case)
		host, target, ok := splitURL(t.URL)
		if !ok || !strings.HasSuffix(host, ".test") {
			continue // an address or a name that is nobody's
		}
		s := byName[host]
		if s == nil {
			s = &t.on
			s.name = host
			if s.routes == nil {
				s.routes = make(map[string]route)
			}
			byName[host] = s
			sites = append(sites, s)
		}
		for also, r := range t.also {
			s.routes[also] = r
		}
		if s.routes[target] != nil {
			continue
		}
		switch r := t.page.resource(); {
		case t.later != nil:
			made := sync.OnceValue(t.later)
			s.routes[target] = func(int) resource {
				return resource{
					answer: func(c *conn, h *head) bool { return made().answer(c, h) },
					body:   func() string { return made().body },
				}
			}
		case t.do == nil && t.Stable && t.Final == "":
			s.routes[target] = always(r)
		case t.do == nil:
			s.routes[target] = always(does(r.answer))
		case t.Stable && t.Final == "":
			s.routes[target] = always(resource{answer: t.do, body: r.body})
		default:
			s.routes[target] = always(does(t.do))
		}
	}
	return sites, cases
}

// says writes the text as it stands and ends the connection.
func says(text string) answer {
	return func(c *conn, _ *head) bool { return c.send(text) && c.finish() }
}

// Sets of verdicts that many cases share.
func alive() []string       { return []string{"alive"} }
func unreachable() []string { return []string{"unreachable"} }
func notHTTP() []string     { return []string{"invalid", "unreachable"} }
