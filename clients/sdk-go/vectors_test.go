package asa

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"
)

// load reads one file of spec/vectors.
func load(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "spec", "vectors", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%s.json: %v", name, err)
	}
}

// atLeast fails when the vectors have gone.
func atLeast(t *testing.T, n, cases int) {
	t.Helper()
	if n < cases {
		t.Fatalf("only %d cases were found", n)
	}
}

// asHeader makes a header out of pairs whose names may have any case.
func asHeader(pairs map[string]string) http.Header {
	header := http.Header{}
	for name, value := range pairs {
		header.Set(name, value)
	}
	return header
}
