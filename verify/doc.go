// Package verify judges what was seen and what is kept.
//
// Judge turns one visit into a verdict with its reasons; Audit re-reads a whole
// archive from its blob store and re-hashes every object, record and payload.
//
// It guarantees that a verdict is a pure function of the bytes of the visit and
// of what the visit knows of an earlier one: no clock, no network, no memory.
// Refusals are never death: no visit in which the source refused us is judged
// gone, soft-404 or invalid. A page that says that it is not there is soft-404
// only when nothing else speaks for it: its prose, its address, an earlier
// capture that looked the same.
// CheckClaim says what a source has of a claim, never that it supports it.
// Damage in an archive is a Finding, never a panic; not being able to read is
// an error.
//
// It does not guarantee that a page which answers still says what was cited,
// and a single visit never proves a source dead: such verdicts carry
// archive.StateUnconfirmed.
//
// It imports neither the crawler nor the catalog, so that it cannot inherit
// their mistakes.
package verify
