package verify

import (
	"strconv"
	"strings"
)

// unitWords, ordinalWords and scaleWords have the words that numbers are made of,
// in lower case: English, Russian (with the forms that follow from its cases),
// Tajik, Uzbek, Kazakh and Kyrgyz in Cyrillic, Persian and Dari, Pashto, Arabic.
// Words that are far more often something else are left out: Russian "сад"
// (garden; Tajik hundred), "он" (he; Turkic ten), "бес" (demon; Kazakh five). They
// are not changed.
var (
	unitWords = valued(
		"0 zero ноль нуль صفر",
		"1 one один одна одно одного одной як бир бір یک واحد",
		"1.5 полтора полутора полторы",
		"2 two два две двух двумя ду икки екі эки دو دوه اثنان اثنين",
		"3 three три трех трёх тремя се уч үш سه درې ثلاثة ثلاث",
		"4 four четыре четырех четырёх чор чаҳор тўрт төрт چهار څلور أربعة أربع",
		"5 five пять пяти панҷ беш پنج پنځه خمسة خمس",
		"6 six шесть шести шаш олти алты شش شپږ ستة ست",
		"7 seven семь семи ҳафт етти жеті жети هفت اووه سبعة سبع",
		"8 eight восемь восьми ҳашт саккиз сегіз сегиз هشت اته ثمانية ثماني ثمان",
		"9 nine девять девяти нуҳ тўққиз тоғыз тогуз نه تسعة تسع",
		"10 ten десять десяти даҳ ўн ده لس عشرة عشر",
		"11 eleven одиннадцать ёздаҳ یازده", "12 twelve двенадцать дувоздаҳ دوازده", "13 thirteen тринадцать сездаҳ سیزده",
		"14 fourteen четырнадцать чордаҳ чаҳордаҳ چهارده", "15 fifteen пятнадцать понздаҳ پانزده", "16 sixteen шестнадцать шонздаҳ شانزده",
		"17 seventeen семнадцать ҳабдаҳ ҳафдаҳ هفده", "18 eighteen восемнадцать ҳаждаҳ هجده", "19 nineteen девятнадцать нуздаҳ نوزده",
		"20 twenty двадцать двадцати бист йигирма жиырма жыйырма بیست شل عشرون عشرين",
		"30 thirty тридцать тридцати сӣ ўттиз отыз отуз سی دېرش ثلاثون ثلاثين",
		"40 forty сорок сорока чил қирқ қырық кырк چهل څلوېښت أربعون أربعين",
		"50 fifty пятьдесят пятидесяти панҷоҳ эллик елу элүү پنجاه پنځوس خمسون خمسين",
		"60 sixty шестьдесят шестидесяти шаст олтмиш алпыс алтымыш شصت شپېته ستون ستين",
		"70 seventy семьдесят семидесяти ҳафтод етмиш жетпіс жетимиш هفتاد اویا سبعون سبعين",
		"80 eighty восемьдесят восьмидесяти ҳаштод саксон сексен هشتاد اتیا ثمانون ثمانين",
		"90 ninety девяносто навад тўқсон тоқсан токсон نود نوي تسعون تسعين",
		"100 сто صد مئة مائة سل", "200 двести двухсот دویست مئتان مئتين مائتين", "300 триста трехсот трёхсот سیصد ثلاثمئة ثلاثمائة",
		"400 четыреста چهارصد أربعمئة أربعمائة", "500 пятьсот пятисот پانصد خمسمئة خمسمائة", "600 шестьсот ششصد ستمئة ستمائة",
		"700 семьсот هفتصد سبعمئة سبعمائة", "800 восемьсот هشتصد ثمانمئة ثمانمائة", "900 девятьсот نهصد تسعمئة تسعمائة")
	ordinalWords = valued(
		"1 first", "2 second", "3 third третий третья третье третьего третьей", "4 fourth четвертый четвёртый четвертого", "5 fifth пятый пятого пятой пятая",
		"6 sixth шестой шестого", "7 seventh седьмой седьмого", "8 eighth восьмой восьмого", "9 ninth девятый девятого", "10 tenth десятый десятого",
		"11 eleventh", "12 twelfth", "13 thirteenth", "14 fourteenth", "15 fifteenth", "16 sixteenth", "17 seventeenth", "18 eighteenth", "19 nineteenth",
		"20 twentieth", "30 thirtieth", "40 fortieth", "50 fiftieth", "60 sixtieth", "70 seventieth", "80 eightieth", "90 ninetieth")
	scaleWords = valued(
		"12 dozen дюжина дюжины дюжин", "100 hundred юз жүз",
		"1e3 thousand тысяча тысячи тысяч тысячами тысячам тыс ҳазор минг мың миң هزار زره زر ألف آلاف الف",
		"1e6 million mln миллион миллиона миллионов млн میلیون میلیونه مليون ملايين",
		"1e9 billion bln bn миллиард миллиарда миллиардов млрд میلیارد مليار مليارات",
		"1e5 lakh lakhs lac", "1e7 crore crores",
		"1e12 trillion trn триллион триллиона триллионов трлн تریلیون تريليون")
)

// valued maps the words of each row to the number that begins the row.
func valued(rows ...string) map[string]float64 {
	values := map[string]float64{}
	for _, row := range rows {
		first, words, _ := strings.Cut(row, " ")
		v, err := strconv.ParseFloat(first, 64)
		for word := range strings.FieldsSeq(words) {
			if err == nil {
				values[word] = v
			}
		}
	}
	return values
}
