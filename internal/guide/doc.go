// Package guide is what a worker has beside the recipe for screens that the
// recipe does not know: the memory that all workers share, the model, and the
// budget that the model is asked within.
//
// It wires these three to a navigator, which they do not know, and owns their
// lives. It decides nothing.
package guide
