"""What the vectors do not say: settings, hooks, deadlines, cancellation, connections."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable

import httpx
import pytest

import asa

KEY = "asa_test_ClientKey0000000000000000000000"
Handle = Callable[[httpx.Request], httpx.Response]


def client_of(handle: Handle, **more: Any) -> asa.AmazonScraperAPI:
    waits: list[float] = []
    http = httpx.Client(transport=httpx.MockTransport(handle))
    return asa.AmazonScraperAPI(KEY, http_client=http, sleep=waits.append, **more)


def capacity(_: httpx.Request) -> httpx.Response:
    body = {"error": "capacity", "message": "Full.", "docs_url": "d", "request_id": "req_1"}
    return httpx.Response(503, json=body, headers={"retry-after": "1"})


@pytest.mark.parametrize("key", ["", "asa_test_a b", "asa_test_\n", "ключ"])
def test_a_key_that_cannot_be_is_not_repeated(key: str) -> None:
    with pytest.raises(ValueError, match="api_key") as caught:
        asa.AmazonScraperAPI(key)
    assert not key or key not in str(caught.value)


@pytest.mark.parametrize("url", ["", "asa.example", "ftp://asa.example", "http://", "http://a?b=1", "https://u:p@a"])
def test_an_address_that_cannot_be(url: str) -> None:
    with pytest.raises(ValueError, match="base_url"):
        asa.AmazonScraperAPI(KEY, base_url=url)


@pytest.mark.parametrize("name", ["max_attempts", "timeout", "deadline", "retry_after_cap"])
def test_settings_that_cannot_be(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        asa.AmazonScraperAPI(KEY, **{name: -1})  # type: ignore[arg-type]


def test_the_key_is_not_shown() -> None:
    assert KEY not in repr(asa.AmazonScraperAPI(KEY)) + repr(asa.AsyncAmazonScraperAPI(KEY))


def test_the_hook_and_the_log_are_told_every_retry(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="asa")
    told: list[asa.RetryEvent] = []
    with pytest.raises(asa.ServerError) as caught:
        client_of(capacity, on_retry=told.append, time=asa.Time(random=lambda: 0.0)).account()
    assert [(event.attempt, event.wait, event.error.code) for event in told] == [
        (n, 1.0, "capacity") for n in (1, 2, 3)
    ]
    assert told[0].path == "/api/v1/account"
    assert len(caplog.records) == 3
    assert (caught.value.attempts, caught.value.request_id) == (4, "req_1")


def test_options_of_one_call() -> None:
    client = client_of(capacity)
    with pytest.raises(asa.ServerError) as caught:
        client.with_options(max_attempts=1).account()
    assert caught.value.attempts == 1
    assert client.settings.max_attempts == 4


def test_meta() -> None:
    headers = {"asa-cost": "5", "asa-concurrency": "3/50", "asa-rps": "?", "x-request-id": "req_1", "asa-attempts": "2"}
    answer = client_of(lambda _: httpx.Response(200, json={"asin": "B0"}, headers=headers)).product("B0")
    found = asa.meta(answer)
    assert (found.cost, found.concurrency, found.rps) == (5, (3, 50), None)
    assert (found.request_id, found.source_attempts, found.attempts, found.status) == ("req_1", 2, 1, 200)
    assert dict(answer) == {"asin": "B0"}
    with pytest.raises(TypeError, match="not a copy"):
        asa.meta(dict(answer))


def test_a_client_of_the_callers_own_stays_open() -> None:
    http = httpx.Client(transport=httpx.MockTransport(capacity))
    with asa.AmazonScraperAPI(KEY, http_client=http):
        pass
    assert not http.is_closed
    own = asa.AmazonScraperAPI(KEY)
    own.with_options(timeout=1).close()
    assert not own._http.is_closed
    own.close()
    assert own._http.is_closed


class Slow(BaseHTTPRequestHandler):
    """Sends a byte of its answer now and then, for longer than any test waits."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/x-ndjson" if "results" in self.path else "application/json")
        self.send_header("content-length", "10000")
        self.end_headers()
        try:
            if "results" in self.path:
                self.wfile.write(b'{"index": 0}\n')
            for _ in range(600):
                if "results" not in self.path:
                    self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.02)
        except OSError:
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""


@contextmanager
def at_once() -> Iterator[None]:
    """The slow server goes on for 12 seconds: what ends long before was ended by the client."""
    started = time.monotonic()
    yield
    assert time.monotonic() - started < 6


@pytest.fixture(scope="module")
def slow() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_body_that_drips_is_ended_by_the_timeout(slow: str) -> None:
    client = asa.AmazonScraperAPI(KEY, base_url=slow, timeout=0.2, max_attempts=1)
    with client, at_once(), pytest.raises(asa.APIConnectionError) as caught:
        client.account()
    assert caught.value.code == "request_timeout"


def test_the_deadline_ends_a_request_that_is_running(slow: str) -> None:
    client = asa.AmazonScraperAPI(KEY, base_url=slow, deadline=0.2)
    with client, at_once(), pytest.raises(asa.APIConnectionError) as caught:
        client.account()
    assert (caught.value.code, caught.value.attempts) == ("deadline_exceeded", 1)


def test_both_end_an_async_request(slow: str) -> None:
    async def main(**options: Any) -> str:
        async with asa.AsyncAmazonScraperAPI(KEY, base_url=slow, **options) as client:
            with at_once(), pytest.raises(asa.APIConnectionError) as caught:
                await client.account()
        return caught.value.code

    assert asyncio.run(main(timeout=0.2, max_attempts=1)) == "request_timeout"
    assert asyncio.run(main(deadline=0.2)) == "deadline_exceeded"


def test_a_stream_can_be_cancelled_and_left(slow: str) -> None:
    token = asa.CancelToken()
    with asa.AmazonScraperAPI(KEY, base_url=slow) as client:
        results = client.with_options(cancel=token).batch_results("id")
        assert next(results)["index"] == 0
        threading.Timer(0.1, token.cancel).start()
        with pytest.raises(asa.CancelledError):
            next(results)
        left = client.batch_results("id")
        assert next(left)["index"] == 0
        left.close()


def test_a_wait_is_cancelled_at_once() -> None:
    token = asa.CancelToken()
    http = httpx.Client(transport=httpx.MockTransport(capacity))
    client = asa.AmazonScraperAPI(KEY, http_client=http, on_retry=lambda _: token.cancel(), retry_after_cap=1000)
    # It would wait for a second, three times.
    started = time.monotonic()
    with pytest.raises(asa.CancelledError):
        client.with_options(cancel=token).account()
    assert time.monotonic() - started < 0.9


def test_a_reply_of_lists_or_empty_is_no_answer() -> None:
    for body in (b"[]", b"null", b"1"):
        answer = httpx.Response(200, content=body, headers={"content-type": "application/json"})
        with pytest.raises(asa.InvalidResponseError) as caught:
            client_of(lambda _, answer=answer: answer).account()  # type: ignore[misc]
        assert caught.value.attempts == 1
