package filelock

// LockError is lockError.
var LockError = lockError
