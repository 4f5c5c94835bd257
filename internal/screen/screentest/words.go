package screentest

import (
	"hash/fnv"
	"slices"
	"strings"
)

// say is a label of the app in the moment's language. The words are made up,
// the same ones each time, but look like that language's; a few are the same in
// many languages, as in real apps.
func (p *pen) say(label string) string {
	if p.Language == "" || p.Language == "en" {
		return label
	}
	words := strings.Fields(label)
	for i, word := range words {
		if !international(p.Language, word) {
			words[i] = madeUp(p.Language, word)
		}
	}
	if p.Language == "ja" {
		return strings.Join(words, "")
	}
	return strings.Join(words, " ")
}

func international(language, word string) bool {
	if word == "Instagram" || word == "OK" {
		return true
	}
	return language == "de" && slices.Contains([]string{
		"Reel", "Reels", "Story", "Live", "Audio", "Video", "Album", "Name", "Code", "Details", "Filter",
		"Sticker", "Text", "Feed", "Clarendon", "Gingham", "Juno",
	}, word)
}

func madeUp(language, word string) string {
	h := fnv.New64a()
	_, _ = h.Write([]byte(strings.ToLower(word))) // a hash never fails
	n := h.Sum64()
	var syllables []string
	switch language {
	case "ja":
		syllables = strings.Fields("写 真 投 稿 設 定 の を 共 有 リ ー ル 保 存 通 知 検 索 編 集")
	case "ar":
		syllables = strings.Fields("مش ار كة ال صو رة إع دا دات حف ظ بح ث تع ديل رس الة")
	default:
		syllables = strings.Fields("tei len ein stel lung spei cher be ar bei ten such geh wei ter zu rück kon to")
	}
	var b strings.Builder
	for range 2 + len(word)/4 {
		b.WriteString(syllables[n%uint64(len(syllables))])
		n /= 7
	}
	if first := word[0]; language == "de" && first >= 'A' && first <= 'Z' {
		return strings.ToUpper(b.String()[:1]) + b.String()[1:]
	}
	return b.String()
}
