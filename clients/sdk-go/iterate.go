package asa

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"mime"
	"net/http"
	"time"
)

// lastPage is the last one that the service searches.
const lastPage = 10

// SearchPages asks for result pages, one request each, until one has no products or page 10 was given out. It begins
// at StartPage (1) and gives out no more than Pages, when that is set. An error is the last that it gives out.
func (c *Client) SearchPages(ctx context.Context, params SearchParams) iter.Seq2[*SearchResult, error] {
	return func(yield func(*SearchResult, error) bool) {
		first, last := max(params.StartPage, 1), int64(lastPage)
		if params.Pages > 0 {
			last = min(last, first+params.Pages-1)
		}
		for number := first; number <= last; number++ {
			params.StartPage, params.Pages = number, 1
			page, err := c.Search(ctx, params)
			if err != nil {
				yield(nil, err)
				return
			}
			// A first page without products is an answer, too; a later one is the end.
			if (number == first || len(page.Products) > 0) && !yield(page, nil) {
				return
			}
			if len(page.Products) == 0 {
				return
			}
		}
	}
}

// WaitOptions is how WaitForBatch waits.
type WaitOptions struct {
	// Deadline is for the whole waiting, beside that of the context; 0 for none.
	Deadline time.Duration
	// OnProgress is called after each look.
	OnProgress func(*Batch)
}

// WaitForBatch looks at a batch until it has ended: complete, failed or cancelled. The answer is without its results.
func (c *Client) WaitForBatch(ctx context.Context, id string, options WaitOptions) (*Batch, error) {
	clock := c.settings.clock
	var until time.Time
	if options.Deadline > 0 {
		until = clock.Now().Add(options.Deadline)
	}
	for wait := pollFirstMs * time.Millisecond; ; wait = min(2*wait, pollMaxMs*time.Millisecond) {
		batch, err := c.batchStatus(ctx, id, until)
		if err != nil {
			return nil, err
		}
		if options.OnProgress != nil {
			options.OnProgress(batch)
		}
		switch batch.Status {
		case BatchStatusComplete, BatchStatusFailed, BatchStatusCancelled:
			return batch, nil
		}
		if !until.IsZero() && !clock.Now().Add(wait).Before(until) {
			message := fmt.Sprintf("The batch %s is %s (%d of %d items are done); its deadline allows no further look.",
				batch.ID, batch.Status, batch.ProcessedCount, batch.TotalCount)
			return nil, clientError(CodeDeadlineExceeded, message, 0, context.DeadlineExceeded)
		}
		if err := clock.Sleep(ctx, wait); err != nil {
			return nil, (&conversation{}).gone(err)
		}
	}
}

// BatchResults gives out the results in item order, as they stream in. A stream that breaks is asked for again, and
// nothing comes twice. The deadline counts from the last result that came, and no single silence may be longer than the
// timeout. An error is the last that it gives out.
func (c *Client) BatchResults(ctx context.Context, id string) iter.Seq2[*BatchResult, error] {
	return func(yield func(*BatchResult, error) bool) {
		t := c.converse(request{
			method: "GET", path: batchPath + "/" + segment(id) + "/results", idempotent: true,
			header: map[string]string{"Accept": "application/x-ndjson"},
		}, time.Time{})
		seen := map[int64]bool{}
		for {
			before := len(seen)
			timeout, e := t.begin(ctx)
			if e != nil {
				yield(nil, e)
				return
			}
			f, e, done := t.stream(ctx, timeout, func(result *BatchResult) bool {
				if seen[result.Index] {
					return true
				}
				seen[result.Index] = true
				return yield(result, nil)
			})
			if done {
				return
			}
			if len(seen) > before {
				t.renew(time.Time{})
			}
			if e = t.wait(ctx, f, e); e != nil {
				yield(nil, e)
				return
			}
		}
	}
}

// stream gives out what one stream brings. done says that it was whole, or that nobody wants more.
func (t *conversation) stream(ctx context.Context, timeout time.Duration, give func(*BatchResult) bool) (failure, *Error, bool) {
	inner, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	// Each part of the stream may take the whole timeout; a consumer's own time does not count.
	silence := time.AfterFunc(timeout, func() { cancel(context.DeadlineExceeded) })
	defer silence.Stop()
	broken := func(err error) (failure, *Error, bool) {
		if cause := context.Cause(inner); cause != nil && ctx.Err() == nil {
			err = cause
		}
		f, e := t.lost(ctx, err)
		return f, e, false
	}
	response, err := t.send(inner)
	if err != nil {
		return broken(err)
	}
	defer response.Body.Close()
	if response.StatusCode/100 != 2 || !isResults(response.Header) {
		found, err := readReply(response)
		if err != nil {
			return broken(err)
		}
		f, e := t.judge(found, &struct{}{})
		return f, e, e == nil
	}
	reader := bufio.NewReaderSize(response.Body, 64*1024)
	for {
		line, err := reader.ReadBytes('\n')
		silence.Stop()
		if err != nil && !errors.Is(err, io.EOF) {
			return broken(err)
		}
		if result, bad := readResult(line); bad != nil {
			return broken(bad)
		} else if result != nil && !give(result) {
			return failure{}, nil, true
		}
		if err != nil {
			return failure{}, nil, true
		}
		silence.Reset(timeout)
	}
}

func isResults(header http.Header) bool {
	media, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	return media == "" || media == "application/x-ndjson" || media == "application/json"
}

// readResult answers nil for a blank line.
func readResult(line []byte) (*BatchResult, error) {
	if text := string(line); text == "" || text == "\n" || text == "\r\n" {
		return nil, nil
	}
	var result BatchResult
	if err := json.Unmarshal(line, &result); err != nil {
		return nil, fmt.Errorf("a line of the results cannot be read: %w", err)
	}
	return &result, nil
}

// Product decodes the data of a product; nil when the item failed.
func (r *BatchResult) Product() (*Product, error) { return decodeData[Product](r) }

// Search decodes the data of a search; nil when the item failed.
func (r *BatchResult) Search() (*SearchResult, error) { return decodeData[SearchResult](r) }

func decodeData[T any](r *BatchResult) (*T, error) {
	var data *T
	if len(r.Data) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(r.Data, &data); err != nil {
		return nil, fmt.Errorf("asa: the data of item %d cannot be read: %w", r.Index, err)
	}
	return data, nil
}
