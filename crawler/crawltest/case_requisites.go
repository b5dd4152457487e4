package crawltest

import (
	"fmt"
	"strings"
)

// requisiteCases are pages whose images, styles and scripts are the case. The
// pages themselves are alive and stable.
func requisiteCases() []trouble {
	html := func(head, body string) page {
		return htmlPage("<!doctype html>\n<html><head><meta charset=\"utf-8\"><title>Requisites</title>" + head + "</head>\n<body>\n<p>" + filler + "</p>\n" + body + "</body></html>\n")
	}
	host := func(name, note string, p page, also map[string]route) trouble {
		return trouble{Case: Case{Name: name, Want: alive(), Stable: true, Note: note}, page: p, also: also}
	}
	css := func(text string) route { return always(page{ctype: "text/css", body: text}.resource()) }
	dot := always(page{ctype: "image/png", body: picture(8, 8, 1)}.resource())
	var many strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&many, "<img src=\"/dot/%d.png\" alt=\"\">\n", i)
	}
	crowd := host("requisites-5000", "5,000 images", html("", many.String()), nil)
	crowd.on.fallback = dot
	growing := host("requisites-growing", "each style sheet imports one that was not seen before", html(`<link rel="stylesheet" href="/s">`, ""), nil)
	growing.on.fallback = always(does(func(c *conn, h *head) bool {
		return page{ctype: "text/css", body: "@import url(\"" + h.target + "x\");\n"}.answer(c, h)
	}))
	return []trouble{
		crowd, growing,
		host("requisites-private", "images on private addresses, on this machine, and in files", html("",
			`<img src="http://10.0.0.1/a.png"><img src="//169.254.169.254/latest/meta-data/"><img src="http://[::1]/b.png">`+
				`<img src="file:///etc/passwd"><img src="javascript:alert(1)">`), nil),
		host("requisites-loop", "a style sheet that imports itself, and two that import each other", html(`<link rel="stylesheet" href="/a.css">`, ""),
			map[string]route{"/a.css": css("@import \"a.css\";\n@import url(b.css);\n"), "/b.css": css("@import url('/a.css');\nbody{background:url(dot.png)}\n"), "/dot.png": dot}),
		host("requisites-self", "an image whose address is the page's own", html("", `<img src="/"><img src=""><img src="#x"><iframe src="/"></iframe>`), nil),
		host("requisites-data", "data: URIs, one of 256 KiB", html("",
			`<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><img src="data:image/png;base64,`+strings.Repeat("QUJD", 64<<10)+`">`), nil),
		host("requisites-gone", "images that are missing, empty, endless, and on a domain that does not exist", html("",
			`<img src="/gone.png"><img src="/empty.png"><img src="/endless.png"><img src="http://nowhere.test/a.png">`),
			map[string]route{"/empty.png": always(page{ctype: "image/png"}.resource()),
				"/endless.png": always(does(endless("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n", "\x89PNG water")))}),
		host("requisites-base", "a base element that moves every address", html(`<base href="/deep/er/"><link rel="stylesheet" href="s.css">`, `<img src="../i.png">`),
			map[string]route{"/deep/er/s.css": css("p{background:url(\"i.png\")}"), "/deep/i.png": dot, "/deep/er/i.png": dot}),
		host("requisites-srcset", "srcset with commas in its addresses, spaces and nonsense", html("",
			`<img srcset="/a,1.png 1x, /b.png 2x , , /c.png 300w," src="/d.png"><picture><source srcset="/e.png"><img src="/f.png"></picture>`),
			map[string]route{"/a,1.png": dot, "/b.png": dot, "/c.png": dot, "/d.png": dot, "/e.png": dot, "/f.png": dot}),
	}
}
