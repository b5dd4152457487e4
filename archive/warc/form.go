package warc

// OfForm reports a fault of form that well-known writers make and by which nobody
// is deceived: angle brackets around WARC-Target-URI (wget), a payload digest over
// the chunked body (warcio of old), a digest of an algorithm that is not known
// here. This package writes none of them; records of others are kept with them.
func (c Code) OfForm() bool {
	return c == CodeTargetURIQuoted || c == CodePayloadChunked || c == CodeDigestUnsupported
}

// Harmless reports a fault of a WARC of others by which nobody is deceived: a
// matter of form, or known not to be an alteration.
func (c Code) Harmless() bool {
	switch c {
	case CodeVersion, CodeLineEnd, CodeFieldMissing, CodeFieldForbidden, CodeFieldValue, CodeGzipShared, CodeRevisitBlock, CodeHTTPHead:
		return true
	}
	return c.OfForm()
}
