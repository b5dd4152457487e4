package verify

import (
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// notice is a short page that a server shows in place of whatever was asked for,
// with a success code: that it refuses this visitor, or that it has trouble
// or is being mended. Neither says anything of the source.
type notice struct {
	code    string
	verdict archive.Verdict
	says    string
	lines   phrases // a part of title or heading, or of a line of a page that says hardly more, is one of them
	texts   phrases // stands anywhere on a page that says hardly more
}

// noticeWords is how many words a page may say and still be a notice by its text.
const noticeWords = 40

// noticed: a success code, and a page that tells of the server or of the visitor,
// and not of the source.
func noticed(e *evidence) (archive.Judgement, bool) {
	x := e.end()
	if !success(x.Status) || x.PayloadSize == 0 {
		return archive.Judgement{}, false
	}
	if j, ok := noticeOfStorage(e); ok {
		return j, true
	}
	if !isPage(x) && !isText(x) {
		return archive.Judgement{}, false
	}
	h := e.heading()
	said, n := "", (*notice)(nil)
	for _, line := range [...]string{h.title, h.h1} {
		if said == "" {
			if n = noticeIn(line); n != nil && e.sight().prose < thinProse {
				said = line
			}
		}
	}
	if said == "" && e.small() && e.sight().words <= noticeWords {
		said, n = noticeInText(e.sight().text)
	}
	if said == "" || e.cites(n.lines) || e.likeness().same() {
		return archive.Judgement{}, false
	}
	if sorry, _ := e.apologyInHeading(); sorry != "" && n.verdict == archive.Unreachable {
		return archive.Judgement{}, false // "Error 404: something went wrong"
	}
	j := judged(n.verdict, because(n.code, "%s: %q", n.says, brief(said)), because(statusCode(x.Status), "the server calls it a success"))
	if ambiguous(said) {
		// A server that has its own 404 for what nobody made has made this page: it is one
		// about maintenance, or a poem of that name.
		if e.siblingAbsent() {
			return archive.Judgement{}, false
		}
		if e.sibling() == notAsked {
			j.Ask = e.siblingURL()
		}
	}
	return j, true
}

// noticeOfStorage: a success code, and an object store that refuses, or is in trouble.
func noticeOfStorage(e *evidence) (archive.Judgement, bool) {
	x := e.end()
	if !e.small() {
		return archive.Judgement{}, false
	}
	v, said := apologyOfStorage(x, e.text())
	code, says := "denied", "the store of its files refuses us"
	switch v {
	case archive.Blocked:
	case archive.Unreachable:
		code, says = "trouble", "the store of its files tells of its own trouble, which could pass"
	default:
		return archive.Judgement{}, false
	}
	if e.likeness().same() {
		return archive.Judgement{}, false
	}
	return judged(v, because(code, "%s: %q", says, brief(said)), because(statusCode(x.Status), "the server calls it a success")), true
}

// noticeInText finds a notice in all that a page says, and what says so.
func noticeInText(text string) (string, *notice) {
	for line := range strings.SplitSeq(text, "\n") {
		if countWords(line) < proseLine {
			if n := noticeIn(line); n != nil {
				return oneLine(line, 120), n
			}
		}
	}
	folded := foldText(text)
	for i := range notices {
		if n := &notices[i]; n.texts.in(folded) != "" {
			return oneLine(text, 120), n
		}
	}
	return "", nil
}

// noticeIn is the notice of which a part of a line is one of the lines, nil for none.
func noticeIn(line string) *notice {
	if line == "" || len(line) > titleLimit {
		return nil
	}
	for _, part := range splitTitle(line, true) {
		folded := withoutStatus(foldText(part))
		bare := withoutFillers(folded)
		for i := range notices {
			if n := &notices[i]; n.lines.exact[folded] || n.lines.exact[bare] {
				return n
			}
		}
	}
	return nil
}

// ambiguous reports a line that names a thing as much as what a server does.
func ambiguous(line string) bool {
	for _, part := range splitTitle(line, true) {
		if things.exact[foldText(part)] {
			return true
		}
	}
	return false
}

// things are not changed.
var things = phrasesOf("maintenance|system maintenance|scheduled maintenance|captcha|just a moment|one moment please|forbidden|not allowed|security check|security verification|attention required|" +
	"waiting room|back soon|be right back|server error|fatal error|technical difficulties|access restricted|access limited|wartung|wartungsarbeiten|mantenimiento|manutenção|manutenzione|onderhoud|" +
	"prace techniczne|технические работы|профилактические работы|техническое обслуживание|технічні роботи|údržba|karbantartás|underhåll|vedligeholdelse|vedlikehold|صيانة|रखरखाव|রক্ষণাবেক্ষণ|メンテナンス中")

// withoutStatus drops the number of a refusal or of an error from a folded text.
func withoutStatus(folded string) string {
	if !strings.ContainsAny(folded, "45") {
		return folded
	}
	words := strings.Fields(folded)
	kept := words[:0]
	for _, w := range words {
		if len(w) == 3 && (w[0] == '4' || w[0] == '5') && strings.Trim(w, "0123456789") == "" {
			continue
		}
		kept = append(kept, w)
	}
	return strings.Join(kept, " ")
}

// isText reports an answer in plain text.
func isText(x *archive.Exchange) bool {
	kind, _, _ := strings.Cut(x.Header.Get("Content-Type"), ";")
	return strings.EqualFold(strings.TrimSpace(kind), "text/plain")
}

// notices are not changed.
var notices = []notice{
	{
		code: "denied", verdict: archive.Blocked, says: "refuses us with a page in place of the source",
		lines: phrasesOf(
			"access denied|access is denied|access forbidden|access restricted|access blocked|access limited|access to this page has been denied|access to this page is forbidden|"+
				"access to this site has been denied|access to this website has been blocked|you have been blocked|sorry you have been blocked|you are blocked|"+
				"your ip has been blocked|your ip address has been blocked|your ip is blocked|ip blocked|ip address blocked|your access has been blocked|"+
				"your request has been blocked|this request has been blocked|request blocked|request denied|forbidden|not allowed|permission denied|too many requests|"+
				"rate limit exceeded|rate limited|robot or human|are you a robot|are you human|are you a human|are you not a robot|im not a robot|security check|"+
				"security checkpoint|security verification|security challenge|human verification|bot verification|bot check|bot detected|ddos protection|"+
				"attention required|one moment please|just a moment|checking your browser|checking if the site connection is secure|verifying your browser|"+
				"verifying you are human|verify you are human|verify that you are human|client challenge|challenge validation|unusual traffic|unusual activity detected|"+
				"suspicious activity detected|captcha|captcha required|please enable cookies|please enable javascript|enable javascript and cookies to continue|"+
				"javascript is required|javascript required|cookies are required|your ip address has been banned|you are now in line|you are in line|waiting room|virtual waiting room|please disable your ad blocker|please disable your adblocker|ad blocker detected|adblock detected",
			"zugriff verweigert|zugang verweigert|zugriff gesperrt|zugriff blockiert|zugriff nicht erlaubt|zugriff untersagt|zu viele anfragen|sicherheitsprüfung|sind sie ein mensch|sind sie ein roboter",
			"accès refusé|accès interdit|accès bloqué|accès restreint|trop de requêtes|vérification de sécurité|êtes vous un robot|vous avez été bloqué|votre adresse ip a été bloquée",
			"acceso denegado|acceso prohibido|acceso restringido|acceso bloqueado|su ip ha sido bloqueada|su ip ha sido bloqueado|su dirección ip ha sido bloqueada|demasiadas solicitudes|demasiadas peticiones|comprobación de seguridad|verificación de seguridad|eres humano|"+
				"acesso negado|acesso proibido|acesso restrito|acesso bloqueado|muitas solicitações|verificação de segurança|accesso negato|accesso vietato|accesso bloccato|troppe richieste|"+
				"toegang geweigerd|toegang verboden|odmowa dostępu|dostęp zabroniony|dostęp zablokowany|brak dostępu",
			"доступ запрещен|доступ закрыт|доступ ограничен|доступ заблокирован|доступ к сайту ограничен|доступ к сайту запрещен|доступ к сайту заблокирован|доступ к ресурсу ограничен|"+
				"доступ к ресурсу запрещен|доступ к странице запрещен|в доступе отказано|доступ отклонен|ваш ip заблокирован|ваш ip адрес заблокирован|вы заблокированы|"+
				"слишком много запросов|превышен лимит запросов|проверка браузера|проверка безопасности|проверка что вы не робот|вы не робот|подтвердите что вы не робот|"+
				"подтвердите что вы человек|подтвердите что запросы отправляли вы|а не робот|доступ заборонено|доступ обмежено|забагато запитів",
			"přístup odepřen|přístup zamítnut|prístup zamietnutý|hozzáférés megtagadva|acces interzis|acces refuzat|acces blocat|достъпът е отказан|достъп отказан|достъп забранен|"+
				"приступ одбијен|pristup odbijen|pristup zabranjen|dostop zavrnjen|η πρόσβαση απαγορεύεται|δεν επιτρέπεται η πρόσβαση|åtkomst nekad|adgang nægtet|ingen adgang|tilgang nektet|"+
				"pääsy estetty|pääsy kielletty|ligipääs keelatud|piekļuve liegta|prieiga uždrausta|aksesi u refuzua",
			"erişim engellendi|erişim reddedildi|erişim yasak|çok fazla istek|robot değilim|giriş qadağandır|giriş məhduddur|kirish taqiqlangan|ruxsat yoʻq|кириш тақиқланган|"+
				"дастрасӣ манъ аст|дастрасӣ манъ шудааст|кирүүгө тыюу салынган|кіруге тыйым салынған|қол жеткізу шектелген",
			"دسترسی غیرمجاز|دسترسی غیر مجاز|دسترسی ممنوع|دسترسی شما محدود شده است|دسترسی شما مسدود شده است|دسترسی مسدود|لاسرسی بند دی|تم رفض الوصول|الوصول مرفوض|تم حظر الوصول|الدخول ممنوع|طلبات كثيرة جدا|رسائی ممنوع|הגישה נדחתה|הגישה נחסמה|הגישה חסומה",
			"访问验证|访问异常|访问频率过高|拒绝访问|访问被拒绝|禁止访问|访问受限|访问过于频繁|请求过于频繁|安全验证|安全检查|人机验证|拒絕訪問|禁止訪問|存取被拒|アクセスが拒否されました|アクセス拒否|アクセス禁止|アクセスが制限されています|セキュリティチェック|"+
				"접근이 거부되었습니다|액세스 거부|접근 거부|접근이 차단되었습니다|비정상적인 접근이 감지되었습니다|자동등록방지|पहुँच अस्वीकृत|पहुंच अस्वीकृत|प्रवेश निषेध|অ্যাক্সেস অস্বীকৃত|প্রবেশাধিকার নেই|akses ditolak|akses dilarang|akses diblokir|truy cập bị từ chối|ปฏิเสธการเข้าถึง"),
		texts: phrasesOf("you dont have permission to access|you do not have permission to access|you are not authorized to access|your ip address has been blocked|your ip has been blocked|"+
			"has been blocked by our security|blocked by our security|unusual activity from your|unusual traffic from your|suspicious activity from your|confirm that youre human|"+
			"confirm you are human|confirm that you are human|confirm you are not a robot|prove you are not a robot|complete the security check|complete the captcha|"+
			"solve the captcha|enter the characters you see|please enable cookies|please enable javascript|anti robot validation",
			"ваш ip адрес заблокирован|подтвердите что вы не робот|введите символы с картинки|вы не робот|nicht berechtigt auf diese|vous navez pas lautorisation|no tiene permiso para acceder|"+
				"您的访问请求被拒绝|您的访问过于频繁|请完成安全验证"),
	},
	{
		code: "trouble", verdict: archive.Unreachable, says: "tells of its own trouble in place of the source, which could pass",
		lines: phrasesOf(
			"service unavailable|service temporarily unavailable|the service is unavailable|temporarily unavailable|site temporarily unavailable|website temporarily unavailable|"+
				"this site is temporarily unavailable|site unavailable|website unavailable|internal server error|server error|bad gateway|gateway timeout|gateway time out|"+
				"database error|database connection error|error establishing a database connection|mysql error|site maintenance|website maintenance|under maintenance|"+
				"site under maintenance|website under maintenance|site is under maintenance|this site is under maintenance|our site is under maintenance|"+
				"the site is under maintenance|down for maintenance|were down for maintenance|scheduled maintenance|undergoing maintenance|undergoing scheduled maintenance|"+
				"maintenance mode|maintenance|system maintenance|well be back soon|we will be back soon|well be right back|we will be right back|be right back|back soon|"+
				"briefly unavailable for scheduled maintenance|application error|please wait|a server error occurred|runtime error|fatal error|an error has occurred|an error occurred|"+
				"something went wrong|something has gone wrong|unexpected error|an unexpected error occurred|technical difficulties|were having technical difficulties|"+
				"origin is unreachable|connection timed out|host error|server overloaded|bandwidth limit exceeded",
			"wartungsarbeiten|wartungsmodus|wartung|im wartungsmodus|vorübergehend nicht verfügbar|vorübergehend nicht erreichbar|seite vorübergehend nicht verfügbar|wir sind bald wieder da|bitte warten|"+
				"wir sind gleich zurück|interner serverfehler|serverfehler|datenbankfehler|dienst nicht verfügbar|es ist ein fehler aufgetreten|ein fehler ist aufgetreten",
			"site en maintenance|en maintenance|maintenance en cours|site en cours de maintenance|service indisponible|service temporairement indisponible|site temporairement indisponible|"+
				"temporairement indisponible|erreur interne du serveur|erreur serveur|une erreur est survenue|une erreur sest produite|nous revenons bientôt|de retour bientôt",
			"sitio en mantenimiento|en mantenimiento|página en mantenimiento|web en mantenimiento|mantenimiento|servicio no disponible|sitio temporalmente no disponible|temporalmente no disponible|"+
				"error interno del servidor|error del servidor|volvemos pronto|volveremos pronto|ha ocurrido un error|algo salió mal|em manutenção|site em manutenção|manutenção|serviço indisponível|"+
				"temporariamente indisponível|erro interno do servidor|erro no servidor|voltamos em breve|voltaremos em breve|ocorreu um erro|algo deu errado|sito in manutenzione|in manutenzione|"+
				"manutenzione|servizio non disponibile|temporaneamente non disponibile|errore interno del server|errore del server|torniamo presto|si è verificato un errore|"+ //nolint:misspell // Italian
				"site in onderhoud|in onderhoud|onderhoud|tijdelijk niet beschikbaar|przerwa techniczna|prace techniczne|strona w budowie|trwają prace techniczne|tymczasowo niedostępna|błąd serwera",
			"ведутся технические работы|технические работы|на сайте ведутся технические работы|проводятся технические работы|профилактические работы|сайт на техническом обслуживании|"+
				"техническое обслуживание|сайт временно недоступен|временно недоступен|временно недоступно|сервис временно недоступен|сервис недоступен|страница временно недоступна|"+
				"внутренняя ошибка сервера|ошибка сервера|ошибка базы данных|ошибка подключения к базе данных|ошибка соединения с базой данных|произошла ошибка|что то пошло не так|"+
				"сайт отключен|мы скоро вернемся|скоро вернемся|ведуться технічні роботи|технічні роботи|сайт тимчасово недоступний|тимчасово недоступний|помилка сервера",
			"údržba|probíhá údržba|dočasně nedostupné|prebieha údržba|karbantartás|karbantartás alatt|ideiglenesen nem elérhető|mentenanță|site în mentenanță|în mentenanță|temporar indisponibil|"+
				"сайтът е в поддръжка|временно недостъпен|у току је одржавање|održavanje u toku|u izradi|υπό συντήρηση|προσωρινά μη διαθέσιμη|underhåll|tillfälligt otillgänglig|vedligeholdelse|vedlikehold|"+
				"huoltokatko|tilapäisesti poissa käytöstä",
			"bakım çalışması|bakımdayız|site bakımda|sitemiz bakımda|bakım modu|geçici olarak kullanılamıyor|hizmet kullanılamıyor|sunucu hatası|bir hata oluştu|bir şeyler yanlış gitti|"+
				"texniki işlər aparılır|texnik ishlar olib borilmoqda|texnik ishlar|sayt vaqtincha ishlamayapti|техник ишлар олиб борилмоқда|корҳои техникӣ|сомона муваққатан дастнорас аст|"+
				"техникалык иштер жүрүп жатат|техникалық жұмыстар жүргізілуде|техникалық жұмыстар|сайт уақытша қолжетімсіз",
			"در دست تعمیر|سایت در دست تعمیر است|سایت در حال بروزرسانی است|در حال بروزرسانی|در حال به روز رسانی|موقتا در دسترس نیست|خطای سرور|خطای داخلی سرور|خطایی رخ داده است|"+
				"تحت الصيانة|الموقع تحت الصيانة|الموقع قيد الصيانة|صيانة|غير متاح مؤقتا|خطأ في الخادم|خطأ داخلي في الخادم|حدث خطأ|حدث خطأ ما|سائٹ زیر مرمت ہے|האתר בתחזוקה|שגיאת שרת",
			"系统维护|系统维护中|网站维护中|网站维护|正在维护|服务不可用|服务器错误|服务器内部错误|数据库错误|系统错误|系統維護中|網站維護中|メンテナンス中|メンテナンス中です|ただいまメンテナンス中です|アクセスが集中しています|ただいまアクセスが集中しています|サーバーエラー|"+
				"一時的に利用できません|점검 중입니다|시스템 점검 중|서비스 점검 중|서버 오류|रखरखाव|सर्वर त्रुटि|রক্ষণাবেক্ষণ|সার্ভার ত্রুটি|sedang dalam pemeliharaan|dalam pemeliharaan|situs dalam perbaikan|"+
				"kesalahan server|terjadi kesalahan|đang bảo trì|hệ thống đang bảo trì|lỗi máy chủ|ปิดปรับปรุง"),
		texts: phrasesOf("error establishing a database connection|could not connect to the database|cant connect to mysql|could not connect to mysql|cant connect to local mysql|too many connections|" +
			"call to undefined function|uncaught error|uncaught exception|uncaught pdoexception|database server is down|site is under maintenance|website is under maintenance|" +
			"is currently undergoing maintenance|is undergoing scheduled maintenance|is temporarily unavailable|is down for maintenance|unable to service your request|" +
			"the server encountered an internal error|there has been a critical error on this website|there has been a critical error on your website|" +
			"ведутся технические работы|сайт временно недоступен|на сайте возникла критическая ошибка|ошибка подключения к базе данных"),
	},
}
