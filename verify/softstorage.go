package verify

import (
	"bytes"
	"encoding/xml"
	"strings"

	"github.com/ibid-archive/ibid/archive"
)

// storageError is the XML document that object stores (Amazon S3, Google Cloud
// Storage, Azure Blob Storage and those that speak as they do) answer with in place
// of an object. Delivery networks before them hand it on, some with status 200.
type storageError struct {
	XMLName xml.Name `xml:"Error"`
	Code    string   `xml:"Code"`
	Message string   `xml:"Message"`
}

// storageVerdict is what the code of a storage error says of the object, "" for a
// code that says nothing of it.
func storageVerdict(code string) archive.Verdict {
	switch code {
	case "NoSuchKey", "NoSuchBucket", "NoSuchVersion", "BlobNotFound", "ContainerNotFound", "ResourceNotFound":
		return archive.Soft404
	case "AccessDenied", "AllAccessDisabled", "AuthenticationFailed", "AuthenticationRequired", "AuthorizationFailure", "ExpiredToken",
		"NoAuthenticationInformation", "PublicAccessNotPermitted", "RequestTimeTooSkewed", "SignatureDoesNotMatch":
		return archive.Blocked
	case "InternalError", "ServerBusy", "ServiceUnavailable", "SlowDown":
		return archive.Unreachable
	}
	return ""
}

// apologyOfStorage reads a short XML document that is a storage error and nothing
// else. The verdict is "" when it is none.
func apologyOfStorage(x *archive.Exchange, text []byte) (archive.Verdict, string) {
	kind, _, _ := strings.Cut(x.Header.Get("Content-Type"), ";")
	kind = strings.ToLower(strings.TrimSpace(kind))
	if kind != "application/xml" && kind != "text/xml" && !isPage(x) && !isText(x) || len(text) > apologyLimit || !bytes.Contains(text, []byte("<Code>")) {
		return "", ""
	}
	var e storageError
	if xml.Unmarshal(text, &e) != nil {
		return "", ""
	}
	code := strings.TrimSpace(e.Code)
	verdict := storageVerdict(code)
	if verdict == "" {
		return "", ""
	}
	if said := oneLine(e.Message, 120); said != "" {
		code += ": " + said
	}
	return verdict, code
}
