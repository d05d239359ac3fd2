"""The speaker's state machine, run in a real browser: what a listener may rely on, whatever the order of messages."""

from __future__ import annotations

import random
from typing import Any

import pytest
from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="module")

Event = dict[str, Any]
RUN = """async (events) => {
  const { INITIAL, reduce } = await import("/speaker/state.js");
  const { hearer, isInBackground, phase } = await import("/speaker/phase.js");
  let state = INITIAL;
  const steps = [];
  for (const event of events) {
    const step = reduce(Object.freeze(state), event);
    state = step.state;
    const behind = ["content", "dialogue"].filter((channel) => isInBackground(state, channel));
    steps.push({ state, effects: step.effects, phase: phase(state), behind, hearer: hearer(state) });
  }
  return steps;
}"""


def message(kind: str, **fields: Any) -> Event:
    return {"type": "message", "message": {"type": kind, **fields}}


def server_state(name: str, request: str | None = None) -> Event:
    return message("state", state=name, dialog_request_id=request)


def answer(request: str, *directives: dict[str, Any], text: str = "Here it is.", asks: bool = False) -> Event:
    reply = {"dialog_request_id": request, "speech": text, "text": text, "cards": [], "quick_replies": []}
    return message("reply", reply={**reply, "directives": list(directives), "expects_reply": asks})


def audio(request: str) -> list[Event]:
    begin = message("audio_begin", dialog_request_id=request, rate=22050)
    return [begin, {"type": "audio", "chunk": f"chunk of {request}"}]


def audio_end(request: str) -> Event:
    return message("audio_end", dialog_request_id=request, completed=True)


READY = message("ready", conversation="token", listener="mine", history=[], stores_audio=False)
LISTEN: Event = {"type": "listen"}
OPENED: Event = {"type": "microphone", "status": "open", "echoCancelled": True}
FAILED: Event = {"type": "microphone", "status": "failed", "problem": "busy"}
CANCEL: Event = {"type": "cancel"}
SPOKEN: Event = {"type": "spoken"}
LOST: Event = {"type": "link", "status": "lost"}
WOKEN: Event = {"type": "woken"}
WAKE_ON: Event = {"type": "wakeWord", "phrase": "hey sori"}
WAKE_OFF: Event = {"type": "wakeWord", "phrase": None}
HANDS_ON: Event = {"type": "handsFree", "on": True}
HANDS_OFF: Event = {"type": "handsFree", "on": False}
EXPIRED: Event = {"type": "duckExpired"}
SOUNDS: Event = {"type": "content", "sounds": True}
PLAY = {"type": "play", "item": "talk.1", "title": "A talk", "url": "/media/talk.1"}
PAUSE, RESUME = {"type": "pause"}, {"type": "resume"}


def spoken_turn(request: str) -> list[Event]:
    """From the press of the button to the service thinking."""
    heard = message("final", text="find a talk", alternatives=[], dialog_request_id=request)
    return [LISTEN, OPENED, server_state("listening", request), server_state("thinking", request), heard]


def spoken_answer(request: str, *directives: dict[str, Any], asks: bool = False) -> list[Event]:
    """From the press of the button to the first sound of the answer, all of which the service has sent."""
    sent = [answer(request, *directives, asks=asks), server_state("speaking", request), *audio(request)]
    return [*spoken_turn(request), *sent, audio_end(request), server_state("idle", request)]


def about(kind: str, request: str = "r1") -> Event:
    """`duck`, `restore` or `interrupt`."""
    return message(kind, dialog_request_id=request)


async def run(page: Page, *events: Event) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = await page.evaluate(RUN, list(events))
    return steps


def done(steps: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [effect for step in steps for effect in step["effects"] if effect["do"] == kind]


def sent(steps: list[dict[str, Any]]) -> list[str]:
    """What the service was told but for the player's reports, of which it gets one after each `ready`."""
    kinds = [effect["message"]["type"] for effect in done(steps, "send")]
    return [kind for kind in kinds if kind != "player"]


def listens(steps: list[dict[str, Any]]) -> list[str]:
    """The triggers with which the service was asked to listen."""
    messages = [effect["message"] for effect in done(steps, "send")]
    return [message["trigger"] for message in messages if message["type"] == "listen"]


def told(steps: list[dict[str, Any]]) -> list[tuple[str, bool]]:
    """The answers that were reported as heard, and whether to their end."""
    return [(effect["request"], effect["whole"]) for effect in done(steps, "tellSpoken")]


async def test_a_spoken_turn_goes_through_every_state(modules: Page) -> None:
    """Ready, listening, thinking, speaking, ready; and the speech is over when the last sample was heard."""
    events = [READY, *spoken_turn("r1"), answer("r1"), server_state("speaking", "r1"), *audio("r1"), audio_end("r1")]
    steps = await run(modules, *events, server_state("idle"), SPOKEN)
    phases = [step["phase"] for step in steps]
    assert list(dict.fromkeys(phases)) == ["idle", "opening", "listening", "thinking", "speaking"]
    assert phases[-2:] == ["speaking", "idle"], "the service was done before the listener had heard all"
    assert listens(steps) == ["button", "barge_in"]
    assert [turn["said"] for turn in steps[-1]["state"]["turns"]] == ["find a talk"]


async def test_without_hands_free_the_microphone_is_open_only_while_listening(modules: Page) -> None:
    """Every way out of listening closes it: the end of the turn, cancel, typing, a lost connection."""
    ways = ([server_state("thinking", "r1")], [CANCEL], [{"type": "say", "text": "hello"}], [LOST], [{"type": "end"}])
    for way in ways:
        steps = await run(modules, HANDS_OFF, READY, LISTEN, OPENED, server_state("listening", "r1"), *way)
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


async def test_what_goes_on_waits_likewise_and_what_stops_does_not(modules: Page) -> None:
    for directive, waits in ((RESUME, True), (PAUSE, False)):
        steps = await run(modules, READY, *spoken_answer("r1", directive))
        assert done(steps, "direct") == ([] if waits else [{"do": "direct", "directives": [PAUSE], "request": "r1"}])
        assert len(done(await run(modules, READY, *spoken_answer("r1", directive), SPOKEN), "direct")) == 1


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
    assert done(steps, "remember") == [{"do": "remember", "token": "token", "listener": "mine"}]


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
    silent, *reports = [effect["message"]["player"] for effect in done(steps, "send")]
    assert (silent["state"], silent["item"], "seek" in silent["can"]) == ("stopped", None, True)
    assert reports == [report, report]


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


async def test_an_answer_can_be_spoken_into(modules: Page) -> None:
    """It is turned down at the first sound and stops at the first word; what follows is the next utterance."""
    into = [about("duck"), about("interrupt"), {"type": "audio", "chunk": "late"}, audio_end("r1")]
    new = [server_state("listening", "r1"), message("partial", text="stop"), server_state("thinking", "r2")]
    steps = await run(modules, READY, SOUNDS, *spoken_answer("r1", PLAY), *into, *new)
    ducked, interrupted = steps[-7], steps[-6]
    assert ducked["behind"] == ["content", "dialogue"]
    assert ducked["phase"] == "speaking"
    assert interrupted["phase"] == "listening"
    assert {"do": "stopSpeech"} in interrupted["effects"]
    assert told(steps) == [("r1", False)]
    assert steps[-2]["state"]["partial"] == "stop"
    assert [effect["chunk"] for effect in done(steps, "speak")] == ["chunk of r1"]
    assert done(steps, "direct") == [], "what the answer was about to play is no longer wanted"
    assert len(done(steps, "openMicrophone")) == 1, "the same microphone goes on"


async def test_a_false_alarm_loses_nothing(modules: Page) -> None:
    """The volume comes back, the answer goes on to its end, and what it announced plays; any number of times."""
    alarms = [about("duck"), about("restore"), about("duck"), EXPIRED]
    steps = await run(modules, READY, *spoken_answer("r1", PLAY), *alarms, SPOKEN)
    assert [step["behind"] for step in steps[-5:]] == [["content", "dialogue"], [], ["content", "dialogue"], [], []]
    assert {"do": "stopSpeech"} not in [effect for step in steps[-5:] for effect in step["effects"]]
    assert told(steps) == [("r1", True)]
    assert len(done(steps, "direct")) == 1


async def test_words_begun_on_the_last_syllable_are_still_decided_upon(modules: Page) -> None:
    """The end of the answer is not reported, nor what it announced begun, while somebody may be speaking."""
    steps = await run(modules, READY, *spoken_answer("r1", PLAY), about("duck"), SPOKEN)
    assert (told(steps), done(steps, "direct"), steps[-1]["hearer"]) == ([], [], "service")
    for end, heard in ((about("restore"), True), (EXPIRED, True), (about("interrupt"), False)):
        steps = await run(modules, READY, *spoken_answer("r1", PLAY), about("duck"), SPOKEN, end)
        assert told(steps) == ([("r1", True)] if heard else [])
        assert len(done(steps, "direct")) == heard


async def test_who_may_speak_into_an_answer(modules: Page) -> None:
    """Only who spoke before, with the switch on, and with a microphone that does not hear the loudspeaker."""
    deaf: Event = {"type": "microphone", "status": "open", "echoCancelled": False}
    echoing = [deaf if event is OPENED else event for event in spoken_answer("r1")]
    typed = [{"type": "say", "text": "hello"}, server_state("thinking", "r1"), *spoken_answer("r1")[5:]]
    for events in ([HANDS_OFF, *spoken_answer("r1")], echoing, typed):
        steps = await run(modules, READY, *events)
        assert "barge_in" not in listens(steps)
        assert steps[-1]["phase"] == "speaking"
        assert steps[-1]["state"]["microphone"] == "closed"


async def test_hands_free_takes_effect_in_the_middle_of_an_answer(modules: Page) -> None:
    steps = await run(modules, READY, *spoken_answer("r1"), about("duck"), HANDS_OFF, HANDS_ON, OPENED)
    assert [step["state"]["microphone"] for step in steps[-3:]] == ["closed", "opening", "open"]
    assert steps[-3]["behind"] == []
    assert listens(steps) == ["button", "barge_in", "barge_in"]
    steps = await run(modules, READY, *spoken_answer("r1"), about("duck"), HANDS_OFF, about("interrupt"))
    assert sent(steps)[-1] == "cancel", "nobody is there any more to hear the rest"


async def test_alarms_about_an_older_answer_are_passed_over(modules: Page) -> None:
    steps = await run(modules, READY, *spoken_answer("r1"), LISTEN, about("duck"), about("interrupt"))
    assert [step["state"]["ducked"] for step in steps[-2:]] == [False, False]
    steps = await run(modules, READY, *spoken_answer("r1"), SPOKEN, *spoken_answer("r2"), about("interrupt", "r1"))
    assert steps[-1]["phase"] == "speaking"


async def test_after_a_question_the_microphone_opens_by_itself(modules: Page) -> None:
    """Once it was heard to its end, with a tone; and closes in silence when nobody answers."""
    silence = [message("final", text="", alternatives=[], dialog_request_id="r2"), server_state("idle", "r2")]
    steps = await run(
        modules, READY, *spoken_answer("r1", asks=True), SPOKEN, server_state("listening", "r1"), *silence
    )
    assert listens(steps) == ["button", "barge_in", "follow_up"]
    assert steps[-5]["phase"] == "speaking"
    assert steps[-4]["phase"] == "listening"
    assert {"do": "cue"} in steps[-4]["effects"]
    assert len(done(steps, "cue")) == 1
    last = steps[-1]
    assert (last["phase"], last["state"]["microphone"], last["state"]["notice"]) == ("idle", "closed", None)
    assert len(last["state"]["turns"]) == 1


async def test_who_types_or_cancels_is_not_listened_to(modules: Page) -> None:
    typed = [{"type": "say", "text": "hello"}, server_state("thinking", "r1"), *spoken_answer("r1", asks=True)[5:]]
    for events in (
        [*typed, SPOKEN],
        [HANDS_OFF, *spoken_answer("r1", asks=True), SPOKEN],
        [*spoken_answer("r1", asks=True), CANCEL, SPOKEN],
        [*spoken_answer("r1", asks=True), {"type": "say", "text": "no"}, SPOKEN],
        [*spoken_answer("r1", asks=True), LOST, READY, SPOKEN],
    ):
        steps = await run(modules, READY, *events)
        assert "follow_up" not in listens(steps)
        assert steps[-1]["state"]["microphone"] == "closed"


async def test_words_that_were_not_meant_for_the_speaker_are_not_kept_on_the_page(modules: Page) -> None:
    """The service passes over them: `final` and `idle` with no reply between."""
    steps = await run(modules, READY, *spoken_turn("r1"), server_state("idle", "r1"))
    assert steps[-1]["state"]["turns"] == []


async def test_until_the_word_nothing_is_sent(modules: Page) -> None:
    """The microphone is open and its sound goes to the detector; then to the service, with what followed the word."""
    waiting = [WAKE_ON, READY, OPENED]
    steps = await run(modules, *waiting, WOKEN, server_state("listening"))
    assert [step["hearer"] for step in steps] == ["detector", "detector", "detector", "service", "service"]
    assert [step["phase"] for step in steps[1:]] == ["idle", "waiting", "listening", "listening"]
    assert sent(steps[:3]) == []
    assert [effect["do"] for effect in steps[3]["effects"]][-3:] == ["cue", "send", "sendPreRoll"]
    assert listens(steps) == ["wake"]
    off = await run(modules, *waiting, WAKE_OFF, WOKEN)
    assert (off[-1]["state"]["microphone"], sent(off)) == ("closed", [])


async def test_after_the_answer_it_waits_for_the_word_again(modules: Page) -> None:
    heard = [event for event in spoken_answer("r1") if event not in (LISTEN, OPENED)]
    steps = await run(modules, WAKE_ON, READY, OPENED, WOKEN, *heard, SPOKEN)
    assert steps[-1]["phase"] == "waiting"
    assert done(steps, "closeMicrophone") == []
    lost = await run(modules, WAKE_ON, READY, OPENED, LOST, READY, OPENED)
    assert [step["phase"] for step in lost[-3:]] == ["offline", "idle", "waiting"]


async def test_the_second_failure_to_connect_is_told(modules: Page) -> None:
    """The first attempt mostly succeeds, and what flickers explains nothing."""
    again: Event = {"type": "link", "status": "connecting"}
    steps = await run(modules, READY, LOST, again, LOST, again, READY)
    kinds = [(step["state"]["notice"] or {}).get("kind") for step in steps]
    assert kinds == [None, None, None, "offline", "offline", None]


REQUESTS = ["r1", "r2", "r3"]


def muddle(chance: random.Random, length: int) -> list[Event]:
    """Messages and gestures in any order."""
    request = chance.choice
    moves: list[Any] = [
        *(lambda event=event: event for event in (LISTEN, OPENED, OPENED, CANCEL, SPOKEN, SPOKEN, LOST, READY, READY)),
        *(lambda event=event: event for event in (WAKE_ON, WAKE_OFF, WOKEN, HANDS_ON, HANDS_OFF, EXPIRED, FAILED)),
        lambda: {"type": "end"},
        lambda: {"type": "say", "text": "hello"},
        lambda: server_state(chance.choice(["idle", "listening", "thinking", "speaking"]), request(REQUESTS)),
        lambda: answer(request(REQUESTS), chance.choice([PLAY, PAUSE]), asks=chance.random() < 0.5),
        lambda: audio(request(REQUESTS))[0],
        lambda: audio_end(request(REQUESTS)),
        lambda: message(
            "final", text=chance.choice(["", "stop"]), alternatives=[], dialog_request_id=request(REQUESTS)
        ),
        lambda: about(chance.choice(["duck", "restore", "interrupt"]), request(REQUESTS)),
        lambda: message("error", code="internal", message="Sorry.", fatal=False),
        lambda: {"type": "content", "sounds": chance.random() < 0.5},
    ]
    return [chance.choice(moves)() for _ in range(length)]


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_happens_the_volume_comes_back(modules: Page, seed: int) -> None:
    """In every state in which nothing is said, everything sounds at its full volume; and it can be reached."""
    chance = random.Random(seed)
    calm = [LOST, READY, CANCEL, server_state("idle"), audio_end("r9"), SPOKEN]
    steps = await run(modules, *muddle(chance, 600), *calm)
    assert steps[-1]["phase"] == "idle"
    assert any(step["behind"] for step in steps)
    for step in steps:
        state = step["state"]
        if step["phase"] in ("idle", "waiting", "offline") and not state["speech"]["playing"]:
            assert step["behind"] == []
        if step["phase"] in ("opening", "listening"):
            assert "content" in step["behind"], "the player is turned down whenever somebody may be speaking"
        assert not state["ducked"] or state["ear"] == "beside"
        assert state["request"] not in state["superseded"]


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_happens_the_microphone_is_open_for_a_reason(modules: Page, seed: int) -> None:
    """And nobody gets its sound whom the listener has not addressed."""
    device = "closed"
    events = muddle(random.Random(100 + seed), 600)
    for event, step in zip(events, await run(modules, *events), strict=True):
        state = step["state"]
        if event is FAILED:
            device = "closed"
        for effect in step["effects"]:
            device = {"openMicrophone": "opening", "closeMicrophone": "closed"}.get(effect["do"], device)
        assert (state["microphone"] == "closed") == (device == "closed")
        if state["microphone"] != "closed" and state["ear"] == "shut":
            assert state["wake"] is not None or (state["handsFree"] and state["voiced"])
        if step["hearer"] == "service":
            assert state["microphone"] == "open"
            assert state["link"] == "open"
        if state["ear"] == "beside":
            assert state["handsFree"]
            assert state["voiced"]
            assert state["echoCancelled"]


async def test_what_begins_last_is_heard_in_front(modules: Page) -> None:
    """By the table of audio channels, an answer puts what plays into the background, a tap on the player the answer."""
    over = [SOUNDS, {"type": "say", "text": "hello"}, server_state("thinking", "r1"), *spoken_answer("r1")[5:]]
    steps = await run(modules, READY, *over, SPOKEN)
    assert [step["behind"] for step in steps[-2:]] == [["content"], []]
    steps = await run(modules, READY, *over[1:], SOUNDS, SPOKEN)
    assert [step["behind"] for step in steps[-2:]] == [["dialogue"], []]
