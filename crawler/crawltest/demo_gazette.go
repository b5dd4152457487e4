package crawltest

const gazetteHome = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>The Linnford Gazette</title><link rel="icon" href="/favicon.ico"></head>
<body>
<h1>The Linnford Gazette</h1>
<ul>
<li><a href="/2026/dam-report">What the inspectors found at Asper Dam</a></li>
<li><a href="/letters">Letters</a></li>
<li><a href="/archive/17">From the archive: the night the siren did not sound</a></li>
</ul>
</body>
</html>
`

const damReport = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>What the inspectors found at Asper Dam – The Linnford Gazette</title>
<meta name="author" content="Ida Marrow">
<meta property="article:published_time" content="2026-03-19T06:00:00Z">
<link rel="icon" href="/favicon.ico">
<link rel="stylesheet" href="/assets/site.css">
<script src="/assets/reader.js" defer></script>
</head>
<body>
<header><p>The Linnford Gazette</p><nav><a href="/">Front page</a> <a href="/letters">Letters</a></nav></header>
<article>
<h1>What the inspectors found at Asper Dam</h1>
<p class="byline">By Ida Marrow, 19 March 2026</p>
<img src="/img/dam.png" srcset="/img/dam.png 320w, /img/dam-wide.png 640w" sizes="(min-width: 40em) 640px, 100vw" alt="The crest of Asper Dam in February">
<p>The left spillway gate of Asper Dam has not opened fully since the autumn of 2023, according to an inspection report
seen by this newspaper. The three inspectors who signed it measured an opening of 61 per cent on 12 February, and wrote
that the remaining travel was blocked by a bent guide rail.</p>
<p>Their report does not say that the dam is unsafe. It says that in a flood like that of 1974 the reservoir would rise
40 centimetres higher than the operating rules allow, and it asks for the rail to be replaced before November.</p>
<h2>A rail ordered twice</h2>
<p>The waterworks ordered a new rail in May 2024. The order was cancelled that August, when the money went to the pumping
station at Low Harrow, and was placed again in January this year. “We had one budget and two repairs,” said Tomas Reyl,
who runs the waterworks. “I chose the one that was leaking.”</p>
<figure><img src="/img/map.png" alt="The valley between the dam and Linnford"><figcaption>The valley between the dam and Linnford: 9 kilometres of it, and 6,200 people.</figcaption></figure>
<p>The council was told of the cancelled order in a paper of two pages. The minutes of the meeting in March 2024 record
that the paper was noted without discussion. Two councillors told the Gazette that they do not remember reading it.</p>
<h2>What happens next</h2>
<p>The Ministry of Works has given the waterworks until 31 October to replace the rail. Until then the reservoir is to be
held one metre below its usual summer level, which will leave the boat steps at Upper Asper dry for most of July.</p>
<p>A siren test for the lower streets is announced for the first Monday in May at eleven hours.</p>
</article>
<footer><p>Corrections are printed on page two and marked in the article.</p></footer>
</body>
</html>
`

const story17 = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>The night the siren did not sound – The Linnford Gazette</title></head>
<body>
<article>
<h1>The night the siren did not sound</h1>
<p class="byline">From our archive, first printed on 8 April 2004</p>
<p>On the night of 3 April the water in the lower streets rose by ninety centimetres in under two hours. The siren on the
roof of the mill, put up after the flood of 1974, stayed silent. It had been disconnected in February, when the roof was
mended, and nobody had connected it again.</p>
<p>No one was hurt. The baker, Elsa Vint, who starts her ovens at two, saw the water under her door and went from house to
house with a saucepan and a ladle. “It is a good saucepan,” she said. “It has a dent now.”</p>
<p>The council has asked the waterworks to test the siren once a year from now on, and to write down that it did.</p>
</article>
</body>
</html>
`

const letters = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Letters – The Linnford Gazette</title></head>
<body>
<article>
<h1>Letters</h1>
<h2>The boat steps</h2>
<p>Sir, the boat steps at Upper Asper were dry for eleven weeks last summer, not three as your correspondent has it. I
know because I painted them. If the reservoir is to be lowered again this year, might the ferry association at least be
told before the tickets are printed?</p>
<p>Marten Oake, Upper Asper</p>
<h2>Reading the gauge</h2>
<p>Sir, my mother read the river gauge at the lower bridge for thirty-one years and never missed a morning. She was paid in
coal. I am glad that the readings are now on the internet, and I notice that they were missing for nine days in January.</p>
<p>Ruth Calloway, Mill Lane</p>
</article>
</body>
</html>
`
