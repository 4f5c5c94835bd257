package book

import (
	"maps"

	"postfleet/internal/progress"
)

// roster says whose row is which. Accounts have numbers, and each account has a
// stretch of places, one for each of its rows, in file order: what concerns an
// account alone is found by its places. Rows are meant by their index.
type roster struct {
	number  map[string]int32 // of an account, by its name
	account []int32          // of a row
	place   []int32          // of a row
	row     []int32          // at a place
	start   []int32          // first place of an account; the last one is where all end
}

func newRoster(rows []*progress.Row) roster {
	r := roster{
		number:  make(map[string]int32),
		account: make([]int32, len(rows)),
		place:   make([]int32, len(rows)),
		row:     make([]int32, len(rows)),
	}
	sizes := r.enrol(rows)
	r.start = make([]int32, len(sizes)+1)
	for a, size := range sizes {
		r.start[a+1] = r.start[a] + size
	}
	free := sizes // no longer needed as sizes
	copy(free, r.start)
	for i, a := range r.account {
		r.place[i] = free[a]
		r.row[free[a]] = int32(i)
		free[a]++
	}
	return r
}

// enrol gives each row the number of its account, and returns how many rows
// each account has.
func (r *roster) enrol(rows []*progress.Row) []int32 {
	var sizes []int32
	for i, row := range rows {
		if i == len(rows)/8 {
			r.makeRoom(8 * len(sizes))
		}
		a, ok := r.number[row.Account]
		if !ok {
			a = int32(len(sizes))
			r.number[row.Account] = a
			sizes = append(sizes, 0)
		}
		r.account[i] = a
		sizes[a]++
	}
	return sizes
}

// makeRoom makes room for as many accounts as there are going to be if they
// keep coming as they did: with a million of them, growing to that takes longer
// than all the rest.
func (r *roster) makeRoom(accounts int) {
	number := make(map[string]int32, accounts)
	maps.Copy(number, r.number)
	r.number = number
}
