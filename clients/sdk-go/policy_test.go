package asa

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

type retryCase struct {
	Name    string `json:"name"`
	Attempt int    `json:"attempt"`
	Failure struct {
		Kind    string            `json:"kind"`
		Status  int               `json:"status"`
		Code    *ErrorCode        `json:"code"`
		Headers map[string]string `json:"headers"`
	} `json:"failure"`
	MaxAttempts     *int       `json:"max_attempts"`
	TimeoutRetries  int        `json:"timeout_retries"`
	Idempotent      *bool      `json:"idempotent"`
	LeftMS          *float64   `json:"left_ms"`
	RetryAfterCapMS *int       `json:"retry_after_cap_ms"`
	Now             *time.Time `json:"now"`
	Expect          struct {
		Retry         bool      `json:"retry"`
		Reason        string    `json:"reason"`
		WaitBetweenMS *[2]int64 `json:"wait_between_ms"`
	} `json:"expect"`
}

func TestDecisions(t *testing.T) {
	var file struct {
		Defaults retryCase   `json:"defaults"`
		Cases    []retryCase `json:"cases"`
	}
	load(t, "retry", &file)
	atLeast(t, len(file.Cases), 100)
	named := map[ErrorCode]bool{}
	for _, c := range file.Cases {
		f := failure{kind: failureKind(c.Failure.Kind), status: c.Failure.Status, header: asHeader(c.Failure.Headers)}
		if c.Failure.Code != nil {
			f.code = *c.Failure.Code
			named[f.code] = true
		}
		for _, random := range []float64{0, 0.5} {
			t.Run(fmt.Sprintf("%s/%g", c.Name, random), func(t *testing.T) {
				s := situation{
					attempt: c.Attempt, timeoutRetries: c.TimeoutRetries, random: random,
					maxAttempts:   *or(c.MaxAttempts, file.Defaults.MaxAttempts),
					idempotent:    *or(c.Idempotent, file.Defaults.Idempotent),
					now:           *or(c.Now, file.Defaults.Now),
					retryAfterCap: time.Duration(*or(c.RetryAfterCapMS, file.Defaults.RetryAfterCapMS)) * time.Millisecond,
				}
				if c.LeftMS != nil {
					left := time.Duration(*c.LeftMS * float64(time.Millisecond))
					s.left = &left
				}
				expected := decision{retry: c.Expect.Retry, reason: c.Expect.Reason}
				if between := c.Expect.WaitBetweenMS; between != nil {
					ms := float64(between[0]) + random*float64(between[1]-between[0])
					expected.wait = time.Duration(ms * float64(time.Millisecond))
				}
				if d := decide(f, s); d != expected {
					t.Errorf("decided %+v, expected %+v", d, expected)
				}
			})
		}
	}
	for code, row := range codeTable {
		if row.family != FamilyConnection && row.family != FamilyResponse && row.family != FamilyCancelled && !named[code] {
			t.Errorf("no case has the code %s", code)
		}
	}
}

func or[T any](value, otherwise *T) *T {
	if value != nil {
		return value
	}
	return otherwise
}

func TestStatusOutsideTheTable(t *testing.T) {
	if row := rowOfStatus(http.StatusSwitchingProtocols); row.family != FamilyResponse || row.retryable {
		t.Errorf("a 101 is %+v", row)
	}
}
