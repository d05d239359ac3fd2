"""The media skill's actions about channels: follow and unfollow, whom one follows, and what is new there."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from skills.media import phrases, times
from skills.media.answers import Answers, answer
from skills.media.catalogue import Item
from skills.media.channel_names import channels_of, meant_channels, named
from skills.media.channels import Channel
from skills.media.follows import FOLLOWS_MAX, Follow, Following, Follows, news, news_since
from skills.media.library import MediaLibrary
from skills.media.memory import MediaMemory
from skills.media.places import Places
from skills.skill import Action, ActionRequest, ActionResult
from skills.turn import Channel as Origin
from skills.turn import MediaKind

SAID, SHOWN = 3, 5
"""New items at a time: said at most, and shown where there is a screen."""

WORDS_MAX = 24
"""Of the items in one answer; with the words around them that is about ten seconds."""

NAMES_SAID = 5

_THIS = re.compile(r"\b(this|that|it|her|him|them|they|she|he|these|those)\b")
_BARE = re.compile(r"(please )?(un)?(follow|subscribe)( please| now)?[.!]?")
_SERIES = re.compile(r"\b(show|series|podcast|programme|program)\b")

FOLLOWS_NOBODY = "You follow nobody yet. Say follow, and a name."


class FollowingActions:
    """Keeps to what is kept: nothing is confirmed that was not written. Stateless."""

    def __init__(self, library: MediaLibrary, places: Places, follows: Follows, now: Callable[[], datetime]) -> None:
        """`now` is the time in the listeners' time zone."""
        self._library = library
        self._places = places
        self._follows = follows
        self._now = now
        self._answers = Answers(library)

    def by_name(self) -> Mapping[str, Action]:
        """The actions under the names that the dialogue's domain gives them."""
        return {
            "action_media_follow": self.follow,
            "action_media_following": self.following,
        }

    async def follow(self, request: ActionRequest) -> ActionResult:
        """Follow, or no longer follow, who was named, or who made what plays or was presented."""
        memory, name = MediaMemory.read(request.memory), named(request.understanding)
        said = request.understanding.text.casefold()
        if name:
            meant = await meant_channels(self._library, request.understanding)
        elif _THIS.search(said) or _BARE.fullmatch(said):
            meant = self._present(request, memory, said)
            if not meant:
                return answer(request, memory, "Nothing is playing. Whom do you mean?", expects_reply=True)
        else:
            return answer(request, memory, "Whom? Say follow, and a name.", expects_reply=True)
        if request.understanding.intent == "unfollow":
            return await self._unfollow(request, memory, name, meant)
        if not meant:
            return answer(request, memory, _unknown(name))
        if name and len(meant) > 1:
            names = phrases.listed([phrases.name(channel.name) for channel in meant[:SAID]])
            return answer(request, memory, f"I know {names}. Say follow, and the whole name.", expects_reply=True)
        channel = meant[0]
        match await self._follows.follow(listener(request), channel, self._now()):
            case Following.NEW:
                return answer(request, memory, f"You now follow {phrases.name(channel.name)}.")
            case Following.ALREADY:
                return answer(request, memory, f"You follow {phrases.name(channel.name)} already.")
            case Following.FULL:
                speech = f"You follow {FOLLOWS_MAX} already, and I cannot keep more. Stop following one first."
                return answer(request, memory, speech)

    async def following(self, request: ActionRequest) -> ActionResult:
        """Whom the listener follows, the latest first; or whether they follow who is meant."""
        memory, follows = MediaMemory.read(request.memory), await self._follows.of(listener(request))
        said, meant = request.understanding.text.casefold(), list[Channel]()
        if named(request.understanding):
            meant = await meant_channels(self._library, request.understanding)
        elif _THIS.search(said):
            meant = self._present(request, memory, said)
        if meant:
            found = next((one for one in meant if one.id in {follow.channel for follow in follows}), None)
            is_followed = f"Yes, you follow {phrases.name(found.name)}." if found else ""
            return answer(request, memory, is_followed or f"No, you do not follow {phrases.name(meant[0].name)}.")
        if not follows:
            return answer(request, memory, FOLLOWS_NOBODY)
        names = [phrases.name(follow.name) for follow in follows[:NAMES_SAID]]
        more = len(follows) - len(names)
        speech = f"You follow {', '.join(names)} and {more} more." if more else f"You follow {phrases.listed(names)}."
        return answer(request, memory, speech)

    async def whats_new(self, request: ActionRequest) -> ActionResult:
        """What is new from whom the listener follows, or from who was named of these, and was not told yet."""
        memory = MediaMemory.read(request.memory)
        follows = await self._follows.of(listener(request))
        if name := named(request.understanding):
            meant = await meant_channels(self._library, request.understanding)
            chosen = [follow for follow in follows if follow.channel in {channel.id for channel in meant}]
            if not chosen:
                return self._not_followed(request, memory, name, meant)
            follows = chosen
        if not follows:
            return answer(request, memory, FOLLOWS_NOBODY)
        return await self._tell(request, memory, follows, request.understanding.value("kind"))

    async def more(self, request: ActionRequest) -> ActionResult:
        """The next of what is new, to whom has just heard the first."""
        memory = MediaMemory.read(request.memory)
        channels = set(memory.news)
        follows = [follow for follow in await self._follows.of(listener(request)) if follow.channel in channels]
        return await self._tell(request, memory, follows, memory.news_kind, goes_on=True)

    async def _tell(
        self, request: ActionRequest, memory: MediaMemory, follows: Sequence[Follow], kind: str, goes_on: bool = False
    ) -> ActionResult:
        now = self._now()
        new = await self._news(listener(request), follows, now)
        if kind and kind != MediaKind.PODCAST:  # "any new episodes?" asks for whatever there is
            new = [item for item in new if item.kind == kind]
        if not new:
            memory = memory.model_copy(update={"news": ()})
            return answer(request, memory, "That was all.") if goes_on else self._nothing_new(request, memory, follows)
        said = fitting([titled(item) for item in new[:SAID]])
        shown = new[: len(said)] if request.utterance.channel is Origin.SPEAKER else new[:SHOWN]
        await self._follows.tell(listener(request), [item.id for item in shown], now)
        rest = len(new) > len(shown)
        memory = MediaMemory(
            shown=tuple(item.id for item in shown),
            told=len(shown),
            offered=shown[0].id if len(new) == 1 else None,
            news=tuple(follow.channel for follow in follows) if rest else (),
            news_kind=kind,
        )
        speech = _new_ones(said, len(new), goes_on, rest)
        if len(new) == 1:
            speech = f"{speech[:-1]}, {times.day(new[0].published, now.date())}."
        return self._answers.items(request, memory, speech, shown)

    async def _news(self, who: str, follows: Sequence[Follow], now: datetime) -> list[Item]:
        arrived = await self._follows.arrivals(news_since(follows, now))
        # In a thread: somebody may follow much, of which all has just come.
        new = await asyncio.to_thread(news, follows, self._library.channels, arrived, now)
        known = {*await self._follows.told(who), *await self._places.finished(who, [item.id for item in new])}
        return [item for item in new if item.id not in known]

    async def _unfollow(
        self, request: ActionRequest, memory: MediaMemory, name: str, meant: Sequence[Channel]
    ) -> ActionResult:
        follows = await self._follows.of(listener(request))
        followed = {follow.channel: follow for follow in follows}
        found = next((followed[channel.id] for channel in meant if channel.id in followed), None)
        # A name of which the catalogue has nothing any more is still in what is followed.
        found = found or next((one for one in follows if one.name.casefold() == name.casefold()), None)
        if found is None:
            return answer(request, memory, f"You do not follow {phrases.name(meant[0].name if meant else name)}.")
        await self._follows.unfollow(listener(request), found.channel)
        return answer(request, memory, f"You no longer follow {phrases.name(found.name)}.")

    def _present(self, request: ActionRequest, memory: MediaMemory, said: str) -> list[Channel]:
        """The channels of what plays or else was presented last, the one that was `said` to be meant first."""
        player = request.utterance.player
        plays = player.item if player and player.is_loaded else None
        this = plays or request.utterance.page_item or memory.offered or memory.chosen or next(iter(memory.shown), "")
        item = self._library.items.get(this)
        return channels_of(self._library, item, series_first=bool(_SERIES.search(said))) if item else []

    def _nothing_new(self, request: ActionRequest, memory: MediaMemory, follows: Sequence[Follow]) -> ActionResult:
        today = self._now().date()
        channels = [self._library.channels.get(follow.channel) for follow in follows]
        newest = [_latest(channel, today) for channel in channels if channel]
        last = max((item for item in newest if item), key=lambda item: item.published, default=None)
        if last is None:
            return answer(request, memory, "There is nothing new.")
        speech = f"Nothing new. The last was {phrases.named(last)}, {times.day(last.published, today)}."
        return self._offer(request, last, speech)

    def _not_followed(
        self, request: ActionRequest, memory: MediaMemory, name: str, meant: Sequence[Channel]
    ) -> ActionResult:
        today = self._now().date()
        if not meant:
            return answer(request, memory, _unknown(name))
        maker, last = phrases.name(meant[0].name), _latest(meant[0], today)
        if last is None:
            return answer(request, memory, f"There is nothing from {maker} yet.")
        day = times.day(last.published, today)
        speech = f"The latest from {maker} is {phrases.name(last.title)}, {day}. You do not follow that channel yet."
        return self._offer(request, last, speech)

    def _offer(self, request: ActionRequest, item: Item, speech: str) -> ActionResult:
        memory = MediaMemory(shown=(item.id,), told=1, offered=item.id)
        return self._answers.items(request, memory, speech, [item])


def listener(request: ActionRequest) -> str:
    """Who asks; a conversation whose client holds no token is a listener of its own."""
    return request.utterance.listener or request.utterance.conversation


def titled(item: Item) -> str:
    """An item among others: its title and who made it."""
    return f"{phrases.name(item.title)} by {phrases.name(item.creator)}"


def fitting(parts: Sequence[str], most: int = WORDS_MAX) -> list[str]:
    """As many as have no more words together, at least one."""
    words = 0
    for number, part in enumerate(parts):
        words += len(part.split())
        if number and words > most:
            return list(parts[:number])
    return list(parts)


def _unknown(name: str) -> str:
    return f"I know of nobody called {phrases.name(name)}, and of no series."


def _latest(channel: Channel, today: date) -> Item | None:
    """The newest item that is out."""
    return next((item for item in channel.items if item.published <= today), None)


def _new_ones(said: Sequence[str], count: int, goes_on: bool, rest: bool) -> str:
    items = phrases.listed(said)
    if goes_on:
        return f"Then there is {items}.{' Say more to go on.' if rest else ''}"
    if count == 1:
        return f"There is one new: {items}."
    if count == len(said):
        return f"There are {count} new: {items}."
    return f"There are {count} new. The newest: {items}.{' Say more to go on.' if rest else ''}"
