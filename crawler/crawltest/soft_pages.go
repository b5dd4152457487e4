package crawltest

import (
	"net/http"
	"strings"
)

// softPages answer with a success code for what is not there.
func softPages() []trouble {
	dead := []string{"soft-404"}
	soft := func(name, note, body string) trouble {
		return trouble{Case: Case{Name: "soft-" + name, URL: "http://soft.test/2024/" + name, Want: dead, Stable: true, Note: note}, page: htmlPage(body)}
	}
	away := func(name, note, url string, status int, to string) trouble {
		host, _, _ := splitURL(url)
		t := trouble{Case: Case{Name: "soft-" + name, URL: url, Want: dead, Stable: true, Final: "http://" + host + to, Note: note}, page: redirect(status, to)}
		t.also = map[string]route{to: always(htmlPage(simple("Wend Online", "Welcome to the new web site of the valley.")).resource())}
		return t
	}
	said := func(title, h1, text string) string {
		return "<!doctype html>\n<html><head><meta charset=\"utf-8\"><title>" + title + "</title></head>\n<body><nav>" +
			strings.Repeat("<a href=\"/\">News</a> ", 12) + "</nav><h1>" + h1 + "</h1><p>" + text + "</p></body></html>\n"
	}
	var all []trouble
	for _, l := range []struct{ code, title, h1, text string }{
		{"en", "Page not found - Wend Online", "Oops! That page can’t be found.", "It looks like nothing was found at this location. Maybe try a search?"},
		{"zh", "页面不存在 - 新闻网", "抱歉,您访问的页面不存在", "请返回首页"},
		{"hi", "पृष्ठ नहीं मिला | समाचार", "पृष्ठ नहीं मिला", "मुखपृष्ठ पर जाएँ"},
		{"es", "Página no encontrada | El Diario", "Lo sentimos, la página que buscas no existe", "Vuelve a la portada"},
		{"fr", "Page introuvable – Le Journal", "La page que vous recherchez n’existe pas", "Retour à l’accueil"},
		{"ar", "الصفحة غير موجودة - الأخبار", "عذراً، الصفحة المطلوبة غير موجودة", "العودة إلى الرئيسية"},
		{"bn", "পৃষ্ঠাটি খুঁজে পাওয়া যায়নি", "পৃষ্ঠাটি খুঁজে পাওয়া যায়নি", "প্রথম পাতায় ফিরে যান"},
		{"pt", "PÁGINA NÃO ENCONTRADA - Jornal", "A página que você procura não existe", "Voltar ao início"},
		{"ru", "Страница не найдена — Вести", "Ошибка 404. Страница не найдена", "Вернуться на главную"},
		{"ur", "صفحہ نہیں ملا", "صفحہ نہیں ملا", "سرورق پر جائیں"},
		{"id", "Halaman tidak ditemukan - Berita", "Halaman tidak ditemukan", "Kembali ke beranda"},
		{"de", "Seite nicht gefunden | Zeitung", "Die gesuchte Seite wurde leider nicht gefunden", "Zur Startseite"},
		{"ja", "ページが見つかりません|ニュース", "お探しのページは見つかりませんでした", "トップへ戻る"},
		{"uz-latn", "Sahifa topilmadi - Gazeta", "Kechirasiz, bunday sahifa mavjud emas", "Bosh sahifa"},
		{"uz-cyrl", "Саҳифа топилмади — Газета", "Саҳифа топилмади", "Бош саҳифа"},
		{"tg", "Саҳифа ёфт нашуд — Ховар", "Саҳифа ёфт нашуд", "Ба саҳифаи асосӣ"},
		{"ky", "Барак табылган жок — Кабар", "Мындай барак жок", "Башкы бетке"},
		{"kk", "Бет табылмады — Жаңалықтар", "Бет табылмады", "Басты бетке"},
		{"fa", "صفحه یافت نشد - خبرگزاری", "صفحه مورد نظر شما پیدا نشد", "بازگشت به صفحه اصلی"},
		{"ps", "پاڼه ونه موندل شوه", "پاڼه ونه موندل شوه", "اصلي پاڼې ته"},
		{"tr", "SAYFA BULUNAMADI - Haber", "Aradığınız sayfa bulunamadı", "Ana sayfaya dön"},
	} {
		all = append(all, soft(l.code, "says that it is not there, language "+l.code, said(l.title, l.h1, l.text)))
	}
	cyrillic := soft("cp1251", "says so in Russian and windows-1251", "")
	cyrillic.page = page{ctype: "text/html; charset=windows-1251", body: "<html><head><title>\xd1\xf2\xf0\xe0\xed\xe8\xf6\xe0 \xed\xe5 \xed\xe0\xe9\xe4\xe5\xed\xe0</title></head><body>\xcd\xe5\xf2</body></html>\n"}
	text := soft("plain", "says so in plain text", "")
	text.page = page{ctype: "text/plain; charset=utf-8", body: "404 page not found\n"}
	parked := func(name, note, title, body string) trouble {
		t := soft(name, note, "<!doctype html><html><head><title>"+title+"</title></head><body>"+body+"</body></html>\n")
		t.URL = "http://" + name + ".parked.test/2019/story"
		return t
	}
	all = append(all, cyrillic, text,
		soft("heading", "only its heading says so", said("Wend Online", "Page not found", "Try the search.")),
		soft("number", "says 404 and nothing else", said("404 | Wend Online", "404", "")),
		soft("class", "only the class of its body says so", strings.Replace(said("Wend Online", "Hm.", "This is embarrassing."), "<body>", "<body class=\"error404 wide\">", 1)),
		soft("prerender", "only a mark for search engines says so", strings.Replace(said("Wend Online", "Hm.", ""), "</head>", "<meta name=\"prerender-status-code\" content=\"404\"></head>", 1)),
		soft("removed", "a short page says that the article was removed", "<html><body>Sorry, this article has been removed.</body></html>\n"),
		soft("suspended", "an account that the host switched off", said("Account Suspended", "Account Suspended", "Contact your hosting provider.")),
		soft("nginx", "a server without a site", said("Welcome to nginx!", "Welcome to nginx!", "If you see this page, the web server is successfully installed.")),
		parked("sale", "a domain for sale, by its title", "sale.parked.test is for sale", "Make an offer."),
		parked("sedo", "a domain parked with Sedo", "sedo.parked.test", "<script src=\"https://img.sedoparking.com/js/x.js\"></script>Related searches"),
		parked("crew", "a domain parked with ParkingCrew", "crew.parked.test", "<script src=\"http://c.parkingcrew.net/scripts/sale_form.js\"></script>"),
		parked("lander", "a domain parked with GoDaddy", "", "<script>window.onload=function(){window.location.href=\"/lander\"}</script>"),
		parked("bodis", "a domain parked with Bodis", "", "<script>window.park = \"e30=\";</script>"),
		parked("huge", "a domain for sale at HugeDomains", "huge.parked.test", "<a href=\"https://www.hugedomains.com/domain_profile.cfm?d=x\">Buy</a>"),
		parked("expired", "a domain that ran out", "This domain has expired", "Renew it with your registrar."),
		parked("regru", "a domain parked with REG.RU", "Домен припаркован", "<p>Домен зарегистрирован.</p>"),
		away("home", "a deep link redirects to the home page", "http://softhome.test/2024/03/dam", http.StatusMovedPermanently, "/"),
		away("home-temporary", "and for now", "http://softhome2.test/minutes/2024-03", http.StatusFound, "/"),
		away("home-language", "to the home page of a language", "http://softhome3.test/news/2024/17.html", http.StatusFound, "/ru/"),
		away("home-number", "to the home page, dropping the number of the story", "http://softhome4.test/?p=1723", http.StatusMovedPermanently, "/"),
		away("error-page", "to an error page that is a success", "http://softhome5.test/a/17", http.StatusFound, "/404.html"),
	)
	everything := func(answer page) route { return always(does(answer.answer)) }
	return append(all,
		trouble{Case: Case{Name: "soft-all", URL: "http://softall.test/reports/17", Want: dead, Stable: true, Final: "http://softall.test/news",
			Note: "every page that is not there redirects to the same one, for good"}, page: redirect(301, "/news"),
			also: map[string]route{"/news": always(htmlPage(simple("News", "What happens in the valley.")).resource())}, on: site{fallback: everything(redirect(301, "/news"))}},
		trouble{Case: Case{Name: "soft-all-shallow", URL: "http://softall2.test/survey", Want: dead, Stable: true, Final: "http://softall2.test/",
			Note: "every page that is not there redirects home, a shallow one too"}, page: redirect(301, "/"),
			also: map[string]route{"/": always(htmlPage(simple("Wend", "The valley.")).resource())}, on: site{fallback: everything(redirect(301, "/"))}},
		trouble{Case: Case{Name: "soft-thin", URL: "http://softthin.test/story/17", Want: dead, Stable: true, Note: "every path but the home page says the same few words"}, page: htmlPage("<html><body>Nothing to see.</body></html>\n"),
			also: map[string]route{"/": always(htmlPage(simple("Wend Online", "What happens in the valley, every day, from the mill to the dam and back.")).resource())},
			on:   site{fallback: everything(htmlPage("<html><body>Nothing to see.</body></html>\n"))}},
		trouble{Case: Case{Name: "soft-silent", URL: "http://softsilent.test/story/17", Want: []string{"unknown"}, Stable: true, Note: "every path says the same few words, the home page too"}, page: htmlPage("<html><body>Pardon the dust.</body></html>\n"),
			on: site{fallback: everything(htmlPage("<html><body>Pardon the dust.</body></html>\n"))}},
		trouble{Case: Case{Name: "soft-shell", URL: "http://softshell.test/story/17", Want: []string{"unknown"}, Stable: true, Note: "every path is the same empty page that scripts fill"}, page: htmlPage(shell),
			on: site{fallback: everything(htmlPage(shell))}},
	)
}

const shell = "<!doctype html><html><head><title>Wend App</title></head><body><div id=\"root\"></div><script src=\"/app.js\"></script></body></html>\n"

// goodPages are alive and look as if they were not.
func goodPages() []trouble {
	good := func(path, name, note, body string) trouble {
		return trouble{Case: Case{Name: "good-" + name, URL: "http://good.test" + path, Want: alive(), Stable: true, Note: note}, page: htmlPage(body)}
	}
	moved := func(name, note, url string, status int, to string, want ...string) trouble {
		host, _, _ := splitURL(url)
		final, _, _ := strings.Cut(to, "#")
		t := trouble{Case: Case{Name: "good-" + name, URL: url, Want: want, Stable: true, Final: "http://" + host + final, Note: note}, page: redirect(status, to)}
		t.also = map[string]route{final: always(htmlPage(simple("The gauge", "The gauge at the lower bridge is read twice a day.")).resource())}
		return t
	}
	long := strings.Repeat("<p>"+filler+"</p>\n", 5)
	titled := func(title, text string) string {
		return "<!doctype html><html><head><meta charset=\"utf-8\"><title>" + title + "</title></head><body><h1>" + title + "</h1>\n" + text + "</body></html>\n"
	}
	return []trouble{
		good("/wiki/HTTP_404", "about-404", "an article about the number", titled("HTTP 404 - Wend Encyclopedia", long)),
		good("/2024/page-not-found-art", "about-not-found", "an article with the words in its title", titled("Page not found: the art of the error page", long)),
		good("/2024/lost", "missing-person", "an article on somebody who was not found", titled("Body of missing hiker not found after week of searching", "<p>"+filler+"</p>")),
		good("/bus/404", "bus", "the timetable of bus 404", titled("404", "<p>Lower Wend 7:10 7:40 8:10. Mill 7:20 7:50 8:20.</p>")),
		good("/films/not-found", "poem", "a poem of that name", titled("Not Found", "<p>I looked for you under the bridge.</p><p>The water had gone.</p>")),
		good("/2024/captcha", "captcha", "an article with a captcha under it", titled("The gauge", long+"<script src=\"https://www.google.com/recaptcha/api.js\"></script><div class=\"g-recaptcha\"></div>")),
		good("/2024/login", "login-box", "an article with a box to log in", titled("The gauge", long+"<form><input type=\"password\" name=\"p\"></form>")),
		good("/2024/consent", "consent-banner", "an article with a banner for cookies", titled("The gauge", "<div>We value your privacy. Accept all cookies?</div>"+long)),
		good("/2024/free", "not-free", "an article that calls itself not free and is there", strings.Replace(titled("The gauge", long), "</head>", "<script type=\"application/ld+json\">{\"isAccessibleForFree\":\"False\"}</script></head>", 1)),
		good("/2024/domains", "domains", "an article on the trade with domains", titled("This domain is for sale: inside a trade", long+"<a href=\"https://www.hugedomains.com/domain_profile.cfm?d=x\">x</a>")),
		good("/2024/region", "region", "an article on films that are not shown", titled("Why films are not available in your country", long)),
		good("/2024/age", "age", "an article on age checks", titled("Are you over 18? What shops ask", long)),
		good("/2024/short", "short", "a short page that is there", titled("Level today", "<p>4.12 m at 19:00.</p>")),
		good("/signin", "login-cited", "a login page that was cited", titled("Sign in", "<form><input type=\"password\" name=\"p\"></form>")),
		good("/2024/script", "script", "an article whose script holds the words of an error page", strings.Replace(titled("The gauge", long), "</body>", "<script>var t={\"e404\":\"<h1>Page not found</h1>\"}</script></body>", 1)),
		moved("moved-slug", "moved, and its name moved with it", "http://goodmove.test/story/dam-report", 301, "/archive/dam-report", "moved"),
		moved("moved-number", "moved to a number; what is not there is not redirected", "http://goodmove2.test/story/dam", 301, "/archive/17", "moved"),
		moved("route", "redirects home to a route in the fragment", "http://goodmove3.test/news/2024/dam", 302, "/#/news/2024/dam", "alive"),
		moved("index", "the index page redirects to the root", "http://goodmove4.test/index.html", 301, "/", "alive", "moved"),
		moved("language", "the root redirects to a language", "http://goodmove5.test/", 302, "/en/", "alive"),
		moved("short-name", "a short name redirects home; what is not there does not", "http://goodmove6.test/dam", 302, "/", "alive"),
	}
}
