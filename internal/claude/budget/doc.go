// Package budget keeps what a model may be asked within its limits: calls,
// tokens, money and time, of each job and of the whole run.
//
// What was spent is in one file of the data directory, which all workers share.
// A request reserves the most it can cost before it is sent and settles for what
// it did cost once it is answered: a worker that is killed in between has spent
// what it reserved, and no number of workers exceeds a limit together. A job's
// count outlives its attempts.
//
// The package sends nothing and knows no model.
package budget
