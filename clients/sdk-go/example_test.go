package asa_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"asa.example/asa"
)

// TestMain gives the examples a service: the sandbox that npm test starts, else one that answers with the samples.
func TestMain(m *testing.M) {
	if os.Getenv("ASA_API_KEY") != "" {
		os.Exit(m.Run())
	}
	text, err := os.ReadFile(filepath.Join("..", "..", "spec", "vectors", "samples.json"))
	if err != nil {
		log.Fatal(err)
	}
	var samples map[string]json.RawMessage
	if err := json.Unmarshal(text, &samples); err != nil {
		log.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Asa-Cost", "0")
		switch {
		case r.URL.Query().Get("query") == "SANDBOX404":
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`{"error":"product_not_found","message":"There is no such page.","docs_url":"","request_id":"req_000000000001"}`))
		case strings.HasSuffix(r.URL.Path, "/search"):
			_, _ = w.Write(samples["search"])
		default:
			_, _ = w.Write(samples["product"])
		}
	}))
	os.Setenv("ASA_API_KEY", "asa_test_ExampleKey000000000000000000000")
	os.Setenv("ASA_BASE_URL", server.URL)
	code := m.Run()
	server.Close()
	os.Exit(code)
}

func ExampleClient_Product() {
	client, err := asa.New(os.Getenv("ASA_API_KEY"), asa.WithBaseURL(os.Getenv("ASA_BASE_URL")))
	if err != nil {
		log.Fatal(err)
	}
	product, err := client.Product(context.Background(), asa.ProductParams{Query: "B0ASA00001"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(product.ASIN, product.Price != nil, *product.Meta.Cost)
	// Output: B0ASA00001 true 0
}

func ExampleClient_SearchPages() {
	client, err := asa.New(os.Getenv("ASA_API_KEY"), asa.WithBaseURL(os.Getenv("ASA_BASE_URL")))
	if err != nil {
		log.Fatal(err)
	}
	for page, err := range client.SearchPages(context.Background(), asa.SearchParams{Query: "usb cable", Pages: 1}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(page.Page, len(page.Products) > 0)
	}
	// Output: 1 true
}

func ExampleError() {
	client, err := asa.New(os.Getenv("ASA_API_KEY"), asa.WithBaseURL(os.Getenv("ASA_BASE_URL")))
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.Product(context.Background(), asa.ProductParams{Query: "SANDBOX404"})
	var failed *asa.Error
	if errors.As(err, &failed) {
		fmt.Println(failed.Code, failed.Status, failed.Attempts, errors.Is(err, asa.ErrNotFound))
	}
	// Output: product_not_found 404 1 true
}

func ExampleClient_With() {
	client, err := asa.New(os.Getenv("ASA_API_KEY"), asa.WithBaseURL(os.Getenv("ASA_BASE_URL")))
	if err != nil {
		log.Fatal(err)
	}
	impatient, err := client.With(asa.WithMaxAttempts(1), asa.WithDeadline(20*time.Second))
	if err != nil {
		log.Fatal(err)
	}
	product, err := impatient.Product(context.Background(), asa.ProductParams{Query: "B0ASA00001"})
	fmt.Println(product.ASIN, err)
	// Output: B0ASA00001 <nil>
}
