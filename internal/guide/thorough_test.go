//go:build !race

package guide_test

// thorough: every attack, record and crash is tried.
const thorough = true
