"""When an order would arrive and what sending it costs, by the shop's own rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from skills.shopping.money import Money
from skills.shopping.shop import Delivery, Profile, Shop
from skills.storefront.zones import zone

_COUNTRIES = """
AD Andorra; AE United Arab Emirates|UAE; AR Argentina; AT Austria; AU Australia; BE Belgium; BG Bulgaria; BR
Brazil; CA Canada; CH Switzerland; CL Chile; CN China; CO Colombia; CY Cyprus; CZ Czechia|Czech Republic; DE
Germany; DK Denmark; EE Estonia; EG Egypt; ES Spain; FI Finland; FR France; GB United Kingdom|UK|Great
Britain|Britain|England|Scotland|Wales|Northern Ireland; GR Greece; HK Hong Kong; HR Croatia; HU Hungary; ID
Indonesia; IE Ireland; IL Israel; IN India; IS Iceland; IT Italy; JP Japan; KE Kenya; KR South Korea|Korea; LI
Liechtenstein; LT Lithuania; LU Luxembourg; LV Latvia; MA Morocco; MT Malta; MX Mexico; MY Malaysia; NG
Nigeria; NL Netherlands|Holland; NO Norway; NZ New Zealand; PE Peru; PH Philippines; PK Pakistan; PL Poland;
PT Portugal; RO Romania; RS Serbia; SA Saudi Arabia; SE Sweden; SG Singapore; SI Slovenia; SK Slovakia; TH
Thailand; TR Turkey|Türkiye; TW Taiwan; UA Ukraine; US United States|USA|America|the States|Alaska|Hawaii; VN
Vietnam; ZA South Africa
"""
COUNTRIES = {one.strip()[:2]: " ".join(one.split()[1:]) for one in _COUNTRIES.split(";")}
"""ISO 3166 alpha-2 to its names, the usual one first."""
WITH_ARTICLE = frozenset({"AE", "GB", "NL", "PH", "US"})


@dataclass(frozen=True)
class Estimate:
    """One way to send an order: between which days it arrives, and what that costs."""

    delivery: Delivery
    earliest: date
    latest: date
    price: Money

    def words(self) -> str:
        """The days: "Thursday, November 26", "between Thursday, November 26, and Monday, November 30"."""
        if self.earliest == self.latest:
            return f"on {_day(self.earliest)}"
        return f"between {_day(self.earliest)} and {_day(self.latest)}"


def estimates(shop: Shop, now: datetime, country: str = "", subtotal: Money | None = None) -> tuple[Estimate, ...]:
    """How an order placed now could be sent to `country` (ISO alpha-2; empty: the shop's first), the cheapest first.

    Days count from today at the shop; Saturdays and Sundays are none. Nothing is found where it is not sent there.
    """
    today = now.astimezone(zone_of(shop)).date()
    found = [
        Estimate(one, working_day(today, one.days[0]), working_day(today, one.days[1]), price_of(one, subtotal))
        for one in shop.deliveries
        if serves(one, country or home(shop))
    ]
    return tuple(sorted(found, key=lambda one: (one.price.minor, one.latest)))


def working_day(start: date, days: int) -> date:
    """The day that many working days after `start`."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def price_of(delivery: Delivery, subtotal: Money | None) -> Money:
    """What it costs for goods of this price; the full price where that is not known."""
    free = delivery.free_from
    if free is not None and subtotal is not None and subtotal.currency == free.currency and not subtotal < free:
        return Money(minor=0, currency=delivery.price.currency)
    return delivery.price


def serves(delivery: Delivery, country: str) -> bool:
    """Whether it goes there; empty stands for somewhere unknown, where only what goes everywhere does."""
    return not delivery.countries or country in delivery.countries


def home(shop: Profile) -> str:
    """The country that a shop's deliveries name first."""
    return next((country for one in shop.deliveries for country in one.countries), "")


def usual(shop: Profile) -> Delivery | None:
    """The cheapest way to send something within the shop's own country, and of equals the fastest."""
    near = [one for one in shop.deliveries if serves(one, home(shop))]
    return min(near, key=lambda one: (one.price.minor, one.days[1]), default=None)


def country_in(text: str) -> str:
    """The ISO code of the country that a text names; empty where it names none."""
    if found := _names().search(text):
        return next(code for code, names in COUNTRIES.items() if found[0].lower() in names.lower().split("|"))
    # "to the US", but not "tell us".
    return "US" if re.search(r"\b(?:the US|to US|U\.S\.(?:A\.)?)(?![a-z])", text) else ""


def country_name(code: str) -> str:
    """As it is said after a preposition: "Norway", "the United States"."""
    name = COUNTRIES.get(code, code).split("|")[0]
    return f"the {name}" if code in WITH_ARTICLE else name


def zone_of(shop: Shop) -> ZoneInfo:
    """The shop's time zone; UTC where its name is none."""
    return zone(shop.time_zone)


@cache
def _names() -> re.Pattern[str]:
    names = sorted((name for all_names in COUNTRIES.values() for name in all_names.split("|")), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b", re.IGNORECASE)


def _day(day: date) -> str:
    return f"{day:%A, %B} {day.day}"
