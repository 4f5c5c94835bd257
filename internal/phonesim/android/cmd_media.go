package android

import (
	"context"
	"fmt"
	"regexp"
	"strings"
)

const videoCollection = "content://media/external/video/media"

func mediaCommands() map[string]command {
	return map[string]command{"content": content}
}

// content talks to the media provider: what is indexed, and scans.
func content(_ context.Context, c *call) uint8 {
	o := parseOptions(c.args[1:], "--uri", "--projection", "--where", "--sort", "--method", "--arg", "--user")
	if len(o.rest) == 0 || !strings.HasPrefix(o.values["--uri"], "content://media") {
		return c.fail("only content://media is known")
	}
	switch o.rest[0] {
	case "query":
		return c.queryMedia(o)
	case "delete":
		return c.deleteMedia(o)
	case "call":
		return c.callMedia(o)
	default:
		return c.unknown()
	}
}

func (c *call) queryMedia(o options) uint8 {
	if o.values["--uri"] != videoCollection && o.values["--uri"] != "content://media/external/file" {
		c.print("No result found.\n")
		return 0
	}
	items, err := c.matching(o.values["--where"])
	if err != nil {
		return c.fail("%v", err)
	}
	if len(items) == 0 {
		c.print("No result found.\n")
	}
	for i, m := range items {
		c.printf("Row: %d %s\n", i, mediaRow(m, o.values["--projection"]))
	}
	return 0
}

// mediaRow writes the asked-for columns of one item.
func mediaRow(m MediaItem, projection string) string {
	columns := map[string]string{
		"_id": fmt.Sprint(m.ID), "_data": m.Path, "_size": fmt.Sprint(m.Bytes),
		"_display_name": m.Path[strings.LastIndexByte(m.Path, '/')+1:],
		"date_added":    fmt.Sprint(m.Added.Unix()), "mime_type": "video/mp4",
	}
	names := strings.Split(projection, ":")
	if projection == "" {
		names = []string{"_id", "_data", "_display_name", "_size", "date_added", "mime_type"}
	}
	cells := make([]string, 0, len(names))
	for _, name := range names {
		value, ok := columns[name]
		if !ok {
			value = "NULL"
		}
		cells = append(cells, name+"="+value)
	}
	return strings.Join(cells, ", ")
}

// matching lists the indexed videos that a condition on the path leaves.
func (c *call) matching(where string) ([]MediaItem, error) {
	all := c.device.cfg.Storage.Media()
	if where == "" {
		return all, nil
	}
	condition := regexp.MustCompile(`^\s*(_data|_display_name)\s*=\s*'((?:[^']|'')*)'\s*$`).FindStringSubmatch(where)
	if condition == nil {
		return nil, fmt.Errorf("cannot tell what %q means", where)
	}
	value := strings.ReplaceAll(condition[2], "''", "'")
	var kept []MediaItem
	for _, m := range all {
		if (condition[1] == "_data" && m.Path == canonical(value)) ||
			(condition[1] == "_display_name" && strings.HasSuffix(m.Path, "/"+value)) {
			kept = append(kept, m)
		}
	}
	return kept, nil
}

// deleteMedia removes videos, as the media provider does: file and entry.
func (c *call) deleteMedia(o options) uint8 {
	items, err := c.matching(o.values["--where"])
	if err != nil {
		return c.fail("%v", err)
	}
	for _, m := range items {
		if err := c.device.cfg.Storage.Remove(m.Path, false); err != nil {
			return c.fail("%s: %s", m.Path, reason(err))
		}
	}
	return 0
}

func (c *call) callMedia(o options) uint8 {
	switch o.values["--method"] {
	case "scan_volume":
		c.device.cfg.Storage.Scan(sharedStorage)
	case "scan_file":
		c.device.cfg.Storage.Scan(o.values["--arg"])
	default:
		return c.fail("no method %q", o.values["--method"])
	}
	c.print("Result: Bundle[{}]\n")
	return 0
}
