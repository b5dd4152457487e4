package catalog

import (
	"context"
	"database/sql"
	"strings"
	"testing"
)

// What is asked for every source must not read a table from end to end.
func TestQueriesUseIndexes(t *testing.T) {
	c := openTest(t)
	for name, query := range map[string]string{
		"prior":    selectPrior,
		"has":      selectHas,
		"latest":   `WITH wanted (key) AS (VALUES ($1), ($2)) ` + selectLatest,
		"fresh":    `WITH wanted (key) AS (VALUES ($2), ($3)) ` + selectFresh,
		"history":  selectHistory,
		"holder":   selectHolder,
		"absent":   selectAbsent,
		"contents": selectContents,
		"brought":  `WITH wanted (key) AS (VALUES ($1), ($2)) ` + selectBrought,
	} {
		args := make([]any, strings.Count(query, "$"))
		err := each(context.Background(), c.read, `EXPLAIN QUERY PLAN `+query, args, func(rows *sql.Rows) error {
			var id, parent, unused int
			var detail string
			err := rows.Scan(&id, &parent, &unused, &detail)
			for _, table := range []string{"SCAN c", "SCAN n", "SCAN k", "SCAN r", "SCAN v", "SCAN t"} {
				if detail == table || strings.HasPrefix(detail, table+" ") {
					t.Errorf("%s: %s", name, detail)
				}
			}
			if name == "prior" && strings.Contains(detail, "TEMP B-TREE") {
				t.Errorf("%s sorts: %s", name, detail)
			}
			t.Log(name, detail)
			return err
		})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
}
