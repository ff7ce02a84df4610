package asa

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestOptionsThatCannotBe(t *testing.T) {
	for _, key := range []string{"", "asa_test_a b", "asa_test_\n", "ключ"} {
		if _, err := New(key); !errors.Is(err, errKey) || (key != "" && strings.Contains(err.Error(), key)) {
			t.Errorf("the key %q: %v", key, err)
		}
	}
	for name, option := range map[string]Option{
		"no attempts": WithMaxAttempts(0), "no timeout": WithTimeout(0), "a deadline in the past": WithDeadline(-1), "a cap below 0": WithRetryAfterCap(-1),
		"no scheme": WithBaseURL("asa.example"), "another scheme": WithBaseURL("ftp://asa.example"), "no host": WithBaseURL("http://"),
		"a query": WithBaseURL("https://asa.example?a=1"), "credentials": WithBaseURL("https://user:word@asa.example"),
	} {
		if _, err := New("asa_test_x", option); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestBatchWithoutOneKindOfItems(t *testing.T) {
	client, _ := New("asa_test_x")
	both := BatchRequest{Products: []ProductParams{{Query: "B0ASA00001"}}, Searches: []SearchParams{{Query: "usb"}}}
	for _, batch := range []BatchRequest{{}, both} {
		if _, err := client.CreateBatch(context.Background(), batch); !errors.Is(err, errBatch) {
			t.Errorf("%+v: %v", batch, err)
		}
	}
}

// slow answers after the caller has gone, or after a minute that no test waits for.
func slow(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(time.Minute):
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestDeadlineOfTheContextEndsTheCall(t *testing.T) {
	client, err := New("asa_test_x", WithBaseURL(slow(t)))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	_, err = client.Account(ctx)
	var e *Error
	if !errors.As(err, &e) || e.Code != CodeDeadlineExceeded || !errors.Is(err, context.DeadlineExceeded) || e.Attempts != 1 {
		t.Errorf("the error is %v", err)
	}
}

func TestWaitBeyondTheDeadlineOfTheContextIsNotBegun(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnprocessableEntity)
		_, _ = w.Write([]byte(`{"error":"blocked_by_amazon","message":"A challenge."}`))
	}))
	defer server.Close()
	client, err := New("asa_test_x", WithBaseURL(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	_, err = client.Account(ctx)
	var e *Error
	if !errors.As(err, &e) || e.RetryAfter != time.Minute || !strings.Contains(e.Message, "Again in 60 s") || e.Attempts != 1 {
		t.Errorf("the error is %v", err)
	}
}

func TestHookIsToldEveryRetry(t *testing.T) {
	calls := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if calls++; calls < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Asa-Concurrency", "3/50")
		_, _ = w.Write([]byte(`{"plan":"pro"}`))
	}))
	defer server.Close()
	var told []RetryEvent
	clock := &testClock{now: time.Unix(0, 0), onSleep: func() {}}
	client, err := New("asa_test_x", WithBaseURL(server.URL), WithClock(clock), WithRandom(func() float64 { return 0 }),
		WithOnRetry(func(e RetryEvent) { told = append(told, e) }))
	if err != nil {
		t.Fatal(err)
	}
	account, err := client.Account(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if account.Plan != PlanPro || account.Meta.Attempts != 3 || *account.Meta.Concurrency != (Ceiling{3, 50}) || account.Meta.Cost != nil {
		t.Errorf("the answer is %+v", account)
	}
	if len(told) != 2 || told[0].Wait != 2*time.Second || told[1].Wait != 4*time.Second || told[1].Err.Status != 503 || told[0].Path != "/api/v1/account" {
		t.Errorf("told %+v", told)
	}
}

func TestIterationMayBeLeft(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/results") {
			w.Header().Set("Content-Type", "application/x-ndjson")
			_, _ = w.Write([]byte("{\"index\":0,\"data\":{\"asin\":\"B0ASA00001\"}}\n{\"index\":1}\n"))
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"products":[{"asin":"B0ASA00001"}]}`))
	}))
	defer server.Close()
	client, err := New("asa_test_x", WithBaseURL(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	for page, err := range client.SearchPages(context.Background(), SearchParams{Query: "usb"}) {
		if err != nil || page.Products[0].ASIN != "B0ASA00001" {
			t.Errorf("%v %v", page, err)
		}
		break
	}
	for result, err := range client.BatchResults(context.Background(), "id") {
		if err != nil {
			t.Fatal(err)
		}
		if product, err := result.Product(); err != nil || product.ASIN != "B0ASA00001" {
			t.Errorf("%v %v", product, err)
		}
		break
	}
}
