package seeds

import "strings"

// trackingName tells the query parameters that say how a reader came to a page and never which page it is. A name is
// listed for all hosts only if no site is known to use it for content.
func trackingName(host, name string) bool {
	name = strings.ToLower(name)
	if strings.HasPrefix(name, "utm_") {
		return true
	}
	switch name {
	case "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "twclid", "ttclid", "li_fat_id", "yclid",
		"ysclid", "_openstat", "mc_cid", "mc_eid", "igshid", "_ga", "_gl", "_hsenc", "_hsmi", "mkt_tok", "vero_id",
		"oly_anon_id", "oly_enc_id", "ref_src", "ref_url":
		return true
	case "s", "t", "cxt":
		return isHost(host, "twitter.com") || isHost(host, "x.com")
	case "si", "feature", "pp", "ab_channel":
		return isHost(host, "youtube.com") || isHost(host, "youtu.be")
	case "igsh":
		return isHost(host, "instagram.com")
	case "mibextid":
		return isHost(host, "facebook.com")
	}
	return false
}

// isHost tells whether host is domain or one of its subdomains.
func isHost(host, domain string) bool {
	rest, ok := strings.CutSuffix(host, domain)
	return ok && (rest == "" || strings.HasSuffix(rest, "."))
}

// dropTracking removes tracking parameters from a query that is empty or begins with "?", and leaves the others in
// their order and spelling, for there are sites whose answer depends on both.
func dropTracking(host, search string) string {
	if search == "" || search == "?" {
		return ""
	}
	tracked := false
	for pair := range strings.SplitSeq(search[1:], "&") {
		name, _, _ := strings.Cut(pair, "=")
		tracked = tracked || trackingName(host, name)
	}
	if !tracked {
		return search
	}
	kept := make([]string, 0, strings.Count(search, "&")+1)
	for pair := range strings.SplitSeq(search[1:], "&") {
		name, _, _ := strings.Cut(pair, "=")
		if !trackingName(host, name) {
			kept = append(kept, pair)
		}
	}
	query := strings.Join(kept, "&")
	if query == "" {
		return ""
	}
	return "?" + query
}
