package asa

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestErrorAnswers(t *testing.T) {
	var file struct {
		Cases []struct {
			Name    string            `json:"name"`
			Status  int               `json:"status"`
			Headers map[string]string `json:"headers"`
			Body    string            `json:"body"`
			Expect  struct {
				Family          Family    `json:"family"`
				Code            ErrorCode `json:"code"`
				Status          int       `json:"status"`
				Message         *string   `json:"message"`
				MessageContains string    `json:"message_contains"`
				DocsURL         *string   `json:"docs_url"`
				RequestID       *string   `json:"request_id"`
				Retryable       bool      `json:"retryable"`
				RetryAfterMS    *int64    `json:"retry_after_ms"`
			} `json:"expect"`
		} `json:"cases"`
	}
	load(t, "errors", &file)
	atLeast(t, len(file.Cases), 40)
	for _, c := range file.Cases {
		t.Run(c.Name, func(t *testing.T) {
			var err error = replyError(&reply{c.Status, asHeader(c.Headers), []byte(c.Body)}, time.Time{}, 3)
			var e *Error
			if !errors.As(err, &e) || !errors.Is(err, familyError(c.Expect.Family)) {
				t.Fatalf("%v is not of the family %s", err, c.Expect.Family)
			}
			expected := Error{
				Code: c.Expect.Code, Family: c.Expect.Family, Status: c.Expect.Status, Retryable: c.Expect.Retryable,
				Message: e.Message, DocsURL: text(c.Expect.DocsURL), RequestID: text(c.Expect.RequestID), Attempts: 3,
			}
			if c.Expect.Message != nil {
				expected.Message = *c.Expect.Message
			}
			if c.Expect.RetryAfterMS != nil {
				expected.RetryAfter = time.Duration(*c.Expect.RetryAfterMS) * time.Millisecond
			}
			if *e != expected {
				t.Errorf("made %+v, expected %+v", *e, expected)
			}
			if !strings.Contains(e.Message, c.Expect.MessageContains) {
				t.Errorf("%q does not contain %q", e.Message, c.Expect.MessageContains)
			}
		})
	}
}

func TestErrorReadsWell(t *testing.T) {
	err := &Error{Code: ErrorCodeProductNotFound, Status: 404, Message: "No such page.", RequestID: "req_1"}
	if got := err.Error(); got != "asa: No such page. (product_not_found, status 404, req_1)" {
		t.Error(got)
	}
	if errors.Is(err, ErrRateLimit) {
		t.Error("it is no error of the rate")
	}
}
