package seeds

import "strings"

// monthNames has the months by their names in lower case, as dates of notes and sources write them. Names that languages
// use for different months, such as "listopada", are left out. It is not changed.
var monthNames = numberedFrom1(
	// English, German, French, Spanish, Portuguese, Italian, Dutch, Romanian, Catalan
	"january jan januar jänner janvier janv enero ene janeiro gennaio gen januari ianuarie ian gener",
	"february feb februar feber février févr fév febrero fevereiro fev febbraio febr februari februarie febrer",
	"march mar märz mrz mars marzo março maart mrt martie març",
	"april apr avril avr abril abr aprile aprilie",
	"may mai mayo maio maggio mag mei maig",
	"june jun juni juin junio junho giugno giu iunie iun juny",
	"july jul juli juillet juil julio julho luglio lug iulie iul juliol",
	"august aug août agosto ago augustus augusti agost",
	"september sep sept septembre septiembre setiembre setembro settembre sett septembrie setembre",
	"october oct oktober okt octobre octubre outubro ottobre ott octombrie",
	"november nov novembre noviembre novembro noiembrie",
	"december dec dezember dez décembre déc diciembre dic dezembro dicembre decembrie desembre",
).and(
	// Polish, Czech, Slovak, Croatian, Serbian, Slovene, Hungarian
	"stycznia styczeń ledna leden januára siječnja januara јануара január",
	"lutego luty února únor februára veljače februara фебруара február",
	"marca marzec března březen ožujka marta марта március márc",
	"kwietnia kwiecień dubna duben apríla travnja aprila априла április ápr",
	"maja maj května květen mája svibnja маја május máj",
	"czerwca czerwiec června červen júna lipnja juna junija јуна június jún",
	"lipca lipiec července červenec júla jula julija јула július júl",
	"sierpnia sierpień augusta kolovoza avgusta августа augusztus",
	"września wrzesień září septembra rujna септембра szeptember szept",
	"października październik října říjen októbra oktobra октобра október",
	"listopadu novembra studenoga studenog новембра",
	"grudnia grudzień prosince prosinec decembra prosinca децембра",
).and(
	// Swedish, Norwegian, Danish, Finnish, Estonian, Latvian, Lithuanian, Greek, Albanian
	"tammikuuta tammikuu jaanuar janvāris janvārī sausio ιανουαρίου janar",
	"helmikuuta helmikuu veebruar februāris februārī vasario φεβρουαρίου shkurt",
	"marts maaliskuuta maaliskuu märts martā kovo μαρτίου",
	"huhtikuuta huhtikuu aprill aprīlis aprīlī balandžio απριλίου prill",
	"toukokuuta toukokuu maijs maijā gegužės μαΐου",
	"kesäkuuta kesäkuu juuni jūnijs jūnijā birželio ιουνίου qershor",
	"heinäkuuta heinäkuu juuli jūlijs jūlijā liepos ιουλίου korrik",
	"elokuuta elokuu augusts augustā rugpjūčio αυγούστου gusht",
	"syyskuuta syyskuu septembris septembrī rugsėjo σεπτεμβρίου shtator",
	"lokakuuta lokakuu oktoober oktobris oktobrī spalio οκτωβρίου tetor",
	"marraskuuta marraskuu novembris novembrī lapkričio νοεμβρίου nëntor",
	"joulukuuta joulukuu desember detsember decembris decembrī gruodžio δεκεμβρίου dhjetor",
).and(
	// Russian, Ukrainian, Belarusian, Bulgarian
	"января январь янв січня студзеня януари",
	"февраля февраль февр фев лютого лютага февруари",
	"марта март мар березня сакавіка",
	"апреля апрель апр квітня красавіка април",
	"мая май травня траўня",
	"июня июнь июн червня чэрвеня юни",
	"июля июль июл липня ліпеня юли",
	"августа август авг серпня жніўня",
	"сентября сентябрь сент сен вересня верасня септември",
	"октября октябрь окт жовтня кастрычніка октомври",
	"ноября ноябрь нояб ноя листопада лістапада ноември",
	"декабря декабрь дек грудня снежня декември",
).and(
	// Turkish, Azerbaijani, Uzbek, Tajik, Kazakh, Kyrgyz, Turkmen
	"ocak yanvar январи январь қаңтар ýanwar", "şubat fevral феврали ақпан fewral", "mart марти наурыз", "nisan aprel апрел апрели сәуір", "mayıs майи мамыр майы",
	"haziran iyun июни маусым iýun", "temmuz iyul июли шілде iýul", "ağustos avqust avgust августи тамыз awgust", "eylül sentyabr sentabr сентябр сентябри қыркүйек sentýabr",
	"ekim oktyabr oktabr октябр октябри қазан oktýabr", "kasım noyabr ноябр ноябри қараша noýabr", "aralık dekabr декабр декабри желтоқсан",
).and(
	// Arabic, Persian, Urdu, Pashto, Hebrew
	"يناير ژانویه جنوری جنوري ינואר בינואר", "فبراير شباط فوریه فروری فبروري פברואר בפברואר", "مارس آذار مارچ מרץ במרץ", "أبريل ابريل إبريل نيسان آوریل اپریل اپرېل אפריל באפריל",
	"مايو أيار مه می مئی مې מאי במאי", "يونيو حزيران ژوئن جون יוני ביוני", "يوليو تموز ژوئیه جولای جولائی יולי ביולי", "أغسطس اغسطس آب اوت اگست اګست אוגוסט באוגוסט",
	"سبتمبر أيلول سپتامبر ستمبر سپتمبر ספטמבר בספטמבר", "أكتوبر اكتوبر اکتبر اکتوبر אוקטובר באוקטובר", "نوفمبر نوامبر نومبر נובמבר בנובמבר", "ديسمبر دسامبر دسمبر דצמבר בדצמבר",
).and(
	// Hindi, Bengali, Indonesian, Malay
	"जनवरी জানুয়ারি", "फरवरी फ़रवरी ফেব্রুয়ারি februari", "मार्च মার্চ maret", "अप्रैल এপ্রিল", "मई মে", "जून জুন", "जुलाई জুলাই julai", "अगस्त আগস্ট agustus ogos",
	"सितंबर सितम्बर সেপ্টেম্বর", "अक्टूबर अक्तूबर অক্টোবর", "नवंबर नवम्बर নভেম্বর", "दिसंबर दिसम्बर ডিসেম্বর desember disember",
)

// solarMonthNames has the months of the Solar Hijri calendar, from that which begins in March, as Iran and Afghanistan call
// them. It is not changed.
var solarMonthNames = numberedFrom1("فروردین حمل", "اردیبهشت ثور", "خرداد جوزا", "تیر سرطان", "مرداد اسد", "شهریور سنبله", "مهر میزان", "آبان عقرب", "آذر قوس",
	"دی جدی", "بهمن دلو", "اسفند حوت")

// numbers maps words to numbers.
type numbers map[string]int

func numberedFrom1(rows ...string) numbers { return numbers{}.and(rows...) }

// and adds the words of each row with the row's number, and returns n.
func (n numbers) and(rows ...string) numbers {
	for i, row := range rows {
		for word := range strings.FieldsSeq(row) {
			n[word] = i + 1
		}
	}
	return n
}

// monthOf is the number of a month by its name in lower case, or 0.
func monthOf(name string) int { return monthNames[name] }

// romanMonth is the number of a month in Roman figures, or 0.
func romanMonth(figures string) int {
	switch strings.ToLower(figures) {
	case "i":
		return 1
	case "ii":
		return 2
	case "iii":
		return 3
	case "iv":
		return 4
	case "v":
		return 5
	case "vi":
		return 6
	case "vii":
		return 7
	case "viii":
		return 8
	case "ix":
		return 9
	case "x":
		return 10
	case "xi":
		return 11
	case "xii":
		return 12
	}
	return 0
}
