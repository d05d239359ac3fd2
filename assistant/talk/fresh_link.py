"""Links to recordings expire; whoever may play an item gets another."""

from __future__ import annotations

from urllib.parse import quote, urljoin

import httpx

ANSWER_WITHIN_S = 10.0


def fresh_link(base_url: str, item: str) -> str | None:
    """The present address of an item's recording; None where there is none, or the service is away. It blocks."""
    try:
        path = f"/api/v1/items/{quote(item)}/player"
        answer = httpx.get(urljoin(base_url, path), timeout=ANSWER_WITHIN_S, trust_env=False)
        recording = answer.raise_for_status().json()["recording"]
        return urljoin(base_url, recording["url"]) if recording else None
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return None
