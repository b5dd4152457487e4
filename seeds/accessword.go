package seeds

import (
	"strings"
	"unicode/utf8"
)

// accessWord tells whether the word text[start:end] says that somebody looked at a source, and how the short days of its
// language are read.
func accessWord(text string, start, end int) (slashes, bool) {
	word := strings.ToLower(text[start:end])
	switch word {
	case "access": // "last access", "date of access", "access date"; not "access to water, May 2022"
		before := strings.ToLower(strings.TrimRight(text[:start], " :\u00a0"))
		after := strings.ToLower(strings.TrimLeft(text[end:], " \u00a0"))
		return slashClear, strings.HasSuffix(before, "last") || strings.HasSuffix(before, "date of") || strings.HasPrefix(after, "date") || strings.HasPrefix(after, ":")
	case "cited", "cit": // [cited 2022 May 3], [cit. 2022-05-03]
		return slashClear, strings.HasSuffix(text[:start], "[") || strings.HasSuffix(text[:start], "(")
	}
	if englishAccess[word] {
		return slashClear, true
	}
	if accessWords[word] {
		return slashDayBefore, true
	}
	if r, _ := utf8.DecodeRuneInString(word); r >= 0x2e80 { // scripts that do not part words
		for _, w := range [...]string{"閲覧", "アクセス", "参照", "取得日", "访问", "訪問", "引用日期", "检索", "查阅", "瀏覽", "浏览", "存取", "접속", "검색일", "확인일", "방문"} {
			if strings.Contains(word, w) {
				return slashDayBefore, true
			}
		}
	}
	return slashUnread, false
}

// englishAccess and accessWords are the words of accessWord. They are not changed.
var (
	englishAccess = wordSet("accessed retrieved visited viewed checked consulted downloaded")
	accessWords   = wordSet(
		// German, Dutch, Swedish, Norwegian, Danish, Finnish
		"abgerufen aufgerufen zugriff zugegriffen besucht abruf eingesehen abrufdatum zugriffsdatum geraadpleegd bezocht opgehaald",
		"hämtad hämtat besökt läst åtkomst lest hentet besøkt besøgt tilgået viitattu luettu haettu",
		// French, Spanish, Portuguese, Italian, Romanian, Catalan
		"consulté consultée consultés consultées consultation visité accédé consultado consultada consultados consultadas consulta acceso recuperado accedido visitado",
		"acesso acessado acessada acedido acessos consultato consultata consultati consultazione accesso visitato accesat accesată accesate consultat consultată", //nolint:misspell // Italian
		// Polish, Czech, Slovak, Hungarian, Croatian, Serbian, Slovene
		"dostęp odczyt přístup navštíveno citováno prístup citované hozzáférés letöltve letöltés megtekintve megtekintés elérés pristupljeno posjećeno pristup приступљено посећено dostop",
		// Russian, Ukrainian, Belarusian, Bulgarian
		"обращения обращение просмотрено просмотра проверено доступа доступ посещения звернення перегляду переглянуто звароту достъп достъпен достъпно посетен посетено",
		// Turkish, Azerbaijani, Uzbek, Kazakh, Kyrgyz, Tajik
		"erişim erişildi erişilmiştir müraciət murojaat мурожаат қаралған қаралды өтініш кайрылуу каралган муроҷиат",
		// Arabic, Persian, Pashto, Urdu, Hebrew
		"الدخول الاطلاع الوصول الزيارة الاسترجاع بازیابی بازدید دسترسی مشاهده لاسرسی لاسرسي رسائی נדלה נצפה אוחזר",
		// Hindi, Bengali, Indonesian, Malay, Vietnamese, Greek, Estonian, Latvian, Lithuanian
		"अभिगमन एक्सेस সংগ্রহের diakses dicapai cập πρόσβαση ανακτήθηκε προσπέλαση vaadatud skatīts žiūrėta",
	)
)

func wordSet(rows ...string) map[string]bool {
	set := map[string]bool{}
	for _, row := range rows {
		for word := range strings.FieldsSeq(row) {
			set[word] = true
		}
	}
	return set
}
