"""A title that comes into the catalogue while the service runs is found, and understood when it is spoken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.service.running import Running, eventually
from tests.service.speech import say

WITHIN_S = 60
ITEM = {
    "id": "zorblax-01", "kind": "podcast", "medium": "audio", "title": "The Zorblax Chronicles",
    "creator": "Quintessa Vanderploog", "published": "2026-01-01", "duration_s": 600,
}  # fmt: skip


def items(service: Running) -> int:
    return int(service.health()["parts"]["catalogue"].split()[0])


@pytest.fixture
def added(service: Running) -> Iterator[Path]:
    """The item's file in the operator's catalogue, once the service has taken it in; gone again afterwards."""
    before = items(service)
    file = service.data_dir / "catalogue" / "new.jsonl"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(ITEM) + "\n")
    try:
        eventually(lambda: items(service) == before + 1, WITHIN_S, "the title is known")
        yield file
    finally:
        file.unlink()


def test_a_new_title_is_heard_without_a_restart_and_a_broken_catalogue_leaves_it_so(
    service: Running, added: Path, http: httpx.Client
) -> None:
    turn = http.post(
        "/api/v1/turns",
        content=say("play the zorblax chronicles"),
        params={"channel": "command_line"},
        headers={"content-type": "application/octet-stream"},
    ).json()
    assert turn["transcript"] == "play the zorblax chronicles", turn
    known = items(service)
    added.write_text(json.dumps({**ITEM, "duration_s": -1}) + "\n")
    eventually(lambda: "new.jsonl:1: duration_s" in "".join(service.said), WITHIN_S, "the mistake is named")
    assert (service.health()["status"], items(service)) == ("ok", known)
