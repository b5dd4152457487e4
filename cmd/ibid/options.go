package main

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/ibid-archive/ibid/crawler"
	"github.com/ibid-archive/ibid/crawler/memento"
	"github.com/ibid-archive/ibid/crawler/schedule"
	"github.com/ibid-archive/ibid/seeds"
)

// options are what the flags and the configuration say.
type options struct {
	Settings
	config        string
	format        string
	output        string
	inputFormat   string
	quiet         bool
	verbose       bool
	citedOn       string      // day of citation of every report, YYYY-MM-DD
	announceDrain atomic.Bool // an interrupt lets the visits in flight end
}

// Settings are the fields that flags and ibid.yaml share. A flag that is given
// wins over the file.
type Settings struct {
	// Archive is where captures are kept: a directory or s3://bucket/prefix.
	Archive string `yaml:"archive"`
	// Catalog is the index over the archive: sqlite:FILE. The default is a
	// file inside the archive directory; of an S3 archive, one in the user's
	// cache directory.
	Catalog string `yaml:"catalog"`
	// Keys is the directory of the private keys that sign the archive's log. The
	// default is ibid/keys in the user's configuration directory. It must not
	// be in the archive.
	Keys string `yaml:"keys"`
	// LogKeys are public keys, as ibid key prints them, of which one must vouch
	// for the archive's log. Without any the archive's own are believed.
	LogKeys []string `yaml:"log_keys"`
	// Timestamp are addresses of authorities (RFC 3161) that are asked after each
	// run to time-stamp the log. They learn a hash and nothing else.
	Timestamp []string `yaml:"timestamp"`
	// TimestampRoots holds the certificate authorities that may vouch for
	// time-stamps, in PEM. The default is the system's.
	TimestampRoots string `yaml:"timestamp_roots"`
	// Delay is the pause between two visits to one host.
	Delay time.Duration `yaml:"delay"`
	// Workers is how many visits are made at the same time, each to another host.
	Workers int `yaml:"workers"`
	// PerHost is how many visits one host gets at the same time.
	PerHost int `yaml:"per_host"`
	// Timeout bounds one look at a source with its redirects and retries.
	Timeout time.Duration `yaml:"timeout"`
	// ConnectTimeout, TLSTimeout and HeaderTimeout bound the phases of one exchange.
	ConnectTimeout time.Duration `yaml:"connect_timeout"`
	TLSTimeout     time.Duration `yaml:"tls_timeout"`
	HeaderTimeout  time.Duration `yaml:"header_timeout"`
	// MinRate is how many bytes a second a body must keep up; 0 for no minimum.
	MinRate int64 `yaml:"min_rate"`
	// MaxAge is how recent the last visit may be for a source to be left alone.
	MaxAge time.Duration `yaml:"max_age"`
	// MaxBody bounds one body in bytes; what is longer is kept cut, and marked.
	MaxBody int64 `yaml:"max_body"`
	// MaxDecoded and MaxRatio bound what a compressed page may unfold into when
	// it is parsed, in bytes and as a multiple; what is kept is never unfolded.
	MaxDecoded int64 `yaml:"max_decoded"`
	MaxRatio   int64 `yaml:"max_ratio"`
	// MaxHeader bounds the header of an answer in bytes.
	MaxHeader int `yaml:"max_header"`
	// MaxRedirects bounds the hops of one visit.
	MaxRedirects int `yaml:"max_redirects"`
	// Retries is how often what can pass is tried again.
	Retries int `yaml:"retries"`
	// MaxRetryAfter is the longest Retry-After that is waited for.
	MaxRetryAfter time.Duration `yaml:"max_retry_after"`
	// SecondLook is the wait before a source that seems dead is looked at again.
	SecondLook time.Duration `yaml:"second_look"`
	// Requisites says whether the images, styles, scripts and fonts of a cited
	// page are kept with it.
	Requisites bool `yaml:"requisites"`
	// RequisiteCount, RequisiteBytes and RequisiteTime bound those of one page.
	RequisiteCount int           `yaml:"requisite_count"`
	RequisiteBytes int64         `yaml:"requisite_bytes"`
	RequisiteTime  time.Duration `yaml:"requisite_time"`
	// Platforms says whether the platforms of posts, videos and the like are asked
	// about them, in the ways that they have for programs.
	Platforms bool `yaml:"platforms"`
	// PlatformEndpoints replaces addresses that are asked, by their names
	// (ibid platforms), or turns them off: off.
	PlatformEndpoints map[string]string `yaml:"platform_endpoints"`
	// Robots is ignore or respect. A citation is fetched because a person
	// cited it, so the default is ignore; either way it is recorded.
	Robots string `yaml:"robots"`
	// Contact is put into the User-Agent so that a site's owner can reach you:
	// a URL or an e-mail address.
	Contact string `yaml:"contact"`
	// UserAgent replaces the whole User-Agent.
	UserAgent string `yaml:"user_agent"`
	// AllowPrivate lets visits reach loopback, private and other special addresses.
	AllowPrivate bool `yaml:"allow_private"`
	// CAFile holds further certificate authorities to trust, in PEM.
	CAFile string `yaml:"ca_file"`
	// ConnectTo sends connections elsewhere, as curl's --connect-to does:
	// HOST1:PORT1:HOST2:PORT2, an empty HOST1 or PORT1 matching any.
	ConnectTo []string `yaml:"connect_to"`
	// Rescue is auto, always or never: when web archives are asked for what sources
	// were. With auto, about those that are dead or walled, or were cited before the
	// first capture of them.
	Rescue string `yaml:"rescue"`
	// Mementos are the web archives that are asked, the Wayback Machine by default.
	Mementos []memento.Archive `yaml:"mementos"`
	// TimeMaps are addresses of TimeMaps of further archives, with {url} in them.
	TimeMaps []string `yaml:"timemaps"`
	// MementoDelay is the pause between two exchanges with one web archive.
	MementoDelay time.Duration `yaml:"memento_delay"`
	// Submit asks the web archive that has "save" to capture what is cited.
	Submit bool `yaml:"submit"`
	// S3 says how to reach an s3:// archive. Credentials come from the usual
	// AWS environment and files, never from here.
	S3 S3Settings `yaml:"s3"`
	// Lock gives every object of an s3:// archive a retention.
	Lock LockSettings `yaml:"lock"`
	// Encryption has the service encrypt what it keeps of an s3:// archive.
	Encryption EncryptionSettings `yaml:"encryption"`
}

// S3Settings say how to reach a bucket.
type S3Settings struct {
	// Endpoint is the server, http:// or https://; default AWS. Also AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL.
	Endpoint string `yaml:"endpoint"`
	// Region is the bucket's region. Also AWS_REGION.
	Region string `yaml:"region"`
	// PathStyle addresses the bucket in the path: auto, true or false.
	PathStyle string `yaml:"path_style"`
}

// LockSettings ask for Object Lock, which the bucket must have.
type LockSettings struct {
	// Mode is governance, which those with a special permission can lift, or
	// compliance, which nobody can; empty for no retention.
	Mode string `yaml:"mode"`
	// Days is how long an object can't be deleted after it was stored.
	Days int `yaml:"days"`
}

// EncryptionSettings ask for encryption by the service. Keys that the client
// sends (SSE-C) are not offered: whoever is to read the archive would need them.
type EncryptionSettings struct {
	// Mode is s3, with a key of the service (SSE-S3), or kms, with one of a key
	// management service (SSE-KMS); empty for the bucket's default.
	Mode string `yaml:"mode"`
	// Key names the key of kms; empty for the bucket's default.
	Key string `yaml:"key"`
}

func defaults() Settings {
	return Settings{
		Archive: "./ibid-archive", Delay: time.Second, Workers: 16, PerHost: 1, Timeout: time.Minute,
		ConnectTimeout: 15 * time.Second, TLSTimeout: 15 * time.Second, HeaderTimeout: 30 * time.Second, MinRate: 1024,
		MaxAge: 24 * time.Hour, MaxBody: 256 << 20, MaxDecoded: 64 << 20, MaxRatio: 200, MaxHeader: 256 << 10, MaxRedirects: 10, Retries: 2,
		MaxRetryAfter: 30 * time.Second, SecondLook: 3 * time.Second, Requisites: true, RequisiteCount: 200,
		RequisiteBytes: 64 << 20, RequisiteTime: 30 * time.Second, Platforms: true, Robots: crawler.RobotsIgnore,
		Rescue: schedule.RescueAuto, Mementos: []memento.Archive{memento.Wayback()}, MementoDelay: 1500 * time.Millisecond,
	}
}

// flags adds the flags that every command has.
func (a *app) flags(cmd *cobra.Command, formats ...string) {
	d := defaults()
	a.opt.Settings = d
	f := cmd.Flags()
	f.StringVar(&a.opt.config, "config", "", "read settings from this `file` (ibid.yaml)")
	f.BoolVarP(&a.opt.quiet, "quiet", "q", false, "no progress, only errors")
	f.BoolVarP(&a.opt.verbose, "verbose", "v", false, "say more")
	if len(formats) > 0 {
		f.StringVar(&a.opt.format, "format", formats[0], "output `format`: "+strings.Join(formats, ", "))
		f.StringVarP(&a.opt.output, "output", "o", "", "write the result to this `file` instead of standard output")
	}
	cmd.PreRunE = func(_ *cobra.Command, args []string) error {
		if len(formats) > 0 && !slices.Contains(formats, a.opt.format) {
			return usageError("--format %s: want one of %s", a.opt.format, strings.Join(formats, ", "))
		}
		return a.sparesInput(append([]string{a.opt.config}, args...)...)
	}
}

// inputFlag adds the flag of how reports are read.
func (a *app) inputFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&a.opt.inputFormat, "input-format", "", "read every report in this `format`, whatever its name says: "+strings.Join(seeds.Formats(), ", "))
}

// archiveFlags adds the flags that say where captures are kept.
func (a *app) archiveFlags(cmd *cobra.Command) {
	d, f := defaults(), cmd.Flags()
	f.StringVar(&a.opt.Archive, "archive", d.Archive, "where captures are kept: a `directory` or s3://bucket/prefix")
	f.StringVar(&a.opt.Catalog, "catalog", "", "the `index`: sqlite:FILE (default inside the archive directory)")
	f.StringVar(&a.opt.S3.Endpoint, "s3-endpoint", "", "S3 server `URL` (default AWS; also AWS_ENDPOINT_URL)")
	f.StringVar(&a.opt.S3.Region, "s3-region", "", "S3 `region` (also AWS_REGION)")
	f.StringVar(&a.opt.S3.PathStyle, "s3-path-style", "auto", "`when` to address the bucket in the path: auto, true, false")
}

// keysFlag adds the flag of what signs, or asks for the key that does.
func (a *app) keysFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&a.opt.Keys, "keys", "", "where the log's private keys are: a `directory` (default ibid/keys in the user's configuration)")
}

// logFlag adds the flag of what opens the archive's log.
func (a *app) logFlag(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&a.opt.LogKeys, "log-key", nil, "public `key` that must vouch for the archive's log, as ibid key prints it")
}

// rootsFlag adds the flag of what checks time-stamps.
func (a *app) rootsFlag(cmd *cobra.Command) {
	cmd.Flags().StringVar(&a.opt.TimestampRoots, "timestamp-roots", "", "who may vouch for time-stamps: a PEM `file` (default the system's roots)")
}

// visitFlags adds the flags of what visits.
func (a *app) visitFlags(cmd *cobra.Command) {
	d, f := defaults(), cmd.Flags()
	f.DurationVar(&a.opt.Delay, "delay", d.Delay, "pause between two visits to one host")
	f.IntVar(&a.opt.Workers, "workers", d.Workers, "visits at the same time, each to another host")
	f.IntVar(&a.opt.PerHost, "per-host", d.PerHost, "visits to one host at the same time")
	f.DurationVar(&a.opt.Timeout, "timeout", d.Timeout, "one look at a source, redirects and retries included")
	f.DurationVar(&a.opt.ConnectTimeout, "connect-timeout", d.ConnectTimeout, "to connect, name resolution included")
	f.DurationVar(&a.opt.TLSTimeout, "tls-timeout", d.TLSTimeout, "for the TLS handshake")
	f.DurationVar(&a.opt.HeaderTimeout, "header-timeout", d.HeaderTimeout, "from the request to the end of the answer's header")
	f.Int64Var(&a.opt.MinRate, "min-rate", d.MinRate, "`bytes` a second that a body must keep up, 0 for none")
	f.Int64Var(&a.opt.MaxBody, "max-body", d.MaxBody, "`bytes` of one body; more is cut, and marked as cut")
	f.Int64Var(&a.opt.MaxDecoded, "max-decoded", d.MaxDecoded, "`bytes` that a compressed page may unfold into when it is parsed")
	f.Int64Var(&a.opt.MaxRatio, "max-ratio", d.MaxRatio, "what a compressed page may unfold into, in `times` its size")
	f.IntVar(&a.opt.MaxHeader, "max-header", d.MaxHeader, "`bytes` of one answer's header")
	f.IntVar(&a.opt.MaxRedirects, "max-redirects", d.MaxRedirects, "redirects of one visit")
	f.IntVar(&a.opt.Retries, "retries", d.Retries, "how often what can pass is tried again")
	f.DurationVar(&a.opt.MaxRetryAfter, "max-retry-after", d.MaxRetryAfter, "longest Retry-After that is waited for")
	f.DurationVar(&a.opt.SecondLook, "second-look", d.SecondLook, "wait before what seems dead is looked at again")
	f.BoolVar(&a.opt.Platforms, "platforms", d.Platforms, "ask X, Telegram, YouTube … about posts of theirs (ibid platforms lists what is asked)")
	f.StringVar(&a.opt.Robots, "robots", d.Robots, "robots.txt `policy`: ignore (a cited page is fetched for a person) or respect")
	f.StringVar(&a.opt.Contact, "contact", "", "URL or e-mail `address` for the User-Agent, so that site owners can reach you")
	f.StringVar(&a.opt.UserAgent, "user-agent", "", "`text` to replace the whole User-Agent")
	f.BoolVar(&a.opt.AllowPrivate, "allow-private", false, "let visits reach loopback, private and other special addresses")
	f.StringVar(&a.opt.CAFile, "ca-file", "", "trust the certificate authorities in this PEM `file` too")
	f.StringArrayVar(&a.opt.ConnectTo, "connect-to", nil, "connect elsewhere by this `rule`, as curl does: HOST1:PORT1:HOST2:PORT2")
}

// keepFlags adds the flags of what keeps what it visits.
func (a *app) keepFlags(cmd *cobra.Command) {
	d, f := defaults(), cmd.Flags()
	f.DurationVar(&a.opt.MaxAge, "max-age", d.MaxAge, "leave sources alone that were visited more recently")
	f.StringArrayVar(&a.opt.Timestamp, "timestamp", nil, "have this RFC 3161 authority (`URL`) time-stamp the log after the run")
	f.BoolVar(&a.opt.Requisites, "requisites", d.Requisites, "keep the images, styles, scripts and fonts of cited pages")
	f.IntVar(&a.opt.RequisiteCount, "requisite-count", d.RequisiteCount, "`number` of them, for one page")
	f.Int64Var(&a.opt.RequisiteBytes, "requisite-bytes", d.RequisiteBytes, "`bytes` of them, for one page")
	f.DurationVar(&a.opt.RequisiteTime, "requisite-time", d.RequisiteTime, "for all of them, for one page")
}

// width is how many columns the result may take: those of the terminal, or what
// COLUMNS says, as POSIX has it.
func (a *app) width() int {
	const least, most = 60, 160
	if f, ok := a.out.(*os.File); ok && a.opt.output == "" {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			return min(max(w, least), most)
		}
	}
	if w, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && w > 0 {
		return min(max(w, least), most)
	}
	return 100
}
