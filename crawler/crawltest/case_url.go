package crawltest

import "strings"

// urlCases are URLs that a tool easily changes before it sends them, and
// bodies that it easily changes before it keeps them.
func urlCases() []trouble {
	text := func(name string) page { return htmlPage(simple("Own page", "This text is found at "+name+" alone.")) }
	at := func(name, target, note string, spellings ...string) trouble {
		t := trouble{Case: Case{Name: name, URL: "http://" + name + ".test" + target, Want: alive(), Stable: true, Note: note},
			page: text(target), also: make(map[string]route)}
		for _, s := range spellings {
			t.also[s] = always(t.page.resource())
		}
		return t
	}
	// The second URL of a host is a case of its own beside the first.
	beside := func(t trouble, name, target string) trouble {
		host, _, _ := splitURL(t.URL)
		t.Name, t.URL, t.page, t.also = name, "http://"+host+target, text(target), nil
		return t
	}
	order := at("query-order", "/find?b=2&a=1", "the order of the parameters matters")
	letters := at("path-case", "/Report", "upper and lower case are two pages")
	slash := at("slash", "/minutes/", "with and without a slash at the end are two pages")
	empty := at("query-empty", "/find?", "an empty query is another page than none")
	file := func(name, path, ctype, body, note string) trouble {
		return trouble{Case: Case{Name: name, URL: "http://" + name + ".test" + path, Want: alive(), Stable: true, Note: note},
			page: page{ctype: ctype, body: body}}
	}
	long := "/" + strings.Repeat("very-", 1500) + "long"
	return []trouble{
		order, beside(order, "query-order-2", "/find?a=1&b=2"),
		letters, beside(letters, "path-case-2", "/report"),
		slash, beside(slash, "slash-2", "/minutes"),
		empty, beside(empty, "query-empty-2", "/find"),
		at("query-twice", "/find?a=1&a=2&a&=&a=1", "parameters without name, without value, and twice"),
		at("query-plus", "/find?q=a+b%20c&d=%2B", "plus signs, and escapes that must stay"),
		at("query-semicolon", "/find?a=1;b=2", "semicolons between parameters"),
		at("query-url", "/go?to=http://gazette.test/a?b=c&d=/../e", "a URL in the query"),
		at("double-slash", "//a//b/", "slashes that are not to be folded"),
		at("dots", "/a/...//b/.c", "dots that are no dot segments"),
		at("percent-case", "/%c3%a9t%C3%A9", "escapes in lower and upper case stay as they are"),
		at("percent-slash", "/a%2Fb", "an escaped slash is no slash"),
		at("percent-bad", "/odd/%zz", "an escape that is none; the same when its sign is escaped", "/odd/%25zz"),
		at("pipe", "/odd/a|b", "a vertical bar, raw or escaped", "/odd/a%7Cb", "/odd/a%7cb"),
		at("space", "/odd/a b", "a space, raw or escaped", "/odd/a%20b"),
		at("brackets", "/list[0]/{id}?x[]=1", "brackets and braces, raw or escaped",
			"/list[0]/%7Bid%7D?x[]=1", "/list%5B0%5D/%7Bid%7D?x[]=1", "/list%5B0%5D/%7Bid%7D?x%5B%5D=1", "/list[0]/%7Bid%7D?x%5B%5D=1"),
		at("unicode", "/straße/河", "letters beyond ASCII, raw or escaped", "/stra%C3%9Fe/%E6%B2%B3", "/stra%c3%9fe/%e6%b2%b3"),
		at("apostrophe", "/it's/(really)*!,;@&=+$", "marks that need no escape", "/it%27s/(really)*!,;@&=+$"),
		at("fragment", "/page", "a fragment, which is not sent").cited("http://fragment.test/page#part:~:text=found%20at"),
		at("upper-host", "/page", "the host in upper case").cited("HTTP://UPPER-HOST.TEST/page"),
		at("dot-host", "/page", "the host with a dot at its end").cited("http://dot-host.test./page"),
		at("port-80", "/page", "the default port, written out").cited("http://port-80.test:80/page"),
		at("userinfo", "/page", "a user and a password, which must be kept nowhere").cited("http://reader:secret@userinfo.test/page"),
		at("long-url", long, "a path of 7,500 bytes"),
		file("archive-tgz", "/data/readings.tgz", "application/gzip", gzipped(strings.Repeat("412\n", 5000)), "a .tgz, not to be unpacked on the way"),
		file("sitemap-soft", "/sitemap.xml.gz", typeHTML, simple("Not found", "Sorry, we cannot find that."), "HTML under a name that ends in .xml.gz").softly(),
		file("pdf-charset", "/report.pdf", "application/pdf; charset=binary", annualReport(), "a PDF with charset=binary, not to be transcoded"),
		file("octets", "/page.html", "application/octet-stream", simple("Octets", "A page in plain clothes."), "HTML served as octets"),
		file("no-type", "/page", "", simple("No type", "A page without a Content-Type."), "no Content-Type"),
		file("bad-type", "/page", "text/html; charset=\"; ,,/;", simple("Bad type", "A page with a broken Content-Type."), "a Content-Type that does not parse"),
		file("attachment", "/page", "text/csv\r\nContent-Disposition: attachment; filename=\"../../etc/passwd\"", gaugeReadings(), "a file name that climbs"),
	}
}

// cited is the case with another spelling of its URL.
func (t trouble) cited(url string) trouble {
	t.URL = url
	return t
}

// softly also takes the verdict for a page that says it is none.
func (t trouble) softly() trouble {
	t.Want = append(t.Want, "soft-404")
	return t
}
