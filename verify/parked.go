package verify

import (
	"bytes"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// parking is what the page of one keeper of parked domains, or of a server
// without a site, looks like. One of hosts, marks or lines is enough.
type parking struct {
	who   string   // the end of the reason's code
	hosts []string // a redirect led to this host or below it
	marks []string // one stands in the start of the body, as sent but decoded
	lines []string // title or first heading begins so, once folded
	says  string
}

// parkings are not changed. Marks are pieces of markup, never words: articles
// about the trade name its companies too.
var parkings = foldLines([]parking{
	{who: "sedo", hosts: []string{"sedo.com", "sedoparking.com"}, marks: []string{"img.sedoparking.com/", "www.sedoparking.com/", "sedo.com/search/details/?partnerid"}, says: "a domain parked with Sedo"},
	{who: "godaddy", hosts: []string{"afternic.com", "godaddy.com"}, marks: []string{"wsimg.com/parking-lander", `window.location.href="/lander"`, "www.afternic.com/forsale/"}, says: "a domain parked with GoDaddy"},
	{who: "parkingcrew", hosts: []string{"parkingcrew.net"}, marks: []string{"parkingcrew.net/", "d38psrni17bvxu.cloudfront.net"}, says: "a domain parked with ParkingCrew"},
	{who: "bodis", hosts: []string{"bodis.com"}, marks: []string{`window.park = "`, "parking.bodiscdn.com", "bodis.com/"}, says: "a domain parked with Bodis"},
	{who: "hugedomains", hosts: []string{"hugedomains.com"}, marks: []string{"hugedomains.com/domain_profile.cfm"}, says: "a domain for sale at HugeDomains"},
	{who: "dan", hosts: []string{"dan.com", "undeveloped.com"}, marks: []string{"dan.com/buy-domain/", "cdn.dan.com/"}, says: "a domain for sale at Dan.com"},
	{who: "above", marks: []string{"trafficb.above.com", "above.com/marketplace/", "parking.above.com"}, says: "a domain parked with Above.com"},
	{who: "skenzo", marks: []string{"data-adblockkey=", "/px.js?ch=1"}, says: "a parked domain with advertisements"},
	{who: "uniregistry", hosts: []string{"uniregistry.com"}, marks: []string{"uniregistry.com/buying/"}, says: "a domain for sale at Uniregistry"},
	{who: "namecheap", marks: []string{"parkingpage.namecheap.com", "nc-img.com/parking"}, says: "a domain parked with Namecheap"},
	{who: "reg-ru", marks: []string{"parking.reg.ru", "reg.ru/nic/parking", "parking-static.reg.ru"}, says: "a domain parked with REG.RU"},
	{who: "timeweb", marks: []string{"parking.timeweb.ru", "timeweb.com/ru/parking"}, says: "a domain parked with Timeweb"},
	{who: "ionos", marks: []string{"sedoparking.com/registrar/", "defaultsite.ionos", "adspace.ionos"}, says: "a domain parked with IONOS"},
	{who: "suspended", marks: []string{"/cgi-sys/suspendedpage.cgi", "<title>Account Suspended</title>"}, lines: []string{"account suspended", "this account has been suspended", "website suspended", "site suspended", "аккаунт заблокирован", "сайт заблокирован хостинг"}, says: "a site that its host has switched off"},
	{who: "default", lines: []string{"welcome to nginx", "apache2 ubuntu default page", "apache2 debian default page", "test page for the apache http server", "iis windows server", "default web site page", "domain default page", "http server test page", "it works", "welcome to caddy", "web server s default page", "web servers default page", "plesk obsidian", "site not found github pages", "there isnt a github pages site here"}, says: "the default page of a server without a site"},
	{who: "expired", lines: []string{"this domain has expired", "domain expired", "domain has expired", "срок регистрации домена", "домен не продлен", "срок действия домена истек"}, says: "a domain that ran out"},
	{who: "registrar", lines: []string{"this domain is parked", "domain parked", "parked domain", "this domain is registered", "this domain is for sale", "this domain name is for sale", "domain for sale", "domain name for sale", "this domain may be for sale", "buy this domain", "domain is for sale", "website coming soon", "домен припаркован", "домен продается", "этот домен продается", "домен зарегистрирован", "diese domain steht zum verkauf", "domain steht zum verkauf", "ce domaine est à vendre", "este dominio está a la venta", "bu alan adı satılıktır", "此域名出售", "ドメインは売り出し中"}, says: "a domain that has no site"},
})

func foldLines(all []parking) []parking {
	for i := range all {
		for n, line := range all[i].lines {
			all[i].lines[n] = foldText(line)
		}
	}
	return all
}

// parkedText bounds, in bytes, the decoded pages that are searched for marks.
// Parked pages are small, their advertisements come by script; larger ones
// have a title that begins with the domain.
const parkedText = 12 << 10

// parked: the domain has no site any more, and somebody else answers.
func parked(e *evidence) (archive.Judgement, bool) {
	x := e.end()
	if !success(x.Status) || !isPage(x) {
		return archive.Judgement{}, false
	}
	to := addressOf(x.URL)
	h := e.heading()
	title, h1 := foldText(h.title), foldText(h.h1)
	marked := len(e.text()) <= parkedText || strings.HasPrefix(title, foldText(siteHost(to)))
	// The rule for gates has read the text of small pages.
	marked = marked && !(e.small() && e.sight().prose >= thinProse)
	for i := range parkings {
		if p := &parkings[i]; p.known(e, to, title, h1, marked) {
			if e.likeness().same() {
				return archive.Judgement{}, false
			}
			j := judged(archive.Soft404, because("parked-"+p.who, "%s", p.says), because(statusCode(x.Status), "the server calls it a success"))
			if e.sight().prose >= thinProse {
				// It may be an article. A domain without a site has no page that is not there.
				if e.siblingAbsent() {
					return archive.Judgement{}, false
				}
				if e.sibling() == notAsked {
					j.Ask = e.siblingURL()
				}
			}
			return j, true
		}
	}
	if names := forSale(title, to.host) || forSale(h1, to.host); names && e.sight().prose < apologyProse {
		return judged(archive.Soft404, because("parked-registrar", "its own domain is for sale, says its title: %q", brief(h.title)),
			because(statusCode(x.Status), "the server calls it a success")), true
	}
	return archive.Judgement{}, false
}

// known reports a page of p. Its marks are searched for when it can have them.
func (p *parking) known(e *evidence, to address, title, h1 string, marked bool) bool {
	if e.strayed() {
		for _, host := range p.hosts {
			if to.below(host) && !addressOf(e.hops[0].URL).below(host) {
				return true
			}
		}
	}
	for _, line := range p.lines {
		if (strings.HasPrefix(title, line) || strings.HasPrefix(h1, line)) && !e.cites(phrasesOf(line)) && e.sight().prose < apologyProse {
			return true
		}
	}
	if !marked {
		return false
	}
	for _, mark := range p.marks {
		if bytes.Contains(e.text(), []byte(mark)) && e.sight().prose < thinProse {
			return true
		}
	}
	return false
}

// forSale reports a folded line that offers the domain it stands on.
func forSale(line, host string) bool {
	name := foldText(strings.TrimPrefix(host, "www."))
	rest, ok := strings.CutPrefix(line, name)
	if !ok || name == "" {
		return false
	}
	for _, offer := range []string{"is for sale", "may be for sale", "for sale", "domain is for sale", "domain name is for sale", "is parked", "domain parked", "has expired",
		"domain for sale", "steht zum verkauf", "est à vendre", "está à venda", "está en venta", "satılık", "продается", "домен продается"} {
		if strings.HasPrefix(strings.TrimSpace(rest), foldText(offer)) {
			return true
		}
	}
	return false
}
