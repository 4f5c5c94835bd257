// Package navigator finds the way through an app's screens, as a recipe has it
// written. It owns the deciding and the acting, through a small Screen.
//
// On one dump of the screen it decides in this order: guards, failure screens,
// the step by the recipe's own selectors; then, where those find nothing and two
// dumps in a row are of the same screen, what was learned, and the model. What
// these say is checked against a policy before anything is touched, and is
// remembered only once the step that used it has come to what it expects.
//
// It must not know what a job is, where a phone is, or what became of a post:
// that is internal/posting. Two rules hold whatever a recipe, memory or a model
// says. The one irreversible step is found by the recipe's own selectors, and
// tapped at most once per Walk, straight after the caller's commit returned nil.
// Slots (captions, account names, a spreadsheet's columns) are data: they are
// typed and compared, and are never read as a selector, a pattern or a format.
package navigator
