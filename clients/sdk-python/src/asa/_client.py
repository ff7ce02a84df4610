"""The sync client."""

from __future__ import annotations

import time as _time
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, TypeVar, cast

import httpx

from . import _calls
from ._base import DEFAULT_BASE_URL, Options, Shared, has_ended, page_numbers, page_params, poll_waits
from ._cancel import Cancelled, CancelToken
from ._conversation import Conversation, Outcome
from ._http import Call, Lost
from ._meta import Answer
from ._settings import Settings, Time
from ._stream import BrokenStream, Results
from ._transport import ERRORS, Wire
from .generated.params import ProductOptions, SearchOptions, SearchPageOptions
from .generated.types import (
    Account,
    Batch,
    BatchEndpoint,
    BatchList,
    BatchResult,
    DeliveryList,
    Estimate,
    EstimateEndpoint,
    NewBatch,
    Product,
    Redeliver,
    SearchResult,
    Trace,
)

if TYPE_CHECKING:
    from typing_extensions import Unpack

T = TypeVar("T")


class AmazonScraperAPI(Shared):
    """A client of the service. Several threads may use it. Close it, or use it as a context manager.

    Every call raises ``AmazonScraperAPIError`` (one of its subclasses) when it has failed for good.
    """

    def __init__(
        self,
        api_key: str,
        *,
        base_url: str = DEFAULT_BASE_URL,
        user_agent: str | None = None,
        http_client: httpx.Client | None = None,
        time: Time | None = None,
        sleep: Callable[[float], None] | None = None,
        **options: Unpack[Options],
    ) -> None:
        """Makes a client; ``Options`` says how it behaves.

        :param api_key: ``asa_live_...``, or ``asa_test_...`` for the sandbox.
        :param base_url: address of the service.
        :param user_agent: added to the ``User-Agent``.
        :param http_client: for proxies, certificates and transports of your own; it stays yours to close.
        :param time: clocks and chance, for tests. :param sleep: how to wait, for tests.
        :raises ValueError: when one of them cannot be.
        """
        super().__init__(Wire(api_key, base_url, user_agent), Settings(**options, time=time or Time()))
        self._http = http_client or httpx.Client()
        self._owns_http = http_client is None
        self._sleep = sleep
        self._cancel: CancelToken | None = None

    def with_options(self, *, cancel: CancelToken | None = None, **options: Unpack[Options]) -> AmazonScraperAPI:
        """A client with other options on the same connections; for one call, or for many.

        :param cancel: its calls fail with ``CancelledError`` as soon as the token is cancelled.
        """
        other = object.__new__(AmazonScraperAPI)
        Shared.__init__(other, self._wire, self._changed(options))
        other._http, other._owns_http, other._sleep = self._http, False, self._sleep
        other._cancel = cancel or self._cancel
        return other

    def __enter__(self) -> AmazonScraperAPI:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections, unless they are of an ``http_client`` of the caller's."""
        if self._owns_http:
            self._http.close()

    def product(
        self, query: str, *, extra: Mapping[str, object] | None = None, **options: Unpack[ProductOptions]
    ) -> Product:
        """One product.

        :param query: an ASIN, or an Amazon product URL.
        :param extra: parameters that this client does not know, passed on as they are.
        """
        return cast(Product, self._run(_calls.product({"query": query, **options, **(extra or {})})))

    def search(
        self, query: str, *, extra: Mapping[str, object] | None = None, **options: Unpack[SearchOptions]
    ) -> SearchResult:
        """One to ten result pages in one answer. :param extra: as for ``product``."""
        return cast(SearchResult, self._run(_calls.search({"query": query, **options, **(extra or {})})))

    def search_pages(
        self,
        query: str,
        *,
        start_page: int = 1,
        max_pages: int | None = None,
        extra: Mapping[str, object] | None = None,
        **options: Unpack[SearchPageOptions],
    ) -> Generator[SearchResult, None, None]:
        """Result pages, one request each, until one has no products or page 10 was given out.

        :param max_pages: no more pages than this. :param extra: as for ``product``.
        """
        for number in page_numbers(start_page, max_pages):
            page = cast(SearchResult, self._run(page_params(query, number, extra, options)))
            # A first page without products is an answer, too; a later one is the end.
            if page["products"] or number == start_page:
                yield page
            if not page["products"]:
                return

    def create_batch(
        self,
        endpoint: BatchEndpoint,
        items: Iterable[Mapping[str, Any]],
        *,
        max_credits: int | None = None,
        webhook_url: str | None = None,
        webhook_events: Iterable[str] | None = None,
        idempotency_key: str | None = None,
    ) -> NewBatch:
        """Queues 1 to 1,000 items. It carries an idempotency key, so that a retry never makes a second batch.

        :param items: the parameters of each item. :param max_credits: refuse the batch when it could cost more.
        :param webhook_url: https address that is told.
        :param webhook_events: of what: ``batch.completed`` (the default), ``batch.item``.
        :param idempotency_key: one of your own, so that a restart of your program does not make a second batch either.
        """
        events = None if webhook_events is None else list(webhook_events)
        optional = {"max_credits": max_credits, "webhook_url": webhook_url, "webhook_events": events}
        return cast(NewBatch, self._run(_calls.create_batch(endpoint, items, optional, idempotency_key)))

    def get_batch(self, batch_id: str, *, results: bool | None = None) -> Batch:
        """The state of a batch. :param results: False leaves the results out."""
        return cast(Batch, self._run(_calls.get_batch(batch_id, results)))

    def list_batches(self, *, limit: int | None = None, cursor: str | None = None) -> BatchList:
        """Recent batches, newest first. :param cursor: the ``next_cursor`` of the page before."""
        return cast(BatchList, self._run(_calls.list_batches(limit, cursor)))

    def cancel_batch(self, batch_id: str) -> Batch:
        """Cancels what has not started."""
        return cast(Batch, self._run(_calls.cancel_batch(batch_id)))

    def list_deliveries(self, batch_id: str, *, limit: int | None = None, cursor: str | None = None) -> DeliveryList:
        """What was sent to the webhook of a batch, newest first, with every attempt and what was answered."""
        return cast(DeliveryList, self._run(_calls.list_deliveries(batch_id, limit, cursor)))

    def redeliver(self, batch_id: str, *, delivery_id: str | None = None) -> Redeliver:
        """Sends an event of a batch to its webhook again, at once; its ``webhook-id`` stays.

        :param delivery_id: which one; by default that of ``batch.completed``.
        """
        return cast(Redeliver, self._run(_calls.redeliver(batch_id, delivery_id)))

    def estimate(self, endpoint: EstimateEndpoint, params: Mapping[str, Any]) -> Estimate:
        """What a request would cost at most, and whether it could be paid for now. Free; nothing is fetched.

        :param params: the parameters of the product or search; for ``amazon.batch``: ``endpoint`` and ``items``.
        """
        return cast(Estimate, self._run(_calls.estimate(endpoint, params)))

    def account(self) -> Account:
        """Plan, credits, ceilings, keys and usage."""
        return cast(Account, self._run(_calls.account()))

    def request(self, request_id: str) -> Trace:
        """The trace of one request: ``client.request(error.request_id)``."""
        return cast(Trace, self._run(_calls.request(request_id)))

    def wait_for_batch(
        self, batch_id: str, *, deadline: float | None = None, on_progress: Callable[[Batch], None] | None = None
    ) -> Batch:
        """Looks at a batch until it has ended: complete, failed or cancelled. The answer is without its results.

        :param deadline: seconds for the whole waiting; None for none. :param on_progress: called after each look.
        """
        call, until = _calls.get_batch(batch_id, False), self._until(deadline)
        for wait in poll_waits():
            batch = cast(Batch, self._run(call, until))
            if on_progress is not None:
                on_progress(batch)
            if has_ended(batch):
                return batch
            self._check_poll(wait, until, batch)
            self._wait(wait, self._conversation(call))
        raise AssertionError("the waits never end")

    def batch_results(self, batch_id: str) -> Generator[BatchResult, None, None]:
        """The results in item order, as they stream in. A stream that breaks is asked for again; nothing comes twice.

        The deadline counts from the last result that came, and no single silence may be longer than ``timeout``.
        """
        call = _calls.batch_results(batch_id)
        talk, results = self._conversation(call), Results()
        while True:
            before = results.count
            outcome = yield from self._stream(call, talk, results)
            if outcome is None:
                return
            if results.count > before:
                talk.renew(self._until(self.settings.deadline))
            self._wait(cast(float, talk.judge(outcome)), talk)

    def _stream(self, call: Call, talk: Conversation, results: Results) -> Generator[BatchResult, None, Outcome | None]:
        """Gives out what one stream brings. Returns None when it was whole, else what went wrong."""
        timeout = talk.begin()
        results.begin()
        try:
            with closing(self._do(talk, partial(self._send, call, timeout))) as response:
                reply = self._wire.reply(response)
                if reply.status // 100 != 2 or not self._wire.is_ndjson(reply):
                    return self._wire.reply(
                        response, self._do(talk, partial(_body, response, _time.monotonic() + timeout))
                    )
                chunks = response.iter_bytes()
                while (chunk := self._do(talk, partial(next, chunks, None))) is not None:
                    yield from results.feed(chunk)
                yield from results.end()
                return None
        except BrokenStream as error:
            return Lost("connection", str(error), error)
        except ERRORS as error:
            return self._wire.lost(error)

    def _run(self, call: Call, until: float | None = None) -> Answer:
        talk = self._conversation(call, until)
        while True:
            timeout = talk.begin()
            found = talk.judge(self._do(talk, partial(self._exchange, call, timeout)))
            if isinstance(found, Answer):
                return found
            self._wait(found, talk)

    def _exchange(self, call: Call, timeout: float) -> Outcome:
        ends = _time.monotonic() + timeout
        try:
            with closing(self._send(call, timeout)) as response:
                # httpx allows each read the whole time: what the headers took is no longer left for the body.
                response.request.extensions["timeout"]["read"] = max(0.001, ends - _time.monotonic())
                return self._wire.reply(response, _body(response, ends))
        except ERRORS as error:
            return self._wire.lost(error)

    def _send(self, call: Call, timeout: float) -> httpx.Response:
        request = self._wire.request(self._http, call, timeout)
        # No redirects: the key goes nowhere else. No auth: credentials of the environment would replace the key.
        return self._http.send(request, stream=True, auth=None, follow_redirects=False)

    def _do(self, talk: Conversation, work: Callable[[], T]) -> T:
        """Does blocking work, in a thread of its own when it can be cancelled."""
        if self._cancel is None:
            return work()
        with _told(talk):
            return self._cancel.run(work)

    def _wait(self, seconds: float, talk: Conversation) -> None:
        with _told(talk):
            if self._sleep is not None:
                self._sleep(seconds)
                if self._cancel is not None:
                    self._cancel.wait(0)
            elif self._cancel is not None:
                self._cancel.wait(seconds)
            else:
                _time.sleep(seconds)


@contextmanager
def _told(talk: Conversation) -> Iterator[None]:
    """Turns a cancellation into the error that callers see."""
    try:
        yield
    except Cancelled:
        raise talk.cancelled() from None


def _body(response: httpx.Response, ends: float) -> bytes:
    """The whole body. httpx bounds each read; a body that drips is bounded here, by a time on the monotonic clock."""
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if _time.monotonic() > ends:
            raise httpx.ReadTimeout("the body came too slowly", request=response.request)
    return bytes(body)
