package verify

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// foldText makes texts comparable across spellings: lower case, no marks above or
// below letters, no apostrophes, dotless i as i, the Persian forms of yeh and
// kaf for the Arabic ones, one space for everything that is no letter, digit
// or vowel sign.
func foldText(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range norm.NFD.String(s) {
		switch r {
		case '\'', '’', '‘', 'ʻ', 'ʼ', '`', '´', '\u200c', '\u200d':
			continue
		case 'ı', 'İ':
			r = 'i'
		case 'ي', 'ى':
			r = 'ی'
		case 'ك':
			r = 'ک'
		}
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mc, r):
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// phrases are folded texts to be found in folded texts.
type phrases struct {
	exact map[string]bool
	first map[string][]string // those of scripts that part words, by their first word
	solid []string            // the others
}

// phrasesOf folds rows of phrases that are separated by bars.
func phrasesOf(rows ...string) phrases {
	p := phrases{exact: map[string]bool{}, first: map[string][]string{}}
	for _, row := range rows {
		for one := range strings.SplitSeq(row, "|") {
			if one = foldText(one); one == "" || p.exact[one] {
				continue
			}
			p.exact[one] = true
			if writesNoSpaces(one) {
				p.solid = append(p.solid, one)
				continue
			}
			word, _, _ := strings.Cut(one, " ")
			p.first[word] = append(p.first[word], one)
		}
	}
	return p
}

// in returns the phrase that stands first in a folded text as whole words, "" for
// none. Scripts that write no spaces have no words to be whole.
func (p phrases) in(folded string) string {
	for at := 0; at < len(folded); {
		word, _, _ := strings.Cut(folded[at:], " ")
		for _, one := range p.first[word] {
			if rest, ok := strings.CutPrefix(folded[at:], one); ok && (rest == "" || rest[0] == ' ') {
				return one
			}
		}
		at += len(word) + 1
	}
	if !strings.ContainsFunc(folded, spaceless) {
		return ""
	}
	for _, one := range p.solid {
		if strings.Contains(folded, one) {
			return one
		}
	}
	return ""
}

// spaceless reports a character of a script that does not part words.
func spaceless(r rune) bool {
	return r >= 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
}

// writesNoSpaces reports a text in a script that does not part words.
func writesNoSpaces(s string) bool {
	for _, r := range s {
		return spaceless(r)
	}
	return false
}

// absences are ways to say that a page is not there, each of which names the
// page, the article, the document. They are not changed.
var absences = phrasesOf(
	// English
	"page not found|page cannot be found|page cant be found|that page cant be found|this page cant be found|page could not be found|"+
		"this page could not be found|the page could not be found|page you are looking for|page you were looking for|page youre looking for|"+
		"page you have requested|page you requested|requested page could not|requested page was not found|requested url was not found|"+
		"page does not exist|page doesnt exist|page no longer exists|page has been removed|page is no longer available|page isnt available|"+
		"page is not available|page has been deleted|page unavailable|page not available|article not found|article does not exist|"+
		"article is no longer available|article you are looking for|article has been removed|story not found|story is no longer available|"+
		"post not found|document not found|document does not exist|document you are looking for|file not found|file does not exist|"+
		"content not found|content is no longer available|content you are looking for|resource not found|resource cannot be found|"+
		"we couldnt find that page|we couldnt find this page|we cant find that page|we cant find the page|we could not find the page|"+
		"couldnt find the page|no such page|there is no such page|http error 404|404 error|error 404|404 not found|http 404|"+
		"nothing was found at this location|page has gone missing|page you tried to reach|page you are trying to reach|page youre trying to reach|"+
		"page you are trying to access|page has moved or|page may have been removed|page might have been removed|page doesnt seem to exist|page does not seem to exist|"+
		"article you requested|article has been deleted|article has expired|no such article|no article exists|invalid article id|story you requested|"+
		"story you are looking for|this story has been removed|this post has been deleted|document has been removed|object not found|"+
		"couldnt find this page|couldnt find that page|cant find this page|unable to find the page|unable to find that page|link you followed may be broken|"+
		"topic does not exist|thread does not exist|topic doesnt exist|no thread specified|invalid thread specified|thread not found|topic not found|post does not exist|post has been deleted|"+
		"post has been removed|video is no longer available|video has been removed|video does not exist|video unavailable|document has been deleted|document was deleted|file has been deleted|"+
		"file you have requested does not exist|file isnt here anymore|blog not found|blog has been removed|blog has been deleted|page that doesnt exist|page that does not exist|"+
		"couldnt find that post|item not found|product not found|profile not found|event not found",
	// Chinese
	"页面不存在|页面未找到|页面找不到|找不到页面|找不到该页面|找不到网页|页面没有找到|无法找到该页|网页不存在|您访问的页面|你访问的页面|您要查看的页面|"+
		"您查找的页面|您访问的内容不存在|您要访问的页面|您访问的文章不存在|该页面不存在|此页面不存在|该文章已被删除|页面已被删除|页面已删除|内容已删除|此内容已被删除|文章不存在|内容不存在|内容已被删除|文章已被删除|頁面不存在|找不到頁面|找不到網頁|頁面未找到|您要找的頁面|您訪問的頁面",
	// Hindi, Urdu, Bengali
	"पृष्ठ नहीं मिला|पेज नहीं मिला|पेज उपलब्ध नहीं है|पृष्ठ उपलब्ध नहीं है|पृष्ठ मौजूद नहीं है|पेज मौजूद नहीं है|लेख नहीं मिला",
	"صفحہ نہیں ملا|صفحہ موجود نہیں|صفحہ دستیاب نہیں|مطلوبہ صفحہ نہیں|صفحہ نہیں مل سکا",
	"পৃষ্ঠাটি খুঁজে পাওয়া যায়নি|পাতাটি খুঁজে পাওয়া যায়নি|পেজটি খুঁজে পাওয়া যায়নি|পৃষ্ঠা খুঁজে পাওয়া যায়নি|পৃষ্ঠা পাওয়া যায়নি|পাতাটি পাওয়া যায়নি|পেজ পাওয়া যায়নি",
	// Spanish, Portuguese, French, Italian
	"página no encontrada|no se encontró la página|no se ha encontrado la página|no se encuentra la página|la página no existe|esta página no existe|"+
		"la página que buscas|la página que busca|la página que estás buscando|la página que está buscando|la página solicitada no|no encontramos la página|"+
		"artículo no encontrado|contenido no encontrado|documento no encontrado|página no disponible|página ya no existe|página ya no está disponible|"+
		"página no está disponible|página a la que intentas acceder|página a la que intenta acceder|la página ha sido eliminada|noticia no encontrada|noticia no disponible|"+ //nolint:misspell // Spanish
		"noticia que busca|noticia que buscas|artículo no disponible|artículo ya no está disponible|no hemos encontrado la página|no podemos encontrar la página",
	"página não encontrada|página não existe|esta página não existe|a página que você procura|a página que procura|a página que você está procurando|"+
		"a página solicitada não|não encontramos a página|não foi possível encontrar a página|conteúdo não encontrado|artigo não encontrado|matéria não encontrada|"+
		"página não está mais disponível|página não está disponível|página indisponível|página foi removida|não conseguimos encontrar a página|notícia não encontrada|"+
		"página que tentou aceder|página que você tentou acessar",
	"page non trouvée|page introuvable|page inexistante|page nexiste pas|page nexiste plus|page que vous recherchez|page que vous cherchez|"+
		"page demandée nexiste|page demandée est introuvable|page demandée na pas|page na pas été trouvée|article introuvable|document introuvable|contenu introuvable|"+
		"page nest plus disponible|page nest pas disponible|page a été supprimée|page supprimée|page a disparu|pas trouvé la page|pas trouvé cette page|"+
		"article nest plus disponible|article nexiste plus|article a été supprimé|adresse demandée nexiste",
	"pagina non trovata|pagina non esiste|pagina che cerchi|pagina che stai cercando|pagina richiesta non|articolo non trovato|contenuto non trovato|"+
		"pagina non è disponibile|pagina non è più disponibile|pagina non disponibile|pagina inesistente|pagina che hai cercato|pagina non è stata trovata|"+
		"articolo non è più disponibile|notizia non trovata",
	// Arabic
	"الصفحة غير موجودة|لم يتم العثور على الصفحة|الصفحة المطلوبة غير|الصفحة التي تبحث عنها|الصفحة غير متوفرة|لا يمكن العثور على الصفحة|تعذر العثور على الصفحة|"+
		"هذه الصفحة غير|المقال غير موجود|الخبر غير موجود|الخبر غير متاح|هذا الخبر غير|هذا المقال غير|الصفحة غير متاحة|الصفحة لم تعد|لم نتمكن من العثور على الصفحة|"+
		"الصفحة المطلوبة لم|تم حذف الصفحة|تم حذف هذا الخبر|تم حذف المقال",
	// Russian, Ukrainian
	"страница не найдена|страница не существует|страницы не существует|такой страницы нет|такой страницы не существует|страница не обнаружена|"+
		"запрашиваемая страница|запрашиваемая вами страница|запрошенная страница|запрошенной страницы|страница удалена|страница была удалена|"+
		"страница которую вы ищете|страница недоступна|материал не найден|материал удален|статья не найдена|статья удалена|новость не найдена|"+
		"документ не найден|публикация не найдена|файл не найден|не удалось найти страницу|ошибка 404|"+
		"такой страницы больше нет|такой страницы на сайте|страницы больше не существует|этой страницы не существует|этой страницы больше нет|страницы нет на сайте|"+
		"страница больше недоступна|страница больше не доступна|страница не доступна|страница устарела|материал недоступен|материал больше недоступен|новость удалена|"+
		"статья больше недоступна|публикация удалена|темы не существует|тема не существует|тема удалена|тема не найдена|запись удалена|запись не найдена|пост удален|журнал удален|"+
		"видео удалено|видео недоступно|этой страницы нет|объявление удалено|пользователь не найден|неправильно набран адрес|неверно набран адрес",
	"сторінку не знайдено|сторінка не знайдена|такої сторінки не існує|сторінки не існує|сторінка не існує|матеріал не знайдено|статтю не знайдено|"+
		"цієї сторінки не існує|такої сторінки немає|сторінку видалено|сторінка видалена|сторінка недоступна|новину не знайдено",
	// Belarusian, Bulgarian, Serbian, Macedonian, Croatian, Bosnian, Slovene
	"старонка не знойдзена|старонку не знойдзена|такой старонкі не існуе|старонка не існуе",
	"страницата не е намерена|страницата не беше намерена|страницата не съществува|търсената страница|търсената от вас страница|няма такава страница|"+
		"страница није пронађена|страница није нађена|страница не постоји|страница коју тражите|тражена страница|страницата не е пронајдена|страницата не постои",
	"stranica nije pronađena|stranica nije nađena|stranica ne postoji|stranica koju tražite|tražena stranica|stranica nije dostupna|članak nije pronađen|"+
		"strana nije pronađena|strana ne postoji|stran ni bila najdena|strani ni mogoče najti|stran ne obstaja|stran ni na voljo|iskana stran|ta stran ne obstaja",
	// Indonesian, Malay
	"halaman tidak ditemukan|halaman tidak tersedia|halaman yang anda cari|halaman ini tidak ada|laman tidak ditemukan|halaman tidak dijumpai|"+
		"artikel tidak ditemukan|berita tidak ditemukan|halaman yang anda tuju|halaman yang anda minta|halaman tidak wujud|laman yang anda cari",
	// German, Dutch, Polish
	"seite nicht gefunden|seite konnte nicht gefunden werden|seite wurde nicht gefunden|seite existiert nicht|gesuchte seite|angeforderte seite|"+
		"gewünschte seite|aufgerufene seite|seite ist nicht verfügbar|artikel nicht gefunden|dokument nicht gefunden|datei nicht gefunden|inhalt nicht gefunden|"+
		"diese seite gibt es nicht|diese seite gibt es leider nicht|seite gibt es nicht mehr|seite gibt es leider nicht mehr|seite existiert leider nicht|seite existiert nicht mehr|"+
		"seite ist nicht mehr verfügbar|seite ist leider nicht verfügbar|seite ist leider nicht mehr verfügbar|seite nicht mehr verfügbar|seite nicht verfügbar|seite wurde gelöscht|"+
		"seite leider nicht gefunden|seite konnte leider nicht gefunden werden|seite wurde leider nicht gefunden|aufgerufene adresse|artikel ist nicht mehr verfügbar|"+
		"artikel ist leider nicht mehr verfügbar|artikel existiert nicht|beitrag nicht gefunden|konnten die seite nicht finden|können die seite nicht finden",
	"pagina niet gevonden|pagina bestaat niet|pagina die u zoekt|artikel niet gevonden|pagina die je zoekt|pagina kan niet worden gevonden|pagina kon niet worden gevonden|"+
		"pagina is niet gevonden|pagina is niet beschikbaar|pagina is niet meer beschikbaar|artikel is niet meer beschikbaar",
	"nie znaleziono strony|strona nie została znaleziona|strona nie istnieje|nie znaleziono artykułu|strona której szukasz|strona o podanym adresie nie|"+
		"podana strona nie istnieje|strona już nie istnieje|artykuł nie istnieje|strona niedostępna|strona została usunięta|nie możemy znaleźć strony",
	// Czech, Slovak, Hungarian, Romanian, Albanian
	"stránka nenalezena|stránka nebyla nalezena|stránka neexistuje|stránka nebyla nájdená|stránka sa nenašla|požadovaná stránka|hledaná stránka|hľadaná stránka|"+
		"stránka nebola nájdená|stránku se nepodařilo najít|stránku sa nepodarilo nájsť|článek nenalezen|článok sa nenašiel",
	"az oldal nem található|oldal nem található|a keresett oldal|a kért oldal|az oldal nem létezik|nincs ilyen oldal|a cikk nem található",
	"pagina nu a fost găsită|pagina nu există|pagina căutată|pagina solicitată|pagina pe care o căutați|pagina pe care o cauți|articolul nu a fost găsit",
	"faqja nuk u gjet|faqja nuk ekziston|faqja që kërkoni|faqja që kërkuat",
	// Swedish, Norwegian, Danish, Icelandic, Finnish
	"sidan kunde inte hittas|sidan hittades inte|sidan finns inte|sidan du söker|sidan saknas|sidan kan inte hittas|artikeln kunde inte hittas|artikeln finns inte",
	"siden ble ikke funnet|siden finnes ikke|siden du leter etter|fant ikke siden|finner ikke siden|siden blev ikke fundet|siden findes ikke|siden du leder efter|"+
		"siden kunne ikke findes|siden kan ikke findes|siden eksisterer ikke|síðan fannst ekki|síða fannst ekki",
	"sivua ei löydy|sivua ei löytynyt|etsimääsi sivua|hakemaasi sivua|sivua ei ole|sivu on poistettu|artikkelia ei löytynyt",
	// Estonian, Latvian, Lithuanian
	"lehte ei leitud|lehekülge ei leitud|lehte ei ole olemas|lehekülge ei eksisteeri|otsitud lehte|lapa nav atrasta|lapa netika atrasta|meklētā lapa|šāda lapa neeksistē|"+
		"lapa neeksistē|puslapis nerastas|puslapis neegzistuoja|ieškomas puslapis|tokio puslapio nėra",
	// Greek, Hebrew, Armenian, Georgian
	"η σελίδα δεν βρέθηκε|σελίδα δεν βρέθηκε|η σελίδα δεν υπάρχει|σελίδα που ζητήσατε|σελίδα που αναζητάτε|σελίδα που ψάχνετε|το άρθρο δεν βρέθηκε",
	"הדף לא נמצא|העמוד לא נמצא|דף לא נמצא|עמוד לא נמצא|הדף המבוקש|העמוד המבוקש|הדף שחיפשת|העמוד שחיפשת|הדף אינו קיים|העמוד אינו קיים|הדף לא קיים|הכתבה לא נמצאה",
	"էջը չի գտնվել|էջը չգտնվեց|էջը գոյություն չունի|նման էջ չկա|էջը հասանելի չէ",
	"გვერდი ვერ მოიძებნა|გვერდი არ მოიძებნა|გვერდი არ არსებობს|გვერდი ვერ ვიპოვეთ",
	// Swahili, Filipino, Tamil, Telugu, Marathi, Gujarati, Punjabi, Nepali, Sinhala
	"ukurasa haujapatikana|ukurasa haukupatikana|ukurasa haupatikani|ukurasa haupo|hindi nahanap ang pahina|hindi makita ang pahina",
	"பக்கம் காணப்படவில்லை|பக்கம் கிடைக்கவில்லை|பக்கத்தைக் காணவில்லை|పేజీ కనుగొనబడలేదు|పేజీ దొరకలేదు|पृष्ठ सापडले नाही|पान सापडले नाही|પૃષ્ઠ મળ્યું નથી|પેજ મળ્યું નથી|"+
		"ਪੰਨਾ ਨਹੀਂ ਮਿਲਿਆ|ਸਫ਼ਾ ਨਹੀਂ ਮਿਲਿਆ|पृष्ठ फेला परेन|पेज फेला परेन|පිටුව හමු නොවීය|පිටුව හමු නොවුණි",
	// Japanese, Korean, Vietnamese, Thai
	"ページが見つかりません|ページは見つかりません|ページが見つかりませんでした|お探しのページ|ページが存在しません|ページは存在しません|ページは削除|"+
		"記事が見つかりません|記事は見つかりません|指定されたページ|記事が存在しない|記事は存在しません|記事は削除|記事は掲載期間が|掲載期間が終了しました|掲載を終了しました|"+
		"公開期間が終了|ページは移動または削除|ページは存在しないか",
	"페이지를 찾을 수 없습니다|페이지가 존재하지 않습니다|존재하지 않는 페이지|요청하신 페이지|페이지를 찾을 수 없음|기사를 찾을 수 없습니다|"+
		"삭제된 기사입니다|삭제된 게시물입니다|존재하지 않는 기사|존재하지 않는 게시물|삭제되었거나 존재하지 않는|찾으시는 페이지",
	"không tìm thấy trang|trang không tồn tại|trang bạn tìm kiếm|trang bạn yêu cầu|trang bạn đang tìm|trang này không tồn tại|không tìm thấy bài viết|bài viết không tồn tại|ไม่พบหน้า|ไม่พบหน้าเว็บ",
	// Turkish
	"sayfa bulunamadı|aradığınız sayfa|böyle bir sayfa yok|sayfa mevcut değil|sayfayı bulamadık|içerik bulunamadı|haber bulunamadı|sayfa yayından kaldırıldı|"+
		"aradığınız haber|aradığınız içerik|sayfaya ulaşılamıyor|sayfaya ulaşılamadı|sayfa silinmiş|sayfa kaldırılmış|haber yayından kaldırıldı|haber kaldırılmış",
	// Azerbaijani, Turkmen, Mongolian, Uyghur, Tatar, Bashkir
	"səhifə tapılmadı|səhifə mövcud deyil|axtardığınız səhifə|belə səhifə yoxdur|belə bir səhifə yoxdur|xəbər tapılmadı",
	"sahypa tapylmady|beýle sahypa ýok|gözleýän sahypaňyz|sahypa ýok",
	"хуудас олдсонгүй|таны хайсан хуудас|хайсан хуудас олдсонгүй|хуудас байхгүй|бет тапылмады|битә табылмады|бит табылманы|сәхифә табылмады|بەت تېپىلمىدى",
	// Persian, Pashto
	"صفحه یافت نشد|صفحه پیدا نشد|صفحه مورد نظر یافت|صفحه مورد نظر پیدا|صفحه مورد نظر شما|صفحه مورد نظر وجود|برگه پیدا نشد|برگه یافت نشد|صفحه وجود ندارد|"+
		"صفحه ای یافت نشد|صفحه درخواستی|مطلب یافت نشد|خبر یافت نشد|مطلب مورد نظر یافت|"+
		"صفحه وجود ندارد|صفحه ای وجود ندارد|این صفحه وجود ندارد|خبری یافت نشد|خبر مورد نظر|مطلب مورد نظر شما|این مطلب حذف شده|این خبر حذف شده|صفحه حذف شده|چنین صفحه ای",
	"پاڼه ونه موندل شوه|پاڼه و نه موندل شوه|پاڼه ونه موندله شوه|پاڼه نه ده موندل شوې|پاڼه شتون نلري|پاڼه نشته|مخ ونه موندل شو|پاڼه پیدا نه شوه",
	// Uzbek in both scripts
	"sahifa topilmadi|bunday sahifa mavjud emas|sahifa mavjud emas|bunday sahifa yoʻq|siz qidirgan sahifa|siz izlagan sahifa|siz izlayotgan sahifa|"+
		"maqola topilmadi|yangilik topilmadi|maʼlumot topilmadi",
	"саҳифа топилмади|бундай саҳифа мавжуд эмас|саҳифа мавжуд эмас|бундай саҳифа йўқ|сиз қидирган саҳифа|сиз излаган саҳифа|сиз излаётган саҳифа|мақола топилмади",
	// Tajik
	"پەڕە نەدۆزرایەوە|پەڕەکە نەدۆزرایەوە|لاپەڕەکە نەدۆزرایەوە|rûpel nehat dîtin|rûpel nehate dîtin", // Kurdish
	"саҳифа ёфт нашуд|саҳифа пайдо нашуд|саҳифа вуҷуд надорад|чунин саҳифа нест|саҳифаи дархостшуда|саҳифаи дархостгардида|саҳифаи ҷустуҷӯшуда|мавод ёфт нашуд|хабар ёфт нашуд",
	// Kyrgyz
	"барак табылган жок|барак табылбады|баракча табылган жок|баракча табылбады|бет табылган жок|бет табылбады|мындай барак жок|мындай баракча жок|изделген барак|макала табылган жок",
	// Kazakh, in both scripts
	"бет табылмады|парақша табылмады|парақ табылмады|мұндай бет жоқ|мұндай парақша жоқ|сіз іздеген бет|сұралған бет|іздеген бетіңіз|мақала табылмады|bet tabylmady",
)

// vagueAbsences say only that something is not there. A page says one of them
// alone, as its whole title or heading, or it says nothing.
var vagueAbsences = phrasesOf(
	"not found|does not exist|no longer available|cannot be found|no encontrado|no encontrada|no existe|não encontrado|não encontrada|non trouvé|introuvable|" +
		"non trovato|nicht gefunden|niet gevonden|не найдено|не найден|не найдена|не знайдено|未找到|找不到|見つかりません|찾을 수 없음|नहीं मिला|نہیں ملا|" +
		"পাওয়া যায়নি|tidak ditemukan|غير موجود|غير موجودة|bulunamadı|یافت نشد|پیدا نشد|ونه موندل شو|topilmadi|топилмади|ёфт нашуд|табылган жок|табылбады|табылмады|" +
		"nie znaleziono")

// absenceFillers are words that stand beside the number 404 or a phrase of
// absence without saying more.
var absenceFillers = phrasesOf("404|410|error|http|https|code|status|oops|ooops|whoops|ups|uh|oh|sorry|we|re|are|were|so|lo|siento|lo siento|désolé|leider|" +
	"ошибка|упс|извините|к|сожалению|помилка|хато|хатолик|xatolik|xato|ката|қате|қателік|hata|üzgünüz|maalesef|خطا|خطای|خطأ|عذرا|متاسفانه|تېروتنه|" +
	"erreur|erro|errore|fehler|kesalahan|maaf|त्रुटि|ত্রুটি|错误|錯誤|エラー|오류")
