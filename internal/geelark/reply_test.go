package geelark_test

import (
	"encoding/json"
	"io"
	"net/http"
)

// reply is an answer: a code, or a status with a body, or none at all.
type reply struct {
	code    int
	http    int
	body    string
	silent  bool // no answer
	applied bool // it was done all the same
}

func (r reply) write(w http.ResponseWriter) {
	if r.http != 0 {
		w.WriteHeader(r.http)
	}
	if r.body != "" {
		_, _ = io.WriteString(w, r.body)
		return
	}
	write(w, r.code, nil)
}

func write(w io.Writer, code int, data any) {
	_ = json.NewEncoder(w).Encode(map[string]any{"traceId": "T", "code": code, "msg": "m" + testToken, "data": data})
}
