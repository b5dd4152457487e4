package crawltest

const gazetteHome = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>The Gazette</title><link rel="icon" href="/favicon.ico"></head>
<body>
<h1>The Gazette</h1>
<p>The newspaper of Lower Wend and the valley, every Thursday since 1908.</p>
<ul>
<li><a href="/2026/dam-report">The survey of the dam, in full</a></li>
<li><a href="/letters">Letters</a></li>
<li><a href="/archive/17">From the archive: a figure that nobody has seen tested</a></li>
</ul>
</body>
</html>
`

const damReport = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>The survey of the dam, in full – The Gazette</title>
<meta name="author" content="Ida Marrow">
<meta property="article:published_time" content="2026-03-19T06:00:00Z">
<link rel="icon" href="/favicon.ico">
<link rel="stylesheet" href="/assets/site.css">
<script src="/assets/reader.js" defer></script>
</head>
<body>
<header><p>The Gazette</p><nav><a href="/">Front page</a> <a href="/letters">Letters</a></nav></header>
<article>
<h1>The survey of the dam, in full</h1>
<p class="byline">By Ida Marrow, 19 March 2026</p>
<img src="/img/dam.png" srcset="/img/dam.png 320w, /img/dam-wide.png 640w" sizes="(min-width: 40em) 640px, 100vw" alt="The crest of the dam at Lower Wend in February">
<p>The spillway of the dam at Lower Wend passes a flood of 480 cubic metres a second, according to the survey that was put
before the town council in March 2024. The Gazette prints it in full, with the surveyors' maps and photographs, because
the council's own copy can no longer be found.</p>
<p>The dam is an earth dam, finished in 1962. Its spillway is a channel of concrete at the left end of the crest, 22 metres
wide, with a gate that is raised by hand. The surveyors took their measurements on four days in November 2023, when the
channel was dry.</p>
<h2>What was measured, and what was not</h2>
<p>The figure of 480 is for a gate that is fully open. The surveyors write that they saw it raised to 61 per cent of its
travel, that a bent guide rail kept it from going further, and that they have calculated the rest. “We were told that the
rail would be replaced in spring,” one of them said. “We wrote down what the channel can do with a gate that works.”</p>
<figure><img src="/img/map.png" alt="The valley between the dam and the town"><figcaption>Map 2 of the survey: the valley between the dam and Lower Wend, nine kilometres of it, and 3,400 people.</figcaption></figure>
<p>The rail was ordered in May 2024. The order was cancelled that August, when the money went to the pumping station, and
was placed again in January of this year. “We had one budget and two repairs,” said Tomas Reyl, who runs the waterworks.
“I chose the one that was leaking.”</p>
<h2>What happens next</h2>
<p>The ministry has given the waterworks until the end of October to replace the rail. A siren test for the lower streets is
announced for the first Monday in May at eleven hours.</p>
</article>
<footer><p>Corrections are printed on page two and marked in the article.</p></footer>
</body>
</html>
`

const story17 = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>A figure that nobody has seen tested – The Gazette</title></head>
<body>
<article>
<h1>A figure that nobody has seen tested</h1>
<p class="byline">From our archive, first printed on 4 April 2024</p>
<p>Last month the council was told that the spillway above the town will pass 480 cubic metres of water a second. The
largest flood that anybody has measured in the Wend was 310, in 1974, and that year the gate stood open for six days.</p>
<p>We asked three people who have worked at the dam whether they believe the figure. Two of them laughed. The third, Elsa
Vint, who kept the gate for nineteen years, fetched a notebook. “I opened it all the way twice,” she said. “Both times it
took two men and a car jack. Nobody has asked me how it closes.”</p>
<p>The council's clerk said that the figure is the surveyors' and that the council relies on it. The surveyors did not
answer our letter before this page was printed.</p>
</article>
</body>
</html>
`

const letters = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Letters – The Gazette</title></head>
<body>
<article>
<h1>Letters</h1>
<h2>The water level</h2>
<p>Sir, we in Mill Lane live lower than anybody else in this town, and we learned from the wire service that the water above
us had been raised by a metre and a half. We were never asked. I have lived here for fifty-one years and I know where the
council keeps its stamps.</p>
<p>Ruth Calloway, Mill Lane, 4 May 2026</p>
<h2>Reading the gauge</h2>
<p>Sir, my mother read the river gauge at the lower bridge for thirty-one years and never missed a morning. She was paid in
coal. I am glad that the readings are now on the internet, and I notice that they were missing for nine days in January.</p>
<p>Marten Oake, Upper Wend</p>
</article>
</body>
</html>
`
