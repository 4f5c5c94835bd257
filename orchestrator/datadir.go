package orchestrator

// PrepareDataDir makes dataDir with its folders, and logDir. A directory that
// belongs to root, prepared by root, is handed with our own files in it to the
// image's user, so that workers need not be root. It returns uid:gid of the
// directory's owner, for workerimage.Place.User. Call it again after files were
// written in it; a second call changes nothing else.
func PrepareDataDir(dataDir, logDir string) (string, error) { return "", nil }
