package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"postfleet/internal/geelark/phonebook"
)

func (a *app) phonesListCommand() *cobra.Command {
	var flags configFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the cloud phones that this fleet has started and not seen stop",
		Long: "List the cloud phones that this fleet has started and not seen stop: they may cost money.\n" +
			"It reads phones.json of the data directory, and asks nobody.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			place, err := a.loadPlace(cmd, flags)
			if err != nil {
				return err
			}
			if err := requireDataDir(place); err != nil {
				return err
			}
			booked, err := cloudPhones{place: place}.booked()
			if err != nil {
				return err
			}
			if asJSON {
				return printPhonesJSON(a.stdout, booked)
			}
			return printPhones(a.stdout, booked)
		},
	}
	flags.addPlace(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print an array of objects")
	return cmd
}

// phoneJSON is a phone as JSON has it. Every key is always there.
type phoneJSON struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Fleet string `json:"fleet"`
	// Worker is null when it died, and what it left is being stopped.
	Worker    *int      `json:"worker_id"`
	Held      bool      `json:"held"`
	State     string    `json:"state"`
	StartedAt time.Time `json:"started_at"`
	LastError string    `json:"last_error"`
}

func printPhonesJSON(out io.Writer, booked []bookedPhone) error {
	all := make([]phoneJSON, len(booked))
	for i, b := range booked {
		all[i] = phoneJSON{
			ID: b.ID, Name: b.Name, Fleet: b.Fleet, Held: b.held, State: string(b.State),
			StartedAt: b.StartedAt.UTC(), LastError: b.LastError,
		}
		if b.Worker != phonebook.NoWorker {
			all[i].Worker = &b.Worker
		}
	}
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(all); err != nil {
		return fmt.Errorf("print the phones: %w", err)
	}
	return nil
}

func printPhones(out io.Writer, booked []bookedPhone) error {
	if len(booked) == 0 {
		say(out, "no cloud phone of this fleet is on\n")
		return nil
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	say(table, "PHONE\tID\tSTATE\tSINCE\tWORKER\tTROUBLE\n")
	for _, b := range booked {
		worker := "none"
		if b.held {
			worker = strconv.Itoa(b.Worker)
		}
		say(table, "%s\t%s\t%s\t%s\t%s\t%s\n", b.Name, b.ID, b.State, b.StartedAt.UTC().Format(time.RFC3339),
			worker, b.LastError)
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print the phones: %w", err)
	}
	return nil
}
