"""The calls of the API, as the two clients share them. Pure."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from ._http import JSON_TYPE, NDJSON_TYPE, Call, pairs, segment

API = "/api/v1"
BATCH = f"{API}/amazon/batch"
LAST_PAGE = 10
"""The service searches no further."""
ENDED = ("complete", "failed", "cancelled")
"""States in which a batch stays."""


def product(params: Mapping[str, object]) -> Call:
    return Call("GET", f"{API}/amazon/product", pairs(params))


def search(params: Mapping[str, object]) -> Call:
    return Call("GET", f"{API}/amazon/search", pairs(params))


def create_batch(
    endpoint: str, items: Iterable[Mapping[str, Any]], optional: Mapping[str, object], idempotency_key: str | None
) -> Call:
    """The key makes the call safe to send again: the service answers the same batch for the same key."""
    body: dict[str, object] = {"endpoint": endpoint, "items": [dict(item) for item in items]}
    body.update({name: value for name, value in optional.items() if value is not None})
    headers = {"content-type": JSON_TYPE, "idempotency-key": idempotency_key or str(uuid.uuid4())}
    return Call("POST", BATCH, body=json.dumps(body, ensure_ascii=False).encode(), headers=headers)


def estimate(endpoint: str, params: Mapping[str, object]) -> Call:
    """A POST that changes nothing, and so may be sent again."""
    body = json.dumps({"endpoint": endpoint, "params": dict(params)}, ensure_ascii=False).encode()
    return Call("POST", f"{API}/estimate", body=body, headers={"content-type": JSON_TYPE})


def list_deliveries(batch_id: str, limit: int | None, cursor: str | None) -> Call:
    return Call("GET", f"{BATCH}/{segment(batch_id)}/deliveries", pairs({"limit": limit, "cursor": cursor}))


def redeliver(batch_id: str, delivery_id: str | None) -> Call:
    """Sent twice it is the same event twice, with the same id."""
    return Call("POST", f"{BATCH}/{segment(batch_id)}/redeliver", pairs({"delivery_id": delivery_id}))


def get_batch(batch_id: str, results: bool | None) -> Call:
    return Call("GET", f"{BATCH}/{segment(batch_id)}", pairs({"results": results}))


def list_batches(limit: int | None, cursor: str | None) -> Call:
    return Call("GET", BATCH, pairs({"limit": limit, "cursor": cursor}))


def cancel_batch(batch_id: str) -> Call:
    return Call("DELETE", f"{BATCH}/{segment(batch_id)}")


def batch_results(batch_id: str) -> Call:
    return Call("GET", f"{BATCH}/{segment(batch_id)}/results", headers={"accept": NDJSON_TYPE})


def account() -> Call:
    return Call("GET", f"{API}/account")


def request(request_id: str) -> Call:
    return Call("GET", f"{API}/requests/{segment(request_id)}")
