package crawltest

// khorasanPosts are the posts, each with a fate of its own where that matters.
func khorasanPosts() []khorasanSource {
	pictured := khorasanPost("CalibreObscura", "1516113827389181959", "", "A frame said to show rockets launched on 18 April from the Afghan bank of the Amu Darya toward Termez. The launcher is improvised.")
	pictured.post.Images = 2
	return []khorasanSource{
		khorasanPost("indypersian", "1516071949260230659", "", "داعش خراسان می‌گوید روز ۱۸ آوریل از ساحل آمودریا به سوی ترمذ راکت شلیک کرده است."),
		pictured,
		khorasanPost("Natsecjeff", "1516111272814776320", "deleted", "Rockets toward Termez."),
		khorasanPost("TajudenSoroush", "1516335779567575040", "", "Rockets were launched from the Afghan bank of the Amu Darya toward Termez, a source in Hairatan says."),
		khorasanPost("QaharBalkhi", "1516426826415067152", "renamed", "Officials in Kabul reject the account of rockets fired from Afghanistan toward Uzbekistan. It has no basis."),
		khorasanPost("Natsecjeff", "1516516046345228296", "empty", "Aircraft near the river."),
		khorasanPost("AFIntlBrk", "1516535285705809929", "protected", "Aircraft of Uzbekistan near the river."),
		khorasanPost("HNajafizada", "1516512955298422792", "", "A display of air power by Uzbekistan near the river this evening: jets over Hairatan, people there say.").thenDeleted(),
		khorasanPost("AbdulhaqOmeri", "1516507647670992899", "flaky", "Jets of Uzbekistan were seen over the river near the border, residents tell me."),
		khorasanPost("AfghanAnalyst2", "1524393464124825604", "", "Footage of the launch toward Tajikistan of 7 May, published by the group this afternoon. Seven rockets are said to be seen.").thenSays("Seven rockets", "Five rockets"),
		khorasanPost("Natsecjeff", "1524382415267020800", "tombstone", "Footage."),
		khorasanPost("AfghanAnalyst2", "1521722031108153349", "", "“Voice of Khorasan”, an English-language magazine dated 4 May, praises the attack near Termez and accuses the Taliban of breaking the Doha Agreement."),
		khorasanPost("aamajnews24", "1526962567926665440", "embed-only", "Flags of the group were photographed in the Darzab district of Jowzjan, local sources say."),
		khorasanPost("bsarwary", "1518225341151653888", "", "The director of mines of Badakhshan, Mawlawi Fatah, was killed in Faizabad on 24 April."),
		khorasanPost("AfghanAnalyst2", "1518319300918009867", "syndication-only", "The group claims the killing of Mawlawi Fatah, director of mines of Badakhshan, in Faizabad."),
		khorasanPost("moiafghanistan", "1518951615146958851", "deleted", "98% eliminated."),
		khorasanPost("aamajnews24", "1523956527249477635", "", "Some 3,000 to 4,000 soldiers were moved from the south toward the Panjshir Valley."),
		khorasanPost("SYSSFZ", "1523671948424728576", "limited", "Panjshir."),
		khorasanPost("DaudQarizadah", "1523382642812792833", "", "The National Resistance Front has begun an offensive in the Panjshir Valley, its spokesman says."),
	}
}
