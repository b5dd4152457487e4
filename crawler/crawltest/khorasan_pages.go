package crawltest

import "net/http"

// khorasanPages are the pages of news sites and institutes that the report cites.
func khorasanPages() []khorasanSource {
	stays := func(url, note, verdict, reason string, a article) khorasanSource {
		return khorasanSource{Truth: Truth{URL: url, Note: note, Verdict: verdict, Reason: reason, Title: a.title, Claim: true}, page: always(htmlPage(a.html()).resource())}
	}
	bad := func(url, note, verdict, reason string, says page) khorasanSource {
		return khorasanSource{Truth: Truth{URL: url, Note: note, Verdict: verdict, Reason: reason}, page: always(does(says.answer))}
	}
	const analysts, hekmat = "https://www.afghanistan-analysts.org", "/en/reports/war-and-peace/qari-hekmats-island-overrun-"
	island := khorasanIsland()
	moved := khorasanSource{Truth: Truth{URL: analysts + hekmat + "taleban-defeat-iskp-in-jawzjan/", Note: "moved for good with its text: another spelling in its address", Verdict: "moved", Title: island.title, Claim: true},
		page: always(does(redirect(http.StatusMovedPermanently, hekmat+"taliban-defeat-iskp-in-jawzjan/").answer)),
		also: map[string]route{hekmat + "taliban-defeat-iskp-in-jawzjan/": always(htmlPage(island.html()).resource())}}
	plots := khorasanPlots()
	drifts := stays("https://www.rferl.org/a/tajikistan-concerned-taliban-plots/31477716.html", "later one word of what it is cited for changes", "alive", "", plots)
	drifts.page = phases(htmlPage(plots.html()).resource(), htmlPage(plots.replace("under the Taliban flag", "under a flag of their own").html()).resource())
	drifts.ThenVerdict, drifts.From = "drifted", "under a flag of their own"
	return []khorasanSource{
		stays("https://www.rferl.org/a/uzbekistan-islamic-state-afghanistan--rocket-assault/31810956.html", "is there", "alive", "", khorasanRockets()),
		moved,
		bad("https://www.intelligencefusion.co.uk/insights/resources/intelligence-reports/assessment-of-the-death-of-qari-hekmat-and-implications-for-is-kp-in-the-region/",
			"404 since the site was renewed", "gone", "http-404", notFound("www.intelligencefusion.co.uk")),
		{Truth: Truth{URL: "http://www.iswresearch.org/2022/01/intelligence-information-report-uzbek.html", Note: "nothing listens any more", Verdict: "unreachable"}, host: &site{refuse: true}},
		stays("https://khovar.tj/rus/2022/05/soobshhenie-press-tsentra-pogranichnyh-vojsk-gknb-rt/", "is there, in Russian", "alive", "", khorasanBorder()),
		bad("https://www.rferl.org/a/taliban-tajik-militants-border/31380071.html", "200 with the words of an error page", "soft-404", "",
			htmlPage("<!doctype html><html lang=\"en\"><head><title>Page not found - Radio</title></head><body><nav><a href=\"/\">News</a></nav><h1>Sorry, the page you are looking for cannot be found</h1><p>Try the search.</p></body></html>\n")),
		drifts,
		bad("https://eurasianet.org/perspectives-islamic-state-in-afghanistan-seeks-to-recruit-uzbeks-tajiks-kyrgyz", "a bot wall", "blocked", "",
			page{status: http.StatusForbidden, ctype: typeHTML, fields: "Server: cloudflare\r\nCf-Mitigated: challenge\r\nCache-Control: no-store\r\n", body: challenge}),
		stays("https://www.criticalthreats.org/briefs/al-qaeda-global-tracker/salafi-jihadi-global-tracker-islamic-state-media-exaggerates-strength-and-cohesion-in-revenge-campaign", "is there", "alive", "", khorasanCampaign()),
	}
}

func khorasanRockets() article {
	return article{lang: "en", title: "Tashkent and Kabul reject report of rockets fired at Termez", date: "April 19, 2022", views: "14 comments", paragraphs: []string{
		"Officials in Tashkent and in Kabul have both rejected an account according to which rockets were fired from Afghanistan at the Uzbek city of Termez on April 18.",
		"The press service of the president of Uzbekistan said that no fighting took place near the border and that the situation there was stable.",
		"A spokesman in Kabul told reporters that the claim of the Khorasan branch of the Islamic State was false, and that no group could use Afghan soil against its neighbours.",
		"The group had said on its channels that it launched ten rockets across the Amu Darya. It showed pictures of a launcher, without a place or a date.",
	}}
}

func khorasanIsland() article {
	return article{lang: "en", title: "Qari Hekmat’s island overrun", date: "4 August 2018", paragraphs: []string{
		"In Jowzjan a commander known as Qari Hekmat, himself an Uzbek, left the Taliban and went over to the Islamic State’s Khorasan branch in 2015.",
		"He held ground in the Darzab and Qush Tepa districts from 2015 until the defeat of his men in 2018, and recruited among Uzbek speakers there.",
		"After his death in an air strike in April 2018 his men fought on for three months. In July the Taliban took the last of their villages.",
	}}
}

func khorasanPlots() article {
	return article{lang: "en", title: "Militants from Tajikistan at the border", date: "September 25, 2021", views: "7 comments", paragraphs: []string{
		"Tajik militants serve near the border of Tajikistan under the Taliban flag, officials in Dushanbe say, and they are concerned about what these men plan.",
		"The men are said to come from the Rasht valley and to have lived in Badakhshan for years. Dushanbe knows most of them by name.",
		"Kabul answered that nobody would be allowed to threaten a neighbour from Afghan soil. It did not say what it would do with the men.",
		"Villagers on the Tajik bank hear shots in some nights. They have been told to keep their cattle away from the river after dark.",
	}}
}

func khorasanBorder() article {
	return article{lang: "ru", title: "Сообщение пресс-центра пограничных войск", date: "8 мая 2022", paragraphs: []string{
		"Пресс-центр пограничных войск Таджикистана сообщил, что 7 мая во время столкновения на афганской стороне случайные пули пересекли линию границы.",
		"Сообщения о ракетном обстреле территории республики пресс-центр опроверг. По его словам, никто не пострадал, обстановка на границе спокойная.",
		"На афганской стороне в перестрелке участвовали боевики и силы, которые контролируют этот участок, говорится в сообщении.",
	}}
}

func khorasanCampaign() article {
	return article{lang: "en", title: "A campaign of revenge, and what it shows", date: "May 6, 2022", paragraphs: []string{
		"The organisation named a campaign after two of its dead leaders. Eleven branches took part in it between 17 April and 3 May, by the count of this assessment.",
		"The assessment finds little change in overall strength, but a larger area of operations for a few branches, that in Khorasan among them.",
		"Media of the organisation exaggerate how much its branches act together. Most of what they list is what these branches did in other months, too.",
	}}
}
