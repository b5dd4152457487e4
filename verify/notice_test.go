package verify

import (
	"strings"
	"testing"

	"github.com/ibid-archive/ibid/archive"
)

// TestJudgeNotices judges pages that tell of the server or the visitor, and whose like
// every address of the site gets.
func TestJudgeNotices(t *testing.T) {
	const story = "http://wend.example/reports/17"
	menu := "<nav>" + strings.Repeat("<a href=/>News</a> ", 14) + "</nav>"
	own := answer(t, "http://wend.example/none", 404, doc("404", "Nothing."), "Content-Type: text/html")
	for _, tc := range []struct {
		page    string
		verdict archive.Verdict
		code    string
	}{
		{doc("Access Denied", ""), archive.Blocked, "denied"},
		{doc("403 Forbidden", "You don't have permission to access this resource."), archive.Blocked, "denied"},
		{menu + doc("Gazette", "") + "<h1>Too many requests</h1>", archive.Blocked, "denied"},
		{"<title>Gazette</title>" + menu + "<h1>Доступ к сайту ограничен</h1>", archive.Blocked, "denied"},
		{doc("Доступ запрещён", ""), archive.Blocked, "denied"},
		{doc("Robot or human?", "Activate and hold the button to confirm that you’re human."), archive.Blocked, "denied"},
		{doc("Access Denied", "The page you requested was blocked by our security service."), archive.Blocked, "denied"},
		{doc("Zugriff verweigert", ""), archive.Blocked, "denied"},
		{doc("دسترسی غیرمجاز", ""), archive.Blocked, "denied"},
		{doc("Error establishing a database connection", ""), archive.Unreachable, "trouble"},
		{"Could not connect: Too many connections", archive.Unreachable, "trouble"},
		{doc("500 Internal Server Error", ""), archive.Unreachable, "trouble"},
		{doc("Сайт временно недоступен", "Ведутся технические работы"), archive.Unreachable, "trouble"},
		{"<title>Gazette</title>" + menu + "<h1>Wartungsarbeiten</h1>", archive.Unreachable, "trouble"},
		{doc("بزودی", "سایت در دست تعمیر است"), archive.Unreachable, "trouble"},
		{"<noscript>Please go on.</noscript>", archive.Unknown, "empty"},

		{doc("Error 404", "Something went wrong."), archive.Soft404, "not-found-title"},
		{doc("Maintenance", survey+" "+other), archive.Alive, "http-200"},
		{doc("Maintenance", "Oil the gate every spring."), archive.Alive, "http-200"},
		{doc("Just a moment", "A poem of the valley."), archive.Alive, "http-200"},
		{doc("Access denied: who reads the archive", survey+" "+other), archive.Alive, "http-200"},
		{doc("Level today", "The lock is under maintenance until May; 4.12 m at 19:00."), archive.Alive, "http-200"},
	} {
		v := visit(answer(t, story, 200, tc.page, "Content-Type: text/html"))
		ask := Judge(v).Ask
		if ask != "" && tc.verdict == archive.Alive {
			own.URL, own.Role = ask, archive.RoleProbe
			v.Exchanges = append(v.Exchanges, own)
		}
		if ask != "" && tc.verdict != archive.Alive {
			x := answer(t, ask, 200, tc.page, "Content-Type: text/html")
			x.Role = archive.RoleProbe
			v.Exchanges = append(v.Exchanges, x)
		}
		if j := Judge(v); j.Verdict != tc.verdict || ReasonCode(j.Reasons[0]) != tc.code {
			t.Errorf("%.80s\njudged %s %q, want %s %s", tc.page, j.Verdict, j.Reasons, tc.verdict, tc.code)
		}
	}
}

// TestJudgeStorageErrors judges what object stores answer in place of an object,
// when what stands before them makes a success of it.
func TestJudgeStorageErrors(t *testing.T) {
	const file = "https://files.wend.example/survey.pdf"
	const s3 = `<?xml version="1.0" encoding="UTF-8"?>` + "\n<Error><Code>%</Code><Message>Said by the store.</Message><RequestId>8F2</RequestId></Error>"
	const azure = "\ufeff<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>%</Code><Message>Said by the store.\nTime:2026-03-01T10:00:00Z</Message></Error>"
	for _, tc := range []struct {
		kind, form, storeCode string
		verdict               archive.Verdict
		code                  string
	}{
		{"application/xml", s3, "NoSuchKey", archive.Soft404, "not-found-text"},
		{"text/xml; charset=utf-8", s3, "NoSuchBucket", archive.Soft404, "not-found-text"},
		{"text/html", s3, "NoSuchKey", archive.Soft404, "not-found-text"},
		{"application/xml", azure, "BlobNotFound", archive.Soft404, "not-found-text"},
		{"application/xml", azure, "ContainerNotFound", archive.Soft404, "not-found-text"},
		{"application/xml", s3, "AccessDenied", archive.Blocked, "denied"},
		{"application/xml", azure, "AuthenticationFailed", archive.Blocked, "denied"},
		{"application/xml", s3, "RequestTimeTooSkewed", archive.Blocked, "denied"},
		{"application/xml", s3, "SlowDown", archive.Unreachable, "trouble"},
		{"application/xml", s3, "E17", archive.Alive, "http-200"},
		{"application/xml", "<Errata><Error><Code>%</Code></Error></Errata>", "NoSuchKey", archive.Alive, "http-200"},
		{"application/xml", strings.Replace(s3, "8F2", strings.Repeat("8F2", 1000), 1), "NoSuchKey", archive.Alive, "http-200"},
	} {
		body := strings.Replace(tc.form, "%", tc.storeCode, 1)
		j := Judge(visit(answer(t, file, 200, body, "Content-Type: "+tc.kind)))
		if j.Verdict != tc.verdict || ReasonCode(j.Reasons[0]) != tc.code {
			t.Errorf("%s as %s: %s %q, want %s %s", tc.storeCode, tc.kind, j.Verdict, j.Reasons, tc.verdict, tc.code)
		}
	}
}
