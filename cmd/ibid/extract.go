package main

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/ibid-archive/ibid/crawler/schedule"
	"github.com/ibid-archive/ibid/seeds"
	"github.com/ibid-archive/ibid/verify/render"
)

func (a *app) extractCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "extract REPORT…",
		Short: "Print what the reports cite; no network but for reports on the web",
		Long: `Reads the reports and prints every citation with its note, its place, and the
URL as it is meant, and what is odd about the report itself: marks without a
note, notes without a mark, defanged, repaired and invalid URLs.

A report is a file, - for standard input, a directory, a pattern in quotes such
as 'reports/**/*.md', or the address of a page. Directories and patterns leave
out hidden files and what .gitignore names.

No source is visited. A report that is named by its address is fetched, by the
flags below; nothing of it is kept.`,
		Example: `  ibid extract report.txt
  ibid extract https://example.org/report
  ibid extract --input-format csv - <sources.csv
  ibid extract --format json report.txt | jq -r '.reports[].seeds[]'`,
		Args: someReports,
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := a.configure(cmd)
			if err != nil {
				return err
			}
			crawl, err := a.crawlerConfig(cfg.Settings)
			if err != nil {
				return err
			}
			sources, err := a.readReports(args, a.fetchPage(cmd.Context(), crawl))
			if err != nil {
				return err
			}
			reports := make([]*seeds.Report, len(sources))
			for i := range sources {
				reports[i], sources[i] = sources[i].Report, schedule.Source{}
			}
			return a.write(func(w io.Writer) error {
				if a.opt.format == "json" {
					return render.ExtractJSON(w, reports)
				}
				return render.Extract(w, reports, render.TextOptions{Width: a.width(), Color: a.opt.output == "" && colour(a.out)})
			})
		},
	}
	a.flags(cmd, "text", "json")
	a.inputFlag(cmd)
	a.visitFlags(cmd)
	return cmd
}
