package app

import (
	"maps"
	"slices"
	"strings"
)

// naming is what an element may be called in other skins: one of the stems,
// parted by bars, with one of the endings that go with its kind.
type naming struct {
	stems string
	kind  []string
}

// elementIDs maps the app's elements to their ids, without the package, in a
// skin. No two elements share one, and no skin but the original uses an
// original name.
func elementIDs(number int) map[string]string {
	names := elementNames()
	ids := make(map[string]string, len(names))
	if number == 0 {
		for name := range names {
			ids[name] = name
		}
		return ids
	}
	taken := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		choices := names[name].choices()
		first := draw(number, "id "+name, choices)
		for i := range choices {
			id := names[name].id((first + i) % choices)
			if _, original := names[id]; !original && !taken[id] {
				ids[name], taken[id] = id, true
				break
			}
		}
	}
	return ids
}

func prefixes() []string {
	return []string{"", "clips_", "ig_", "creation_", "igds_", "main_", "ui_", "bloks_", "v3_", "media_"}
}

// choices is how many ids n allows for.
func (n naming) choices() int {
	return (strings.Count(n.stems, "|") + 1) * len(prefixes()) * len(n.kind)
}

// id is the choice with that index.
func (n naming) id(index int) string {
	stems, prefixes := strings.Split(n.stems, "|"), prefixes()
	end, index := index%len(n.kind), index/len(n.kind)
	return prefixes[index%len(prefixes)] + stems[index/len(prefixes)] + n.kind[end]
}

// elementNames lists the elements that the app gives ids to.
func elementNames() map[string]naming {
	names := map[string]naming{}
	for _, part := range []map[string]naming{flowNames(), profileNames(), dialogNames(), accountNames()} {
		maps.Copy(names, part)
	}
	return names
}

// Elements lists the names of the app's elements that have ids, sorted. They
// are the ids of the original.
func Elements() []string { return slices.Sorted(maps.Keys(elementNames())) }

func buttonEndings() []string { return []string{"_button", "_btn", "_cta", "_action", "_control"} }
func tabEndings() []string    { return []string{"_tab", "_nav_item", "_navigation_button", "_bar_item"} }
func labelEndings() []string  { return []string{"_label", "_text", "_tv", "_textview", "_string"} }
func fieldEndings() []string  { return []string{"_input", "_edit_text", "_box", "_entry"} }
func listEndings() []string   { return []string{"_recycler", "_container", "_view", "_collection"} }
func rowEndings() []string    { return []string{"_row", "_cell", "_entry", "_tile", "_holder"} }
func imageEndings() []string  { return []string{"_image", "_thumbnail", "_imageview", "_picture"} }

func flowNames() map[string]naming {
	return map[string]naming{
		"action_bar_title": {"toolbar|header|top_bar|screen", labelEndings()},
		"network_banner":   {"connectivity|offline|connection_status", labelEndings()},
		"tab_home":         {"feed|main_feed|start|landing", tabEndings()},
		"tab_create":       {"creation|compose|plus|add_media", tabEndings()},
		"tab_profile":      {"self|own_page|account|me", tabEndings()},
		"feed_account":     {"greeting|signed_in_user|feed_owner", labelEndings()},
		"feed_end":         {"end_of_feed|no_more|caught_up", labelEndings()},
		"create_reel":      {"short_form|clip_format|format_vertical", rowEndings()},
		"create_post":      {"still_format|format_photo|feed_format", rowEndings()},
		"create_story":     {"ephemeral|format_day|day_format", rowEndings()},
		"next_button":      {"advance|proceed|forward|step", buttonEndings()},
		"gallery_denied":   {"no_access|locked_media|access_needed", labelEndings()},
		"gallery_allow":    {"grant|unlock|request_access", buttonEndings()},
		"gallery_empty":    {"empty_state|no_media|nothing_found", labelEndings()},
		"gallery_grid":     {"media_picker|camera_roll|library", listEndings()},
		"gallery_item":     {"picker_media|roll_media|library_media", rowEndings()},
		"edit_preview":     {"editor_canvas|trim_stage|video_stage", imageEndings()},
		"caption_preview":  {"cover|draft_cover|composer_media", imageEndings()},
		"caption_field":    {"description|composer|story_text|body", fieldEndings()},
		"share_button":     {"publish|send|submit|release", buttonEndings()},
		"upload_progress":  {"pending_media|transfer|sending", labelEndings()},
		"share_done":       {"success|confirmation|published", labelEndings()},
		"done_button":      {"finish|dismiss_success|leave", buttonEndings()},
	}
}

func profileNames() map[string]naming {
	return map[string]naming{
		"profile_switcher":     {"username_header|identity|handle", rowEndings()},
		"profile_error":        {"load_failure|retry_state|unavailable", labelEndings()},
		"profile_post_count":   {"media_total|stat_value|counter", labelEndings()},
		"profile_post_label":   {"media_noun|stat_name|counter_unit", labelEndings()},
		"profile_posts":        {"own_media|timeline|contributions", listEndings()},
		"profile_post":         {"own_media|timeline|contribution", rowEndings()},
		"profile_post_cover":   {"own_media|timeline|contribution", imageEndings()},
		"profile_post_pin":     {"sticky|pin_badge|featured_badge", imageEndings()},
		"profile_post_caption": {"own_media|timeline|contribution", labelEndings()},
		"account_list":         {"identity_choices|users|logins", listEndings()},
		"account_row":          {"identity_choice|user|login", rowEndings()},
		"account_add":          {"new_identity|new_user|new_login", rowEndings()},
	}
}

func dialogNames() map[string]naming {
	return map[string]naming{
		"dialog_title":    {"alert_headline|sheet_headline|popup_headline", labelEndings()},
		"dialog_text":     {"alert_body|sheet_body|popup_body", labelEndings()},
		"dialog_positive": {"alert_primary|sheet_primary|popup_first", buttonEndings()},
		"dialog_negative": {"alert_secondary|sheet_secondary|popup_second", buttonEndings()},
		"dialog_dismiss":  {"alert_close|sheet_close|popup_close", buttonEndings()},
		"rating_title":    {"survey_headline|nps_headline|feedback_headline", labelEndings()},
		"rating_text":     {"survey_body|nps_body|feedback_body", labelEndings()},
		"rating_star":     {"survey_score|nps_score|feedback_score", imageEndings()},
		"rating_submit":   {"survey_send|nps_send|feedback_send", buttonEndings()},
		"rating_later":    {"survey_skip|nps_skip|feedback_skip", buttonEndings()},
	}
}

func accountNames() map[string]naming {
	return map[string]naming{
		"login_username":    {"credential_name|auth_user|identifier", fieldEndings()},
		"login_password":    {"credential_secret|auth_secret|passcode", fieldEndings()},
		"login_button":      {"auth|enter|sign_on", buttonEndings()},
		"login_problem":     {"auth_error|credential_error|mismatch", labelEndings()},
		"suspended_account": {"disabled_user|held_user|removed_user", labelEndings()},
		"suspended_reason":  {"disabled_why|held_why|removed_why", labelEndings()},
		"verify_text":       {"challenge|checkpoint|two_step", labelEndings()},
		"verify_code":       {"challenge_code|checkpoint_code|two_step_code", fieldEndings()},
		"verify_button":     {"challenge|checkpoint|two_step", buttonEndings()},
	}
}
