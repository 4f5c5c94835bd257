// Package recipe is the written way through an app: its format, the check of
// a file, and what a recipe says of one dump of the screen. docs/recipes.md
// documents the format.
//
// It must not act, wait or ask anybody: internal/navigator does. Slots
// (captions, account names, a spreadsheet's columns) are data: they are
// compared, and are never read as a selector, a pattern or a format.
package recipe
