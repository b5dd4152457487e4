package crawltest

// damReview is itself a report: a page of the Gazette with notes.
const damReview = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>What the council knew – The Gazette</title>
<meta name="author" content="Ida Marrow">
<meta property="article:published_time" content="2026-03-26T06:00:00Z">
<link rel="canonical" href="https://gazette.test/2026/review">
</head>
<body>
<header><p>The Gazette</p><nav><a href="/">Front page</a> <a href="https://wire.test/live">Live</a></nav></header>
<article>
<h1>What the council knew</h1>
<p>The survey was put before the council in March 2024.<sup id="r1"><a href="#n1">1</a></sup> Its plan of the valley has
been taken down since,<sup id="r2"><a href="#n2">2</a></sup> and the figures of the ministry can be had by everybody who
asks for them at <a href="https://ministry.test/files/annual.pdf">the office in Lower Wend</a>.</p>
<section class="footnotes">
<ol>
<li id="n1">The Gazette, <a href="/2026/dam-report">The survey of the dam, in full</a>. <a href="#r1">↩</a></li>
<li id="n2">https://council.test/plan.html, accessed 3 May 2025. <a href="#r2">↩</a></li>
</ol>
</section>
</article>
<footer><p>Corrections are printed on page two and marked in the article.</p></footer>
</body>
</html>
`

// russianDigest is a report in Windows-1251, as its header says and its <meta> denies.
const russianDigest = `<!doctype html>
<html lang="ru">
<head><meta charset="iso-8859-1"><title>Обзор за март</title></head>
<body><main>
<h1>Обзор за март</h1>
<p>Левый затвор плотины не открывается полностью.<sup><a href="#n1" id="r1">1</a></sup></p>
<ol class="footnotes"><li id="n1">Газета, <a href="https://gazette.test/2026/dam-report">отчет</a>. <a href="#r1">назад</a></li></ol>
</main></body>
</html>
`

// notebook is a report in Markdown at an address without an extension.
const notebook = `# Notebook

The survey was put before the council in March 2024.[^1]

[^1]: The Gazette, <https://gazette.test/2026/dam-report>.
`
