package warc

// OfForm reports a fault of form that well-known writers make and by which nobody
// is deceived: angle brackets around WARC-Target-URI (wget), a payload digest over
// the chunked body (warcio of old), a digest of an algorithm that is not known
// here. This package writes none of them; records of others are kept with them.
func (c Code) OfForm() bool {
	return c == CodeTargetURIQuoted || c == CodePayloadChunked || c == CodeDigestUnsupported
}
