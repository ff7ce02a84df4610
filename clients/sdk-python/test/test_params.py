"""The requests of spec/vectors/params.json, as they leave both clients."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl

import anyio
import doing
import httpx
import pytest
import vectors

from asa import AmazonScraperAPI, AsyncAmazonScraperAPI

CASES = vectors.cases("params")
KEY = "asa_test_ParamsKey0000000000000000000000"


def answer(seen: list[httpx.Request]) -> httpx.MockTransport:
    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if request.url.path.endswith("/results"):
            return httpx.Response(200, text="", headers={"content-type": "application/x-ndjson"})
        return httpx.Response(200, json={"products": []})

    return httpx.MockTransport(handle)


def check(case: dict[str, Any], seen: list[httpx.Request]) -> None:
    assert len(seen) == 1
    request = seen[0]
    path, _, query = request.url.raw_path.decode().partition("?")
    assert request.method == case["method"]
    assert path == case.get("base_path", "").rstrip("/") + case["path"]
    assert sorted(parse_qsl(query, keep_blank_values=True)) == sorted((a, b) for a, b in case["query"])
    assert KEY not in str(request.url)
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.headers["user-agent"].startswith("asa-python/")
    for name, value in {"accept": "application/json", **case.get("headers", {})}.items():
        assert request.headers[name] == value or (value == "*" and request.headers[name])
    if "body" in case:
        assert json.loads(request.content) == case["body"]
    else:
        assert request.content == b""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_sync(case: dict[str, Any]) -> None:
    seen: list[httpx.Request] = []
    http = httpx.Client(transport=answer(seen))
    client = AmazonScraperAPI(KEY, base_url=f"https://asa.example{case.get('base_path', '')}", http_client=http)
    doing.sync(client, case["op"], case["args"])
    check(case, seen)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_async(case: dict[str, Any]) -> None:
    seen: list[httpx.Request] = []
    http = httpx.AsyncClient(transport=answer(seen))
    base_url = f"https://asa.example{case.get('base_path', '')}"
    client = AsyncAmazonScraperAPI(KEY, base_url=base_url, http_client=http)
    anyio.run(doing.asynchronous, client, case["op"], case["args"])
    check(case, seen)
