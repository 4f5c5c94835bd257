package main

import (
	"math"
	"slices"
)

// point is one value at a time, in seconds.
type point struct{ at, value float64 }

// slope fits a line through points by the way of Theil and Sen, the median of
// the slopes between any two of them, and returns its slope per second. A rare
// peak, or a collector of garbage that comes and goes, does not bend it. Where
// there are several groups each has a level of its own: only points of the same
// group are compared. NaN is that there are no two points.
func slope(groups ...[]point) float64 {
	var slopes []float64
	for _, points := range groups {
		for i, a := range points {
			for _, b := range points[i+1:] {
				if b.at != a.at {
					slopes = append(slopes, (b.value-a.value)/(b.at-a.at))
				}
			}
		}
	}
	return median(slopes)
}

// lateOverEarly compares the lives of processes that follow on each other: by
// how much, as a share, those of the second half hold more than those of the
// first, in the median. NaN is that there were not two.
func lateOverEarly(lives [][]point) float64 {
	levels := make([]float64, 0, len(lives))
	for _, life := range lives {
		levels = append(levels, median(values(life)))
	}
	half := len(levels) / 2
	early, late := median(levels[:half]), median(levels[len(levels)-half:])
	if early == late {
		return 0
	}
	return late/early - 1
}

// median is NaN for nothing.
func median(values []float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	slices.Sort(values)
	half := len(values) / 2
	if len(values)%2 == 1 {
		return values[half]
	}
	return (values[half-1] + values[half]) / 2
}

// settled drops the first half of the points: what a program takes while it
// gets going is not growth.
func settled(points []point) []point { return points[len(points)/2:] }

func values(points []point) []float64 {
	all := make([]float64, 0, len(points))
	for _, p := range points {
		all = append(all, p.value)
	}
	return all
}
