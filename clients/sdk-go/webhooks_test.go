package asa

import (
	"errors"
	"strconv"
	"testing"
	"time"
)

var webhookVerdicts = map[string]error{
	"valid": nil, "no_match": ErrWebhookNoMatch, "too_old": ErrWebhookTooOld, "too_new": ErrWebhookTooNew, "malformed": ErrWebhookMalformed,
}

func TestWebhookSignatures(t *testing.T) {
	var file struct {
		Cases []struct {
			Name     string            `json:"name"`
			Kind     WebhookKind       `json:"kind"`
			Secret   string            `json:"secret"`
			Body     string            `json:"body"`
			Headers  map[string]string `json:"headers"`
			Now      int64             `json:"now"`
			Expected string            `json:"expected"`
		} `json:"cases"`
	}
	load(t, "webhooks", &file)
	atLeast(t, len(file.Cases), 30)
	for _, c := range file.Cases {
		for _, kind := range []WebhookKind{c.Kind, WebhookAny} {
			t.Run(c.Name+"/"+string(kind), func(t *testing.T) {
				expected, known := webhookVerdicts[c.Expected]
				if !known {
					t.Fatalf("%q is no verdict", c.Expected)
				}
				err := VerifyWebhook([]byte(c.Body), asHeader(c.Headers), kind, time.Unix(c.Now, 0), c.Secret)
				if !errors.Is(err, expected) || (expected == nil) != (err == nil) {
					t.Errorf("found %v, expected %v", err, expected)
				}
			})
		}
	}
}

func TestWebhookSecrets(t *testing.T) {
	body, secret := []byte("{}"), "whsec_c2VjcmV0"
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	header := asHeader(map[string]string{
		"webhook-id": "evt_1", "webhook-timestamp": stamp,
		"webhook-signature": "v1," + signedFor(t, "secret", "evt_1."+stamp+".{}"),
	})
	if err := VerifyWebhookSignature(body, header, "whsec_b3RoZXI=", secret); err != nil {
		t.Errorf("one of two secrets is right: %v", err)
	}
	if err := VerifyWebhookSignature(body, header, "whsec_b3RoZXI="); !errors.Is(err, ErrWebhookNoMatch) {
		t.Errorf("another secret: %v", err)
	}
	if err := VerifyWebhookSignature(body, header); !errors.Is(err, ErrWebhookNoMatch) {
		t.Errorf("no secret at all: %v", err)
	}
	if err := VerifyWebhookSignature(body, header, "hunter2"); !errors.Is(err, ErrWebhookSecret) {
		t.Errorf("no secret of a webhook: %v", err)
	}
	header.Set("X-Asa-Signature", "sha256=00")
	header.Set("Webhook-Timestamp", "1")
	if err := VerifyWebhookSignature(body, header, secret); !errors.Is(err, ErrWebhookTooOld) {
		t.Errorf("a replay hides behind the other kind: %v", err)
	}
}
