package android

import (
	"net"
	"net/http"
	"sync"
)

// countConnections keeps open at the number of a server's connections.
func countConnections(open *sync.WaitGroup) func(net.Conn, http.ConnState) {
	return func(_ net.Conn, state http.ConnState) {
		switch state {
		case http.StateNew:
			open.Add(1)
		case http.StateClosed, http.StateHijacked:
			open.Done()
		default: // Busy and idle ones are open.
		}
	}
}
