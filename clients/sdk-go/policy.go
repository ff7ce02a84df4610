package asa

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// failure is what one attempt brought instead of an answer.
type failure struct {
	kind   failureKind
	status int
	code   ErrorCode
	header http.Header
}

type failureKind string

const (
	failedResponse   failureKind = "response"
	failedConnection failureKind = "connection"
	failedTimeout    failureKind = "timeout"
	failedTruncated  failureKind = "truncated"
	failedNotJSON    failureKind = "not_json"
	failedCancelled  failureKind = "cancelled"
	failedDeadline   failureKind = "deadline"
)

// situation is what a decision depends on beside the failure.
type situation struct {
	attempt        int            // requests sent so far
	timeoutRetries int            // retries already made after a 408
	idempotent     bool           // whether sending the call twice does it once
	left           *time.Duration // to the deadline; nil for none
	maxAttempts    int
	retryAfterCap  time.Duration
	now            time.Time
	random         float64 // in [0, 1)
}

// decision says whether the call is sent again: reason is "" then, else "permanent", "attempts" or "deadline".
// wait is the wait before the next request, or the one that it would have taken.
type decision struct {
	retry  bool
	reason string
	wait   time.Duration
}

// decide goes by Asa-Retryable, then by the code, then by the status. It is pure: time and chance are arguments.
func decide(f failure, s situation) decision {
	if !isRetryable(f, s.idempotent) {
		return decision{reason: "permanent"}
	}
	wait := waitAfter(f, s) + time.Duration(s.random*defaultJitterMs)*time.Millisecond
	if s.attempt >= s.maxAttempts || (f.status == http.StatusRequestTimeout && s.timeoutRetries >= defaultMaxTimeoutRetries) {
		return decision{reason: "attempts", wait: wait}
	}
	if s.left != nil && wait >= *s.left {
		return decision{reason: "deadline", wait: wait}
	}
	return decision{retry: true, wait: wait}
}

func isRetryable(f failure, idempotent bool) bool {
	if f.kind != failedResponse {
		return idempotent && (f.kind == failedConnection || f.kind == failedTimeout || f.kind == failedTruncated)
	}
	if said, ok := saysRetryable(f.header); ok {
		return said
	}
	if row, ok := codeTable[f.code]; ok {
		return row.retryable
	}
	// Without a word of the service nobody knows whether a failed write was done; 503 says that it was not.
	if !idempotent && f.status >= 500 && f.status != http.StatusServiceUnavailable {
		return false
	}
	return rowOfStatus(f.status).retryable
}

func waitAfter(f failure, s situation) time.Duration {
	if asked, ok := retryAfter(f.header, s.now); ok {
		return min(asked, s.retryAfterCap)
	}
	if fixed, ok := fixedWait(f.status, f.code); ok {
		return fixed
	}
	// 2^30 is far above the maximum.
	ms := math.Min(math.Pow(2, math.Min(float64(s.attempt), 30))*defaultBaseMs, defaultMaxMs)
	return time.Duration(ms) * time.Millisecond
}

// saysRetryable reads Asa-Retryable; ok is false when it says nothing.
func saysRetryable(header http.Header) (said, ok bool) {
	switch strings.ToLower(strings.TrimSpace(header.Get("Asa-Retryable"))) {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	return false, false
}

// retryAfter reads Retry-After, a number of seconds or an HTTP date; ok is false when there is none.
func retryAfter(header http.Header, now time.Time) (wait time.Duration, ok bool) {
	text := strings.TrimSpace(header.Get("Retry-After"))
	if text != "" && strings.Trim(text, "0123456789") == "" {
		seconds, err := strconv.ParseInt(text, 10, 64)
		if err != nil || seconds > math.MaxInt32 {
			seconds = math.MaxInt32 // Above every cap.
		}
		return time.Duration(seconds) * time.Second, true
	}
	date, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	return max(0, date.Sub(now)), true
}

// fixedWait is the wait that the tables know for a code, or else for a bare status.
func fixedWait(status int, code ErrorCode) (wait time.Duration, ok bool) {
	seconds := rowOfStatus(status).waitSeconds
	if row, known := codeTable[code]; known {
		seconds = row.waitSeconds
	}
	return time.Duration(seconds) * time.Second, seconds >= 0
}

func rowOfStatus(status int) statusRow {
	if row, ok := statusTable[strconv.Itoa(status)]; ok {
		return row
	}
	if row, ok := statusTable[strconv.Itoa(status/100)+"xx"]; ok {
		return row
	}
	return statusRow{FamilyResponse, false, -1}
}
