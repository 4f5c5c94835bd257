package navigator

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"

	"postfleet/internal/screen"
)

// errDenied is an element that must not be touched on anybody's word but the
// recipe's.
var errDenied = errors.New("navigator: nothing to be touched")

// allowed says why n must not be touched because memory or the model says so:
// it, or what lies over it, belongs to another app, the touch may land on what
// only the irreversible step touches, or a label says that touching it does what
// no step is for. It is asked again each time that what was learned is used.
func (w *Walk) allowed(n *screen.Node, t *screen.Tree) error {
	switch {
	case n.Package != w.nav.recipe.AppID():
		return fmt.Errorf("%w: it belongs to %s", errDenied, n.Package)
	case othersOver(n, t):
		return fmt.Errorf("%w: another app's view lies over it", errDenied)
	case w.onPublisher(n, t):
		return fmt.Errorf("%w: only step %s may touch it", errDenied, w.nav.recipe.Publish().ID)
	}
	for _, label := range labelsOf(touched(n)) {
		if word := deniedIn(label, denied()); word != "" {
			return fmt.Errorf("%w: its label holds %q", errDenied, word)
		}
		if word := deniedIn(label, deniedLater()); word != "" && w.publishing() {
			return fmt.Errorf("%w: its label holds %q, and something is being published", errDenied, word)
		}
	}
	return nil
}

// publishing reports whether something may be on its way to being published: a
// walk that only looks is one that looks for what became of it.
func (w *Walk) publishing() bool { return w.committed || w.readOnly }

// onPublisher reports whether a tap on n might land on, or beside within the
// same view, what the irreversible step touches.
func (w *Walk) onPublisher(n *screen.Node, t *screen.Tree) bool {
	for p := n; p != nil; p = p.Parent {
		if w.nav.recipe.Publishes(p, w.slots) {
			return true
		}
	}
	x, y := n.Bounds.Centre()
	return slices.ContainsFunc(t.Nodes, func(o *screen.Node) bool {
		return o.Bounds.Contains(x, y) && w.nav.recipe.Publishes(o, w.slots)
	})
}

// othersOver reports whether a tap on n might land on a view of another app,
// such as a question of the system's: dumps do not say whose window is in front.
func othersOver(n *screen.Node, t *screen.Tree) bool {
	x, y := n.Bounds.Centre()
	return slices.ContainsFunc(t.Nodes, func(o *screen.Node) bool {
		return o.Package != n.Package && o.Actionable() && o.Bounds.Contains(x, y)
	})
}

// touched is what answers a touch of n: n, or the view around it, unless that
// has other things to touch in it and is rather a place than a button.
func touched(n *screen.Node) *screen.Node {
	around := n
	for around != nil && !around.Actionable() {
		around = around.Parent
	}
	if around == nil || around != n && holdsActionable(around) {
		return n
	}
	return around
}

func holdsActionable(n *screen.Node) bool {
	return slices.ContainsFunc(n.Children, func(c *screen.Node) bool {
		return c.Actionable() || holdsActionable(c)
	})
}

// labelsOf are all texts of n and of what is in it. What was typed into a field
// is no label.
func labelsOf(n *screen.Node) []string {
	var all []string
	if !n.Editable() {
		all = append(all, n.Text, n.Desc)
	}
	for _, c := range n.Children {
		all = append(all, labelsOf(c)...)
	}
	return all
}

// deniedIn returns the first of phrases in label, "" for none. Japanese has no
// gaps between words, so its phrases are found anywhere.
func deniedIn(label string, phrases map[string]string) string {
	spaced := " " + strings.Join(wordsOf(label), " ") + " "
	bare := strings.ReplaceAll(spaced, " ", "")
	for language, all := range phrases {
		for phrase := range strings.SplitSeq(all, "|") {
			if strings.Contains(spaced, " "+phrase+" ") || language == "ja" && strings.Contains(bare, phrase) {
				return phrase
			}
		}
	}
	return ""
}

// wordsOf splits a label at what is neither letter nor digit, whatever the case,
// the width of letters and invisible marks.
func wordsOf(label string) []string {
	label = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, norm.NFKC.String(label))
	return strings.FieldsFunc(cases.Fold().String(label), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
}

// denied are words and phrases of labels, by language: whoever touches such a
// view spends money, loses something, leaves the account or the app, deals with
// other people, gives access, or publishes. Words with a harmless second meaning on a
// way through an app are in it as well: then a person is needed, and no harm is
// done.
func denied() map[string]string {
	return map[string]string{
		"en": "buy|purchase|order now|pay|payment|checkout|subscribe|donate|boost|promote|" +
			"delete|remove|discard|reset|deactivate|log out|logout|sign out|" +
			"follow|follow back|unfollow|block|report|send|send it out|invite|call|message|" +
			"contacts|find friends|sync contacts|install|get the app|get it|free|upgrade|update|" +
			"allow|turn on|enable|share|publish|post now|post again|repost|" +
			"password|settings|sign in|log in|edit profile|add account|like|comment|reply|learn more|https|http|www",
		"de": "kaufen|bestellen|bezahlen|zahlen|zahlung|abonnieren|spenden|bewerben|" +
			"löschen|entfernen|verwerfen|zurücksetzen|deaktivieren|abmelden|ausloggen|" +
			"folgen|entfolgen|blockieren|melden|senden|absenden|abschicken|einladen|anrufen|" +
			"kontakte|kontakten|installieren|holen|gratis|aktualisieren|" +
			"zulassen|erlauben|aktivieren|teilen|veröffentlichen|posten|jetzt posten|" +
			"passwort|einstellungen|anmelden|einloggen|profil bearbeiten|" +
			"konto hinzufügen|kommentieren|antworten|mehr erfahren",
		"es": "comprar|pedir|pagar|pago|suscribirse|suscribirme|donar|promocionar|" +
			"eliminar|borrar|restablecer|desactivar|cerrar sesión|salir de la cuenta|" +
			"seguir|dejar de seguir|bloquear|denunciar|reportar|enviar|mandar|invitar|llamar|" +
			"contactos|instalar|obtener|gratis|" + //nolint:misspell // Spanish
			"actualizar|permitir|activar|compartir|publicar|publicar ahora|" +
			"contraseña|ajustes|iniciar sesión|editar perfil|añadir cuenta|me gusta|comentar|responder|más información",
		"fr": "acheter|commander|payer|paiement|s abonner|faire un don|promouvoir|" +
			"supprimer|effacer|réinitialiser|désactiver|se déconnecter|déconnexion|" +
			"suivre|ne plus suivre|bloquer|signaler|envoyer|inviter|appeler|" +
			"contacts|installer|obtenir|gratuitement|mettre à jour|autoriser|activer|" +
			"partager|publier|publier maintenant|" +
			"mot de passe|paramètres|se connecter|modifier le profil|" +
			"ajouter un compte|j aime|commenter|répondre|en savoir plus",
		"pt": "comprar|pedir|pagar|pagamento|assinar|inscrever se|doar|promover|" +
			"excluir|apagar|remover|eliminar|redefinir|desativar|sair da conta|terminar sessão|encerrar sessão|" +
			"seguir|deixar de seguir|bloquear|denunciar|enviar|mandar|convidar|ligar|" +
			"contatos|instalar|baixar|obter|grátis|atualizar|permitir|ativar|" +
			"compartilhar|partilhar|publicar|publicar agora|" +
			"senha|configurações|fazer login|editar perfil|adicionar conta|curtir|comentar|responder|saiba mais",
		"ja": "購入|注文|支払|課金|寄付|削除|ログアウト|フォロー|ブロック|報告|送信|招待|連絡先|インストール|アップデート|無料|許可|シェア|共有|公開|投稿する|今すぐ投稿|" +
			"パスワード|設定|ログイン|プロフィールを編集|アカウントを追加|いいね|コメント|返信|詳しく",
	}
}

// deniedLater are those that would end what is being published.
func deniedLater() map[string]string {
	return map[string]string{
		"en": "cancel|stop|undo|abort|leave",
		"de": "abbrechen|stoppen|beenden|rückgängig|verlassen",
		"es": "cancelar|detener|deshacer|abandonar",
		"fr": "annuler|arrêter|abandonner",
		"pt": "cancelar|parar|desfazer|abandonar",
		"ja": "キャンセル|中止|取り消",
	}
}
