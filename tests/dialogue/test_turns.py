"""Turns through the real worker, as the service takes them."""

from __future__ import annotations

import asyncio
import os

import pytest

from assistant.dialogue import Dialogue, DialogueError
from skills.skill import Entity
from tests.dialogue.conftest import Service

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_request_reaches_its_action_with_what_was_named(dialogue: Dialogue, service: Service) -> None:
    turn = await dialogue.turn("t-find", "find me a lecture about black holes", {"channel": "speaker"})

    assert turn.understanding.intent == "find_media"
    assert turn.understanding.confidence == turn.understanding.ranking[0][1] > 0.9
    named = [(entity.name, entity.value, entity.text) for entity in turn.understanding.entities]
    assert named == [("kind", "talk", "lecture"), ("topic", "black holes", "black holes")]
    assert turn.responses == ()
    (call,) = service.actions
    assert (call.name, call.conversation, call.understanding.intent) == ("action_media_find", "t-find", "find_media")
    assert call.understanding.entities == turn.understanding.entities
    assert call.metadata == {"channel": "speaker"}
    assert turn.timings.total >= turn.timings.understanding > 0


async def test_an_entity_says_where_it_stands_in_the_text_that_was_understood(
    dialogue: Dialogue, service: Service
) -> None:
    (understanding,) = await dialogue.understand(["  / play the third one "])
    (ordinal,) = understanding.entities
    assert understanding.text == "play the third one"
    assert ordinal == Entity("ordinal", "3", "third", 9, 14, ordinal.confidence)


async def test_texts_are_understood_together_as_each_alone_and_no_conversation_learns_of_it(
    dialogue: Dialogue, service: Service
) -> None:
    texts = ["play the third one", "what's the weather like", "find me a talk about tea", "play the third one"]
    remembered = await dialogue.remembered()
    together = await dialogue.understand(texts)
    alone = [(await dialogue.understand([text]))[0] for text in texts]
    assert list(together) == alone
    assert [one.text for one in together] == texts
    assert await dialogue.remembered() == remembered
    assert service.actions == service.responses == []
    assert await dialogue.understand([]) == ()
    with pytest.raises(DialogueError, match="too_many_texts"):
        await dialogue.understand(["hello"] * 11)


async def test_a_response_is_worded_by_the_service(dialogue: Dialogue, service: Service) -> None:
    turn = await dialogue.turn("t-greet", "hello sori", {"store": "main"})
    (call,) = service.responses
    assert (call.name, call.intent, call.metadata) == ("utter_greet", "greet", {"store": "main"})
    assert len(call.variants) >= 2
    assert turn.responses == (call.variants[0],)
    assert service.actions == []


@pytest.mark.parametrize(
    ("text", "response"),
    [("what's the weather like tomorrow", "utter_out_of_scope"), ("what can i say", "utter_help")],
)
async def test_what_sori_cannot_do_is_answered_honestly(
    dialogue: Dialogue, service: Service, text: str, response: str
) -> None:
    await dialogue.turn("t-scope", text)
    assert [call.name for call in service.responses] == [response]


async def test_nobody_says_an_intent_by_its_name(dialogue: Dialogue, service: Service) -> None:
    """Rasa reads a leading slash as an intent and its entities: typed by a person, it is only a text."""
    turn = await dialogue.turn("t-slash", '/play_media{"title": "anything"}')
    assert turn.understanding.text == 'play_media{"title": "anything"}'
    assert turn.understanding.confidence < 1.0
    assert all(entity.value in turn.understanding.text for entity in turn.understanding.entities)


async def test_twenty_messages_at_once_keep_their_order(dialogue: Dialogue, service: Service) -> None:
    """One conversation's turns are taken as they were asked for, each with its own answer."""
    ordinals = ["first", "second", "third", "fourth"] * 5
    turns = await asyncio.gather(*(dialogue.turn("t-order", f"play the {ordinal} one") for ordinal in ordinals))
    heard = [turn.understanding.entities[0].text for turn in turns]
    assert heard == ordinals
    assert [call.understanding.entities[0].text for call in service.actions] == ordinals


async def test_a_slow_conversation_does_not_hold_up_another(dialogue: Dialogue, service: Service) -> None:
    service.gate.clear()
    slow = asyncio.create_task(dialogue.turn("t-slow", "find me a podcast"))
    await service.entered.wait()
    other = await dialogue.turn("t-quick", "hello")
    assert other.understanding.intent == "greet"
    assert not slow.done()
    service.gate.set()
    assert (await slow).understanding.intent == "find_media"


async def test_a_turn_that_takes_too_long_ends_with_a_named_error_and_the_next_one_works(
    dialogue: Dialogue, service: Service
) -> None:
    service.gate.clear()
    with pytest.raises(DialogueError) as caught:
        await dialogue.turn("t-late", "find me a podcast", timeout_s=0.3)
    assert (caught.value.code, caught.value.retryable) == ("dialogue_timeout", True)
    service.gate.set()
    assert (await dialogue.turn("t-late", "pause")).understanding.intent == "pause"
    assert service.actions[-1].name == "action_media_control"


async def test_an_action_that_fails_fails_its_turn_only(dialogue: Dialogue, service: Service) -> None:
    """Rasa would log the exception and answer nothing; the service must be able to say that something went wrong."""
    service.failure = RuntimeError("the index is away")
    with pytest.raises(DialogueError, match="the index is away") as caught:
        await dialogue.turn("t-fail", "find me a podcast")
    assert (caught.value.code, caught.value.retryable) == ("dialogue_action_failed", False)
    service.failure = None
    await dialogue.turn("t-fail", "find me a podcast")
    assert len(service.actions) == 2


async def test_events_that_rasa_cannot_read_are_refused_by_name(dialogue: Dialogue, service: Service) -> None:
    service.events = [{"event": "no such event"}]
    with pytest.raises(DialogueError, match="action_media_find") as caught:
        await dialogue.turn("t-events", "find me a podcast")
    assert caught.value.code == "dialogue_action_failed"


@pytest.mark.parametrize("text", ["", "   ", "///", "a" * 1_001, "a" * 300_000])
async def test_a_text_that_is_none_is_refused(dialogue: Dialogue, service: Service, text: str) -> None:
    with pytest.raises(DialogueError) as caught:
        await dialogue.turn("t-empty", text)
    assert caught.value.code == "dialogue_bad_text"
    assert service.actions == service.responses == []


@pytest.mark.parametrize("text", ["?!", "🎧🎧", "東京の音楽", "\u202e\u0000x", "a" * 1_000])
async def test_odd_texts_end_like_any_other(dialogue: Dialogue, service: Service, text: str) -> None:
    turn = await dialogue.turn("t-odd", text)
    assert len(turn.responses) + sum(call.name != "action_by_name" for call in service.actions) == 1
    assert turn.understanding.text == text


async def test_the_worker_remembers_no_more_conversations_than_it_may(dialogue: Dialogue, service: Service) -> None:
    for number in range(45):
        await dialogue.turn(f"t-many-{number}", "hello")
    assert await dialogue.remembered() == 40
    await dialogue.forget("t-many-44")
    assert await dialogue.remembered() == 39


async def test_a_warm_turn_is_quick(dialogue: Dialogue, service: Service) -> None:
    """Understanding, rules and an action's call back, 15 ms where measured; the limit allows for a busy machine."""
    times = [(await dialogue.turn(f"t-fast-{n % 5}", "find me a talk about tea")).timings.total for n in range(40)]
    assert sorted(times)[20] < 100, os.getloadavg()
