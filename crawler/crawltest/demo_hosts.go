package crawltest

import "fmt"

const councilHome = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Lower Wend Town Council</title></head>
<body>
<h1>Welcome to Lower Wend Town Council</h1>
<p>The council meets on the second Tuesday of the month in the Corn Hall. The public gallery opens at eighteen hours.</p>
<ul><li><a href="/councillors">Your councillors</a></li><li><a href="/bins">Bins and recycling</a></li><li><a href="/contact">Contact us</a></li></ul>
<p>Our web site was renewed in 2025. If you are looking for an older document, please write to the clerk.</p>
</body>
</html>
`

const challenge = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Just a moment…</title><meta name="robots" content="noindex,nofollow"></head>
<body>
<main><h1>Checking that you are not a machine</h1>
<p>This site wants to look at your browser before it goes on. Enable JavaScript and cookies to continue.</p>
<form id="challenge-form" action="/report?__c=1" method="post"><input type="hidden" name="r" value="f3a1"></form>
</main>
</body>
</html>
`

const longRead = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Nine kilometres of river – The Slow Reader</title></head>
<body>
<article>
<h1>Nine kilometres of river</h1>
<p>From the foot of the dam to the first houses of Lower Wend the river falls forty-four metres, and on an ordinary day it
takes three hours to do it. I walked beside it in February with the man who used to measure it, and it took us six,
because he stopped at every post.</p>
<p>There are seventeen posts. Each is a length of railway line with a painted scale, put up in 1951, before there was a dam,
by people who expected to be asked how high the water had come. The paint has been renewed on five of them. The others can
still be read with a thumb.</p>
<p>At the ninth post, below the old paper mill, he showed me a scratch at head height. That was 1974. At the tenth there is
no scratch, because the tenth post was carried away that night and the present one was planted the following spring, a
little further from the bank. The people who plan evacuations use the distance between the ninth and the tenth post to
say how fast the flood came, and they use the wrong distance. He has written to them about it twice.</p>
<p>“It is only eleven metres,” he said. “But it is eleven metres in the direction that makes us look slow.”</p>
<p>We reached the lower bridge at dusk. Somebody had read the gauge already and chalked the figure on the board: 4.12.</p>
</article>
</body>
</html>
`

const engineersHome = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Association of Dam Engineers</title></head>
<body>
<h1>Association of Dam Engineers</h1>
<p>Our working group on older earth dams read the survey of Lower Wend in the summer of 2024. It holds that a spillway
should be rated with its gate as it is, and that 480 cubic metres a second is a figure for a gate as it was drawn.</p>
</body>
</html>
`

const broadcast = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>The hearing of 12 March, transcript – Radio Wend</title></head>
<body>
<h1>The hearing of 12 March, transcript</h1>
<p>CHAIR: We come to the survey of the dam. Mr Reyl, you run the waterworks. Can the gate be opened?</p>
<p>REYL: It can be opened. It cannot be opened fully. Those are two different sentences, and I would like the minutes to
have both of them.</p>
<p>CHAIR: The surveyors say sixty-one per cent.</p>
<p>REYL: On the day that they came, sixty-one. I have seen it do sixty-eight.</p>
<p>CHAIR: And what would it have to do in a flood like that of 1974?</p>
<p>REYL: Well,
`

// wireStory is the running report of a news wire: the same page, another text
// in each phase.
func wireStory(phase int) string {
	updates := []string{
		"Water was seen at the foot of the dam above Lower Wend at 22:40 on 3 May. The waterworks said that it was rain.",
		"The water seen at the foot of the dam above Lower Wend on the night of 3 May came through the dam, the waterworks said, taking back what it had told this wire an hour earlier. About four litres a second are leaking.",
		"The leak in the dam above Lower Wend has stopped since the reservoir was lowered by two metres, the ministry said. It did not say for how long it had been known.",
	}
	text := updates[min(phase, len(updates)-1)]
	return fmt.Sprintf(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Lower Wend: what we know – Valley Wire</title></head>
<body>
<article>
<h1>Lower Wend: what we know</h1>
<p class="update">Update %d. %s</p>
<p>The dam was finished in 1962. It holds 31 million cubic metres when it is full, and 3,400 people live below it.</p>
</article>
</body>
</html>
`, phase+1, text)
}
