package geelark

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"postfleet/internal/fault"
)

// The APIs that bring a file into a phone.
const (
	apiUploadURL    = pathPrefix + "upload/getUrl"
	apiUploadFile   = pathPrefix + "phone/uploadFile"
	apiUploadResult = pathPrefix + "phone/uploadFile/result"
)

// putTimeout bounds one transfer: the address is good for 30 minutes.
const putTimeout = 25 * time.Minute

// UploadTarget is where a file goes and where it is then. Both addresses are
// secrets for as long as they are good: they need no credentials.
type UploadTarget struct {
	PutURL      string `json:"uploadUrl"`
	ResourceURL string `json:"resourceUrl"`
}

// String leaves the addresses out.
func (UploadTarget) String() string { return redacted }

// GoString leaves the addresses out.
func (UploadTarget) GoString() string { return redacted }

// UploadState is how far the phone's fetching of a file has come.
type UploadState int

// The states there are.
const (
	// UploadUnseen: the service could not get the state.
	UploadUnseen UploadState = iota
	// Uploading has not ended.
	Uploading
	// Uploaded is done.
	Uploaded
	// UploadFailed will not be done.
	UploadFailed
)

// UploadTarget asks where a file of this type (mp4, jpg, …) may be put.
func (c *Client) UploadTarget(ctx context.Context, fileType string) (UploadTarget, error) {
	var got UploadTarget
	err := c.call(ctx, apiUploadURL, "", map[string]any{"fileType": fileType}, &got)
	return got, err
}

// Put sends size bytes of file to the target. It needs no budget.
func (c *Client) Put(ctx context.Context, to UploadTarget, file io.Reader, size int64) error {
	bounded, cancel := context.WithTimeout(ctx, putTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(bounded, http.MethodPut, to.PutURL, io.LimitReader(file, size))
	if err != nil {
		return fault.Errorf(fault.Infra, "put a file: the service's address is not one")
	}
	req.ContentLength = size
	status, _, err := c.send(req)
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("put a file: %w", context.Cause(ctx))
	case err != nil:
		return fault.Errorf(fault.Infra, "put a file: %w", err)
	case status < http.StatusOK || status >= http.StatusMultipleChoices:
		return fault.Errorf(fault.Infra, "put a file: HTTP status %d", status)
	}
	return nil
}

// Fetch makes the phone fetch a file that was put into its Downloads folder,
// and returns the task's id.
func (c *Client) Fetch(ctx context.Context, id, resourceURL string) (task string, err error) {
	var got struct {
		TaskID string `json:"taskId"`
	}
	err = c.call(ctx, apiUploadFile, id, map[string]any{"id": id, "fileUrl": resourceURL}, &got)
	if err == nil && got.TaskID == "" {
		err = c.noAnswer(apiUploadFile, "", "the answer has no task").classified()
	}
	return got.TaskID, err
}

// FetchState asks how far a task of Fetch has come.
func (c *Client) FetchState(ctx context.Context, task string) (UploadState, error) {
	got := struct {
		Status UploadState `json:"status"`
	}{Status: UploadUnseen}
	err := c.call(ctx, apiUploadResult, "", map[string]any{"taskId": task}, &got)
	return got.Status, err
}
