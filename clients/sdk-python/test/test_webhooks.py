"""The signatures of spec/vectors/webhooks.json."""

from __future__ import annotations

from typing import Any

import pytest
import vectors

from asa import WebhookVerificationError, verify_webhook_signature

CASES = vectors.cases("webhooks")


def verdict(case: dict[str, Any], secret: str | list[str], **more: Any) -> str:
    try:
        verify_webhook_signature(case["body"], case["headers"], secret, now=case["now"], **more)
    except WebhookVerificationError as error:
        return error.reason
    return "valid"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_signature(case: dict[str, Any]) -> None:
    assert verdict(case, case["secret"], kind=case["kind"]) == case["expected"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_kind_is_told_by_the_headers_and_their_case_does_not_matter(case: dict[str, Any]) -> None:
    shouted = {**case, "headers": {name.upper(): value for name, value in case["headers"].items()}}
    assert verdict(shouted, case["secret"]) == case["expected"]


def test_one_of_several_secrets_is_enough() -> None:
    case = next(case for case in CASES if case["name"] == "standard: valid")
    other = "whsec_" + "A" * 43 + "="
    assert verdict(case, [other, case["secret"]]) == "valid"
    assert verdict(case, [other]) == "no_match"
    assert verdict(case, []) == "no_match"


def test_a_replay_cannot_hide_behind_the_signature_without_a_time() -> None:
    standard = next(case for case in CASES if case["name"] == "standard: stale timestamp")
    both = {**standard, "headers": {**standard["headers"], "x-asa-signature": "sha256=" + "0" * 64}}
    assert verdict(both, standard["secret"]) == "too_old"


def test_a_wrong_secret_is_said_without_repeating_it() -> None:
    case = next(case for case in CASES if case["kind"] == "standard")
    with pytest.raises(ValueError, match=r"^a webhook secret is whsec_ and base64$"):
        verdict(case, "hunter2")
