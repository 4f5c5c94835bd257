// Package claudesim stands in for POST /v1/messages of Anthropic's API, so that
// the real client can be tried without the service: it refuses what the service
// would, answers as one of two minds would, fails when it is told to, and keeps
// what it was sent.
//
// It knows nothing of the program that asks. What it knows of a screen it reads
// out of the prompt.
package claudesim
