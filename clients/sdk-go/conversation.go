package asa

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
)

// request is one call of the API, before it is sent.
type request struct {
	method string
	// path is percent-encoded, below the base URL, with the query.
	path       string
	body       []byte
	header     map[string]string
	idempotent bool
}

// reply is an answer with its whole body.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// conversation is one call and what became of its requests so far.
type conversation struct {
	client         *Client
	request        request
	deadline       time.Time // zero for none
	attempts       int
	timeoutRetries int
}

func (c *Client) converse(r request, until time.Time) *conversation {
	t := &conversation{client: c, request: r, deadline: until}
	t.renew(until)
	return t
}

// renew lets the deadline of the call count from now. until is one of which the call is a part.
func (t *conversation) renew(until time.Time) {
	t.deadline = until
	if d := t.client.settings.deadline; d > 0 {
		if own := t.client.settings.clock.Now().Add(d); until.IsZero() || own.Before(until) {
			t.deadline = own
		}
	}
}

// left is the time to the earlier of the deadline of the call and that of the context; nil for none.
func (t *conversation) left(ctx context.Context) *time.Duration {
	var left *time.Duration
	if !t.deadline.IsZero() {
		d := t.deadline.Sub(t.client.settings.clock.Now())
		left = &d
	}
	if end, ok := ctx.Deadline(); ok {
		if d := time.Until(end); left == nil || d < *left {
			left = &d
		}
	}
	return left
}

// begin begins a request and answers how long it may take.
func (t *conversation) begin(ctx context.Context) (time.Duration, *Error) {
	if err := ctx.Err(); err != nil {
		return 0, t.gone(err)
	}
	timeout := t.client.settings.timeout
	if left := t.left(ctx); left != nil {
		if *left <= 0 {
			return 0, clientError(CodeDeadlineExceeded, "The deadline of the call ran out.", t.attempts, context.DeadlineExceeded)
		}
		timeout = min(timeout, *left)
	}
	t.attempts++
	return timeout, nil
}

// send sends the request once. The body of the answer is still to be read.
func (t *conversation) send(ctx context.Context) (*http.Response, error) {
	var body io.Reader
	if t.request.body != nil {
		body = bytes.NewReader(t.request.body)
	}
	s := t.client.settings
	r, err := http.NewRequestWithContext(ctx, t.request.method, s.baseURL+t.request.path, body)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+t.client.key)
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", s.userAgent)
	for name, value := range t.request.header {
		r.Header.Set(name, value)
	}
	return s.http.Do(r)
}

// exchange sends the request once and reads the whole answer.
func (t *conversation) exchange(ctx context.Context, timeout time.Duration) (*reply, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	response, err := t.send(ctx)
	if err != nil {
		return nil, err
	}
	return readReply(response)
}

func readReply(response *http.Response) (*reply, error) {
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	return &reply{response.StatusCode, response.Header, body}, nil
}

// lost is what an error of the network means.
func (t *conversation) lost(ctx context.Context, err error) (failure, *Error) {
	if gone := ctx.Err(); gone != nil {
		e := t.gone(gone)
		if e.Code == CodeCancelled {
			return failure{kind: failedCancelled}, e
		}
		return failure{kind: failedDeadline}, e
	}
	if errors.Is(err, context.DeadlineExceeded) {
		if left := t.left(ctx); left != nil && *left <= 0 {
			return failure{kind: failedDeadline}, t.gone(context.DeadlineExceeded)
		}
		message := fmt.Sprintf("No complete answer within %s.", t.client.settings.timeout)
		return failure{kind: failedTimeout}, clientError(CodeRequestTimeout, message, t.attempts, err)
	}
	return failure{kind: failedConnection}, clientError(CodeConnectionFailed, fmt.Sprintf("The connection failed: %v.", err), t.attempts, err)
}

// gone is the error of a call whose context has ended.
func (t *conversation) gone(cause error) *Error {
	if errors.Is(cause, context.Canceled) {
		return clientError(CodeCancelled, "The caller cancelled the call.", t.attempts, cause)
	}
	return clientError(CodeDeadlineExceeded, "The deadline of the call ran out.", t.attempts, cause)
}

// judge decodes a 2xx answer into the value, or says what failed.
func (t *conversation) judge(r *reply, into any) (failure, *Error) {
	if r.status/100 != 2 {
		f := failure{kind: failedResponse, status: r.status, header: r.header}
		if body := readErrorBody(r.body); body != nil {
			f.code = *body.Error
		}
		return f, replyError(r, t.client.settings.clock.Now(), t.attempts)
	}
	kind := failedNotJSON
	media, _, _ := mime.ParseMediaType(r.header.Get("Content-Type"))
	says := media == "application/json" || strings.HasSuffix(media, "+json")
	if says || media == "" {
		if json.Unmarshal(r.body, into) == nil && bytes.HasPrefix(bytes.TrimSpace(r.body), []byte("{")) {
			return failure{}, nil
		}
		if says && !json.Valid(r.body) {
			kind = failedTruncated
		}
	}
	return failure{kind: kind, status: r.status}, unreadableError(r, kind, t.attempts)
}

// wait waits before the next request, or returns the error that ends the call.
func (t *conversation) wait(ctx context.Context, f failure, e *Error) *Error {
	s := t.client.settings
	d := decide(f, situation{
		attempt: t.attempts, timeoutRetries: t.timeoutRetries, idempotent: t.request.idempotent, left: t.left(ctx),
		maxAttempts: s.maxAttempts, retryAfterCap: s.retryAfterCap, now: s.clock.Now(), random: s.random(),
	})
	if !d.retry {
		if d.reason == "deadline" {
			stated := d.wait
			if e.RetryAfter > 0 {
				stated = e.RetryAfter
			}
			e.Message += fmt.Sprintf(" Again in %g s, which the deadline of the call does not allow.", stated.Seconds())
		}
		return e
	}
	if f.status == http.StatusRequestTimeout {
		t.timeoutRetries++
	}
	if s.onRetry != nil {
		path, _, _ := strings.Cut(t.request.path, "?")
		s.onRetry(RetryEvent{t.request.method, path, t.attempts, d.wait, e})
	}
	if err := s.clock.Sleep(ctx, d.wait); err != nil {
		return t.gone(err)
	}
	return nil
}

// answer is a pointer to an answer of the service.
type answer[T any] interface {
	*T
	setMeta(Meta)
}

// run carries one call through. until is a deadline of which the call is a part, zero for none.
func run[T any, A answer[T]](ctx context.Context, c *Client, r request, until time.Time) (A, error) {
	t := c.converse(r, until)
	for {
		timeout, e := t.begin(ctx)
		if e != nil {
			return nil, e
		}
		var f failure
		found, err := t.exchange(ctx, timeout)
		if err != nil {
			f, e = t.lost(ctx, err)
		} else {
			into := A(new(T))
			if f, e = t.judge(found, into); e == nil {
				into.setMeta(readMeta(found, t.attempts))
				return into, nil
			}
		}
		if e = t.wait(ctx, f, e); e != nil {
			return nil, e
		}
	}
}
