package main

import (
	"fmt"

	"postfleet/internal/guide"
	sample "postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/handset"
	"postfleet/internal/posting"
)

var (
	_ posting.Device = (*handset.Handset)(nil)
	_ guide.Phone    = (*handset.Handset)(nil)
)

// newPhone returns a phone that account is on, but not in front, with so many
// posts of its own. Close it.
func newPhone(l *lab, skin int, language sample.Language, account string, posts int) (*handset.Handset, error) {
	h, err := handset.New(handset.Config{
		App: sample.Config{
			Accounts: []string{"shop_other", account, "shop_third"}, Language: language, UploadTime: l.cfg.upload,
		},
		Skin: skin, Renderer: l.renderer,
	})
	if err != nil {
		return nil, err
	}
	older := make([]sample.Post, posts)
	for i := range older {
		older[i] = sample.Post{Account: account, Caption: fmt.Sprintf("Older %d", i)}
	}
	h.Service.Set(older...)
	return h, nil
}
