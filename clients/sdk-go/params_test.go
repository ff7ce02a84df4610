package asa

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
)

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestRequests(t *testing.T) {
	const key = "asa_test_ParamsKey0000000000000000000000"
	var file struct {
		Cases []struct {
			Name     string            `json:"name"`
			Op       string            `json:"op"`
			Args     arguments         `json:"args"`
			Method   string            `json:"method"`
			Path     string            `json:"path"`
			Query    [][2]string       `json:"query"`
			Headers  map[string]string `json:"headers"`
			Body     any               `json:"body"`
			BasePath string            `json:"base_path"`
		} `json:"cases"`
	}
	load(t, "params", &file)
	atLeast(t, len(file.Cases), 30)
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			var seen []*http.Request
			var body []byte
			client, err := New(key, WithBaseURL("https://asa.example"+c.BasePath), WithHTTPClient(&http.Client{
				Transport: transport(func(r *http.Request) (*http.Response, error) {
					seen = append(seen, r)
					if r.Body != nil {
						body, _ = io.ReadAll(r.Body)
					}
					answer, media := "{}", "application/json"
					if strings.HasSuffix(r.URL.Path, "/results") {
						answer, media = "", "application/x-ndjson"
					}
					return &http.Response{StatusCode: 200, Header: http.Header{"Content-Type": {media}}, Body: io.NopCloser(strings.NewReader(answer))}, nil
				}),
			}))
			if err != nil {
				t.Fatal(err)
			}
			if d := do(t, context.Background(), client, c.Op, c.Args); d.err != nil {
				t.Fatal(d.err)
			}
			if len(seen) != 1 {
				t.Fatalf("%d requests were sent", len(seen))
			}
			r := seen[0]
			path, raw, _ := strings.Cut(r.URL.RequestURI(), "?")
			if r.Method != c.Method || path != strings.TrimRight(c.BasePath, "/")+c.Path {
				t.Errorf("%s %s was sent", r.Method, path)
			}
			if got := pairsOf(t, raw); !slices.Equal(got, sorted(c.Query)) {
				t.Errorf("the query is %v", got)
			}
			if strings.Contains(r.URL.String(), key) || r.Header.Get("Authorization") != "Bearer "+key {
				t.Error("the key is not where it belongs")
			}
			if !strings.HasPrefix(r.Header.Get("User-Agent"), "asa-go/") {
				t.Errorf("the user agent is %s", r.Header.Get("User-Agent"))
			}
			if c.Headers["accept"] == "" && r.Header.Get("Accept") != "application/json" {
				t.Errorf("it accepts %s", r.Header.Get("Accept"))
			}
			for name, value := range c.Headers {
				if got := r.Header.Get(name); got == "" || (value != "*" && got != value) {
					t.Errorf("%s is %q", name, got)
				}
			}
			var sent any
			if len(body) > 0 {
				if err := json.Unmarshal(body, &sent); err != nil {
					t.Error(err)
				}
			}
			if !reflect.DeepEqual(sent, c.Body) {
				t.Errorf("the body is %v", sent)
			}
		})
	}
}

func pairsOf(t *testing.T, raw string) [][2]string {
	t.Helper()
	values, err := url.ParseQuery(raw)
	if err != nil {
		t.Fatal(err)
	}
	pairs := [][2]string{}
	for name, all := range values {
		for _, value := range all {
			pairs = append(pairs, [2]string{name, value})
		}
	}
	return sorted(pairs)
}

func sorted(pairs [][2]string) [][2]string {
	slices.SortFunc(pairs, func(a, b [2]string) int { return strings.Compare(a[0]+"="+a[1], b[0]+"="+b[1]) })
	return pairs
}
