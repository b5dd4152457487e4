package crawltest

import "fmt"

const councilHome = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Linnford Town Council</title></head>
<body>
<h1>Welcome to Linnford Town Council</h1>
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
<p>walled.test wants to look at your browser before it goes on. Enable JavaScript and cookies to continue.</p>
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
<p>From the foot of the dam to the first houses of Linnford the Asper falls forty-four metres, and on an ordinary day it
takes three hours to do it. I walked beside it in February with the man who used to measure it, and it took us six,
because he stopped at every post.</p>
<p>There are seventeen posts. Each is a length of railway line with a painted scale, put up in 1951 by people who expected
to be asked how high the water had come. The paint has been renewed on five of them. The others can still be read with a
thumb.</p>
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

const broadcast = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Valley Morning, transcript – Radio Asper</title></head>
<body>
<h1>Valley Morning, transcript</h1>
<p>PRESENTER: It is seven o'clock, and the level at the lower bridge is four metres and twelve. With me is Tomas Reyl, who
runs the waterworks. Mr Reyl, can the left gate be opened?</p>
<p>REYL: It can be opened. It cannot be opened fully. Those are two different sentences, and I wish the newspaper had
printed both of them.</p>
<p>PRESENTER: The inspectors say sixty-one per cent.</p>
<p>REYL: On the day that they came, sixty-one. I have seen it do sixty-eight.</p>
<p>PRESENTER: And what would it have to do in a flood like that of 1974?</p>
<p>REYL: Well,
`

// wireStory is the running report of a news wire: the same page, another text
// in each phase.
func wireStory(phase int) string {
	updates := []string{
		"The Ministry of Works said on Thursday that it had no plans to lower the reservoir above Linnford before the repair of its left spillway gate.",
		"The reservoir above Linnford will be lowered by one metre from Monday, the Ministry of Works said, reversing what it had announced two days earlier.",
		"Engineers have begun to lower the reservoir above Linnford. The Ministry of Works said that the work would take nine days.",
	}
	text := updates[min(phase, len(updates)-1)]
	return fmt.Sprintf(`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Asper Dam: what we know – Valley Wire</title></head>
<body>
<article>
<h1>Asper Dam: what we know</h1>
<p class="update">Update %d. %s</p>
<p>The dam was finished in 1949. It holds 31 million cubic metres when it is full, and 6,200 people live below it.</p>
</article>
</body>
</html>
`, phase+1, text)
}
