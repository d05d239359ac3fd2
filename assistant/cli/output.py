"""How a turn looks on a terminal."""

from __future__ import annotations

import json
from typing import Any


def as_json(turn: dict[str, Any]) -> str:
    """The whole turn, without the sound."""
    return json.dumps({name: value for name, value in turn.items() if name != "audio"}, indent=2, ensure_ascii=False)


def as_text(turn: dict[str, Any]) -> str:
    """The reply, the items found, and what the player was told."""
    reply = turn["reply"]
    lines = [reply["text"]]
    for number, card in enumerate(reply["cards"], start=1):
        about = ", ".join(part for part in (card["subtitle"], card["kind"], _minutes(card["duration_ms"])) if part)
        lines.append(f"  {number}. {card['title']} ({about})")
    lines += [f"  [{_directive(directive)}]" for directive in reply["directives"]]
    return "\n".join(lines)


def _minutes(milliseconds: int | None) -> str:
    return f"{max(1, round(milliseconds / 60_000))} min" if milliseconds else ""


def _directive(directive: dict[str, Any]) -> str:
    match directive["type"]:
        case "play":
            return f"player: play {directive['title']}"
        case "volume":
            return f"player: volume {directive['volume']} %"
        case kind:
            return f"player: {kind}"
