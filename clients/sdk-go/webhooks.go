package asa

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// WebhookKind is which signature of a webhook must be right.
type WebhookKind string

// Kinds of signatures. The standard one has a time and is safe against replays; WebhookAny takes it when any of its
// headers came, else the other.
const (
	WebhookAny      WebhookKind = ""
	WebhookStandard WebhookKind = "standard"
	WebhookASA      WebhookKind = "asa"
)

// Why a webhook is not to be trusted.
var (
	ErrWebhookNoMatch   = errors.New("asa: no signature matches the body and the secret")
	ErrWebhookTooOld    = errors.New("asa: the signed time is too long ago; the event may have been sent again by somebody else")
	ErrWebhookTooNew    = errors.New("asa: the signed time lies in the future; check the clock of this machine")
	ErrWebhookMalformed = errors.New("asa: a signature header is missing or is not in its form")
	ErrWebhookSecret    = errors.New("asa: a webhook secret is whsec_ and base64")
)

// WebhookTolerance is how much the signed time may differ from the clock of the receiver.
const WebhookTolerance = 300 * time.Second

// VerifyWebhookSignature answers nil when the event is genuine. body is the raw body, exactly as it arrived; secrets are
// webhook_signature_secret of the batch, or several of them while one is replaced.
func VerifyWebhookSignature(body []byte, header http.Header, secrets ...string) error {
	return VerifyWebhook(body, header, WebhookAny, time.Now(), secrets...)
}

// VerifyWebhook is VerifyWebhookSignature for one kind and another clock.
func VerifyWebhook(body []byte, header http.Header, kind WebhookKind, now time.Time, secrets ...string) error {
	id, stamp, signatures := header.Get("Webhook-Id"), header.Get("Webhook-Timestamp"), header.Get("Webhook-Signature")
	if kind == WebhookASA || (kind == WebhookAny && id+stamp+signatures == "") {
		return verifyASA(body, header.Get("X-Asa-Signature"), secrets)
	}
	seconds, err := strconv.ParseUint(stamp, 10, 40)
	if id == "" || signatures == "" || err != nil {
		return ErrWebhookMalformed
	}
	signed := time.Unix(int64(seconds), 0)
	if signed.Before(now.Add(-WebhookTolerance)) {
		return ErrWebhookTooOld
	}
	if signed.After(now.Add(WebhookTolerance)) {
		return ErrWebhookTooNew
	}
	matches := false
	for _, secret := range secrets {
		encoded, ok := strings.CutPrefix(secret, "whsec_")
		key, err := base64.StdEncoding.DecodeString(encoded)
		if !ok || err != nil {
			return ErrWebhookSecret
		}
		expected := "v1," + base64.StdEncoding.EncodeToString(sum(key, []byte(id+"."+stamp+"."), body))
		for _, entry := range strings.Split(signatures, " ") {
			matches = hmac.Equal([]byte(entry), []byte(expected)) || matches
		}
	}
	return matched(matches)
}

func verifyASA(body []byte, signature string, secrets []string) error {
	text, ok := strings.CutPrefix(signature, "sha256=")
	given, err := hex.DecodeString(text)
	if !ok || err != nil || len(given) != sha256.Size {
		return ErrWebhookMalformed
	}
	matches := false
	for _, secret := range secrets {
		matches = hmac.Equal(given, sum([]byte(secret), body)) || matches
	}
	return matched(matches)
}

func matched(matches bool) error {
	if matches {
		return nil
	}
	return ErrWebhookNoMatch
}

func sum(key []byte, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, key)
	for _, part := range parts {
		mac.Write(part)
	}
	return mac.Sum(nil)
}
