package verify

import (
	"context"
	"fmt"

	"github.com/ibid-archive/ibid/archive"
)

// auditIndex compares the archive with an index of it, both ways. What an index
// misses is no damage; what it has beyond the archive was once there.
func (a *auditor) auditIndex(ctx context.Context) error {
	if a.cfg.Indexed == nil {
		return nil
	}
	known := int64(0)
	for sum, err := range a.cfg.Indexed {
		if err != nil {
			return fmt.Errorf("read the index: %w", err)
		}
		key := archive.CaptureKey(sum)
		if a.seen[key] {
			known++
			continue
		}
		there, err := a.stored(ctx, key)
		if err != nil {
			return err
		}
		if there || a.entered[rawSum(sum)] {
			continue // put meanwhile, or the log has said that it is missing
		}
		a.find(Finding{Rule: RuleMissing, Key: key, Message: "the index names this capture, and neither the archive nor its log has it"})
	}
	captures := int64(0)
	for key := range a.seen {
		if k, _, ok := parseKey(key); ok && k == captureKind {
			captures++
		}
	}
	unindexed := captures - known
	a.report.Unindexed = &unindexed
	return nil
}
