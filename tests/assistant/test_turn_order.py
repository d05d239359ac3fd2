"""One conversation's turns stay in order and bounded; others do not wait for them."""

import asyncio

import pytest

from assistant.errors import ServiceError
from assistant.ordering import WAITING_MAX, TurnOrder


async def test_turns_of_one_conversation_never_overlap_and_keep_their_order() -> None:
    order, log = TurnOrder(), []

    async def turn(number: int) -> None:
        async with order.turn("a"):
            log.append(("begin", number))
            await asyncio.sleep(0)
            log.append(("end", number))

    await asyncio.gather(*(turn(number) for number in range(WAITING_MAX)))
    assert log == [(what, number) for number in range(WAITING_MAX) for what in ("begin", "end")]


async def test_another_conversation_does_not_wait() -> None:
    order = TurnOrder()
    async with order.turn("a"), asyncio.timeout(1), order.turn("b"):
        pass


async def test_too_many_waiting_are_refused_and_the_others_still_served() -> None:
    order, served = TurnOrder(), []

    async def turn(number: int) -> None:
        async with order.turn("a"):
            served.append(number)

    async with order.turn("a"):
        waiting = [asyncio.create_task(turn(number)) for number in range(WAITING_MAX)]
        await asyncio.sleep(0)
        with pytest.raises(ServiceError, match="One thing at a time"):
            await turn(99)
    await asyncio.gather(*waiting)
    assert served == list(range(WAITING_MAX))
