package asa

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Error is a call that failed for good. Find it with errors.As; errors.Is(err, asa.ErrRateLimit) asks for a family.
type Error struct {
	// Code is the service's, "http_<status>" for an answer without one, or one of the client's own (Code...).
	Code   ErrorCode
	Family Family
	// Status is the HTTP status; 0 when no answer arrived.
	Status int
	// Message says what was wrong, for people.
	Message string
	// DocsURL is where the docs explain the code; empty when the answer did not say.
	DocsURL string
	// RequestID is for the trace of the request and for support; empty when no answer arrived.
	RequestID string
	// Retryable says whether the same call may succeed later.
	Retryable bool
	// RetryAfter is how long to wait before the same call; 0 when that is not known.
	RetryAfter time.Duration
	// Attempts is how many requests were sent.
	Attempts int

	cause error
}

func (e *Error) Error() string {
	where := string(e.Code)
	if e.Status != 0 {
		where += fmt.Sprintf(", status %d", e.Status)
	}
	if e.RequestID != "" {
		where += ", " + e.RequestID
	}
	return fmt.Sprintf("asa: %s (%s)", e.Message, where)
}

// Unwrap gives the error below: context.Canceled, context.DeadlineExceeded, or one of the network.
func (e *Error) Unwrap() error { return e.cause }

// Is tells whether the target is the family of the error.
func (e *Error) Is(target error) bool {
	family, ok := target.(familyError)
	return ok && Family(family) == e.Family
}

type familyError Family

func (f familyError) Error() string { return "asa: " + string(f) }

const shownCharacters = 200

type errorBody struct {
	Error     *ErrorCode `json:"error"`
	Message   *string    `json:"message"`
	DocsURL   *string    `json:"docs_url"`
	RequestID *string    `json:"request_id"`
}

// readErrorBody answers nil when the text is not an object with the texts error and message.
func readErrorBody(text []byte) *errorBody {
	var body errorBody
	if json.Unmarshal(text, &body) != nil || body.Error == nil || body.Message == nil {
		return nil
	}
	return &body
}

// replyError is the typed error of an answer that is not 2xx.
func replyError(r *reply, now time.Time, attempts int) *Error {
	status := rowOfStatus(r.status)
	e := &Error{
		Code: ErrorCode(fmt.Sprintf("http_%d", r.status)), Family: status.family, Retryable: status.retryable,
		Status: r.status, RequestID: r.header.Get("X-Request-Id"), Attempts: attempts,
	}
	if body := readErrorBody(r.body); body != nil {
		e.Code, e.Message = *body.Error, *body.Message
		e.DocsURL = text(body.DocsURL)
		if id := text(body.RequestID); id != "" {
			e.RequestID = id
		}
		if row, ok := codeTable[e.Code]; ok {
			e.Family, e.Retryable = row.family, row.retryable
		}
	} else {
		e.Message = bareMessage(r)
	}
	if said, ok := saysRetryable(r.header); ok {
		e.Retryable = said
	}
	if wait, ok := retryAfter(r.header, now); ok {
		e.RetryAfter = wait
	} else if wait, ok := fixedWait(r.status, e.Code); ok && e.Retryable {
		e.RetryAfter = wait
	}
	return e
}

func text(value *string) string {
	if value == nil {
		return ""
	}
	return *value
}

func bareMessage(r *reply) string {
	if location := r.header.Get("Location"); location != "" && r.status/100 == 3 {
		return fmt.Sprintf("The service answered %d, a redirect to %s. Redirects are not followed: set the base URL.", r.status, location)
	}
	shown := shorten(r.body)
	if shown == "" {
		return fmt.Sprintf("The service answered %d without an error body.", r.status)
	}
	return fmt.Sprintf("The service answered %d without an error body: %s", r.status, shown)
}

// shorten is the first characters of a text that was expected to be something else.
func shorten(body []byte) string {
	shown := strings.ToValidUTF8(string(body[:min(len(body), shownCharacters*utf8.UTFMax)]), "\uFFFD")
	if runes := []rune(shown); len(runes) > shownCharacters {
		shown = string(runes[:shownCharacters])
	}
	return strings.TrimSpace(shown)
}

// clientError is an error of the client's own.
func clientError(code ErrorCode, message string, attempts int, cause error) *Error {
	row := codeTable[code]
	return &Error{Code: code, Family: row.family, Message: message, Retryable: row.retryable, Attempts: attempts, cause: cause}
}

// unreadableError is a 2xx answer that is not the service's.
func unreadableError(r *reply, kind failureKind, attempts int) *Error {
	what := fmt.Sprintf("something else than JSON (%s)", r.header.Get("Content-Type"))
	if kind == failedTruncated {
		what = "JSON that ends too early or is none"
	}
	message := fmt.Sprintf("The service answered %d with %s; check the base URL. It begins: %s", r.status, what, shorten(r.body))
	e := clientError(CodeInvalidResponse, message, attempts, nil)
	e.Status, e.Retryable, e.RequestID = r.status, kind == failedTruncated, r.header.Get("X-Request-Id")
	return e
}
