package main

import (
	"math"
	"testing"
)

// line is a point a second, from a level and with a slope.
func line(n int, level, perSecond float64) []point {
	points := make([]point, n)
	for i := range points {
		points[i] = point{float64(i), level + perSecond*float64(i)}
	}
	return points
}

// later moves points in time.
func later(points []point, by float64) []point {
	for i := range points {
		points[i].at += by
	}
	return points
}

func near(got, want float64) bool {
	return math.Abs(got-want) < 1e-9 || math.IsNaN(got) && math.IsNaN(want)
}

func TestSlope(t *testing.T) {
	t.Parallel()
	peaks := line(40, 100, 0.5)
	for i := 0; i < len(peaks); i += 5 {
		peaks[i].value += 1000
	}
	sawtooth := [][]point{line(10, 50, 2), later(line(10, 50, 2), 10), later(line(10, 50, 2), 20)}
	tests := []struct {
		name   string
		groups [][]point
		want   float64
	}{
		{"flat", [][]point{line(20, 7, 0)}, 0},
		{"up", [][]point{line(20, 7, 3)}, 3},
		{"down", [][]point{line(20, 7, -3)}, -3},
		{"peaks", [][]point{peaks}, 0.5},
		{"sawtooth, within its teeth", sawtooth, 2},
		{"levels that differ", [][]point{line(10, 900, 1), later(line(10, 5, 1), 10)}, 1},
		{"one point", [][]point{line(1, 7, 0)}, math.NaN()},
		{"none", nil, math.NaN()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := slope(tt.groups...); math.Abs(got-tt.want) > 0.05 || math.IsNaN(got) != math.IsNaN(tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestLateOverEarly(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		lives [][]point
		want  float64
	}{
		{"alike", [][]point{line(10, 50, 2), line(4, 90, 2), later(line(10, 50, 2), 10)}, 0},
		{"a half more", [][]point{line(10, 100, 0), later(line(10, 120, 0), 10), later(line(10, 150, 0), 20)}, 0.5},
		{"less", [][]point{line(10, 100, 0), later(line(10, 80, 0), 10)}, -0.2},
		{"one life", [][]point{line(10, 100, 0)}, math.NaN()},
		{"nothing at all", [][]point{line(3, 0, 0), line(3, 0, 0)}, 0},
		{"none", nil, math.NaN()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := lateOverEarly(tt.lives); !near(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		values []float64
		want   float64
	}{
		{[]float64{3, 1, 2}, 2}, {[]float64{4, 1, 3, 2}, 2.5}, {[]float64{5}, 5}, {nil, math.NaN()},
	} {
		if got := median(tt.values); !near(got, tt.want) {
			t.Errorf("median of %v: got %v, want %v", tt.values, got, tt.want)
		}
	}
}
