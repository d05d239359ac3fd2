"""What becomes of what was heard: the turn engine with the real worker, the real catalogue and a real database.

The readings stand for a recogniser's; everything after them is the product's.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from assistant.dialogue import ActionCall, ActionResult, Dialogue, ResponseCall
from assistant.follows import KeptFollows
from assistant.metrics import Metrics
from assistant.paths import DataPaths
from assistant.playlists import KeptPlaylists
from assistant.positions import Positions
from assistant.storage.store import Store
from assistant.turn_report import Outcome, TurnReport
from assistant.turns import TurnEngine
from search_index import Index, open_encoder
from skills.media.actions import MediaActions
from skills.media.catalogue import demo_items
from skills.media.grounding import MediaGrounding
from skills.media.library import SCHEMA, MediaLibrary
from skills.media.notes import Notes
from skills.media.recordings import Recording
from skills.registry import Skills
from skills.turn import Channel, Hypothesis, Play, Playback, PlayerState, Trigger, Utterance
from tests.dialogue.conftest import RASA_PYTHON
from tests.service.running import DATA

pytestmark = pytest.mark.asyncio(loop_scope="session")

_numbers = itertools.count()
REFUSED = {Outcome.NO_MATCH, Outcome.NO_INPUT, Outcome.OUT_OF_SCOPE}


@dataclass
class Doorstep:
    """Where the worker's calls come in; an action can be held up there."""

    engine: TurnEngine
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: asyncio.Event = field(default_factory=asyncio.Event)

    async def act(self, call: ActionCall) -> ActionResult:
        self.waiting.set()
        await self.gate.wait()
        return await self.engine.on_action(call)

    async def word(self, call: ResponseCall) -> str:
        return await self.engine.on_response(call)


@dataclass
class House:
    engine: TurnEngine
    dialogue: Dialogue
    store: Store
    doorstep: Doorstep


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MediaLibrary]:
    items = demo_items()
    recordings = {item.id: Recording(item.id, Path(f"/nowhere/{item.id}.mp3"), 60_000, False, ()) for item in items}
    encoder = open_encoder("minilm", DataPaths(DATA).encoder)
    library = MediaLibrary(Index.open(tmp_path_factory.mktemp("heard") / "i", SCHEMA, encoder), items, recordings)
    library.fill(lambda _done, _of: None)
    yield library
    library.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(model: Path, library: MediaLibrary, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("house")
    folder.chmod(0o700)
    store = Store(f"sqlite:///{folder / 'sori.db'}")
    positions = Positions(store, lambda item: item in library.items)
    actions = MediaActions(library, Notes(positions, KeptFollows(store), KeptPlaylists(store))).by_name()
    grounds = MediaGrounding(library).by_intent()
    skills = Skills({"media": actions}, {"media": grounds})
    engine = TurnEngine(skills=skills, store=store, metrics=Metrics(), timeout_s=10.0, budget_ms=700.0)
    doorstep = Doorstep(engine)
    doorstep.gate.set()
    dialogue = Dialogue(
        rasa_python=RASA_PYTHON, model=model, socket_dir=folder, on_action=doorstep.act, on_response=doorstep.word
    )
    await dialogue.start()
    yield House(engine, dialogue, store, doorstep)
    await dialogue.stop()
    store.close()


class Listener:
    """Somebody in one conversation, and what their player does."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.conversation = f"listener-{next(_numbers)}"
        self.player = PlayerState()

    async def says(self, *readings: str | tuple[str, float], **fields: Any) -> TurnReport:
        """Speak: each reading alone is heard for certain, or with its share of the recogniser's belief."""
        heard = [one if isinstance(one, tuple) else (one, 0.95 / len(readings)) for one in readings] or [("", 0.0)]
        return await self._turn(heard, spoken=True, **fields)

    async def types(self, text: str) -> TurnReport:
        return await self._turn([(text, 1.0)])

    async def _turn(self, readings: list[tuple[str, float]], **fields: Any) -> TurnReport:
        utterance = Utterance(
            conversation=self.conversation,
            dialog_request_id=f"r{next(_numbers)}",
            channel=Channel.SPEAKER,
            alternatives=tuple(Hypothesis(text=text, confidence=share) for text, share in readings),
            player=self.player,
            **fields,
        )
        return await self.house.engine.run(utterance, self.house.dialogue)

    def kept(self) -> dict[str, Any]:
        """What is remembered, without the count of misses."""
        memory = dict(self.house.store.conversation(self.conversation).memory)
        memory.pop("turns", None)
        return memory

    def history(self) -> int:
        return len(self.house.store.history(self.conversation, 50))


@pytest.fixture
def listener(house: House) -> Listener:
    return Listener(house)


def played(report: TurnReport) -> list[str]:
    return [one.title for one in report.reply.directives if isinstance(one, Play)]


BLACK_HOLE = "Falling Into a Black Hole (preview)"


class TestChoosing:
    async def test_the_reading_that_names_something_wins_over_the_one_that_sounded_likelier(
        self, listener: Listener
    ) -> None:
        report = await listener.says(
            ("find me a talk about back coals", 0.4), ("find me a talk about black holes", 0.36)
        )
        assert played(report) == [BLACK_HOLE]
        assert report.transcript == "find me a talk about black holes"
        assert report.choice
        first, second = report.choice.readings
        assert first.acoustic < second.acoustic
        assert first.fit is not None
        assert second.fit == 0.0

    async def test_a_clear_request_costs_one_understanding(self, listener: Listener) -> None:
        """Readings that could not win are not even looked at."""
        report = await listener.says(("pause", 0.98), ("paws", 0.01), ("pores", 0.01))
        assert report.outcome is Outcome.ANSWERED
        assert report.choice
        assert [one.text for one in report.choice.readings] == ["pause"]

    async def test_readings_with_the_same_outcome_are_never_asked_about(self, listener: Listener) -> None:
        report = await listener.says("find me a talk about black holes", "find me talk about black holes")
        assert report.outcome is Outcome.ANSWERED
        assert played(report) == [BLACK_HOLE]

    async def test_what_is_typed_is_taken_as_it_is(self, listener: Listener) -> None:
        report = await listener.types("find me a talk about black holes")
        assert (report.outcome, report.choice, played(report)) == (Outcome.ANSWERED, None, [BLACK_HOLE])


class TestAsking:
    TIE = ("play electric kelp", "play drums at low water")

    async def test_two_titles_that_sounded_alike_are_asked_about_and_nothing_is_played(
        self, listener: Listener
    ) -> None:
        report = await listener.says(*self.TIE)
        assert report.outcome is Outcome.CLARIFY
        assert "Electric Kelp" in report.reply.speech
        assert "Drums at Low Water" in report.reply.speech
        assert report.reply.expects_reply
        assert not report.reply.directives
        assert {one.utterance for one in report.reply.quick_replies} == set(self.TIE)

    @pytest.mark.parametrize(
        ("answer", "place"), [("the first one", 0), ("number two", 1), ("the second one", 1), ("yes", 0)]
    )
    @pytest.mark.parametrize("spoken", [True, False])
    async def test_an_answer_by_place_takes_that_one(
        self, listener: Listener, answer: str, place: int, spoken: bool
    ) -> None:
        asked = await listener.says(*self.TIE)
        option = asked.reply.quick_replies[place]
        report = await (listener.says(answer, trigger=Trigger.FOLLOW_UP) if spoken else listener.types(answer))
        assert played(report) == [f"{option.text} (preview)"]
        assert report.outcome is Outcome.ANSWERED

    async def test_an_answer_by_name_takes_that_one(self, listener: Listener) -> None:
        await listener.says(*self.TIE)
        report = await listener.says("drums at low water", trigger=Trigger.FOLLOW_UP)
        assert played(report) == ["Drums at Low Water (preview)"]

    async def test_no_takes_neither_and_asks_for_something_else(self, listener: Listener) -> None:
        await listener.says(*self.TIE)
        report = await listener.says("no", trigger=Trigger.FOLLOW_UP)
        assert not report.reply.directives
        assert report.reply.expects_reply
        assert not (await listener.says("the first one")).reply.directives

    async def test_a_question_is_not_answered_by_another(self, listener: Listener) -> None:
        await listener.says(*self.TIE)
        assert (await listener.says(*self.TIE)).outcome is Outcome.ANSWERED

    @pytest.mark.parametrize("spoken", [True, False])
    async def test_say_that_again_asks_again_and_leaves_the_question_open(
        self, listener: Listener, spoken: bool
    ) -> None:
        await listener.says("find me a talk about black holes")
        asked = await listener.says(*self.TIE)
        for _ in range(2):
            again = await (listener.says("say that again") if spoken else listener.types("say that again"))
            assert again.outcome is Outcome.CLARIFY
            assert again.reply.expects_reply
            assert again.reply.quick_replies == asked.reply.quick_replies
            assert "Electric Kelp" in again.reply.speech
        report = await listener.says("the second one", trigger=Trigger.FOLLOW_UP)
        assert played(report) == [f"{asked.reply.quick_replies[1].text} (preview)"]

    async def test_a_question_that_was_not_heard_stays_open(self, listener: Listener) -> None:
        asked = await listener.says(*self.TIE)
        again = await listener.says(trigger=Trigger.FOLLOW_UP)
        assert again.reply.quick_replies == asked.reply.quick_replies
        report = await listener.says("the first one", trigger=Trigger.FOLLOW_UP)
        assert played(report) == [f"{asked.reply.quick_replies[0].text} (preview)"]


class TestRejecting:
    BABBLE = (("on to the to eat you dream alright", 0.2), ("on to the toe eat you dream all right", 0.2))

    async def test_what_was_not_meant_for_us_is_answered_politely_and_changes_nothing(self, listener: Listener) -> None:
        await listener.says("find me a talk about black holes")
        before, turns = listener.kept(), listener.history()
        report = await listener.says(*self.BABBLE, unknown=0.7)
        assert report.outcome is Outcome.NO_MATCH
        assert report.reply.speech
        assert report.reply.expects_reply
        assert not report.reply.directives
        assert (listener.kept(), listener.history()) == (before, turns)
        assert played(await listener.says("play the first one")) == [BLACK_HOLE]

    async def test_what_is_typed_is_never_rejected_for_its_sound(self, listener: Listener) -> None:
        report = await listener.types("on to the to eat you dream alright")
        assert report.choice is None
        assert listener.history() == 1

    async def test_other_peoples_talk_into_a_microphone_that_opened_by_itself_says_nothing(
        self, listener: Listener
    ) -> None:
        await listener.says("pause")
        report = await listener.says(
            "did you remember to feed the cat this morning", unknown=0.6, trigger=Trigger.FOLLOW_UP
        )
        assert report.outcome in REFUSED
        assert report.reply.speech == ""

    async def test_reprompts_differ_and_stop_after_two_and_begin_anew_after_a_success(self, listener: Listener) -> None:
        said = [(await listener.says(*self.BABBLE, unknown=0.8, trigger=Trigger.BUTTON)).reply for _ in range(3)]
        assert len({reply.speech for reply in said}) == 3
        assert [reply.expects_reply for reply in said] == [True, True, False]
        first = await listener.says()
        assert first.outcome is Outcome.NO_INPUT
        assert first.reply.expects_reply
        assert first.reply.speech not in {reply.speech for reply in said}
        await listener.says("hello")
        assert (await listener.says(*self.BABBLE, unknown=0.8)).reply.expects_reply

    async def test_speech_without_a_known_word_is_no_match_and_silence_is_no_input(self, listener: Listener) -> None:
        assert (await listener.says("", unknown=1.0)).outcome is Outcome.NO_MATCH
        assert (await listener.says()).outcome is Outcome.NO_INPUT

    @pytest.mark.parametrize("trigger", [Trigger.WAKE, Trigger.BARGE_IN, Trigger.FOLLOW_UP])
    async def test_a_false_alarm_says_nothing_and_leaves_no_trace(self, listener: Listener, trigger: Trigger) -> None:
        await listener.says("pause")
        before = listener.house.store.conversation(listener.conversation)
        report = await listener.says(trigger=trigger)
        assert (report.reply.speech, report.reply.text, report.reply.expects_reply) == ("", "", False)
        assert listener.house.store.conversation(listener.conversation) == before


class TestPlayersThatDoNotFollow:
    async def test_what_the_player_has_not_done_is_owned_up_to_first(self, listener: Listener) -> None:
        report = await listener.says("pause", ignored="r-before")
        assert report.reply.speech.startswith("The player has not done what I asked of it last. ")
        assert not (await listener.says("pause")).reply.speech.startswith("The player")

    async def test_what_is_no_request_gets_no_word_of_it_either(self, listener: Listener) -> None:
        report = await listener.says(trigger=Trigger.FOLLOW_UP, ignored="r-before")
        assert (report.reply.speech, report.reply.text) == ("", "")


class TestOverlapping:
    async def test_a_newer_utterance_makes_the_older_ones_answer_void(self, listener: Listener) -> None:
        """The older turn's action is held up; the newer one is accepted; then the older one's may go on."""
        doorstep = listener.house.doorstep
        listener.player = PlayerState(state=Playback.PLAYING, item="talk-falling-into-a-black-hole")
        doorstep.gate.clear()
        doorstep.waiting.clear()
        older = asyncio.create_task(listener.says("find me a talk about black holes"))
        await doorstep.waiting.wait()
        newer = asyncio.create_task(listener.says("pause"))
        await asyncio.sleep(0)
        doorstep.gate.set()
        first, second = await older, await newer
        assert first.outcome is Outcome.SUPERSEDED
        assert (first.reply.directives, first.reply.speech, first.reply.cards) == ((), "", ())
        assert [one.type for one in second.reply.directives] == ["pause"]
        assert not listener.kept().get("media", {}).get("shown")
        assert listener.history() == 1

    async def test_of_many_at_once_only_the_newest_is_carried_out(self, listener: Listener) -> None:
        topics = ("black holes", "bees", "sourdough", "owls")
        reports = await asyncio.gather(*(listener.says(f"find me something about {topic}") for topic in topics))
        assert [bool(report.reply.directives) for report in reports] == [False] * 3 + [True]
        assert [report.outcome for report in reports[:-1]] == [Outcome.SUPERSEDED] * 3

    async def test_another_conversation_is_left_alone(self, house: House) -> None:
        one, other = Listener(house), Listener(house)
        reports = await asyncio.gather(*(each.says("find me a talk about black holes") for each in (one, other)))
        assert [played(report) for report in reports] == [[BLACK_HOLE]] * 2
