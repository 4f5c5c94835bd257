package main

import (
	"errors"
	"fmt"
	"slices"

	"postfleet/internal/evidence"
	"postfleet/internal/fault"
	"postfleet/internal/posting"
	"postfleet/internal/screen"
)

// putSkins checks what came of the updates.
func putSkins(report *evidence.Report, runs []skinRun, known []result) {
	n := len(runs)
	var warm []result
	var cold, foreign, claude []float64
	for _, r := range runs {
		warm = append(warm, r.warm...)
		cold, foreign = append(cold, float64(r.cold.calls)), append(foreign, float64(r.foreign.calls))
		claude = append(claude, float64(r.claude.calls))
	}
	report.Check(exactly("recipe alone, changed app: fails cleanly, with artifacts", n, srcAlone),
		count(runs, skinRun.cleanlyFailed))
	report.Check(exactly("recipe alone, changed app: posts", 0, srcAlone),
		count(runs, func(r skinRun) bool { return r.alone.posts+r.alone.shares > 0 }))
	report.Check(exactly("recipe+claude, cold: posts", n, srcBoth),
		count(runs, func(r skinRun) bool { return r.cold.posted() }))
	report.Check(atMost("recipe+claude, cold: most model calls of a post", maxCalls, srcCold), quantile(cold, 1))
	report.Measure("cold: model calls of a post, median", median(cold), "calls", nil)
	report.Check(exactly("recipe+claude, warm: posts without a model call", len(warm), srcWarm),
		count(warm, func(r result) bool { return r.posted() && r.calls == 0 }))
	report.Check(exactly("recipe+claude, warm: model calls of all posts", 0, srcWarm), calls(warm))
	report.Check(exactly("recipe+claude, original app: posts without a model call", len(known), srcKnown),
		count(known, func(r result) bool { return r.posted() && r.calls == 0 }))
	report.Check(exactly("recipe+claude, first in another language: posts", n, srcBoth),
		count(runs, func(r skinRun) bool { return r.foreign.posted() }))
	report.Check(atMost("recipe+claude, first in another language: most model calls", maxCalls, srcCold),
		quantile(foreign, 1))
	report.Measure("first post in another language: model calls, median", median(foreign), "calls", nil)
	report.Check(exactly("claude, no selectors, no memory: posts", n, srcBoth),
		count(runs, func(r skinRun) bool { return r.claude.posted() }))
	report.Check(atMost("claude, no selectors, no memory: most model calls", maxCalls, srcCold), quantile(claude, 1))
}

// cleanlyFailed reports whether the recipe alone gave up as it should.
func (r skinRun) cleanlyFailed() bool {
	return fault.Of(r.alone.err) == fault.Infra && !errors.Is(r.alone.err, posting.ErrAbsent) &&
		slices.Contains(r.kept, "screen.png") && slices.Contains(r.kept, "source.xml")
}

func calls(results []result) float64 {
	sum := 0
	for _, r := range results {
		sum += r.calls
	}
	return float64(sum)
}

// putFleet checks what came of the fleet.
func putFleet(report *evidence.Report, r fleetRun) {
	n := len(r.results)
	report.Check(exactly(fmt.Sprintf("%d workers at once: posts", n), n, srcFleet), count(r.results, result.posted))
	report.Check(exactly(fmt.Sprintf("%d workers at once: most model calls about one screen", n), 1, srcFleet),
		float64(r.most()))
	var took []float64
	for _, one := range r.results {
		took = append(took, one.took.Seconds())
	}
	report.Measure("workers at once: the longest post", quantile(took, 1), "s", nil)
	report.Measure("workers at once: model calls", calls(r.results), "calls", map[string]any{
		"workers": n, "asked": r.asked, "retries": r.retries,
	})
}

// putOutlines checks outlines of the sample app; those of the corpus are told.
func putOutlines(report *evidence.Report, app, corpus *outlineRun) {
	how := map[string]any{
		"tokens": "estimated from above: one for every three bytes, and one for every line",
	}
	report.Check(atLeast("outline: generated screens", 200, srcOutline), float64(len(app.tokens)))
	report.Check(atMost("outline: tokens at p95", screen.MaxTokens, srcOutline), quantile(app.tokens, 0.95))
	report.Check(atLeast("outline: source ÷ outline in bytes, median", 8, srcOutline), median(app.ratios))
	report.Check(atLeast("outline: source ÷ outline in bytes, worst 5 %", 8, srcOutline), quantile(app.ratios, 0.05))
	report.Check(exactly("outline: targets of steps that are not in it", 0, srcOutline), float64(len(app.lost)))
	for _, of := range []struct {
		name string
		*outlineRun
	}{{"sample app", app}, {"corpus", corpus}} {
		report.Measure("outline, "+of.name+": screens", float64(len(of.tokens)), "screens", nil)
		report.Measure("outline, "+of.name+": tokens, median", median(of.tokens), "tokens", how)
		report.Measure("outline, "+of.name+": tokens at p95", quantile(of.tokens, 0.95), "tokens", how)
		report.Measure("outline, "+of.name+": tokens, most", quantile(of.tokens, 1), "tokens", how)
		report.Measure("outline, "+of.name+": source ÷ outline, median", median(of.ratios), "", nil)
		report.Measure("outline, "+of.name+": source ÷ outline, worst 5 %", quantile(of.ratios, 0.05), "", nil)
		report.Measure("outline, "+of.name+": source ÷ outline, least", quantile(of.ratios, 0), "", nil)
		report.Measure("outline, "+of.name+": something left out for length", float64(of.shortened), "screens", nil)
		report.Measure("outline, "+of.name+": targets looked for", float64(of.targets), "", nil)
		report.Measure("outline, "+of.name+": targets not in it", float64(len(of.lost)), "",
			map[string]any{"which": of.lost[:min(len(of.lost), 20)]})
	}
}

// putPrints checks fingerprints. The sentence of the first check allows any
// language; the two after it say where what is missing to it is lost.
func putPrints(report *evidence.Report, r *printRun) {
	share := func(of languages) float64 { return float64(r.agreed[of]) / float64(r.dumps) }
	const least = 0.99
	report.Check(atLeast("fingerprint: agreement, any language", least, srcPrints), share(anyLanguage))
	report.Check(atLeast("fingerprint: agreement, same language", least, srcPrints), share(sameLanguage))
	report.Check(atLeast("fingerprint: agreement, any language where layout tells", least, srcPrints),
		share(byLayout))
	report.Check(atLeast("fingerprint: different screens", 50, srcPrints), float64(r.screens))
	report.Check(exactly("fingerprint: false hits over all pairs", 0, srcPrints), float64(len(r.mistaken)))
	report.Measure("fingerprint: dumps of each kind", float64(r.dumps), "dumps", nil)
	report.Measure("fingerprint: pairs", float64(r.pairs), "pairs", map[string]any{"mistaken": r.mistaken})
	report.Measure("fingerprint: agreement, any language, of screens that layout tells",
		float64(r.laidAgreed)/float64(max(1, r.laid)), "", map[string]any{"dumps": r.laid})
	report.Measure("fingerprint: screens that only words tell", float64(r.worded), "screens", nil)
	report.Measure("fingerprint: screens whose layout another one has, too", float64(r.twins), "screens", nil)
}

// putPace tells how long posts take. There is no target in this for a phone
// that answers at once.
func putPace(report *evidence.Report, r paceRun, cfg config) {
	if cfg.paced == 0 {
		return
	}
	how := map[string]any{
		"phone": "in the same process, answers at once", "model": "answers at once", "poll_s": cfg.poll.Seconds(),
		"upload_s": cfg.upload.Seconds(),
	}
	base := median(r.original)
	report.Measure("pace: a post by the recipe alone, original app", base, "s", how)
	report.Measure("pace: cold ÷ original", median(r.cold)/base, "", map[string]any{"calls": r.calls})
	report.Measure("pace: first warm ÷ original", median(r.try)/base, "", nil)
	report.Measure("pace: warm ÷ original", median(r.warm)/base, "", nil)
	report.Measure("pace: cold ÷ warm", median(r.cold)/median(r.warm), "", nil)
}
