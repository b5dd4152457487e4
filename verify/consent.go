package verify

import (
	"net/http"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// gate is a page that stands before the source and asks its reader for
// something: consent, an age, a subscription, another country. It is known by
// where a redirect led, by its title or first heading, or by all that a short
// page says; in each case the page must be thin, for such words stand on half
// of all pages.
type gate struct {
	code    string
	verdict archive.Verdict
	says    string
	labels  phrases // of the host that a redirect led to: its first label, or the whole name
	paths   phrases // a segment of the path there
	lines   phrases // in title or first heading
	texts   phrases // in the text of a short page
}

// gates are not changed.
var gates = []gate{
	{
		code: "consent", verdict: archive.Restricted, says: "asks for consent before it shows anything",
		labels: phrasesOf("consent|consents|guce|myprivacy|privacy gate|cookiewall|zustimmung|collector consent|consent google com|guce yahoo com|guce advertising com"),
		paths:  phrasesOf("consent|cookie consent|cookieconsent|collectconsent|cookiewall|cookie wall|privacy gate|privacygate|cookie policy accept|zustimmung|dsgvo"),
		lines: phrasesOf("before you continue|before you proceed|we value your privacy|cookie consent|your privacy your choice|consent required|cookies required|" +
			"bevor sie fortfahren|bevor du fortfährst|zustimmung erforderlich|avant de continuer|avant daccéder|antes de continuar|prima di proseguire|voordat je verdergaat|" +
			"прежде чем продолжить|согласие на использование|devam etmeden önce|続行する前に"),
		texts: phrasesOf("before you continue to|you must accept cookies to|please accept cookies to|accept all cookies to continue|consent to continue"),
	},
	{
		code: "age-gate", verdict: archive.Restricted, says: "asks for the age of its reader",
		labels: phrasesOf("agecheck|agegate|age verification"),
		paths:  phrasesOf("agecheck|age check|age gate|agegate|age verification|ageverification|verify age|over18|age confirm|age restricted"),
		lines: phrasesOf("age verification|verify your age|confirm your age|are you over 18|are you 18|are you over 21|are you 21|are you of legal|you must be 18|" +
			"you must be at least 18|you must be over 18|age check|age restricted|altersprüfung|altersverifikation|alterskontrolle|bist du über 18|sind sie über 18|" +
			"avez vous plus de 18 ans|vérification de lâge|eres mayor de edad|verificación de edad|verifica tu edad|tienes más de 18|você tem mais de 18|verificação de idade|" +
			"вам уже есть 18|вам есть 18|вам исполнилось 18|подтвердите возраст|подтвердите свой возраст|подтверждение возраста|yaşınızı doğrulayın|18 yaşından büyük|" +
			"yoshingizni tasdiqlang|ёшингизни тасдиқланг|年齢確認|年龄验证|تأكيد العمر|تایید سن"),
		texts: phrasesOf("are you over 18|you must be 18|you must be at least 18|i am over 18|i am 18 or older|confirm that you are 18|мне исполнилось 18|мне есть 18|ich bin über 18"),
	},
	{
		code: "geo-block", verdict: archive.Blocked, says: "refuses the country that we come from; elsewhere it may answer",
		lines: regionWords, texts: regionWords,
	},
	{
		code: "paywall", verdict: archive.Restricted, says: "shows its text to subscribers",
		paths: phrasesOf("paywall|subscribe|subscription|subscriptions|abonnement|abonnieren|suscripcion|assine|abbonamenti"),
		lines: phrasesOf("subscribe to continue|subscribe to read|subscribe to keep reading|subscribers only|subscriber only|subscriber exclusive|for subscribers only|" +
			"this article is for subscribers|nur für abonnenten|réservé aux abonnés|réservée aux abonnés|solo para suscriptores|exclusivo para suscriptores|exclusivo para assinantes|" +
			"riservato agli abbonati|только для подписчиков|доступно по подписке|abonelere özel|会員限定"),
		texts: phrasesOf("subscribe to continue reading|subscribe to read the full|to read this article you need a subscription|already a subscriber|nur für abonnenten|" +
			"cet article est réservé aux abonnés|contenido exclusivo para suscriptores|материал доступен только подписчикам|только для подписчиков"),
	},
}

// regionWords are ways to say that a page is not shown in a country.
var regionWords = phrasesOf(
	"not available in your country|not available in your region|not available in your location|not available in your area|isnt available in your country|"+
		"isnt available in your region|isnt available in your location|unavailable in your country|unavailable in your region|unavailable in your location|"+
		"unavailable due to legal reasons|unavailable for legal reasons|from a country belonging to the european economic area|blocked in your country|"+
		"restricted in your country|not available to visitors from|not available in the european union",
	"in ihrem land nicht verfügbar|in deinem land nicht verfügbar|in ihrer region nicht verfügbar|pas disponible dans votre pays|pas disponible dans votre région|"+
		"no está disponible en tu país|no está disponible en su país|no disponible en su región|não está disponível em seu país|não está disponível no seu país|"+
		"non è disponibile nel tuo paese|недоступен в вашей стране|недоступна в вашей стране|недоступно в вашей стране|недоступен в вашем регионе|"+
		"недоступна в вашем регионе|недоступно в вашем регионе|недоступны в вашем регионе|ülkenizde kullanılamıyor|bölgenizde kullanılamıyor|ülkenizde mevcut değil|"+
		"您所在的地区|您所在的国家|お住まいの地域では|해당 국가에서는|در کشور شما در دسترس نیست|غير متاح في بلدك|غير متوفر في بلدك|غير متاح في منطقتك|"+
		"mamlakatingizda mavjud emas|сіздің еліңізде қолжетімсіз",
)

// regional: a refusal that says that it is for the country we come from.
func regional(e *evidence) (archive.Judgement, bool) {
	x := e.end()
	if x.Status != http.StatusForbidden && x.Status != http.StatusUnavailableForLegalReasons || !isPage(x) {
		return archive.Judgement{}, false
	}
	h := e.heading()
	said := h.line(regionWords)
	if said == "" && e.small() && e.sight().words <= shortPage && regionWords.in(fold(e.sight().text)) != "" {
		said = oneLine(e.sight().text, 120)
	}
	if said == "" {
		return archive.Judgement{}, false
	}
	return judged(archive.Blocked, because("geo-block", "refuses the country that we come from, elsewhere it may answer: %q", brief(said)),
		because(statusCode(x.Status), "it came with status %d", x.Status)), true
}

// gated: the source exists, and a page before it asks for something.
func gated(e *evidence) (archive.Judgement, bool) {
	x := e.end()
	if !success(x.Status) || !isPage(x) {
		return archive.Judgement{}, false
	}
	h := e.heading()
	heading := fold(h.title + " | " + h.h1)
	to := addressOf(x.URL)
	for i := range gates {
		g := &gates[i]
		switch {
		case e.strayed() && g.at(to) && !g.at(addressOf(e.hops[0].URL)) && e.sight().prose < apologyProse:
			return judged(g.verdict, because(g.code, "%s; we were redirected to %s", g.says, brief(x.URL))), true
		case g.lines.in(heading) != "" && !e.cites(g.lines) && e.sight().prose < thinProse:
			return judged(g.verdict, because(g.code, "%s: %q", g.says, brief(h.line(g.lines)))), true
		case e.small() && e.sight().words <= shortPage && !e.cites(g.texts):
			if said := g.texts.in(fold(e.sight().text)); said != "" {
				return judged(g.verdict, because(g.code, "%s: all that it says is %q", g.says, brief(oneLine(e.sight().text, 120)))), true
			}
		}
	}
	if h.closed && e.sight().prose < teaserProse {
		return judged(archive.Restricted, because("paywall", "it tells search engines that it is not free, and shows %d words", e.sight().words)), true
	}
	return archive.Judgement{}, false
}

// teaserProse is how many words of prose a page may show that calls itself
// closed and still count as closed: a headline and a lead.
const teaserProse = 40

// at reports an address of the gate.
func (g *gate) at(a address) bool {
	label, _, _ := strings.Cut(a.host, ".")
	if g.labels.exact[fold(label)] || g.labels.exact[fold(a.host)] {
		return true
	}
	for segment := range strings.SplitSeq(a.place(), "/") {
		segment, _, _ = strings.Cut(segment, ".")
		if g.paths.exact[fold(segment)] {
			return true
		}
	}
	return false
}

// cites reports that the cited address itself speaks of what the phrases say:
// then a page that does is the content.
func (e *evidence) cites(p phrases) bool {
	a := addressOf(e.hops[0].URL)
	return p.in(fold(a.place()+" "+a.query)) != ""
}

// line returns the one of title and heading that holds one of the phrases.
func (h heading) line(p phrases) string {
	if p.in(fold(h.title)) != "" {
		return h.title
	}
	if p.in(fold(h.h1)) != "" {
		return h.h1
	}
	return ""
}
