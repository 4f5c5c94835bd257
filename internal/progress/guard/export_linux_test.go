package guard

// CheckType is checkType.
var CheckType = checkType
