"""The async client."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Iterable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Callable, cast

import anyio
import httpx

from . import _calls
from ._base import DEFAULT_BASE_URL, Options, Shared, has_ended, page_numbers, page_params, poll_waits
from ._conversation import Conversation, Outcome
from ._http import Call, Lost, Reply
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


class AsyncAmazonScraperAPI(Shared):
    """A client of the service for asyncio and trio. Close it, or use it as an async context manager.

    Cancel a call by cancelling its task; it raises what the event loop raises then.

    Every call raises ``AmazonScraperAPIError`` (one of its subclasses) when it has failed for good.
    """

    def __init__(
        self,
        api_key: str,
        *,
        base_url: str = DEFAULT_BASE_URL,
        user_agent: str | None = None,
        http_client: httpx.AsyncClient | None = None,
        time: Time | None = None,
        sleep: Callable[[float], Awaitable[None]] | None = None,
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
        self._http = http_client or httpx.AsyncClient()
        self._owns_http = http_client is None
        self._sleep = sleep or anyio.sleep

    def with_options(self, **options: Unpack[Options]) -> AsyncAmazonScraperAPI:
        """A client with other options on the same connections; for one call, or for many."""
        other = object.__new__(AsyncAmazonScraperAPI)
        Shared.__init__(other, self._wire, self._changed(options))
        other._http, other._owns_http, other._sleep = self._http, False, self._sleep
        return other

    async def __aenter__(self) -> AsyncAmazonScraperAPI:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Closes the connections, unless they are of an ``http_client`` of the caller's."""
        if self._owns_http:
            await self._http.aclose()

    async def product(
        self, query: str, *, extra: Mapping[str, object] | None = None, **options: Unpack[ProductOptions]
    ) -> Product:
        """One product.

        :param query: an ASIN, or an Amazon product URL.
        :param extra: parameters that this client does not know, passed on as they are.
        """
        return cast(Product, await self._run(_calls.product({"query": query, **options, **(extra or {})})))

    async def search(
        self, query: str, *, extra: Mapping[str, object] | None = None, **options: Unpack[SearchOptions]
    ) -> SearchResult:
        """One to ten result pages in one answer. :param extra: as for ``product``."""
        return cast(SearchResult, await self._run(_calls.search({"query": query, **options, **(extra or {})})))

    async def search_pages(
        self,
        query: str,
        *,
        start_page: int = 1,
        max_pages: int | None = None,
        extra: Mapping[str, object] | None = None,
        **options: Unpack[SearchPageOptions],
    ) -> AsyncGenerator[SearchResult, None]:
        """Result pages, one request each, until one has no products or page 10 was given out.

        :param max_pages: no more pages than this. :param extra: as for ``product``.
        """
        for number in page_numbers(start_page, max_pages):
            page = cast(SearchResult, await self._run(page_params(query, number, extra, options)))
            # A first page without products is an answer, too; a later one is the end.
            if page["products"] or number == start_page:
                yield page
            if not page["products"]:
                return

    async def create_batch(
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
        return cast(NewBatch, await self._run(_calls.create_batch(endpoint, items, optional, idempotency_key)))

    async def get_batch(self, batch_id: str, *, results: bool | None = None) -> Batch:
        """The state of a batch. :param results: False leaves the results out."""
        return cast(Batch, await self._run(_calls.get_batch(batch_id, results)))

    async def list_batches(self, *, limit: int | None = None, cursor: str | None = None) -> BatchList:
        """Recent batches, newest first. :param cursor: the ``next_cursor`` of the page before."""
        return cast(BatchList, await self._run(_calls.list_batches(limit, cursor)))

    async def cancel_batch(self, batch_id: str) -> Batch:
        """Cancels what has not started."""
        return cast(Batch, await self._run(_calls.cancel_batch(batch_id)))

    async def list_deliveries(
        self, batch_id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> DeliveryList:
        """What was sent to the webhook of a batch, newest first, with every attempt and what was answered."""
        return cast(DeliveryList, await self._run(_calls.list_deliveries(batch_id, limit, cursor)))

    async def redeliver(self, batch_id: str, *, delivery_id: str | None = None) -> Redeliver:
        """Sends an event of a batch to its webhook again, at once; its ``webhook-id`` stays.

        :param delivery_id: which one; by default that of ``batch.completed``.
        """
        return cast(Redeliver, await self._run(_calls.redeliver(batch_id, delivery_id)))

    async def estimate(self, endpoint: EstimateEndpoint, params: Mapping[str, Any]) -> Estimate:
        """What a request would cost at most, and whether it could be paid for now. Free; nothing is fetched.

        :param params: the parameters of the product or search; for ``amazon.batch``: ``endpoint`` and ``items``.
        """
        return cast(Estimate, await self._run(_calls.estimate(endpoint, params)))

    async def account(self) -> Account:
        """Plan, credits, ceilings, keys and usage."""
        return cast(Account, await self._run(_calls.account()))

    async def request(self, request_id: str) -> Trace:
        """The trace of one request: ``client.request(error.request_id)``."""
        return cast(Trace, await self._run(_calls.request(request_id)))

    async def wait_for_batch(
        self, batch_id: str, *, deadline: float | None = None, on_progress: Callable[[Batch], None] | None = None
    ) -> Batch:
        """Looks at a batch until it has ended: complete, failed or cancelled. The answer is without its results.

        :param deadline: seconds for the whole waiting; None for none. :param on_progress: called after each look.
        """
        call, until = _calls.get_batch(batch_id, False), self._until(deadline)
        for wait in poll_waits():
            batch = cast(Batch, await self._run(call, until))
            if on_progress is not None:
                on_progress(batch)
            if has_ended(batch):
                return batch
            self._check_poll(wait, until, batch)
            await self._sleep(wait)
        raise AssertionError("the waits never end")

    async def batch_results(self, batch_id: str) -> AsyncGenerator[BatchResult, None]:
        """The results in item order, as they stream in. A stream that breaks is asked for again; nothing comes twice.

        The deadline counts from the last result that came, and no single silence may be longer than ``timeout``.
        """
        call = _calls.batch_results(batch_id)
        talk, results = self._conversation(call), Results()
        while True:
            before = results.count
            outcome: Outcome | None = None
            stream = self._stream(call, talk, results)
            try:
                async for row in stream:
                    if isinstance(row, Reply):
                        outcome = row
                    else:
                        yield row
            except BrokenStream as error:
                outcome = Lost("connection", str(error), error)
            except ERRORS as error:
                outcome = self._wire.lost(error)
            finally:
                await stream.aclose()
            if outcome is None:
                return
            if results.count > before:
                talk.renew(self._until(self.settings.deadline))
            await self._sleep(cast(float, talk.judge(outcome)))

    async def _stream(
        self, call: Call, talk: Conversation, results: Results
    ) -> AsyncGenerator[BatchResult | Reply, None]:
        """Gives out what one stream brings, or the reply that came instead of one."""
        timeout = talk.begin()
        results.begin()
        with anyio.fail_after(timeout):
            response = await self._send(call, timeout)
        try:
            reply = self._wire.reply(response)
            if reply.status // 100 != 2 or not self._wire.is_ndjson(reply):
                with anyio.fail_after(timeout):
                    body = await response.aread()
                yield self._wire.reply(response, body)
                return
            async for chunk in response.aiter_bytes():
                for row in results.feed(chunk):
                    yield row
            for row in results.end():
                yield row
        finally:
            await response.aclose()

    async def _run(self, call: Call, until: float | None = None) -> Answer:
        talk = self._conversation(call, until)
        while True:
            found = talk.judge(await self._exchange(call, talk.begin()))
            if isinstance(found, Answer):
                return found
            await self._sleep(found)

    async def _exchange(self, call: Call, timeout: float) -> Outcome:
        try:
            with anyio.fail_after(timeout):
                response = await self._send(call, timeout)
                try:
                    return self._wire.reply(response, await response.aread())
                finally:
                    await response.aclose()
        except ERRORS as error:
            return self._wire.lost(error)

    async def _send(self, call: Call, timeout: float) -> httpx.Response:
        request = self._wire.request(self._http, call, timeout)
        # No redirects: the key goes nowhere else. No auth: credentials of the environment would replace the key.
        return await self._http.send(request, stream=True, auth=None, follow_redirects=False)
