package geelark

// maxBatch is how many phones a call may name.
const maxBatch = 100

// batch is the data of a call about several phones.
type batch struct {
	Total          int          `json:"totalAmount"`
	Succeeded      int          `json:"successAmount"`
	Failed         int          `json:"failAmount"`
	SuccessDetails []any        `json:"successDetails"`
	FailDetails    []failDetail `json:"failDetails"`
}

type failDetail struct {
	Code    code   `json:"code"`
	ID      string `json:"id"`
	Message string `json:"msg"`
}

// forEach does something to each phone, and answers what came of it.
func (s *Service) forEach(ids []string, do func(*phone) (detail any, c code)) reply {
	if len(ids) == 0 || len(ids) > maxBatch {
		return failed(codeBadParameter)
	}
	b := batch{Total: len(ids), SuccessDetails: []any{}, FailDetails: []failDetail{}}
	for _, id := range ids {
		c := codeNoPhone
		var detail any
		if p := s.phone(id); p != nil {
			detail, c = do(p)
		}
		if c == codeOK {
			b.SuccessDetails = append(b.SuccessDetails, detail)
		} else {
			b.FailDetails = append(b.FailDetails, failDetail{c, id, c.message()})
		}
	}
	b.Succeeded, b.Failed = len(b.SuccessDetails), len(b.FailDetails)
	switch {
	case b.Failed == 0:
		return reply{codeOK, b}
	case b.Succeeded == 0:
		return reply{codeAllFailed, b}
	default:
		return reply{codePartly, b}
	}
}
