"""The steps that say how the bot talks, and when people do: greeting, tone, opening hours."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from pydantic import Field, ValidationError

from assistant.web.console.fields import FormProblems, sentences
from assistant.web.console.frame import Visit
from assistant.web.console.setup.outcome import Kept, Outcome, keep_part, kept_or_clash, mark
from skills.message import Message
from skills.shopping.shop import Opening, Tone
from skills.storefront import Entry
from skills.storefront.behaviour import Greeting, Hours, OwnWording
from skills.storefront.behaviour.hours import HOURS_ID
from skills.storefront.hours_words import DAYS
from skills.storefront.shop_draft import draft_profile
from skills.storefront.tones import MANNERS, reworded

WELCOME = "welcome"
"""The entry of the greeting that holds everywhere, where there is none yet."""
USUAL = dict.fromkeys(range(5), ("09:00", "17:00"))
SUGGESTIONS = ("Where is my order?", "How long does delivery take?", "Help me choose")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)


class VoiceForm(Message):
    """The greeting, what may be tapped below it, and the tone."""

    greeting: str = Field(min_length=1, max_length=500)
    suggestions: str = Field(default="", max_length=400)
    tone: Tone


async def voice_shown(visit: Visit) -> dict[str, Any]:
    """The page of greeting and tone."""
    entries = visit.house.shopping.entries
    profile, _ = await asyncio.to_thread(draft_profile, entries, visit.shop)
    entry = await asyncio.to_thread(_everywhere, visit)
    held = entry.read(Greeting) if entry and not entry.removed else None
    tapped = held.suggestions if held else profile.suggestions or SUGGESTIONS
    return {
        "greeting": held.text if held else profile.greeting or MANNERS[profile.tone].greeting,
        "suggestions": "\n".join(tapped),
        "tone": profile.tone,
        "manners": MANNERS,
        "was": mark(profile, ("tone",)),
        "seen": entry.revision if entry else 0,
    }


async def save_voice(visit: Visit) -> Outcome:
    """Keep greeting and tone; with the tone go the assistant's own sentences, but for those that somebody wrote."""
    asked = await visit.read(VoiceForm)
    if isinstance(asked, FormProblems):
        return asked
    lines = tuple(filter(None, (" ".join(line.split()) for line in asked.suggestions.splitlines())))
    try:
        told = Greeting(text=asked.greeting.strip(), suggestions=lines)
    except ValidationError as error:
        found = sentences(error)
        return FormProblems({"greeting": found.get("text", "")} | found, visit.fields())
    outcome = await asyncio.to_thread(_keep_greeting, visit, told, visit.fields().whole("seen"))
    if not isinstance(outcome, Kept):
        return outcome
    outcome = await keep_part(visit, {"tone": asked.tone}, visit.fields().get("was"))
    if isinstance(outcome, Kept):
        await asyncio.to_thread(_reword, visit, asked.tone)
    return outcome


async def hours_shown(visit: Visit) -> dict[str, Any]:
    """The page of the opening hours; a week that has more than one range a day is shown elsewhere."""
    entries = visit.house.shopping.entries
    entry = await asyncio.to_thread(entries.draft, visit.shop.id, "hours", HOURS_ID)
    week = entry.read(Hours).week if entry and not entry.removed else visit.shop.opening
    many = any(sum(one.day == day for one in week) > 1 for day in range(7))
    times = {one.day: (_clock(one.begin), _clock(one.end)) for one in week} if week else {} if entry else USUAL
    rows = [(day, name, *times.get(day, ("", ""))) for day, name in enumerate(DAYS)]
    return {"rows": rows, "many": many, "seen": entry.revision if entry else 0, "time_zone": visit.shop.time_zone}


async def save_hours(visit: Visit) -> Outcome:
    """Keep the week; breaks and holidays stay as they are."""
    fields, problems = visit.fields(), {}
    if "begin-0" not in fields:
        return Kept()  # a week with several ranges a day, which the page only shows
    week: list[Opening] = []
    for day, name in enumerate(DAYS):
        begin, end = fields.get(f"begin-{day}").strip(), fields.get(f"end-{day}").strip()
        if not begin and not end:
            continue
        found = _TIME.fullmatch(begin), _TIME.fullmatch(end)
        if not found[0] or not found[1]:
            problems[f"day-{day}"] = f"Please write both times of {name} like 09:00, or none."
            continue
        first, last = (int(one[1]) * 60 + int(one[2]) for one in found if one)
        week.append(Opening(day=day, begin=first, end=last if last > first else last + 1_440))
    if problems:
        return FormProblems(problems, fields)
    return await asyncio.to_thread(_keep_hours, visit, tuple(week), fields.whole("seen"))


def _everywhere(visit: Visit) -> Entry | None:
    """The greeting that holds on every page, for everybody."""
    found = visit.house.shopping.entries.drafts(visit.shop.id, "greeting")
    plain = (one for one in found if not one.data.keys() & {"page", "language", "customers"})
    return next(plain, None) or visit.house.shopping.entries.draft(visit.shop.id, "greeting", WELCOME)


def _keep_greeting(visit: Visit, told: Greeting, seen: int) -> Outcome:
    entries, entry = visit.house.shopping.entries, _everywhere(visit)
    name = entry.id if entry else WELCOME
    done = entries.save(visit.shop.id, "greeting", name, told, visit.account.name, visit.now, seen)
    return kept_or_clash("greeting", done, told.model_dump(mode="json"))


def _keep_hours(visit: Visit, week: tuple[Opening, ...], seen: int) -> Outcome:
    entries = visit.house.shopping.entries
    entry = entries.draft(visit.shop.id, "hours", HOURS_ID)
    held = entry.read(Hours) if entry and not entry.removed else Hours()
    told = held.model_copy(update={"week": week})
    done = entries.save(visit.shop.id, "hours", HOURS_ID, told, visit.account.name, visit.now, seen)
    return kept_or_clash("hours", done, told.model_dump(mode="json"))


def _reword(visit: Visit, tone: Tone) -> None:
    entries, shop, by = visit.house.shopping.entries, visit.shop.id, visit.account.name
    own = {one.id: str(one.data["text"]) for one in entries.drafts(shop, "wording")}
    changes = reworded(own, tone)
    wanted = {reply: OwnWording(reply=reply, text=text) for reply, text in changes.items() if text}
    if wanted:
        entries.save_many(shop, "wording", wanted, by, visit.now)
    if gone := [reply for reply, text in changes.items() if text is None]:
        entries.remove_many(shop, "wording", gone, by, visit.now)


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes % 1_440, 60)
    return f"{hour:02}:{minute:02}"
