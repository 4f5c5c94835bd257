// Package workerimage is the contract between the orchestrator and the
// containers of a fleet: what a worker is told, where it finds things, how its
// container and that of a simulated phone are made, how they are labelled, and
// what their exit codes mean. Beside it stand the files that go into the image
// (package.json and its lock). It knows neither Docker nor the orchestrator,
// and imports nothing of this module.
package workerimage
