package workerimage

// Files in SecretsDir that hold the credentials of the cloud phones' service:
// SecretGeelarkToken, or both others.
const (
	SecretGeelarkToken  = "geelark_token" //nolint:gosec // the name of a file
	SecretGeelarkAppID  = "geelark_app_id"
	SecretGeelarkAPIKey = "geelark_api_key" //nolint:gosec // the name of a file
)

// ByAccount in Device.CloudPhone is the phone that is named as the job's account.
const ByAccount = "by-account"

// Geelark is how a worker rents its cloud phones. It has no part in a worker
// whose device is none. Zero fields are the client's own defaults.
type Geelark struct {
	BaseURL string `json:"base_url,omitempty"`
	// KeepWarm is how long a phone without a job stays on for the next of its own.
	KeepWarm     Duration `json:"keep_warm,omitzero"`
	EnergySaving bool     `json:"energy_saving,omitempty"`
	StartTimeout Duration `json:"start_timeout,omitzero"`
	ADBTimeout   Duration `json:"adb_timeout,omitzero"`
	StopTimeout  Duration `json:"stop_timeout,omitzero"`
	// LoginEvery is how often the login of adb is renewed, and PollEvery the first
	// wait between two questions whether something is done.
	LoginEvery Duration `json:"login_every,omitzero"`
	PollEvery  Duration `json:"poll_every,omitzero"`
	// RequestsPerMinute is what each API is asked at most, by all workers together.
	RequestsPerMinute int `json:"requests_per_minute,omitempty"`
	// SlowLink is the rate in bytes a second below which a video goes through the
	// API; 0 is never.
	SlowLink int64 `json:"slow_link,omitempty"`
}
