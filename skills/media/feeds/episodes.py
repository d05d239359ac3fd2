"""An item of a feed as an episode, with a note of everything in it that could not be used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

from skills.media.captions.transcript import language_tag
from skills.media.feeds import values
from skills.media.feeds.channel import author, image, link, people
from skills.media.feeds.elements import Element
from skills.media.feeds.types import Enclosure, Episode, Live, LiveStatus, Problem, Soundbite, TranscriptLink

MAX_TAGS = 30
MAX_LINKS = 20
MAX_SOUNDBITES = 50


@dataclass
class ItemReader:
    """Reads one item; `problems` are those of the values that were read so far."""

    item: Element
    where: str
    base: str
    problems: list[Problem] = field(default_factory=list)

    @property
    def guid(self) -> str:
        """The id that the feed gives it, or nothing."""
        return self.item.first_text("guid", "atom:id")[:1_000]

    def enclosure(self) -> Enclosure | Problem:
        """The file of the item, or why there is none that could be played."""
        offered = list(self._offered())
        for enclosure in offered:
            if url := values.address(enclosure.url, self.base):
                return Enclosure(url, enclosure.type, enclosure.bytes)
        if offered:
            return self._fatal("enclosure_invalid", f"enclosure: no web address: {offered[0].url[:100]!r}")
        return self._fatal("enclosure_missing", "enclosure: there is none, so there is nothing to play")

    def episode(self, identity: str, enclosure: Enclosure) -> Episode:
        """The episode under that id."""
        item = self.item
        return Episode(
            id=identity,
            where=self.where,
            title=self._title(enclosure),
            enclosure=enclosure,
            guid=self.guid,
            alternatives=tuple(self._alternatives())[:MAX_LINKS],
            description=values.prose(self._description()),
            creator=author(item),
            published=self._moment("pubDate", "atom:published", "dc:date", "atom:updated"),
            duration_s=self._duration(),
            season=values.number(item.first_text("podcast:season", "itunes:season")),
            number=values.number(item.first_text("podcast:episode", "itunes:episode")),
            kind=self._kind(),
            explicit=values.yes(item.first_text("itunes:explicit")),
            link=link(item, self.base),
            image_url=image(item, self.base),
            tags=tuple(dict.fromkeys(self._tags()))[:MAX_TAGS],
            people=people(item, self.base),
            transcripts=tuple(dict.fromkeys(self._transcripts()))[:MAX_LINKS],
            chapters_url=self._chapters(),
            soundbites=tuple(dict.fromkeys(self._soundbites()))[:MAX_SOUNDBITES],
            live=self._live(),
        )

    def note(self, code: str, message: str) -> None:
        """Add something that was put right."""
        self.problems.append(Problem(self.where, code, message))

    def _fatal(self, code: str, message: str) -> Problem:
        return Problem(self.where, code, message, fatal=True)

    def _title(self, enclosure: Enclosure) -> str:
        title = values.name(self.item.first_text("title", "atom:title", "itunes:title"))
        if not title:
            title = values.name(enclosure.url.rpartition("/")[2].partition("?")[0]) or "Untitled"
            self.note("title_missing", f"title: there is none; {title!r} is taken")
        return title

    def _description(self) -> str:
        text = self.item.first_text("description", "itunes:summary", "content:encoded", "itunes:subtitle")
        written = self.item.first("atom:summary", "atom:content")
        return text or (written.whole_text if written else "")

    def _offered(self) -> Iterator[Enclosure]:
        for element in self.item.all("enclosure"):
            yield _enclosure(element, "url", "length")
        for element in self.item.all("atom:link"):
            if element.attributes.get("rel") == "enclosure":
                yield _enclosure(element, "href", "length")
        for element in self.item.all("media:content"):
            yield _enclosure(element, "url", "fileSize")

    def _alternatives(self) -> Iterator[Enclosure]:
        for element in self.item.all("podcast:alternateEnclosure"):
            for source in element.all("podcast:source"):
                if url := values.address(source.attributes.get("uri", ""), ""):
                    kind = source.attributes.get("contentType") or element.attributes.get("type", "")
                    yield Enclosure(url, kind[:80], values.size(element.attributes.get("length", "")))

    def _moment(self, *names: str) -> datetime | None:
        text = self.item.first_text(*names)
        found = values.moment(text) if text else None
        if text and found is None:
            self.note("date_invalid", f"{names[0]}: no date: {text[:80]!r}")
        return found

    def _duration(self) -> int | None:
        text = self.item.first_text("itunes:duration")
        found = values.duration(text) if text else None
        if text and found is None:
            self.note("duration_invalid", f"itunes:duration: no duration: {text[:80]!r}")
        return found or None

    def _kind(self) -> Literal["full", "trailer", "bonus"]:
        match self.item.first_text("itunes:episodeType").lower():
            case "trailer":
                return "trailer"
            case "bonus":
                return "bonus"
            case _:
                return "full"

    def _tags(self) -> Iterator[str]:
        for element in [*self.item.all("category"), *self.item.all("atom:category")]:
            yield from filter(None, [values.name(element.attributes.get("term") or element.text)])
        for keyword in self.item.first_text("itunes:keywords").split(","):
            yield from filter(None, [values.name(keyword)])

    def _transcripts(self) -> Iterator[TranscriptLink]:
        for element in self.item.all("podcast:transcript"):
            if url := values.address(element.attributes.get("url", ""), self.base):
                kind = element.attributes.get("type", "")[:80].lower()
                yield TranscriptLink(url, kind, language_tag(element.attributes.get("language", "")))

    def _chapters(self) -> str:
        element = self.item.first("podcast:chapters")
        return values.address(element.attributes.get("url", ""), self.base) if element else ""

    def _soundbites(self) -> Iterator[Soundbite]:
        for element in self.item.all("podcast:soundbite"):
            start_ms = values.milliseconds(element.attributes.get("startTime", ""))
            length_ms = values.milliseconds(element.attributes.get("duration", ""))
            if start_ms is not None and length_ms:
                yield Soundbite(start_ms, length_ms, values.name(element.text))

    def _live(self) -> Live | None:
        if self.item.name != "podcast:liveItem":
            return None
        said = self.item.attributes.get("status", "").lower()
        status: LiveStatus = next((known for known in get_args(LiveStatus) if known == said), "ended")
        start, end = self.item.attributes.get("start", ""), self.item.attributes.get("end", "")
        return Live(status, values.moment(start) if start else None, values.moment(end) if end else None)


def _enclosure(element: Element, url: str, length: str) -> Enclosure:
    attributes = element.attributes
    return Enclosure(
        attributes.get(url, ""), attributes.get("type", "")[:80].lower(), values.size(attributes.get(length, ""))
    )
