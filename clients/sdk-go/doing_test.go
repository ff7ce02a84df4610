package asa

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

func signedFor(t *testing.T, key, message string) string {
	t.Helper()
	return base64.StdEncoding.EncodeToString(sum([]byte(key), []byte(message)))
}

// done is what an operation brought.
type done struct {
	result   any
	items    []any
	progress []int64
	err      error
}

// arguments of the operations of the vectors, in the wire's words.
type arguments map[string]json.RawMessage

// take decodes an argument and removes it; what is left over are parameters that the client does not know.
func take[T any](t *testing.T, a arguments, name string) (value T) {
	t.Helper()
	if text, ok := a[name]; ok {
		if err := json.Unmarshal(text, &value); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		delete(a, name)
	}
	return value
}

func (a arguments) extra(t *testing.T) map[string]any {
	t.Helper()
	extra := map[string]any{}
	for name := range a {
		extra[name] = take[any](t, a, name)
	}
	return extra
}

func productParams(t *testing.T, a arguments) ProductParams {
	t.Helper()
	p := ProductParams{
		Query: take[string](t, a, "query"), Domain: take[string](t, a, "domain"), Language: take[string](t, a, "language"),
		Country: take[string](t, a, "country"),
	}
	if string(a["add_html"]) == "true" {
		p.AddHTML = take[bool](t, a, "add_html")
	}
	p.Extra = a.extra(t)
	return p
}

func searchParams(t *testing.T, a arguments) SearchParams {
	t.Helper()
	p := SearchParams{
		SortBy: take[SortBy](t, a, "sort_by"), StartPage: take[int64](t, a, "start_page"), Pages: take[int64](t, a, "pages"),
	}
	if most := take[int64](t, a, "max_pages"); most > 0 {
		p.Pages = most
	}
	shared := productParams(t, a)
	p.Query, p.Domain, p.Language, p.Country, p.AddHTML, p.Extra =
		shared.Query, shared.Domain, shared.Language, shared.Country, shared.AddHTML, shared.Extra
	return p
}

func batchRequest(t *testing.T, a arguments) BatchRequest {
	t.Helper()
	b := BatchRequest{WebhookURL: take[string](t, a, "webhook_url"), IdempotencyKey: take[string](t, a, "idempotency_key")}
	endpoint := take[BatchEndpoint](t, a, "endpoint")
	for _, item := range take[[]arguments](t, a, "items") {
		if endpoint == BatchEndpointAmazonProduct {
			b.Products = append(b.Products, productParams(t, item))
		} else {
			b.Searches = append(b.Searches, searchParams(t, item))
		}
	}
	return b
}

// do does one operation.
func do(t *testing.T, ctx context.Context, c *Client, op string, a arguments) (d done) {
	t.Helper()
	switch op {
	case "product":
		d.result, d.err = c.Product(ctx, productParams(t, a))
	case "search":
		d.result, d.err = c.Search(ctx, searchParams(t, a))
	case "search_pages":
		for page, err := range c.SearchPages(ctx, searchParams(t, a)) {
			if d.err = err; err == nil {
				d.items = append(d.items, page)
			}
		}
	case "create_batch":
		d.result, d.err = c.CreateBatch(ctx, batchRequest(t, a))
	case "get_batch":
		if string(a["results"]) == "false" {
			d.result, d.err = c.BatchStatus(ctx, take[string](t, a, "id"))
		} else {
			d.result, d.err = c.Batch(ctx, take[string](t, a, "id"))
		}
	case "list_batches":
		d.result, d.err = c.Batches(ctx, take[int](t, a, "limit"), take[string](t, a, "cursor"))
	case "wait_for_batch":
		d.result, d.err = c.WaitForBatch(ctx, take[string](t, a, "id"), WaitOptions{
			Deadline:   time.Duration(take[int64](t, a, "deadline_ms")) * time.Millisecond,
			OnProgress: func(b *Batch) { d.progress = append(d.progress, b.ProcessedCount) },
		})
	case "batch_results":
		for result, err := range c.BatchResults(ctx, take[string](t, a, "id")) {
			if d.err = err; err == nil {
				d.items = append(d.items, result)
			}
		}
	case "cancel_batch":
		d.result, d.err = c.CancelBatch(ctx, take[string](t, a, "id"))
	case "list_deliveries":
		d.result, d.err = c.Deliveries(ctx, take[string](t, a, "id"), take[int](t, a, "limit"), take[string](t, a, "cursor"))
	case "redeliver":
		d.result, d.err = c.Redeliver(ctx, take[string](t, a, "id"), take[string](t, a, "delivery_id"))
	case "estimate":
		params := take[arguments](t, a, "params")
		switch take[EstimateEndpoint](t, a, "endpoint") {
		case EstimateEndpointAmazonProduct:
			d.result, d.err = c.EstimateProduct(ctx, productParams(t, params))
		case EstimateEndpointAmazonSearch:
			d.result, d.err = c.EstimateSearch(ctx, searchParams(t, params))
		case EstimateEndpointAmazonBatch:
			d.result, d.err = c.EstimateBatch(ctx, batchRequest(t, params))
		}
	case "account":
		d.result, d.err = c.Account(ctx)
	case "request":
		d.result, d.err = c.Request(ctx, take[string](t, a, "request_id"))
	default:
		d.err = fmt.Errorf("there is no operation %s", op)
	}
	return d
}
