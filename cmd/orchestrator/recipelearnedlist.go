package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"postfleet/internal/learned"
)

func (a *app) learnedListCommand() *cobra.Command {
	var flags configFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List what was learned, the last used first, and where learning was stopped",
		Long: "List what was learned, the last used first, and where learning was stopped.\n\n" +
			"A candidate waits for the success of another worker, which makes it trusted; what is\n" +
			"retired or quarantined is used by nobody, and the reason says why.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			m, err := a.loadMemory(cmd, flags)
			if err != nil {
				return err
			}
			if asJSON {
				return unlessGone(printLearnedJSON(a.stdout, m))
			}
			return unlessGone(printLearned(a.stdout, m))
		},
	}
	flags.addPlace(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print an object with records and stops")
	return cmd
}

func printLearned(out io.Writer, m memory) error {
	if len(m.records) == 0 {
		say(out, "nothing was learned yet\n")
	} else {
		table := &textTable{header: []string{
			"ID", "STATE", "RECIPE", "ELEMENT", "SCREEN", "APP VERSION", "OK", "FAILED", "LAST OK", "REASON", "FIND",
		}}
		for i := range m.records {
			r := &m.records[i]
			table.add(r.ID, string(r.State), r.Recipe, elementName(r), r.Screen.Key, r.Version,
				strconv.Itoa(r.Successes), strconv.Itoa(r.Failures), timeText(r.LastOK), string(r.Reason), wayText(r))
		}
		if err := table.print(out, terminalWidth(out)); err != nil {
			return err
		}
	}
	for _, s := range m.stops {
		say(out, "%s; 'orchestrator recipe learned drop --stops' lets it go on\n", oneLine(stopText(s)))
	}
	return nil
}

func stopText(s learned.Stop) string { return strings.TrimPrefix(s.Err().Error(), "learned: ") }

// wayText is the first way to the element, in a few words.
func wayText(r *learned.Record) string {
	if len(r.Find) == 0 {
		return ""
	}
	var parts []string
	first := r.Find[0]
	for _, p := range []struct{ name, value string }{
		{"id", first.ID}, {"desc", first.Desc}, {"text", first.Text}, {"within", first.Within}, {"below", first.Below},
	} {
		if p.value != "" {
			parts = append(parts, p.name+" "+strconv.Quote(p.value))
		}
	}
	return strings.Join(parts, ", ")
}

// learnedJSON is a record as JSON has it. Every key is always there.
type learnedJSON struct {
	ID         string     `json:"id"`
	State      string     `json:"state"`
	Reason     string     `json:"reason"`
	App        string     `json:"app"`
	Version    string     `json:"app_version"`
	VersionsOK []string   `json:"app_versions_ok"`
	Recipe     string     `json:"recipe"`
	Kind       string     `json:"kind"`
	Element    string     `json:"element"`
	Screen     string     `json:"screen"`
	Successes  int        `json:"successes"`
	Failures   int        `json:"failures"`
	Workers    []string   `json:"workers"`
	LearnedAt  time.Time  `json:"learned_at"`
	LastOK     *time.Time `json:"last_ok"`
	Model      string     `json:"model"`
	LearnedBy  string     `json:"learned_by"`
}

type stopJSON struct {
	App     string    `json:"app"`
	Version string    `json:"app_version"`
	Since   time.Time `json:"since"`
	Out     int       `json:"out"`
	Used    int       `json:"used"`
}

func printLearnedJSON(out io.Writer, m memory) error {
	document := struct {
		Records []learnedJSON `json:"records"`
		Stops   []stopJSON    `json:"stops"`
	}{Records: make([]learnedJSON, len(m.records)), Stops: make([]stopJSON, len(m.stops))}
	for i := range m.records {
		r := &m.records[i]
		document.Records[i] = learnedJSON{
			ID: r.ID, State: string(r.State), Reason: string(r.Reason), App: r.App, Version: r.Version,
			VersionsOK: r.VersionsOK, Recipe: r.Recipe, Kind: string(r.Kind), Element: r.Name, Screen: r.Screen.Key,
			Successes: r.Successes, Failures: r.Failures, Workers: r.Workers, LearnedAt: r.LearnedAt.UTC(),
			LastOK: timeJSON(r.LastOK), Model: r.By.Model, LearnedBy: r.By.Worker,
		}
	}
	for i, s := range m.stops {
		document.Stops[i] = stopJSON{App: s.App, Version: s.Version, Since: s.Since.UTC(), Out: s.Out, Used: s.Used}
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(document); err != nil {
		return fmt.Errorf("print what was learned: %w", err)
	}
	return nil
}
