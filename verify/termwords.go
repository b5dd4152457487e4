package verify

import "strings"

// numberWords has the small numbers as words. One is not there: it is far more
// often a pronoun or an article. It is not changed.
var numberWords = numbered(2,
	"two два две دو اثنان", "three три سه ثلاثة", "four четыре چهار أربعة", "five пять پنج خمسة", "six шесть شش ستة",
	"seven семь هفت سبعة", "eight восемь هشت ثمانية", "nine девять نه تسعة", "ten десять ده عشرة", "eleven одиннадцать", "twelve двенадцать")

// months has the names of the months of the Gregorian calendar in lower case,
// with their usual abbreviations: English, Russian, Ukrainian, Tajik, Uzbek,
// Kyrgyz, Kazakh, Turkish, German, French, Spanish, Persian, Arabic. It is not
// changed.
var months = numbered(1,
	"january jan январь января янв январ січня yanvar ocak қаңтар үчтүн januar janvier enero ژانویه يناير",
	"february feb февраль февраля фев феврал лютого fevral şubat ақпан februar février febrero فوریه فبراير",
	"march mar март марта мар березня mart наурыз märz mars marzo مارس",
	"april apr апрель апреля апр апрел квітня aprel nisan сәуір avril abril آوریل أبريل",
	"may май мая травня mayıs мамыр mai mayo مه مايو",
	"june jun июнь июня июн червня iyun haziran маусым juni juin junio ژوئن يونيو",
	"july jul июль июля июл липня iyul temmuz шілде juli juillet julio ژوئیه يوليو",
	"august aug август августа авг серпня avgust ağustos тамыз août agosto اوت أغسطس",
	"september sep sept сентябрь сентября сен сентябр вересня sentabr sentyabr eylül қыркүйек septembre septiembre سپتامبر سبتمبر",
	"october oct октябрь октября окт октябр жовтня oktabr oktyabr ekim қазан oktober octobre octubre اکتبر أكتوبر",
	"november nov ноябрь ноября ноя ноябр листопада noyabr kasım қараша novembre noviembre نوامبر نوفمبر",
	"december dec декабрь декабря дек декабр грудня dekabr aralık желтоқсан dezember décembre diciembre دسامبر ديسمبر")

// monthsWithDay has the names of months in more languages. They count only beside the
// number of a day, for some are words of other languages. It is not changed.
var monthsWithDay = numbered(1,
	"gennaio janeiro januari jaanuar januára ledna stycznia siječnja januara janvāris január ianuarie ιανουαρίου tammikuuta януари студзеня جنوری जनवरी জানুয়ারি jänner",
	"febbraio fevereiro februari veebruar februára února lutego veljače februara február februarie φεβρουαρίου helmikuuta февруари лютага فروری फरवरी ফেব্রুয়ারি feber",
	"marzo março maart märts marca března ožujka marta március martie μαρτίου maaliskuuta сакавіка مارچ मार्च মার্চ maret marts",
	"aprile abril aprila apríla dubna kwietnia travnja április aprilie απριλίου huhtikuuta април красавіка اپریل अप्रैल এপ্রিল",
	"maggio maio mei maj maja mája května svibnja május μαΐου toukokuuta май مئی مې मई মে",
	"giugno junho juni júna června czerwca lipnja juna június iunie ιουνίου kesäkuuta юни чэрвеня جون जून জুন",
	"luglio julho juli júla července lipca srpnja jula július iulie ιουλίου heinäkuuta юли ліпеня جولائی जुलाई জুলাই",
	"agosto augustus augusti augusta srpna sierpnia kolovoza avgusta augusztus αυγούστου elokuuta жніўня اگست अगस्त আগস্ট agustus",
	"settembre setembro septembra září września rujna szeptember septembrie σεπτεμβρίου syyskuuta септември верасня ستمبر सितंबर সেপ্টেম্বর",
	"ottobre outubro októbra října października oktobra október octombrie οκτωβρίου lokakuuta октомври кастрычніка اکتوبر अक्टूबर অক্টোবর",
	"novembre novembro novembra listopadu studenoga noiembrie νοεμβρίου marraskuuta ноември лістапада نومبر नवंबर নভেম্বর",
	"dicembre dezembro decembra prosince grudnia prosinca decembrie δεκεμβρίου joulukuuta декември снежня دسمبر दिसंबर ডিসেম্বর desember")

// numbered maps the words of each row to the row's number.
func numbered(first int, rows ...string) map[string]int {
	numbers := map[string]int{}
	for i, row := range rows {
		for word := range strings.FieldsSeq(row) {
			numbers[word] = first + i
		}
	}
	return numbers
}

// stopWords are the keys of words that stand in every sentence and say nothing
// about what it is about. It is not changed.
var stopWords = func() map[string]bool {
	stop := map[string]bool{}
	for word := range strings.FieldsSeq("a about after all also am an and any are as at be because been before being between both but by can " +
		"could did do does during each for from had has have he her his him how i if in into is it its itself just may me more most my " +
		"not of on or other our over own same she should so some such than that the their them then there these they this those " +
		"through to too under until up very was we were what when where which while who whom whose why will with would you your one " +
		"said say says like even still only much many well " +
		"isn don didn doesn wasn aren weren couldn wouldn shouldn hasn haven hadn won ll ve re " +
		"а без более бы был была были было быть в вы где да для до его ее если есть еще же за и из или им их к как когда " +
		"которая которые который кто ли между мы на над не него нее нет ни них но о об он она они оно от по под после при про с со " +
		"так также там то того том тот у уже чем что чтобы эта эти это этого этой этом этот я " +
		"من في على إلى عن مع هذا هذه ذلك التي الذي أن كان كانت و ما لا هو هي " +
		"در به از که را با این آن برای است بود شد شده می های ها یک تا هم") {
		stop[stem(word)] = true
	}
	return stop
}()

// generalWords are the keys of words that any text may have, whatever it is
// about. It is not changed.
var generalWords = func() map[string]bool {
	general := map[string]bool{}
	for word := range strings.FieldsSeq("get got make made take took taken go went gone going come came see seen saw know known think thought " +
		"want use used using find found give given gave tell told ask asked seem feel felt try tried put keep kept let begin began show shown " +
		"become became look turn start started need help work part place case thing way lot kind type side point fact time day week month " +
		"year people person man men woman women group number world life good great best better bad new old first second last next long " +
		"little big high low small large different important early earlier late later several another every everyone around back away again " +
		"ever never always often today now here yet really actually something anything future name including include based due among within " +
		"without along against toward however according right left end full able possible likely " +
		"год года лет время день люди человек новый первый очень мочь стать сказать также один другой самый свой весь") {
		general[stem(word)] = true
	}
	return general
}()
