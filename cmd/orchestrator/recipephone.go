package main

import (
	"errors"
	"slices"
	"time"

	"postfleet/internal/navigator"
	sample "postfleet/internal/phonesim/app"
	"postfleet/internal/phonesim/handset"
)

var _ navigator.Screen = (*handset.Handset)(nil)

// newSamplePhone returns a phone whose screen is the sample app, with one video
// and one post. It takes no other. Close it.
func newSamplePhone(account, language string, skin int) (*handset.Handset, error) {
	others := slices.DeleteFunc([]string{"shop_b", "shop_c"}, func(name string) bool { return name == account })
	h, err := handset.New(handset.Config{
		App:  sample.Config{Accounts: append(others, account), Language: sample.Language(language)},
		Skin: skin,
	})
	if err != nil {
		return nil, err
	}
	h.Service.Set(sample.Post{Account: account, Caption: "An older post.", VideoSHA256: "older"})
	h.Service.Refuse(errors.New("a try publishes nothing"))
	h.Gallery.Put(sample.Video{Path: "/sdcard/Movies/try.mp4", SHA256: "try", Bytes: 1, Created: time.Now()})
	return h, nil
}
