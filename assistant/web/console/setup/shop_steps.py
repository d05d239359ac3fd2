"""The steps that fill in the profile: the shop, its colour, delivery, returns and payment."""

from __future__ import annotations

import asyncio
import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from assistant.origins import read_origin
from assistant.web.console.fields import FormProblems, MultiFields
from assistant.web.console.frame import Visit
from assistant.web.console.nested_form import nested, without_blanks
from assistant.web.console.setup.colours import READABLE, contrast, readable
from assistant.web.console.setup.outcome import Outcome, keep_part, mark
from skills.message import Message
from skills.shopping.buying.details import is_email
from skills.shopping.money import Money
from skills.shopping.shop import Profile
from skills.storefront.shop_draft import draft_profile
from skills.storefront.zones import is_zone, zone_names

EMPTY = dict.fromkeys(("name", "price", "free_from", "least", "most", "countries", "id"), "")
ROWS = 2
"""Ways of delivery that the form has room for at first."""
COLOURS = {"#1d6753": "Green", "#0b5fb0": "Blue", "#5b3fa0": "Violet", "#9c2550": "Berry", "#a8480c": "Amber"}
SHOP = ("name", "tagline", "email", "phone", "address", "origins", "time_zone")
RETURNS = ("returns", "payments", "warranty_months")
SITES_MAX = 10
WAYS_MAX = 20


def _email(text: str) -> str:
    if text and not is_email(text):
        raise ValueError("Please write an address like anna@example.org.")
    return text


def _zone(name: str) -> str:
    if not is_zone(name):
        raise ValueError("This time zone is not known. One is called, for example, Europe/Berlin.")
    return name


def _sites(text: str) -> str:
    _origins(text)
    return text


def _colour(text: str) -> str:
    colour = text.lower()
    if colour and not re.fullmatch(r"#[0-9a-f]{6}", colour):
        raise ValueError("Please choose a colour, or write one like #1d6753.")
    return colour


class ShopForm(Message):
    """What the first step asks."""

    name: str = Field(min_length=1, max_length=80)
    tagline: str = Field(default="", max_length=200)
    email: Annotated[str, AfterValidator(_email)] = Field(default="", max_length=254)
    phone: str = Field(default="", max_length=40)
    address: str = Field(default="", max_length=200)
    sites: Annotated[str, AfterValidator(_sites)] = Field(default="", max_length=2_000)
    time_zone: Annotated[str, AfterValidator(_zone)] = Field(default="UTC", max_length=64)


class LookForm(Message):
    """The widget's colour."""

    accent: Annotated[str, AfterValidator(_colour)] = Field(default="", max_length=20)
    palette: Annotated[str, AfterValidator(_colour)] = Field(default="", max_length=20)
    """Of those that are offered; counts where no own colour is written."""
    near: Annotated[str, AfterValidator(_colour)] = Field(default="", max_length=20)
    """The readable one that was offered in place of another."""


class ReturnsForm(Message):
    """What comes back, and how customers pay."""

    days: int = Field(ge=0, le=730)
    exchanges: bool = False
    free: bool = False
    cancel_hours: int = Field(ge=0, le=720)
    warranty_months: int = Field(ge=0, le=1_200)
    payments: str = Field(default="", max_length=800)


async def shop_shown(visit: Visit) -> dict[str, Any]:
    """The first step's page."""
    profile = await _profile(visit)
    return {"profile": profile, "was": mark(profile, SHOP), "zones": zone_names(), "sites": "\n".join(profile.origins)}


async def save_shop(visit: Visit) -> Outcome:
    """Keep the first step."""
    asked = await visit.read(ShopForm)
    if isinstance(asked, FormProblems):
        return asked
    values = {name: " ".join(getattr(asked, name).split()) for name in SHOP if name != "origins"}
    return await keep_part(visit, values | {"origins": _origins(asked.sites)}, visit.fields().get("was"))


async def look_shown(visit: Visit) -> dict[str, Any]:
    """The page of the colour."""
    profile = await _profile(visit)
    return {"accent": profile.accent, "was": mark(profile, ("accent",)), "colours": COLOURS}


async def save_look(visit: Visit) -> Outcome:
    """Keep a colour that can be read; one that cannot is told with the nearest that can."""
    asked = await visit.read(LookForm)
    if isinstance(asked, FormProblems):
        return asked
    accent = asked.near or asked.accent or asked.palette
    if accent and contrast(accent) < READABLE:
        near = readable(accent)
        problem = f"White words on this colour are hard to read. {near} is the same, a little darker."
        return FormProblems({"accent": problem, "near": near}, visit.fields())
    return await keep_part(visit, {"accent": accent}, visit.fields().get("was"))


async def delivery_shown(visit: Visit) -> dict[str, Any]:
    """The page of the ways of delivery."""
    profile = await _profile(visit)
    rows: list[dict[str, Any]] = [
        {"name": one.name, "price": one.price.amount, "free_from": one.free_from.amount if one.free_from else ""}
        | {"least": one.days[0], "most": one.days[1], "countries": ", ".join(one.countries), "id": one.id}
        for one in profile.deliveries
    ]
    rows += [EMPTY] * (max(ROWS, len(rows) + 1) - len(rows))
    return {"rows": rows, "was": mark(profile, ("deliveries",)), "currency": visit.shop.currency}


async def save_delivery(visit: Visit) -> Outcome:
    """Keep the ways of delivery; rows that are left empty are none."""
    fields = visit.fields()
    found = nested({name: fields.all(name) for name, _ in fields}).get("ways", [])
    rows = without_blanks(found, but=("id",))
    problems: dict[str, str] = {}
    ways: list[dict[str, Any]] = []
    if len(rows) > WAYS_MAX:
        return FormProblems({"": f"Up to {WAYS_MAX} ways of delivery, please."}, fields)
    for number, row in enumerate(found if isinstance(found, list) else []):
        if row in rows and isinstance(row, dict):
            ways.append(_way(row, f"ways.{number}", visit.shop.currency, {one["id"] for one in ways}, problems))
    if problems:
        return FormProblems(problems | {"": ""}, fields)
    return await keep_part(visit, {"deliveries": ways}, fields.get("was"))


async def returns_shown(visit: Visit) -> dict[str, Any]:
    """The page of returns and payment."""
    profile = await _profile(visit)
    return {"profile": profile, "was": mark(profile, RETURNS), "payments": ", ".join(profile.payments)}


async def save_returns(visit: Visit) -> Outcome:
    """Keep what comes back, and how customers pay."""
    asked = await visit.read(ReturnsForm)
    if isinstance(asked, FormProblems):
        return asked
    payments = _words(asked.payments)
    if len(payments) > 20 or any(len(one) > 40 for one in payments):
        return FormProblems({"payments": "Please name up to 20, with a comma between them."}, visit.fields())
    profile = await _profile(visit)
    rules = {"days": asked.days, "exchanges": asked.exchanges, "free": asked.free, "cancel_hours": asked.cancel_hours}
    values = {"returns": profile.returns.model_copy(update=rules).model_dump(), "payments": payments}
    return await keep_part(visit, values | {"warranty_months": asked.warranty_months}, visit.fields().get("was"))


async def _profile(visit: Visit) -> Profile:
    profile, _ = await asyncio.to_thread(draft_profile, visit.house.shopping.entries, visit.shop)
    return profile


def _origins(text: str) -> tuple[str, ...]:
    """Sites as people write them: with or without https, with a path of a page."""
    found = []
    for site in text.split():
        whole = site if "://" in site else f"https://{site}"
        try:
            found.append(read_origin("/".join(whole.split("/")[:3])))
        except ValueError as error:
            raise ValueError(f"{site[:60]} is no address of a site. One is written https://shop.example.") from error
    if len(found) > SITES_MAX:
        raise ValueError(f"Up to {SITES_MAX} sites, please.")
    return tuple(dict.fromkeys(found))


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (" ".join(one.split()) for one in text.split(",")))))


def _way(row: dict[str, Any], at: str, currency: str, taken: set[str], problems: dict[str, str]) -> dict[str, Any]:
    """A way of delivery out of a row; what is wrong with it goes to `problems`."""

    def text(name: str) -> str:
        return " ".join(str(row.get(name, "")).split())

    def money(name: str) -> Money | None:
        try:
            found = Money.of(text(name).replace(",", "."), currency) if text(name) else None
            if found is not None and found.minor < 0:
                raise ValueError("less than nothing")
        except ValueError:
            problems[f"{at}.{name}"] = "Please write a sum like 4.90."
            return None
        return found

    def days(name: str) -> int:
        if not re.fullmatch(r"\d{1,3}", text(name), re.ASCII):
            problems[f"{at}.{name}"] = "Please write a number of days."
            return 0
        return int(text(name))

    name, countries = text("name"), tuple(one.upper() for one in _words(text("countries")))
    if not 1 <= len(name) <= 60:
        problems[f"{at}.name"] = "Please give it a name, like Standard."
    if any(not re.fullmatch(r"[A-Z]{2}", one) for one in countries):
        problems[f"{at}.countries"] = "Please write two letters for each country, like US, CA, or leave it empty."
    least, most = days("least"), days("most")
    if most < least:
        problems[f"{at}.most"] = "This is fewer days than the first."
    return {
        "id": _way_id(text("id") or name, taken),
        "name": name,
        "price": money("price") or Money(minor=0, currency=currency),
        "free_from": money("free_from"),
        "days": (least, most),
        "countries": countries,
    }


def _way_id(name: str, taken: set[str]) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:36] or "way"
    return next(one for one in (plain, *(f"{plain}-{number}" for number in range(2, 100))) if one not in taken)


def shown_rows(fields: MultiFields) -> list[dict[str, Any]]:
    """The rows of the delivery form as they were sent, to be shown again."""
    found = nested({name: fields.all(name) for name, _ in fields}).get("ways", [])
    return [EMPTY | row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
