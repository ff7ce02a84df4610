"""Whether a webhook really comes from the service."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
import time
from collections.abc import Iterable, Mapping
from typing import Literal, Union

WebhookKind = Literal["standard", "asa"]
Reason = Literal["no_match", "too_old", "too_new", "malformed"]

TOLERANCE_SECONDS = 300
PREFIX = "whsec_"

_TEXTS: dict[Reason, str] = {
    "no_match": "no signature matches the body and the secret",
    "too_old": "the signed time is too long ago; the event may have been sent again by somebody else",
    "too_new": "the signed time lies in the future; check the clock of this machine",
    "malformed": "a signature header is missing or is not in its form",
}


class WebhookVerificationError(Exception):
    """The event is not to be trusted. ``reason`` is ``no_match``, ``too_old``, ``too_new`` or ``malformed``."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(_TEXTS[reason])
        self.reason: Reason = reason

    def __reduce__(self) -> tuple[object, ...]:
        return (WebhookVerificationError, (self.reason,))


def verify_webhook_signature(
    body: bytes | str,
    headers: Mapping[str, str],
    secret: Union[str, Iterable[str]],  # noqa: UP007  # read at run time by documentation tools of Python 3.9
    *,
    kind: WebhookKind | None = None,
    tolerance: int = TOLERANCE_SECONDS,
    now: float | None = None,
) -> None:
    """Returns when the event is genuine.

    :param body: the raw body, exactly as it arrived, before it is parsed.
    :param headers: of the request; the case of names does not matter.
    :param secret: ``webhook_signature_secret`` of the batch, or several of them while one is replaced.
    :param kind: which signature must be right: ``standard`` (``webhook-signature``, with a time: safe against replays)
        or ``asa`` (``X-ASA-Signature``, without a time). None: ``standard`` if one of its headers came, else ``asa``.
    :param tolerance: seconds by which the signed time may differ from ``now``.
    :param now: seconds since the epoch; the clock of this machine by default.
    :raises WebhookVerificationError: with the reason, when it is not.
    """
    raw = body.encode() if isinstance(body, str) else bytes(body)
    found = {name.lower(): value for name, value in headers.items()}
    secrets = (secret,) if isinstance(secret, str) else tuple(secret)
    chosen = kind or ("standard" if any(name.startswith("webhook-") for name in found) else "asa")
    if chosen == "asa":
        _verify_asa(raw, found, secrets)
    else:
        _verify_standard(raw, found, secrets, tolerance, time.time() if now is None else now)


def _verify_asa(body: bytes, headers: Mapping[str, str], secrets: tuple[str, ...]) -> None:
    match = re.fullmatch(r"sha256=([0-9a-fA-F]{64})", headers.get("x-asa-signature", "").strip())
    if match is None:
        raise WebhookVerificationError("malformed")
    given = match[1].lower()
    if not any(hmac.compare_digest(hmac.new(s.encode(), body, "sha256").hexdigest(), given) for s in secrets):
        raise WebhookVerificationError("no_match")


def _verify_standard(
    body: bytes, headers: Mapping[str, str], secrets: tuple[str, ...], tolerance: int, now: float
) -> None:
    event, stamp, signatures = (headers.get(f"webhook-{part}", "") for part in ("id", "timestamp", "signature"))
    if not event or not signatures or re.fullmatch(r"[0-9]{1,12}", stamp) is None:
        raise WebhookVerificationError("malformed")
    if int(stamp) < now - tolerance:
        raise WebhookVerificationError("too_old")
    if int(stamp) > now + tolerance:
        raise WebhookVerificationError("too_new")
    message = f"{event}.{stamp}.".encode() + body
    expected = [base64.b64encode(hmac.digest(_key(s), message, "sha256")) for s in secrets]
    given = [entry[3:].encode() for entry in signatures.split(" ") if entry.startswith("v1,")]
    if not any(hmac.compare_digest(mine, theirs) for mine in expected for theirs in given):
        raise WebhookVerificationError("no_match")


def _key(secret: str) -> bytes:
    """:raises ValueError: when it is not a secret of a webhook; the text does not repeat it."""
    if secret.startswith(PREFIX):
        try:
            return base64.b64decode(secret[len(PREFIX) :], validate=True)
        except binascii.Error:
            pass
    raise ValueError(f"a webhook secret is {PREFIX} and base64")
