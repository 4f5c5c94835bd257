// Package screen reads one dump of a phone's screen. It owns the tree of
// visible elements (Parse), the fingerprint by which a screen is known again
// (Print, Same) and the numbered list by which a model is told of a screen
// (Outline).
//
// It must not know recipes, memory or models, and it never acts: it looks at
// one dump and forgets it. Whatever text is on a screen is data to it. All of
// it is free of state; trees are not changed once parsed and may be read from
// several goroutines.
package screen
