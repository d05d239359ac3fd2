"""The speaker's state machine, run in a real browser: what a listener may rely on, whatever the order of messages."""

from __future__ import annotations

import random
from typing import Any

import pytest
from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="module")

Event = dict[str, Any]
RUN = """async (events) => {
  const { INITIAL, reduce, phase, isDucked } = await import("/speaker/state.js");
  let state = INITIAL;
  const steps = [];
  for (const event of events) {
    const step = reduce(Object.freeze(state), event);
    state = step.state;
    steps.push({ state, effects: step.effects, phase: phase(state), ducked: isDucked(state) });
  }
  return steps;
}"""


def message(kind: str, **fields: Any) -> Event:
    return {"type": "message", "message": {"type": kind, **fields}}


def server_state(name: str, request: str | None = None) -> Event:
    return message("state", state=name, dialog_request_id=request)


def answer(request: str, *directives: dict[str, Any], text: str = "Here it is.") -> Event:
    reply = {"dialog_request_id": request, "speech": text, "text": text, "cards": [], "quick_replies": []}
    return message("reply", reply={**reply, "directives": list(directives)})


def audio(request: str) -> list[Event]:
    begin = message("audio_begin", dialog_request_id=request, rate=22050)
    return [begin, {"type": "audio", "chunk": f"chunk of {request}"}]


def audio_end(request: str) -> Event:
    return message("audio_end", dialog_request_id=request, completed=True)


READY = message("ready", conversation="token", history=[], stores_audio=False)
LISTEN: Event = {"type": "listen"}
OPENED: Event = {"type": "microphone", "status": "open"}
CANCEL: Event = {"type": "cancel"}
SPOKEN: Event = {"type": "spoken"}
LOST: Event = {"type": "link", "status": "lost"}
PLAY = {"type": "play", "item": "talk.1", "title": "A talk", "url": "/media/talk.1"}
PAUSE = {"type": "pause"}


def spoken_turn(request: str) -> list[Event]:
    """From the press of the button to the service thinking."""
    heard = message("final", text="find a talk", alternatives=[], dialog_request_id=request)
    return [LISTEN, OPENED, server_state("listening", request), server_state("thinking", request), heard]


async def run(page: Page, *events: Event) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = await page.evaluate(RUN, list(events))
    return steps


def done(steps: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [effect for step in steps for effect in step["effects"] if effect["do"] == kind]


def sent(steps: list[dict[str, Any]]) -> list[str]:
    return [effect["message"]["type"] for effect in done(steps, "send")]


async def test_a_spoken_turn_goes_through_every_state(modules: Page) -> None:
    """Ready, listening, thinking, speaking, ready; and the speech is over when the last sample was heard."""
    events = [READY, *spoken_turn("r1"), answer("r1"), server_state("speaking", "r1"), *audio("r1"), audio_end("r1")]
    steps = await run(modules, *events, server_state("idle"), SPOKEN)
    phases = [step["phase"] for step in steps]
    assert list(dict.fromkeys(phases)) == ["idle", "opening", "listening", "thinking", "speaking"]
    assert phases[-2:] == ["speaking", "idle"], "the service was done before the listener had heard all"
    assert sent(steps) == ["listen"]
    assert [turn["said"] for turn in steps[-1]["state"]["turns"]] == ["find a talk"]


async def test_the_microphone_is_open_only_while_listening(modules: Page) -> None:
    """Every way out of listening closes it: the end of the turn, cancel, typing, a lost connection."""
    ways = ([server_state("thinking", "r1")], [CANCEL], [{"type": "say", "text": "hello"}], [LOST], [{"type": "end"}])
    for way in ways:
        steps = await run(modules, READY, LISTEN, OPENED, server_state("listening", "r1"), *way)
        assert len(done(steps, "closeMicrophone")) == 1, way
        assert steps[-1]["state"]["microphone"] == "closed"


async def test_a_cancelled_permission_question_sends_nothing(modules: Page) -> None:
    """Who cancels before the microphone opens has said nothing, even if it opens later."""
    steps = await run(modules, READY, LISTEN, CANCEL, OPENED)
    assert sent(steps) == []
    assert steps[-1]["phase"] == "idle"
    assert done(steps, "closeMicrophone")


async def test_what_belongs_to_an_older_request_is_dropped(modules: Page) -> None:
    """After an interruption the old answer is not shown, not heard, and its directives are not obeyed."""
    late = [answer("r1", PLAY), *audio("r1"), audio_end("r1")]
    new = [server_state("thinking", "r2"), answer("r2", PAUSE, text="Paused."), server_state("idle"), SPOKEN]
    interrupted = [READY, *spoken_turn("r1"), LISTEN, OPENED]
    for events in ([*late, server_state("listening", "r2")], [server_state("listening", "r2"), *late]):
        steps = await run(modules, *interrupted, *events, *new)
        assert done(steps, "speak") == []
        assert [effect["directives"] for effect in done(steps, "direct")] == [[PAUSE]]
        replies = [turn["reply"] and turn["reply"]["text"] for turn in steps[-1]["state"]["turns"]]
        assert replies == [None, "Paused."]


async def test_an_old_change_of_state_does_not_end_a_new_utterance(modules: Page) -> None:
    """`idle` of the last turn crosses `listen` on the wire: the microphone stays open."""
    steps = await run(modules, READY, LISTEN, OPENED, server_state("idle", "r0"), server_state("listening", "r1"))
    assert [step["phase"] for step in steps[2:]] == ["listening"] * 3


async def test_pressing_the_button_silences_the_answer_at_once(modules: Page) -> None:
    """Not first when the service has heard of it."""
    speaking = [*spoken_turn("r1"), answer("r1"), server_state("speaking", "r1"), *audio("r1")]
    steps = await run(modules, READY, *speaking, LISTEN, {"type": "audio", "chunk": "late"})
    assert {"do": "stopSpeech"} in steps[-2]["effects"]
    assert [effect["chunk"] for effect in done(steps, "speak")] == ["chunk of r1"]


async def test_play_waits_until_the_answer_was_spoken(modules: Page) -> None:
    """So that the item's first words are not talked over; silencing the answer does not lose the item."""
    speaking = [READY, *spoken_turn("r1"), answer("r1", PLAY), server_state("speaking", "r1"), *audio("r1")]
    steps = await run(modules, *speaking, audio_end("r1"), server_state("idle"))
    assert done(steps, "direct") == []
    for end in ([audio_end("r1"), server_state("idle"), SPOKEN], [CANCEL, server_state("idle")]):
        steps = await run(modules, *speaking, *end)
        assert done(steps, "direct") == [{"do": "direct", "directives": [PLAY], "request": "r1"}]


async def test_a_service_without_a_voice_still_plays(modules: Page) -> None:
    """No audio comes with the reply: `idle` alone releases the directive."""
    steps = await run(modules, READY, *spoken_turn("r1"), answer("r1", PLAY), server_state("idle"))
    assert len(done(steps, "direct")) == 1


async def test_text_while_listening_cancels_the_utterance_first(modules: Page) -> None:
    """The protocol takes `text` in every state but listening."""
    steps = await run(modules, READY, LISTEN, OPENED, server_state("listening", "r1"), {"type": "say", "text": " hi "})
    assert sent(steps) == ["listen", "cancel", "text"]
    assert steps[-1]["state"]["turns"] == [{"request": None, "said": "hi", "reply": None, "lost": False}]


async def test_the_token_is_kept_only_after_the_first_interaction(modules: Page) -> None:
    steps = await run(modules, READY)
    assert done(steps, "remember") == []
    steps = await run(modules, READY, {"type": "say", "text": "hello"})
    assert done(steps, "remember") == [{"do": "remember", "token": "token"}]


async def test_a_reconnection_doubles_nothing_and_finds_the_lost_answer(modules: Page) -> None:
    """The answer that came while the connection was down stands where the question stood."""
    history = [
        {"said": said, "reply": answer(request, text=said.upper())["message"]["reply"]}
        for said, request in (("find a talk", "r1"), ("another", "r2"))
    ]
    asked = {"type": "say", "text": "another"}
    again = message("ready", conversation="token", history=history, stores_audio=False)
    before = [READY, *spoken_turn("r1"), answer("r1"), server_state("idle"), asked, LOST]
    steps = await run(modules, *before, {"type": "link", "status": "connecting"}, again, LOST, again)
    assert steps[len(before) - 1]["state"]["turns"][1]["lost"] is True
    turns = steps[-1]["state"]["turns"]
    assert [(turn["said"], turn["request"], turn["lost"]) for turn in turns] == [
        ("find a talk", "r1", False),
        ("another", "r2", False),
    ]
    assert turns[1]["reply"]["text"] == "ANOTHER"


async def test_a_conversation_the_service_forgot_stays_on_the_page_and_says_so(modules: Page) -> None:
    other = message("ready", conversation="other", history=[], stores_audio=False)
    steps = await run(modules, READY, *spoken_turn("r1"), answer("r1"), server_state("idle"), LOST, other)
    assert len(steps[-1]["state"]["turns"]) == 1
    assert steps[-1]["state"]["notice"]["kind"] == "forgotten"


async def test_a_token_that_is_refused_is_not_offered_again(modules: Page) -> None:
    """Otherwise the page would ask for the same impossible conversation for ever."""
    refused = message("error", code="conversation_invalid", message="No.", fatal=True)
    steps = await run(modules, READY, LOST, refused, LOST)
    assert steps[-1]["state"]["conversation"] is None
    assert done(steps, "forget") == [{"do": "forget"}]


async def test_the_player_report_goes_out_as_it_is_and_again_after_a_reconnection(modules: Page) -> None:
    report = {"state": "playing", "item": "talk.1", "position_ms": 5, "volume": 60, "dialog_request_id": "r1"}
    steps = await run(modules, READY, {"type": "player", "player": report}, LOST, READY)
    assert [effect["message"]["player"] for effect in done(steps, "send")] == [report, report]


async def test_typing_without_a_connection_says_so_and_sends_nothing(modules: Page) -> None:
    steps = await run(modules, READY, LOST, {"type": "say", "text": "hello"}, LISTEN)
    assert sent(steps) == []
    assert steps[-1]["state"]["notice"]["kind"] == "offline"
    assert steps[-1]["state"]["turns"] == []


async def test_every_microphone_problem_has_its_own_sentence(modules: Page) -> None:
    kinds = ["refused", "missing", "busy", "insecure", "unsupported", "failed"]
    texts = set()
    for kind in kinds:
        failed = {"type": "microphone", "status": "failed", "problem": kind}
        steps = await run(modules, READY, LISTEN, failed)
        assert steps[-1]["phase"] == "idle"
        texts.add(steps[-1]["state"]["notice"]["text"])
    assert len(texts) == len(kinds)


async def test_a_message_that_crossed_a_change_of_state_is_not_shown_as_an_error(modules: Page) -> None:
    crossed = message("error", code="not_now", message="not now", fatal=False)
    steps = await run(modules, READY, crossed, message("error", code="internal", message="Sorry.", fatal=False))
    assert [step["state"]["notice"] for step in steps[1:]] == [None, {"kind": "error", "text": "Sorry."}]


@pytest.mark.parametrize("seed", range(8))
async def test_whatever_happens_the_volume_comes_back(modules: Page, seed: int) -> None:
    """After any muddle of messages and gestures, a calm service and a cancelled utterance mean full volume."""
    chance = random.Random(seed)
    requests = ["r1", "r2", "r3"]
    moves: list[Any] = [
        lambda: LISTEN,
        lambda: OPENED,
        lambda: CANCEL,
        lambda: SPOKEN,
        lambda: LOST,
        lambda: READY,
        lambda: {"type": "end"},
        lambda: {"type": "say", "text": "hello"},
        lambda: {"type": "microphone", "status": "failed", "problem": "busy"},
        lambda: server_state(chance.choice(["idle", "listening", "thinking", "speaking"]), chance.choice(requests)),
        lambda: answer(chance.choice(requests), chance.choice([PLAY, PAUSE])),
        lambda: audio(chance.choice(requests))[0],
        lambda: audio_end(chance.choice(requests)),
        lambda: message("error", code="internal", message="Sorry.", fatal=False),
    ]
    muddle = [chance.choice(moves)() for _ in range(400)]
    calm = [LOST, READY, CANCEL, server_state("idle"), audio_end("r9"), SPOKEN]
    steps = await run(modules, *muddle, *calm)
    assert steps[-1]["phase"] == "idle"
    assert steps[-1]["ducked"] is False
    for step in steps:
        listening = step["phase"] in ("opening", "listening")
        assert not listening or step["ducked"], "the player is turned down whenever somebody may be speaking"
        assert step["state"]["request"] not in step["state"]["superseded"]
