"""What the sync and the async client have in common about httpx."""

from __future__ import annotations

import httpx

from ._http import JSON_TYPE, NDJSON_TYPE, Call, Lost, Reply, check_base_url
from ._version import VERSION


class Wire:
    """Turns calls into requests of httpx, and what httpx brings or raises into replies."""

    def __init__(self, api_key: str, base_url: str, user_agent: str | None) -> None:
        if not api_key or not api_key.isascii() or not api_key.isprintable() or " " in api_key:
            raise ValueError("api_key is empty or contains characters that no key has")
        self.base_url = check_base_url(base_url)
        self._headers = {
            "authorization": f"Bearer {api_key}",
            "accept": JSON_TYPE,
            "user-agent": f"asa-python/{VERSION}{f' {user_agent}' if user_agent else ''}",
        }

    def request(self, client: httpx.Client | httpx.AsyncClient, call: Call, timeout: float) -> httpx.Request:
        return client.build_request(
            call.method,
            f"{self.base_url}{call.target}",
            content=call.body,
            headers={**self._headers, **call.headers},
            timeout=timeout,
        )

    @staticmethod
    def reply(response: httpx.Response, body: bytes = b"") -> Reply:
        return Reply(response.status_code, {name.lower(): value for name, value in response.headers.items()}, body)

    @staticmethod
    def lost(error: Exception) -> Lost:
        """What an exception of httpx means. Its text may name hosts, never the key."""
        if isinstance(error, (httpx.TimeoutException, TimeoutError)):
            return Lost("timeout", "the service was silent too long", error)
        return Lost("connection", str(error) or type(error).__name__, error)

    @staticmethod
    def is_ndjson(reply: Reply) -> bool:
        """Whether the answer can be the results of a batch."""
        media = reply.headers.get("content-type", "").split(";")[0].strip().lower()
        return media in ("", NDJSON_TYPE, JSON_TYPE)


ERRORS = (httpx.HTTPError, httpx.StreamError, TimeoutError)
"""What httpx and anyio raise when no whole answer arrives."""
