//go:build race

package guide_test

// thorough: what the race detector watches is the same code each time, and takes
// five times as long. So it sees a part, and "make hostile-test" tries all.
const thorough = false
