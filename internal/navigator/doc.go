// Package navigator finds the way through an app's screens. It owns the recipe
// format, the deciding (on one dump of the screen: guards, then failure
// screens, then the step) and the acting through a small Screen. It decides by
// the recipe alone. docs/recipes.md documents the format.
//
// It must not know what a job is, where a phone is, or what became of a post:
// that is internal/posting. Two rules hold whatever a recipe says. The one
// irreversible step is tapped at most once per Walk, and only straight after
// the caller's commit returned nil. Slots (captions, account names, a
// spreadsheet's columns) are data: they are typed and compared, and are never
// read as a selector, a pattern or a format.
package navigator
