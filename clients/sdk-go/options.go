package asa

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// DefaultBaseURL is where a service of one's own listens.
const DefaultBaseURL = "http://localhost:8080"

// Clock tells and waits for time. Tests give one of their own.
type Clock interface {
	Now() time.Time
	// Sleep waits, or returns the error of the context when that ends first.
	Sleep(ctx context.Context, d time.Duration) error
}

// RetryEvent is told before each wait.
type RetryEvent struct {
	Method, Path string
	// Attempt is how many requests were sent so far.
	Attempt int
	// Wait is how long until the next one.
	Wait time.Duration
	// Err is what the last one brought.
	Err *Error
}

type settings struct {
	baseURL       string
	userAgent     string
	http          *http.Client
	maxAttempts   int
	timeout       time.Duration
	deadline      time.Duration
	retryAfterCap time.Duration
	onRetry       func(RetryEvent)
	clock         Clock
	random        func() float64
}

// Option changes how a client behaves.
type Option func(*settings) error

// WithBaseURL is the address of the service.
func WithBaseURL(address string) Option {
	return func(s *settings) error {
		u, err := url.Parse(address)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			return fmt.Errorf("asa: the base URL %q is not an address like https://asa.example", address)
		}
		s.baseURL = strings.TrimRight(address, "/")
		return nil
	}
}

// WithHTTPClient is for proxies, certificates and transports of one's own. Its redirect policy is not used: redirects
// are never followed, so that the key goes nowhere else.
func WithHTTPClient(client *http.Client) Option {
	return func(s *settings) error {
		own := *client
		own.CheckRedirect = noRedirects
		s.http = &own
		return nil
	}
}

func noRedirects(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// WithUserAgent adds to the User-Agent.
func WithUserAgent(name string) Option {
	return func(s *settings) error { s.userAgent = userAgent + " " + name; return nil }
}

// WithMaxAttempts is how many requests one call may send, the first included (4). 1 switches retries off.
func WithMaxAttempts(n int) Option {
	return func(s *settings) error {
		if n < 1 {
			return fmt.Errorf("asa: %d attempts; 1 is the least, and means no retries", n)
		}
		s.maxAttempts = n
		return nil
	}
}

// WithTimeout is for one request, from connecting to the last byte (60 s).
func WithTimeout(d time.Duration) Option {
	return func(s *settings) error {
		if d <= 0 {
			return fmt.Errorf("asa: a timeout of %s; it must be above 0", d)
		}
		s.timeout = d
		return nil
	}
}

// WithDeadline is for one call with all its requests and waits (300 s), beside the deadline of its context; 0 for none.
// A wait that would pass either is not begun: the call fails at once and says how long the wait would have been.
func WithDeadline(d time.Duration) Option {
	return func(s *settings) error {
		if d < 0 {
			return fmt.Errorf("asa: a deadline of %s; it must be above 0, or 0 for none", d)
		}
		s.deadline = d
		return nil
	}
}

// WithRetryAfterCap cuts a longer Retry-After (120 s).
func WithRetryAfterCap(d time.Duration) Option {
	return func(s *settings) error {
		if d < 0 {
			return fmt.Errorf("asa: a cap of %s; it must be 0 or more", d)
		}
		s.retryAfterCap = d
		return nil
	}
}

// WithOnRetry is called before each wait.
func WithOnRetry(hook func(RetryEvent)) Option {
	return func(s *settings) error { s.onRetry = hook; return nil }
}

// WithClock gives time, for tests.
func WithClock(clock Clock) Option {
	return func(s *settings) error { s.clock = clock; return nil }
}

// WithRandom gives chance in [0, 1), for tests.
func WithRandom(random func() float64) Option {
	return func(s *settings) error { s.random = random; return nil }
}

func defaults() settings {
	return settings{
		baseURL:       DefaultBaseURL,
		userAgent:     userAgent,
		http:          &http.Client{CheckRedirect: noRedirects},
		maxAttempts:   defaultMaxAttempts,
		timeout:       defaultTimeoutMs * time.Millisecond,
		deadline:      defaultDeadlineMs * time.Millisecond,
		retryAfterCap: defaultRetryAfterCapMs * time.Millisecond,
		clock:         systemClock{},
		random:        rand.Float64,
	}
}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

var errKey = errors.New("asa: the API key is empty or contains characters that no key has")

func checkKey(key string) error {
	for _, c := range key {
		if c <= ' ' || c > '~' {
			return errKey
		}
	}
	if key == "" {
		return errKey
	}
	return nil
}
