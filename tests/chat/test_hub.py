"""Who lags behind is let go; all others hear everything, in one order."""

from __future__ import annotations

import asyncio

from assistant.chat.hub import OUTBOX_MAX, Hub, Member, Outbox, tell
from assistant.chat.server_messages import Cart, Pong


async def test_what_is_put_in_comes_out_in_order() -> None:
    outbox = Outbox()
    reading = asyncio.create_task(outbox.get())
    for number in range(3):
        outbox.put(str(number))
    assert [await reading, await outbox.get(), await outbox.get()] == ["0", "1", "2"]


async def test_a_client_that_does_not_read_is_let_go_and_holds_nobody_up() -> None:
    hub = Hub()
    slow, quick = Member("nordfell", "ada", "chat"), Member("nordfell", "ada", "chat")
    for member in (slow, quick):
        hub.join(member)
    for count in range(OUTBOX_MAX + 1):
        tell(hub.showing("nordfell", "ada", "chat"), Cart(count=count))
        assert await quick.outbox.get() == f'{{"type":"cart","count":{count}}}'
    assert slow.outbox.overflowed
    assert await slow.outbox.get() is None, "it comes again, and catches up from the log"
    assert not quick.outbox.overflowed


async def test_nobody_hears_of_another_shopper_or_shop() -> None:
    hub = Hub()
    members = [
        Member("nordfell", "ada", "chat"),
        Member("nordfell", "ben", "chat"),
        Member("mossgarden", "ada", "chat"),
    ]
    for member in members:
        hub.join(member)
    assert hub.showing("nordfell", "ada", "chat") == [members[0]]
    assert hub.of("mossgarden", "ada") == [members[2]]
    hub.leave(members[0])
    hub.leave(members[0])
    assert hub.of("nordfell", "ada") == []
    tell(hub.of("nordfell", "ben"), Pong(), but=members[1])
    members[1].outbox.put("after")
    assert await members[1].outbox.get() == "after"


async def test_one_conversation_is_told_in_order_while_others_go_on() -> None:
    hub, told = Hub(), []

    async def write(conversation: str, number: int) -> None:
        async with hub.order(conversation):
            told.append((conversation, number, "kept"))
            await asyncio.sleep(0)
            told.append((conversation, number, "told"))

    await asyncio.gather(*(write(chat, number) for number in range(3) for chat in ("one", "two")))
    for chat in ("one", "two"):
        of_chat = [entry[1:] for entry in told if entry[0] == chat]
        assert of_chat == [(number, step) for number in range(3) for step in ("kept", "told")]
