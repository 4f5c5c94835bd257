// Package compose renders a plan's containers as a compose project, which runs
// the same fleet without an orchestrator. It is one of the two translations of
// workerimage.Container (the other is internal/dockerengine) and must keep every
// limit and every lock-down that the engine sets.
//
// It reads no file and knows neither plans nor engines.
package compose
