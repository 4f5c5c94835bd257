package navigator

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"postfleet/internal/screen"
)

// maxClosing is how many words what closes something says at most: longer ones
// are sentences, which may say anything.
const maxClosing = 4

// closes says why n must not be touched to close an interruption, because memory
// or the model says so. Unlike an element, of which it is known what it is for,
// this may be anything on the screen: so it has to say that it closes or turns
// down what is there, or take note of what does no harm.
func (w *Walk) closes(n *screen.Node, t *screen.Tree) error {
	if err := w.allowed(n, t); err != nil {
		return err
	}
	if !answers(n) {
		return fmt.Errorf("%w: it answers no touch", errDenied)
	}
	var said []string
	for _, label := range labelsOf(n) {
		said = append(said, wordsOf(label)...)
	}
	label := strings.Join(said, " ")
	switch {
	case utf8.RuneCountInString(label) <= 1: // a sign, or nothing
		label = strings.ReplaceAll(tail(n.ID), "_", " ")
		if word := deniedIn(label, denied()); word != "" {
			return fmt.Errorf("%w: its id holds %q", errDenied, word)
		}
		return nil
	case len(said) > maxClosing:
		return fmt.Errorf("%w: it is a sentence, and nothing that closes this screen", errDenied)
	case deniedIn(label, declining()) != "":
		return nil
	case deniedIn(label, noting()) == "":
		return fmt.Errorf("%w: it does not say that it closes anything", errDenied)
	}
	for _, other := range t.Nodes {
		for _, text := range []string{other.Text, other.Desc} {
			if word := deniedIn(text, denied()); word != "" && !other.Editable() {
				return fmt.Errorf("%w: it agrees to a screen that holds %q", errDenied, word)
			}
		}
	}
	return nil
}

// answers reports whether n, or anything around it, answers a touch.
func answers(n *screen.Node) bool {
	return n != nil && (n.Actionable() || answers(n.Parent))
}

// declining are what those buttons say that turn something down, by language.
func declining() map[string]string {
	return map[string]string{
		"en": "close|dismiss|exit|quit|hide|cancel|skip|ignore|later|another time|not now|not interested|no|never|" +
			"decline|back|leave it",
		"de": "schließen|ausblenden|verlassen|beenden|abbrechen|überspringen|ignorieren|später|ein andermal|" +
			"jetzt nicht|nein|nicht|nie|ablehnen|zurück|lassen",
		"es": "cerrar|descartar|salir|ocultar|cancelar|omitir|saltar|más tarde|luego|ahora no|no|" +
			"en otro momento|nunca|rechazar|volver|atrás|dejarlo", //nolint:misspell // Spanish
		"fr": "fermer|masquer|quitter|annuler|ignorer|passer|plus tard|une autre fois|pas maintenant|non|" +
			"ne pas|jamais|refuser|retour|laisser",
		"pt": "fechar|dispensar|sair|ocultar|cancelar|pular|mais tarde|depois|agora não|não|nunca|" +
			"em outro momento|recusar|voltar|deixar", //nolint:misspell // Portuguese
		"ja": "閉じる|非表示|終了|キャンセル|スキップ|後で|また今度|別の機会|しない|いいえ|結構|戻る|やめる",
	}
}

// noting are what those say that take note, or go on.
func noting() map[string]string {
	return map[string]string{
		"en": "ok|okay|got it|all right|understood|continue|go on|next|done|finish",
		"de": "verstanden|in ordnung|alles klar|weiter|fortfahren|fertig|abschließen",
		"es": "entendido|vale|de acuerdo|continuar|siguiente|listo|finalizar",
		"fr": "compris|d accord|continuer|suivant|terminé|finir",
		"pt": "entendi|tudo bem|continuar|avançar|concluir|concluído|finalizar",
		"ja": "了解|わかりました|次へ|続ける|完了",
	}
}
