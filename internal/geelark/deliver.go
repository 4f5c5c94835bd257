package geelark

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"postfleet/internal/fault"
)

// ErrNotDelivered is a file that did not come to the phone. fault.Infra.
var ErrNotDelivered = errors.New("geelark: file did not reach the phone")

// DeliverTimeout bounds Deliver.
const DeliverTimeout = 30 * time.Minute

// Deliver brings size bytes of file, of this type (mp4, jpg, …), into the
// Downloads folder of the started phone, by way of the service's storage: for
// when the link to the phone's adb is slow. The file gets a name of the
// service's choice. What may have been done is not done twice, for the folder
// would hold it twice: after an error look before you call it again.
func (p *Phone) Deliver(ctx context.Context, file io.Reader, size int64, fileType string) error {
	if p.id == "" {
		return fault.Errorf(fault.Device, "%w: it was not started", ErrNotReady)
	}
	ctx, cancel := within(ctx, DeliverTimeout, fault.Infra)
	defer cancel()
	if err := p.deliver(ctx, file, size, fileType); err != nil {
		return fmt.Errorf("deliver a file to cloud phone %s: %w", p.cfg.Name, err)
	}
	return nil
}

func (p *Phone) deliver(ctx context.Context, file io.Reader, size int64, fileType string) error {
	var to UploadTarget
	err := p.pace.insist(ctx, isLasting, func(ctx context.Context) (err error) {
		to, err = p.api.UploadTarget(ctx, fileType)
		return err
	})
	if err != nil {
		return err
	}
	if err := p.api.Put(ctx, to, file, size); err != nil {
		return err
	}
	var task string
	isUnsafe := func(err error) bool { return isLasting(err) || !isRefused(err) }
	err = p.pace.insist(ctx, isUnsafe, func(ctx context.Context) (err error) {
		task, err = p.api.Fetch(ctx, p.id, to.ResourceURL)
		return err
	})
	if err != nil {
		return err
	}
	return p.pace.insist(ctx, isLasting, func(ctx context.Context) error { return p.fetched(ctx, task) })
}

// fetched is nil when the phone has the file.
func (p *Phone) fetched(ctx context.Context, task string) error {
	switch state, err := p.api.FetchState(ctx, task); {
	case err != nil:
		return err
	case state == Uploaded:
		return nil
	case state == UploadFailed:
		return fault.Mark(fault.Infra, ErrNotDelivered)
	default:
		return fault.Errorf(fault.Infra, "%w: the phone fetches it still", ErrNotReady)
	}
}
