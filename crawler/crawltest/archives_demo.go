package crawltest

// Holdings is what the web archives have of the demo hosts and of the posts that
// the tests cite: every way in which they answer.
func Holdings() []Holding {
	story := func(title string) string {
		return simple(title, "The council published its building plan for the spillway above Lower Wend, and withdrew it in autumn.")
	}
	return []Holding{
		// Gone. The nearest to 10 May 2022 is an error page with a success code,
		// then one that the list takes for a page and is not; both are passed over.
		{URL: "https://council.test/plan.html", At: "20180101120000", Body: story("The plan of 2018")},
		{URL: "https://council.test/plan.html", At: "20220508093000", Body: story("The building plan of the council")},
		{URL: "https://council.test/plan.html", At: "20220510120000", Body: simple("Page not found", "Sorry, the page you were looking for does not exist.")},
		{URL: "https://council.test/plan.html", At: "20220511120000", Status: 404, Body: "not found", Trouble: "listed-as-unknown"},
		// Behind a wall today.
		{URL: "https://walled.test/report", At: "20220601000000", Body: story("The report behind the wall")},
		// Removed; archived as a redirect to what is archived, too.
		{URL: "https://ministry.test/notice/9", At: "20220512000000", Status: 301, Location: "https://ministry.test/notices/2022/9"},
		{URL: "https://ministry.test/notices/2022/9", At: "20220512000000", Body: story("Notice 9")},
		// A page that is still there.
		{URL: "https://gazette.test/2026/dam-report", At: "20220520000000", Body: story("The dam report as it was")},
		// A post, archived under the platform's old name, and a 404 for one.
		{URL: "https://twitter.com/someone/status/1524393464124825604", At: "20220511200000", Body: story("someone on Twitter: the plan is out")},
		{URL: "https://twitter.com/someone/status/1524382415267020800", At: "20220511200000", Status: 404, Body: "not found", Trouble: "listed-as-unknown"},
		// Pages of a TimeMap.
		{URL: "https://council.test/minutes/2024-03", At: "20190101000000", Body: story("Minutes 2019"), Only: "mementos.test"},
		{URL: "https://council.test/minutes/2024-03", At: "20200101000000", Body: story("Minutes 2020"), Only: "mementos.test"},
		{URL: "https://council.test/minutes/2024-03", At: "20220509000000", Body: story("Minutes 2022"), Only: "mementos.test"},
		{URL: "https://council.test/minutes/2024-03", At: "20230101000000", Body: story("Minutes 2023"), Only: "mementos.test"},
		{URL: "https://council.test/minutes/2024-03", At: "20240101000000", Body: story("Minutes 2024"), Only: "mementos.test"},
		// What Save Page Now says of some.
		{URL: "https://gazette.test/letters", Trouble: SaveFails},
		{URL: "http://old.gazette.test/story/17", Trouble: SaveRecent},
	}
}
