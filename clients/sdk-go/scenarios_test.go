package asa

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

type scenario struct {
	Name    string         `json:"name"`
	Options map[string]int `json:"options"`
	Cancel  string         `json:"cancel"`
	Do      []struct {
		Op     string    `json:"op"`
		Args   arguments `json:"args"`
		Expect struct {
			Result   any            `json:"result"`
			Items    []any          `json:"items"`
			Progress []int64        `json:"progress"`
			Error    *expectedError `json:"error"`
		} `json:"expect"`
	} `json:"do"`
	Expect struct {
		Calls   int     `json:"calls"`
		WaitsMS []int64 `json:"waits_ms"`
	} `json:"expect"`
}

type expectedError struct {
	Family          Family    `json:"family"`
	Code            ErrorCode `json:"code"`
	Status          int       `json:"status"`
	Attempts        *int      `json:"attempts"`
	RetryAfterMS    int64     `json:"retry_after_ms"`
	MessageContains string    `json:"message_contains"`
}

// testClock moves only by waiting.
type testClock struct {
	now     time.Time
	waitsMS []int64
	onSleep func()
}

func (c *testClock) Now() time.Time { return c.now }

func (c *testClock) Sleep(ctx context.Context, d time.Duration) error {
	c.waitsMS = append(c.waitsMS, d.Milliseconds())
	c.now = c.now.Add(d)
	c.onSleep()
	return ctx.Err()
}

// startScenarios starts the server that plays the conversations, for the time of the test.
func startScenarios(t *testing.T) string {
	t.Helper()
	root := filepath.Join("..", "..")
	server := exec.Command(filepath.Join(root, "node_modules", ".bin", "node"), filepath.Join(root, "tools", "scenarios", "main.ts"))
	in, _ := server.StdinPipe()
	out, _ := server.StdoutPipe()
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		_ = server.Wait()
	})
	line, err := bufio.NewReader(out).ReadBytes('\n')
	var ready struct{ URL string }
	if err = errors.Join(err, json.Unmarshal(line, &ready)); err != nil {
		t.Fatal(err)
	}
	return ready.URL
}

type report struct {
	Calls    int      `json:"calls"`
	Problems []string `json:"problems"`
}

func readReport(t *testing.T, url string) (r report) {
	response, err := http.Get(url)
	if err != nil {
		t.Error(err)
		return r
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&r); err != nil {
		t.Error(err)
	}
	return r
}

func TestScenarios(t *testing.T) {
	var file struct {
		APIKey    string     `json:"api_key"`
		Random    float64    `json:"random"`
		Scenarios []scenario `json:"scenarios"`
	}
	load(t, "scenarios", &file)
	atLeast(t, len(file.Scenarios), 60)
	server := startScenarios(t)
	for _, s := range file.Scenarios {
		passed := t.Run(s.Name, func(t *testing.T) {
			place := s.Name + "/" + newKey()
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			clock := &testClock{now: time.Unix(1_700_000_000, 0), onSleep: func() {
				if s.Cancel == "in_wait" {
					cancel()
				}
			}}
			options := append(optionsOf(s), WithBaseURL(server+"/run/"+place), WithClock(clock), WithRandom(func() float64 { return file.Random }))
			client, err := New(file.APIKey, options...)
			if err != nil {
				t.Fatal(err)
			}
			if s.Cancel == "in_request" {
				go func() {
					for readReport(t, server+"/report/"+place).Calls == 0 {
					}
					cancel()
				}()
			}
			for _, step := range s.Do {
				d := do(t, ctx, client, step.Op, step.Args)
				if step.Expect.Result != nil && !isPart(step.Expect.Result, asJSON(t, d.result)) {
					t.Errorf("%s brought %v", step.Op, asJSON(t, d.result))
				}
				if step.Expect.Items != nil && !isPart(step.Expect.Items, asJSON(t, d.items)) {
					t.Errorf("%s gave out %v", step.Op, asJSON(t, d.items))
				}
				if step.Expect.Progress != nil && !slices.Equal(d.progress, step.Expect.Progress) {
					t.Errorf("the progress was %v", d.progress)
				}
				checkError(t, d.err, step.Expect.Error)
			}
			if !slices.Equal(clock.waitsMS, s.Expect.WaitsMS) {
				t.Errorf("it waited %v ms, expected %v", clock.waitsMS, s.Expect.WaitsMS)
			}
			if r := readReport(t, server+"/report/"+place); r.Calls != s.Expect.Calls || len(r.Problems) > 0 {
				t.Errorf("%d calls, expected %d; problems: %q", r.Calls, s.Expect.Calls, r.Problems)
			}
		})
		record(t, s.Name, passed)
	}
}

func optionsOf(s scenario) (options []Option) {
	for name, value := range s.Options {
		ms := time.Duration(value) * time.Millisecond
		options = append(options, map[string]Option{
			"max_attempts": WithMaxAttempts(max(value, 1)), "deadline_ms": WithDeadline(ms),
			"timeout_ms": WithTimeout(ms), "retry_after_cap_ms": WithRetryAfterCap(ms),
		}[name])
	}
	return options
}

func checkError(t *testing.T, err error, expected *expectedError) {
	t.Helper()
	var e *Error
	switch {
	case expected == nil && err != nil:
		t.Fatal(err)
	case expected == nil:
		return
	case !errors.As(err, &e):
		t.Fatalf("the error is %v, expected %+v", err, *expected)
	}
	if e.Family != expected.Family || e.Code != expected.Code || e.Status != expected.Status ||
		e.RetryAfter.Milliseconds() != expected.RetryAfterMS || !errors.Is(err, familyError(expected.Family)) ||
		!strings.Contains(e.Message, expected.MessageContains) || (expected.Attempts != nil && *expected.Attempts != e.Attempts) {
		t.Errorf("the error is %+v, expected %+v", *e, *expected)
	}
	if (e.Code == CodeCancelled) != errors.Is(err, context.Canceled) {
		t.Errorf("%v does not wrap the error of the context", err)
	}
}

func asJSON(t *testing.T, value any) (found any) {
	t.Helper()
	text, err := json.Marshal(value)
	if err = errors.Join(err, json.Unmarshal(text, &found)); err != nil {
		t.Fatal(err)
	}
	return found
}

// isPart compares objects by the keys that are expected, and lists element by element.
func isPart(expected, found any) bool {
	switch expected := expected.(type) {
	case map[string]any:
		object, ok := found.(map[string]any)
		for key, value := range expected {
			ok = ok && isPart(value, object[key])
		}
		return ok
	case []any:
		list, ok := found.([]any)
		ok = ok && len(list) == len(expected)
		for i := 0; ok && i < len(expected); i++ {
			ok = isPart(expected[i], list[i])
		}
		return ok
	}
	return reflect.DeepEqual(expected, found)
}

// record appends a line to the file that the table of all clients is checked against.
func record(t *testing.T, name string, passed bool) {
	t.Helper()
	path := os.Getenv("ASA_SCENARIO_RESULTS")
	if path == "" {
		return
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	outcome := map[bool]string{true: "passed", false: "failed"}[passed]
	fmt.Fprintf(file, `{"client":"Go","scenario":%q,"outcome":%q}`+"\n", name, outcome)
}
