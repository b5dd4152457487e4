package crawltest

// softCases answer with a success code and without what was cited.
func softCases() []trouble {
	page1 := func(name, note string, want []string, title, text string) trouble {
		return trouble{Case: Case{Name: name, Want: want, Stable: true, Note: note}, page: htmlPage(simple(title, text))}
	}
	login := "<!doctype html><html><head><title>Sign in</title></head><body><h1>Sign in</h1><form action=\"/login\" method=\"post\">" +
		"<input name=\"user\"><input type=\"password\" name=\"pass\"><button>Sign in</button></form></body></html>\n"
	return []trouble{
		page1("soft-404", "200 for a page that says it is not there", []string{"soft-404"}, "Page not found", "Sorry, the page you were looking for does not exist."),
		page1("parked", "a domain for sale", []string{"soft-404"}, "parked.test is for sale", "Buy this domain. Related searches: dams, river gauges, sirens."),
		{Case: Case{Name: "to-home", URL: "http://to-home.test/2024/story", Want: []string{"soft-404"}, Note: "an old story redirects to the home page"},
			page: redirect(301, "/"), also: map[string]route{"/": always(htmlPage(simple("Home", "Welcome to the new web site.")).resource())}},
		{Case: Case{Name: "to-login", URL: "http://to-login.test/members/17", Want: []string{"restricted"}, Note: "redirects to a log-in form"},
			page: redirect(302, "/login?next=/members/17"), also: map[string]route{"/login?next=/members/17": always(does(page{ctype: typeHTML, body: login}.answer))}},
	}
}
