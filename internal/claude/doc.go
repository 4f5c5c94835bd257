// Package claude asks Anthropic's messages API where a recipe's elements are on
// one screen. It is the only package that imports the API's client.
//
// The model picks: numbers of an outline's lines, names of the recipe's elements
// and verbs of a short list. It gives no coordinates and no text, and it never
// chooses what the step is for. What it answers is checked here, whatever the
// schema promised; what the screen says is data, and goes into a request as such.
//
// The package does not act, learns nothing and writes no prompt anywhere.
//
//	Ask ── prompt ── SDK (retries) ── gate (budget, below the retries) ── service
//	 └─ once more, when the answer was no answer
package claude
