package asa

import (
	"net/http"
	"strconv"
	"strings"
)

// Meta is what the headers of an answer said; nil where one was missing or unreadable.
type Meta struct {
	Status int
	// Attempts is how many requests this client sent for the call.
	Attempts  int
	RequestID string
	// Cost is the credits taken for the answer.
	Cost             *int64
	CreditsRemaining *int64
	// SourceAttempts is how many attempts the service made at the marketplace, SourceStatus the HTTP status of the last.
	SourceAttempts   *int64
	SourceStatus     *int64
	ResolvedURL      string
	ExtractorVersion string
	// Concurrency is requests in flight and their ceiling, Rate those of the last second and the sustained rate.
	Concurrency *Ceiling
	Rate        *Ceiling
	Header      http.Header
}

// Ceiling is how much of something is used, and how much there is.
type Ceiling struct{ Used, Limit int64 }

func readMeta(r *reply, attempts int) Meta {
	h := r.header
	return Meta{
		Status: r.status, Attempts: attempts, Header: h,
		RequestID:        h.Get("X-Request-Id"),
		Cost:             whole(h.Get("Asa-Cost")),
		CreditsRemaining: whole(h.Get("Asa-Credits-Remaining")),
		SourceAttempts:   whole(h.Get("Asa-Attempts")),
		SourceStatus:     whole(h.Get("Asa-Source-Status")),
		ResolvedURL:      h.Get("Asa-Resolved-Url"),
		ExtractorVersion: h.Get("Asa-Extractor-Version"),
		Concurrency:      ceiling(h.Get("Asa-Concurrency")),
		Rate:             ceiling(h.Get("Asa-Rps")),
	}
}

func whole(text string) *int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil
	}
	return &n
}

func ceiling(text string) *Ceiling {
	before, after, _ := strings.Cut(text, "/")
	used, limit := whole(before), whole(after)
	if used == nil || limit == nil {
		return nil
	}
	return &Ceiling{*used, *limit}
}
