package app

import (
	"fmt"
	"hash/fnv"

	"postfleet/internal/phonesim/ui"
)

// reskin gives a view the resource id and the label of the app's next version.
// Its Name stays: it is the same view.
func reskin(n *ui.Node) {
	if n.Name != "" {
		h := fnv.New32a()
		_, _ = h.Write([]byte(n.Name)) // a hash never fails
		n.ResourceID = fmt.Sprintf("%s:id/v%08x", Package, h.Sum32())
	}
	n.Text = relabel(n.Text, n.Name)
}

func relabel(text, name string) string {
	switch name {
	case "next_button":
		return "Continue"
	case "share_button":
		return "Publish"
	case "done_button":
		return "Close"
	case "create_reel":
		return "Short video"
	}
	return text
}
