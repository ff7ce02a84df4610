package asa

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Version of this client.
const Version = "0.1.0"

const userAgent = "asa-go/" + Version

const (
	api       = "/api/v1"
	batchPath = api + "/amazon/batch"
)

// Client calls the service. Any number of goroutines may use it.
type Client struct {
	key      string
	settings settings
}

// New makes a client. The key is asa_live_..., or asa_test_... for the sandbox.
func New(apiKey string, options ...Option) (*Client, error) {
	if err := checkKey(apiKey); err != nil {
		return nil, err
	}
	return (&Client{key: apiKey, settings: defaults()}).With(options...)
}

// With is a client with other options on the same connections; for one call, or for many.
func (c *Client) With(options ...Option) (*Client, error) {
	other := *c
	for _, option := range options {
		if err := option(&other.settings); err != nil {
			return nil, err
		}
	}
	return &other, nil
}

// Product asks for one product: an ASIN, or an Amazon product URL.
func (c *Client) Product(ctx context.Context, params ProductParams) (*Product, error) {
	return run[Product](ctx, c, get(api+"/amazon/product", query(params.fields())), time.Time{})
}

// Search asks for one to ten result pages in one answer.
func (c *Client) Search(ctx context.Context, params SearchParams) (*SearchResult, error) {
	return run[SearchResult](ctx, c, get(api+"/amazon/search", query(params.fields())), time.Time{})
}

// BatchRequest is what CreateBatch queues: 1 to 1,000 products or searches, not both.
type BatchRequest struct {
	Products []ProductParams
	Searches []SearchParams
	// MaxCredits refuses a batch that could cost more; 0 for no bound.
	MaxCredits int64
	// WebhookURL is an https address that is told; WebhookEvents of what: batch.completed (the default), batch.item.
	WebhookURL    string
	WebhookEvents []string
	// IdempotencyKey is one of your own, so that a restart of the program makes no second batch. Without it each call
	// has a new one, so that a retry makes none.
	IdempotencyKey string
}

var errBatch = errors.New("asa: a batch has either Products or Searches, at least one of them")

// CreateBatch queues the items of a batch.
func (c *Client) CreateBatch(ctx context.Context, batch BatchRequest) (*NewBatch, error) {
	body, err := batch.body()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("asa: the batch cannot be written as JSON: %w", err)
	}
	key := batch.IdempotencyKey
	if key == "" {
		key = newKey()
	}
	return run[NewBatch](ctx, c, request{
		method: "POST", path: batchPath, body: text, idempotent: true,
		header: map[string]string{"Content-Type": "application/json", "Idempotency-Key": key},
	}, time.Time{})
}

// body is the batch in the words of the wire.
func (batch BatchRequest) body() (map[string]any, error) {
	body := map[string]any{}
	switch {
	case len(batch.Products) > 0 && len(batch.Searches) == 0:
		body["endpoint"], body["items"] = BatchEndpointAmazonProduct, batch.Products
	case len(batch.Searches) > 0 && len(batch.Products) == 0:
		body["endpoint"], body["items"] = BatchEndpointAmazonSearch, batch.Searches
	default:
		return nil, errBatch
	}
	put(body, "max_credits", batch.MaxCredits)
	put(body, "webhook_url", batch.WebhookURL)
	if len(batch.WebhookEvents) > 0 {
		body["webhook_events"] = batch.WebhookEvents
	}
	return body, nil
}

// newKey is 32 hexadecimal digits that nobody else has.
func newKey() string {
	var bytes [16]byte
	_, _ = rand.Read(bytes[:]) // It never fails on the systems that Go runs on; a failure would crash since Go 1.24.
	return fmt.Sprintf("%x", bytes)
}

// Batch asks for the state of a batch and its results so far.
func (c *Client) Batch(ctx context.Context, id string) (*Batch, error) {
	return run[Batch](ctx, c, get(batchPath+"/"+segment(id), nil), time.Time{})
}

// BatchStatus asks for the state of a batch without its results.
func (c *Client) BatchStatus(ctx context.Context, id string) (*Batch, error) {
	return c.batchStatus(ctx, id, time.Time{})
}

func (c *Client) batchStatus(ctx context.Context, id string, until time.Time) (*Batch, error) {
	return run[Batch](ctx, c, get(batchPath+"/"+segment(id), url.Values{"results": {"false"}}), until)
}

// Batches asks for recent batches, newest first. limit is 1 to 100, 0 for the service's default; cursor is the
// NextCursor of the page before, or empty.
func (c *Client) Batches(ctx context.Context, limit int, cursor string) (*BatchList, error) {
	f := map[string]any{}
	put(f, "limit", limit)
	put(f, "cursor", cursor)
	return run[BatchList](ctx, c, get(batchPath, query(f)), time.Time{})
}

// CancelBatch cancels what has not started.
func (c *Client) CancelBatch(ctx context.Context, id string) (*Batch, error) {
	return run[Batch](ctx, c, request{method: "DELETE", path: batchPath + "/" + segment(id), idempotent: true}, time.Time{})
}

// Account asks for plan, credits, ceilings, keys and usage.
func (c *Client) Account(ctx context.Context) (*Account, error) {
	return run[Account](ctx, c, get(api+"/account", nil), time.Time{})
}

// Request asks for the trace of one request, by the RequestID of its answer or error.
func (c *Client) Request(ctx context.Context, id string) (*Trace, error) {
	return run[Trace](ctx, c, get(api+"/requests/"+segment(id), nil), time.Time{})
}

func get(path string, values url.Values) request {
	if len(values) > 0 {
		path += "?" + values.Encode()
	}
	return request{method: "GET", path: path, idempotent: true}
}

// put sets a field unless it has its zero value.
func put[T comparable](fields map[string]any, name string, value T) {
	var zero T
	if value != zero {
		fields[name] = value
	}
}

// withExtra adds the extra parameters; nil is as if it were not there.
func withExtra(fields, extra map[string]any) map[string]any {
	for name, value := range extra {
		if value != nil {
			fields[name] = value
		}
	}
	return fields
}

func query(fields map[string]any) url.Values {
	values := url.Values{}
	for name, value := range fields {
		values.Set(name, fmt.Sprint(value))
	}
	return values
}

// segment writes a text as one part of a path, whatever is in it.
func segment(text string) string { return strings.ReplaceAll(url.QueryEscape(text), "+", "%20") }
