"""Whole conversations with the scenario server, of both clients. Nothing waits: time is the test's."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import doing
import httpx
import pytest
import vectors

from asa import AmazonScraperAPI, AmazonScraperAPIError, AsyncAmazonScraperAPI, CancelledError, CancelToken, Time

FILE = vectors.load("scenarios")
SCENARIOS = FILE["scenarios"]
# The server speaks plain http: reading the certificates of this machine for each client would take most of the time.
REPORTS = httpx.Client(verify=False)  # noqa: S501
OPTIONS = {"deadline_ms": "deadline", "timeout_ms": "timeout", "retry_after_cap_ms": "retry_after_cap"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with vectors.scenario_server() as url:
        yield url


@dataclass
class Run:
    """One run of one scenario: its clock, its waits, its place on the server."""

    server: str
    scenario: dict[str, Any]
    waits: list[int] = field(default_factory=list)
    now: float = 1_700_000_000.0
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def base_url(self) -> str:
        return f"{self.server}/run/{self.scenario['name']}/{self.id}"

    @property
    def options(self) -> dict[str, Any]:
        given = self.scenario.get("options", {})
        options = {OPTIONS[name]: value / 1000 for name, value in given.items() if name in OPTIONS}
        return {**options, **({"max_attempts": given["max_attempts"]} if "max_attempts" in given else {})}

    @property
    def time(self) -> Time:
        return Time(monotonic=lambda: self.now, wall=lambda: self.now, random=lambda: float(FILE["random"]))

    def wait(self, seconds: float) -> None:
        self.waits.append(round(seconds * 1000))
        self.now += seconds

    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = REPORTS.get(f"{self.server}/report/{self.scenario['name']}/{self.id}").json()
        return found

    def until_called(self) -> None:
        while self.report()["calls"] == 0:
            pass

    def check(self) -> None:
        report = self.report()
        assert report["problems"] == []
        assert report["calls"] == self.scenario["expect"]["calls"]
        assert self.waits == self.scenario["expect"]["waits_ms"]


def is_part(expected: Any, found: Any) -> bool:
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(is_part(each, found.get(key)) for key, each in expected.items())
    if isinstance(expected, list):
        return isinstance(found, list) and len(found) == len(expected) and all(map(is_part, expected, found))
    return bool(expected == found)


def check_done(expect: dict[str, Any], done: doing.Done, error: AmazonScraperAPIError | None) -> None:
    if "result" in expect:
        assert is_part(expect["result"], done.result), done.result
    if "items" in expect:
        assert is_part(expect["items"], done.items), done.items
    if "progress" in expect:
        assert done.progress == expect["progress"]
    wanted = expect.get("error")
    if wanted is None:
        if error is not None:
            raise error
        return
    assert error is not None, f"no error; wanted {wanted}"
    assert (error.family, error.code, error.status) == (wanted["family"], wanted["code"], wanted["status"])
    assert error.attempts == wanted.get("attempts", error.attempts)
    assert (None if error.retry_after is None else error.retry_after * 1000) == wanted["retry_after_ms"]
    assert wanted.get("message_contains", "") in error.message


def cancel_when_called(run: Run, token: CancelToken) -> None:
    run.until_called()
    token.cancel()


@pytest.fixture
def recorded(request: pytest.FixtureRequest) -> Iterator[None]:
    failed_before = request.session.testsfailed
    yield
    client = "Python" if request.node.name.startswith("test_sync") else "Python async"
    outcome = "passed" if request.session.testsfailed == failed_before else "failed"
    vectors.record(client, request.node.callspec.params["scenario"]["name"], outcome)


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario["name"])
def test_sync(scenario: dict[str, Any], server: str) -> None:
    run, token = Run(server, scenario), CancelToken()

    def sleep(seconds: float) -> None:
        run.wait(seconds)
        if scenario.get("cancel") == "in_wait":
            token.cancel()

    http = httpx.Client(verify=False)  # noqa: S501
    with (
        http,
        AmazonScraperAPI(
            FILE["api_key"], base_url=run.base_url, time=run.time, sleep=sleep, http_client=http, **run.options
        ) as whole,
    ):
        client = whole.with_options(cancel=token) if "cancel" in scenario else whole
        if scenario.get("cancel") == "in_request":
            threading.Thread(target=cancel_when_called, args=(run, token), daemon=True).start()
        for step in scenario["do"]:
            done, error = doing.Done(), None
            try:
                doing.sync(client, step["op"], step["args"], done)
            except AmazonScraperAPIError as raised:
                error = raised
            check_done(step["expect"], done, error)
            assert ("cancel" in scenario) == isinstance(error, CancelledError)
    run.check()


@pytest.mark.usefixtures("recorded")
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario["name"])
def test_async(scenario: dict[str, Any], server: str) -> None:
    run = Run(server, scenario)
    asyncio.run(play(run))
    run.check()


async def play(run: Run) -> None:
    async def sleep(seconds: float) -> None:
        run.wait(seconds)
        if run.scenario.get("cancel") == "in_wait":
            task.cancel()
        await asyncio.sleep(0)

    async def steps(client: AsyncAmazonScraperAPI) -> None:
        for step in run.scenario["do"]:
            done, error = doing.Done(), None
            try:
                await doing.asynchronous(client, step["op"], step["args"], done)
            except AmazonScraperAPIError as raised:
                error = raised
            check_done(step["expect"], done, error)

    http = httpx.AsyncClient(verify=False)  # noqa: S501
    made = AsyncAmazonScraperAPI(
        FILE["api_key"], base_url=run.base_url, time=run.time, sleep=sleep, http_client=http, **run.options
    )
    async with http, made as client:
        task = asyncio.ensure_future(steps(client))
        if run.scenario.get("cancel") == "in_request":
            await asyncio.to_thread(run.until_called)
            task.cancel()
        if "cancel" not in run.scenario:
            await task
            return
        # A task that is cancelled ends as the event loop wants it, not with an error of this client.
        with pytest.raises(asyncio.CancelledError):
            await task
