package verify

import (
	"io"

	"github.com/ibid-archive/ibid/archive"
)

// decision audits what a person decided. The error is the input's.
func (o *object) decision(in io.Reader) error {
	b, err := io.ReadAll(io.LimitReader(in, archive.MaxDecision+1))
	if err != nil {
		return err
	}
	d, err := archive.DecodeDecision(b)
	if err != nil {
		o.found(RuleStructure, nil, "%v", err)
		return nil
	}
	o.cites = []Affected{{Report: d.Report, Path: d.Path, Citation: d.Citation, URL: d.Key}}
	d.Object = o.sum // what the name says is compared with the bytes elsewhere
	o.entry = entryKeyOf(archive.DecisionEntry(d))
	return nil
}
