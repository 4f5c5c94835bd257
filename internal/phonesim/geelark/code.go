package geelark

// code is what the API answers instead of an HTTP status.
type code int

// The documented codes that this cloud answers by itself; faults may ask for
// any other.
const (
	codeOK             code = 0
	codeBadBody        code = 40001
	codeNoTraceID      code = 40002
	codeBadSignature   code = 40003
	codeBadParameter   code = 40004
	codeNotFound       code = 40005
	codePartly         code = 40006
	codeRateLimited    code = 40007
	codeBadPage        code = 40008
	codeAllFailed      code = 40009
	codeHourLocked     code = 40014
	codeNoBalance      code = 41001
	codeNoPhone        code = 42001
	codeNotRunning     code = 42002
	codePhoneExpired   code = 43004
	codeRunningTask    code = 43005
	codeRemoteControl  code = 43006
	codeUsedByOther    code = 43007
	codeDailyLimit     code = 43008
	codeInUse          code = 43021
	codeProxyDown      code = 45002
	codeLocked         code = 47002
	codeADBOff         code = 49001
	codeADBUnsupported code = 49002
)

// message is what the API says with a code.
func (c code) message() string {
	switch c {
	case codeOK:
		return "success"
	case codeBadBody:
		return "failed to read the request body"
	case codeNoTraceID:
		return "traceId is empty"
	case codeBadSignature:
		return "signature verification failed"
	case codeBadParameter:
		return "parameter validation failed"
	case codeNotFound:
		return "resource not found"
	case codePartly:
		return "partial success"
	case codeRateLimited:
		return "too many requests, lifted in the next minute"
	case codeBadPage:
		return "pageSize exceeds its limits"
	case codeAllFailed:
		return "batch processing completely failed"
	case codeHourLocked:
		return "api request exceeds hourly limit, locked for two hours"
	case codeNoBalance:
		return "balance not enough"
	case codeLocked:
		return "too many concurrent requests, lifted after two hours"
	default:
		return c.phoneMessage()
	}
}

// phoneMessage is what the API says about one phone.
func (c code) phoneMessage() string {
	switch c {
	case codeNoPhone:
		return "env not found"
	case codeNotRunning:
		return "env is not running"
	case codePhoneExpired:
		return "env is expired"
	case codeRunningTask:
		return "env is executing a task"
	case codeRemoteControl:
		return "env is under remote control"
	case codeUsedByOther:
		return "env is used by another user"
	case codeDailyLimit:
		return "daily open limit reached"
	case codeInUse:
		return "env is in use"
	case codeProxyDown:
		return "proxy is unavailable"
	case codeADBOff:
		return "adb is not enabled"
	case codeADBUnsupported:
		return "device does not support adb"
	default:
		return "error"
	}
}

// status is how a phone is, in the API's numbers.
type status int

// The documented statuses.
const (
	statusStarted  status = 0
	statusStarting status = 1
	statusOff      status = 2
	statusExpired  status = 3
)
