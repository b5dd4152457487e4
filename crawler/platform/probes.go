package platform

// probes lists every platform.
func probes() []*probe {
	return []*probe{
		xProbe(), telegramProbe(), youTubeProbe(), blueskyProbe(), tikTokProbe(), redditProbe(), doiProbe(), handleProbe(),
		archivesProbe(), permaProbe(), googleProbe(), facebookProbe(), instagramProbe(), mastodonProbe(),
	}
}
