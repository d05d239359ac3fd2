"""The media skill's action about live shows: what is live now, and what is coming up."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from skills.media import phrases, times
from skills.media.answers import Answers, answer
from skills.media.catalogue import Item
from skills.media.channel_names import meant_channels, named
from skills.media.channels import Channel
from skills.media.finding import RESULTS
from skills.media.following import fitting, listener, titled
from skills.media.follows import Follows
from skills.media.library import MediaLibrary
from skills.media.memory import MediaMemory
from skills.media.recency import Period, period
from skills.media.schedule import next_start
from skills.media.wanted import Wanted
from skills.skill import Action, ActionRequest, ActionResult
from skills.turn import MediaKind

SAID, SHOWN = 3, 5
"""Live shows in one answer."""

COMING_WORDS = 30
"""Of the titles and times in one answer, around which there are few words."""

LATE = 4
"""The hour until which a night belongs to the day before."""

_EVENING = re.compile(r"\btonight\b|\bevening\b|\bnight\b")
_FOLLOWED = re.compile(r"\bfollow|\bsubscri")
_FIRST_ONLY = re.compile(r"\bnext\b(?! (week|weekend|month|few))|\bwhen is\b|\bwhen's\b")

NO_STREAM = "There is no live stream here"


@dataclass(frozen=True)
class Showing:
    """A live show, and when it begins or began."""

    item: Item
    start: datetime


class ShowingActions:
    """Tells of live shows. Live is what has begun and has not ended; nothing here can stream it, and that is said."""

    def __init__(self, library: MediaLibrary, follows: Follows, now: Callable[[], datetime]) -> None:
        """`now` is the time in the listeners' time zone."""
        self._library = library
        self._follows = follows
        self._now = now
        self._answers = Answers(library)

    def by_name(self) -> Mapping[str, Action]:
        """The action under the name that the dialogue's domain gives it."""
        return {"action_media_live": self.showings}

    async def showings(self, request: ActionRequest) -> ActionResult:
        """What is live now, or what comes: of all, or of a kind, a name, a topic, or whom the listener follows."""
        now = self._now()
        found = await self._asked(request, self._showings(now))
        live = [showing for showing in found if showing.start <= now]
        coming = [showing for showing in found if showing.start > now]
        if request.understanding.intent == "whats_live":
            return self._live(request, live, now) if live else self._nothing_live(request, coming, now)
        said = request.understanding.text.casefold()
        if asked := period(said, now.date(), ahead=True):
            is_evening = bool(_EVENING.search(said))
            inside = [showing for showing in found if _is_within(showing, asked, is_evening, now)]
            nothing = f"I know of nothing live for {asked.words.removeprefix('from ')}."
            return self._coming(request, inside, now) if inside else self._only_next(request, nothing, coming, now)
        if not coming:
            return answer(request, MediaMemory.read(request.memory), "I know of nothing coming up.")
        return self._coming(request, coming[:1] if _FIRST_ONLY.search(said) else coming, now)

    def _showings(self, now: datetime) -> list[Showing]:
        """All that are live or to come, the first first."""
        starts = ((item, next_start(item, now)) for item in self._library.items.values() if item.starts_at)
        return sorted((Showing(item, start) for item, start in starts if start), key=lambda showing: showing.start)

    async def _asked(self, request: ActionRequest, found: Sequence[Showing]) -> Sequence[Showing]:
        """Those that meet what was asked for besides a time."""
        understanding = request.understanding
        kind = understanding.value("kind")
        if kind and kind != MediaKind.LIVE_SHOW:
            found = [showing for showing in found if showing.item.kind == kind]
        if _FOLLOWED.search(understanding.text.casefold()):
            follows = await self._follows.of(listener(request))
            return _of(found, [self._library.channels.get(follow.channel) for follow in follows])
        if not named(understanding) or not found:
            return found
        if channels := await meant_channels(self._library, understanding):
            return _of(found, channels)
        topic = Wanted(topic=named(understanding), said=named(understanding))
        about = await self._library.find(topic, within=[showing.item.id for showing in found])
        ids = {item.id for item in about.items} if about.certain and not about.dropped else ()
        return [showing for showing in found if showing.item.id in ids]

    def _live(self, request: ActionRequest, live: Sequence[Showing], now: datetime) -> ActionResult:
        if len(live) > 1:
            said = fitting([titled(showing.item) for showing in live[:SAID]])
            are = f"{len(live)} shows are live now: " if len(said) == len(live) else f"{len(live)} are live, such as "
            return self._tell(request, f"{are}{phrases.listed(said)}. {NO_STREAM}.", live)
        first = live[0].item
        speech = f"{titled(first)} is live now; it began {times.ago(live[0].start, now)}."
        recording = self._library.recording(first.id)
        if recording is None:
            return self._tell(request, f"{speech} {NO_STREAM}.", live)
        what = "a recording" if recording.complete else "a short preview"
        return self._tell(request, f"{speech} {NO_STREAM}, only {what}. Shall I play it?", live, offered=first.id)

    def _nothing_live(self, request: ActionRequest, coming: Sequence[Showing], now: datetime) -> ActionResult:
        narrow = bool(request.understanding.entities) or bool(_FOLLOWED.search(request.understanding.text.casefold()))
        nothing = "Nothing like that is live right now." if narrow else "Nothing is live right now."
        return self._only_next(request, nothing, coming, now)

    def _only_next(
        self, request: ActionRequest, nothing: str, coming: Sequence[Showing], now: datetime
    ) -> ActionResult:
        if not coming:
            return answer(request, MediaMemory.read(request.memory), nothing)
        return self._tell(request, f"{nothing} {_next(coming[0], now)}", coming[:1])

    def _coming(self, request: ActionRequest, showings: Sequence[Showing], now: datetime) -> ActionResult:
        if showings[-1].start <= now:
            return self._live(request, showings, now)
        if len(showings) == 1 and showings[0].start > now:
            return self._tell(request, _next(showings[0], now), showings)
        titles = [f"{phrases.name(showing.item.title)}, {_when(showing, now)}" for showing in showings[:SAID]]
        said = fitting(titles, COMING_WORDS)
        more = len(showings) - len(said)
        speech = f"Coming up: {'; '.join(said)}.{f' And {more} more.' if more else ''}"
        return self._tell(request, speech, showings)

    def _tell(
        self, request: ActionRequest, speech: str, showings: Sequence[Showing], offered: str | None = None
    ) -> ActionResult:
        items = [showing.item for showing in showings[:RESULTS]]
        memory = MediaMemory(shown=tuple(item.id for item in items), told=min(SHOWN, len(items)), offered=offered)
        return self._answers.items(request, memory, speech, items[:SHOWN], expects_reply=offered is not None)


def _of(found: Sequence[Showing], channels: Sequence[Channel | None]) -> list[Showing]:
    """Those in any of these channels."""
    ids = {item.id for channel in channels if channel for item in channel.items}
    return [showing for showing in found if showing.item.id in ids]


def _is_within(showing: Showing, asked: Period, is_evening: bool, now: datetime) -> bool:
    """Whether a show that is to come, or goes on, is within the days; an evening lasts until `LATE`."""
    at = max(showing.start, now).astimezone(now.tzinfo)
    if not is_evening:
        return at.date() in asked
    at -= timedelta(hours=LATE)
    return at.date() in asked and at.hour + LATE >= times.EVENING


def _when(showing: Showing, now: datetime) -> str:
    return times.moment(showing.start, now) if showing.start > now else "live now"


def _next(showing: Showing, now: datetime) -> str:
    return f"Next is {titled(showing.item)}, {times.moment(showing.start, now)}."
