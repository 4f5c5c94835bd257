package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"go.yaml.in/yaml/v3"

	"postfleet/internal/config"
	"postfleet/internal/fault"
	"postfleet/internal/learned"
	"postfleet/internal/logging"
	"postfleet/internal/sharedfile"
)

// recipeLearnedCommand is a command of "recipe".
func (a *app) recipeLearnedCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "learned",
		Short: "Look at what was learned about unknown screens, or drop it",
		Long: "Look at what was learned about unknown screens, or drop it: learned.yaml of the data\n" +
			"directory. All of it may be done while a fleet runs. What is dropped is learned anew\n" +
			"when it is missed.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			a.started = false // a command is missing
			return fmt.Errorf("name one of its commands: list, show or drop; see '%s --help'", cmd.CommandPath())
		},
	}
	cmd.AddCommand(a.learnedListCommand(), a.learnedShowCommand(), a.learnedDropCommand())
	return cmd
}

// memory is learned.yaml as a command finds it.
type memory struct {
	path    string
	records []learned.Record
	stops   []learned.Stop
}

// loadMemory reads learned.yaml, which need not be there.
func (a *app) loadMemory(cmd *cobra.Command, flags configFlags) (memory, error) {
	place, err := a.loadPlace(cmd, flags)
	if err != nil {
		return memory{}, err
	}
	return readMemory(place)
}

func readMemory(place config.Resolved) (memory, error) {
	if err := requireDataDir(place); err != nil {
		return memory{}, err
	}
	m := memory{path: filepath.Join(place.Derived.DataDir, learned.FileName)}
	var err error
	m.records, m.stops, err = learned.Records(m.path)
	if errors.Is(err, sharedfile.ErrDamaged) {
		return memory{}, fault.Errorf(fault.Input,
			"%w\nthe next worker that learns something puts the file aside; or move it away", err)
	}
	return m, err
}

// elementName is what a record leads to, as people call it.
func elementName(r *learned.Record) string {
	if r.Kind == learned.KindInterruption {
		return string(learned.KindInterruption)
	}
	return r.Name
}

func (a *app) learnedShowCommand() *cobra.Command {
	var flags configFlags
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show everything there is about one thing that was learned",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			m, err := a.loadMemory(cmd, flags)
			if err != nil {
				return err
			}
			if err := m.has("record", args, recordID); err != nil {
				return err
			}
			i := slices.IndexFunc(m.records, func(r learned.Record) bool { return r.ID == args[0] })
			text, err := yaml.Marshal(m.records[i])
			if err != nil {
				return fmt.Errorf("print record %s: %w", args[0], err)
			}
			if _, err := a.stdout.Write(text); err != nil {
				return unlessGone(fmt.Errorf("print record %s: %w", args[0], err))
			}
			return nil
		},
	}
	flags.addPlace(cmd)
	return cmd
}

func recordID(r *learned.Record) string  { return r.ID }
func screenKey(r *learned.Record) string { return r.Screen.Key }

// mostNamed is how many of the things that are there an error names.
const mostNamed = 12

// has is an error that names what is there when a wanted thing is not.
func (m memory) has(kind string, wanted []string, of func(r *learned.Record) string) error {
	var there []string
	for i := range m.records {
		if name := of(&m.records[i]); !slices.Contains(there, name) {
			there = append(there, name)
		}
	}
	for _, w := range wanted {
		if slices.Contains(there, w) {
			continue
		}
		if len(there) == 0 {
			return fault.Errorf(fault.Input, "%s %q: nothing was learned yet: %s holds no record", kind, w, m.path)
		}
		slices.Sort(there)
		more := ""
		if n := len(there) - mostNamed; n > 0 {
			there, more = there[:mostNamed], fmt.Sprintf(" and %d more: see 'orchestrator recipe learned list'", n)
		}
		return fault.Errorf(fault.Input, "%s %q: there is none; there is %s%s",
			kind, w, strings.Join(there, ", "), more)
	}
	return nil
}

// learnedDrop is what is to be dropped: what answers to all that is given.
type learnedDrop struct {
	ids              []string
	screens          []string
	elements         []string
	all, resumesOnly bool
}

func (a *app) learnedDropCommand() *cobra.Command {
	var flags configFlags
	var d learnedDrop
	cmd := &cobra.Command{
		Use:   "drop [ID…]",
		Short: "Drop what was learned, or let learning go on where it was stopped",
		Long: "Drop what was learned: by its id, by screen, by element, or all of it. What is given\n" +
			"must all fit. The element of what closes an interruption is called interruption.\n\n" +
			"Where too much was wrong within an hour nothing more is learned for that version of\n" +
			"the app; --stops lets it go on, as does --all.",
		RunE: a.untilSignal(func(cmd *cobra.Command, args []string) error {
			d.ids = args
			m, err := a.loadMemory(cmd, flags)
			if err != nil {
				return err
			}
			if err := d.check(m); err != nil {
				return err
			}
			return a.dropLearned(cmd, m, d)
		}),
	}
	flags.addPlace(cmd)
	cmd.Flags().StringArrayVar(&d.screens, "screen", nil, "what is on this screen (`key`, see list; may be repeated)")
	cmd.Flags().StringArrayVar(&d.elements, "element", nil, "this element (`name`; may be repeated)")
	cmd.Flags().BoolVar(&d.all, "all", false, "everything, the stops too")
	cmd.Flags().BoolVar(&d.resumesOnly, "stops", false, "no record: let learning go on")
	return cmd
}

// check refuses what fits nothing, before anything is dropped.
func (d learnedDrop) check(m memory) error {
	some := len(d.ids)+len(d.screens)+len(d.elements) > 0
	ways := 0
	for _, given := range []bool{some, d.all, d.resumesOnly} {
		if given {
			ways++
		}
	}
	if ways != 1 {
		return fault.Errorf(fault.Input, "say what to drop: ids, --screen or --element, or else --all, or else --stops")
	}
	return errors.Join(m.has("record", d.ids, recordID), m.has("screen", d.screens, screenKey),
		m.has("element", d.elements, elementName))
}

func (d learnedDrop) picks(r *learned.Record) bool {
	fits := func(given []string, value string) bool { return len(given) == 0 || slices.Contains(given, value) }
	return !d.resumesOnly &&
		fits(d.ids, r.ID) && fits(d.screens, r.Screen.Key) && fits(d.elements, elementName(r))
}

func (a *app) dropLearned(cmd *cobra.Command, m memory, d learnedDrop) (err error) {
	book := learned.New(learned.Config{Path: m.path, Worker: "orchestrator"}, logging.Discard())
	defer func() { err = errors.Join(err, book.Close()) }()
	dropped, err := book.Drop(cmd.Context(), d.picks)
	if err != nil {
		return err
	}
	for i := range dropped {
		r := &dropped[i]
		say(a.stdout, "dropped %s: %s on screen %s\n", r.ID, oneLine(elementName(r)), oneLine(r.Screen.Key))
	}
	var ended []learned.Stop
	if d.all || d.resumesOnly {
		ended, err = book.Resume(cmd.Context(), func(learned.Stop) bool { return true })
		if err != nil {
			return err
		}
	}
	for _, s := range ended {
		say(a.stdout, "learning goes on for %s %s\n", oneLine(s.App), oneLine(s.Version))
	}
	if len(dropped)+len(ended) == 0 {
		say(a.stdout, "there was nothing to drop\n")
	}
	return nil
}
