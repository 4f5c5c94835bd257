package workerimage

// SecretAnthropicKey is the file in SecretsDir that holds the key to the model's
// service.
const SecretAnthropicKey = "anthropic_api_key" //nolint:gosec // the name of a file

// Claude is how a worker asks the model. It has no part in a worker that asks
// none.
type Claude struct {
	// Mode is recipe+claude or claude.
	Mode    string `json:"mode"`
	Model   string `json:"model"`
	BaseURL string `json:"base_url"`
	// MaxCallsPerJob and MaxCostUSDPerJob are over all attempts at a job,
	// MaxCostUSDPerRun over all jobs of all workers; 0 is nothing.
	MaxCallsPerJob   int     `json:"max_calls_per_job"`
	MaxCostUSDPerJob float64 `json:"max_cost_usd_per_job"`
	MaxCostUSDPerRun float64 `json:"max_cost_usd_per_run"`
}
