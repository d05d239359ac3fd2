"""Tells the console's pages which conversation has changed and how many wait, as server-sent events."""

from __future__ import annotations

import asyncio
import json
import time

from sanic import Blueprint

from assistant.accounts.rights import Right
from assistant.web.console.conversations import PLACE
from assistant.web.console.frame import Visit, page

blueprint = Blueprint("console_conversation_events")

PING_EVERY_S = 15.0
LISTENED_S = 300.0
"""Then the browser comes again, and whoever has been signed out since is not let in any more."""


@page(blueprint, PLACE + "/events", Right.VIEW)
async def events(visit: Visit) -> None:
    """One event at once, and one after each change: {"conversation": ID or null, "waiting": COUNT}."""
    chat, shop = visit.house.chat, visit.shop.id

    async def news(conversation: str | None) -> str:
        waiting = await asyncio.to_thread(chat.archive.waiting, shop)
        return f"data: {json.dumps({'conversation': conversation, 'waiting': waiting})}\n\n"

    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    response = await visit.request.respond(content_type="text/event-stream", headers=headers)
    until = time.monotonic() + LISTENED_S
    with chat.desk.feed.watching(shop) as outbox:
        await response.send(await news(None))
        while time.monotonic() < until:
            try:
                async with asyncio.timeout(PING_EVERY_S):
                    changed = await outbox.get()
            except TimeoutError:
                await response.send(": still here\n\n")
                continue
            if changed is None:  # too slow: it comes again, and reads the page
                break
            await response.send(await news(json.loads(changed)["conversation"]))
    await response.eof()
