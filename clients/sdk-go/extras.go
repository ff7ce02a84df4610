package asa

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"time"
)

// EstimateProduct asks what a product would cost at most, and whether it could be paid for now. Free; nothing is fetched.
func (c *Client) EstimateProduct(ctx context.Context, params ProductParams) (*Estimate, error) {
	return c.estimate(ctx, EstimateEndpointAmazonProduct, params)
}

// EstimateSearch asks the same of a search.
func (c *Client) EstimateSearch(ctx context.Context, params SearchParams) (*Estimate, error) {
	return c.estimate(ctx, EstimateEndpointAmazonSearch, params)
}

// EstimateBatch asks the same of a batch.
func (c *Client) EstimateBatch(ctx context.Context, batch BatchRequest) (*Estimate, error) {
	body, err := batch.body()
	if err != nil {
		return nil, err
	}
	return c.estimate(ctx, EstimateEndpointAmazonBatch, body)
}

// estimate is a POST that changes nothing, and so may be sent again.
func (c *Client) estimate(ctx context.Context, endpoint EstimateEndpoint, params any) (*Estimate, error) {
	text, err := json.Marshal(map[string]any{"endpoint": endpoint, "params": params})
	if err != nil {
		return nil, fmt.Errorf("asa: the request cannot be written as JSON: %w", err)
	}
	return run[Estimate](ctx, c, request{
		method: "POST", path: api + "/estimate", body: text, idempotent: true,
		header: map[string]string{"Content-Type": "application/json"},
	}, time.Time{})
}

// Deliveries asks what was sent to the webhook of a batch, newest first, with every attempt and what was answered.
// limit is 1 to 100, 0 for the service's default; cursor is the NextCursor of the page before, or empty.
func (c *Client) Deliveries(ctx context.Context, batchID string, limit int, cursor string) (*DeliveryList, error) {
	f := map[string]any{}
	put(f, "limit", limit)
	put(f, "cursor", cursor)
	return run[DeliveryList](ctx, c, get(batchPath+"/"+segment(batchID)+"/deliveries", query(f)), time.Time{})
}

// Redeliver sends an event of a batch to its webhook again, at once: the delivery with this id, or, when it is empty,
// that of batch.completed. The webhook-id stays: sent twice it is the same event twice.
func (c *Client) Redeliver(ctx context.Context, batchID, deliveryID string) (*Redeliver, error) {
	path := batchPath + "/" + segment(batchID) + "/redeliver"
	if deliveryID != "" {
		path += "?" + url.Values{"delivery_id": {deliveryID}}.Encode()
	}
	return run[Redeliver](ctx, c, request{method: "POST", path: path, idempotent: true}, time.Time{})
}
