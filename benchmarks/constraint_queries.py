"""What people ask a shop for with limits in it, and what they meant: sentences with places to fill, and the filling.

A place is `{field:op}` and is filled with a value of the catalogue as it is said; together the places are the truth.
Operators: `=` is, `!` is not, `<` under, `<=` at most, `>` over, `>=` at least, `~` about, `+` yes, `-` no (both fill
nothing: the words stand in the sentence), `min` and `max` sort (likewise).
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.numerals import in_words

TUNED_ON = """
{thing} under {price:<}
{brand:=} {thing} under {price:<}
show me {colour:=} {thing}s for less than {price:<}
i'm looking for a {thing} that costs at most {price:<=}
{thing} between {price:>=} and {price:<=}
{thing} from {price:>=} to {price:<=}
{colour:=} {thing}
{thing} by {brand:=}
a {thing} from {brand:=} please
{brand:=} or {brand:=} {thing}
{thing}, not {brand:!}
{thing} but not from {brand:!}
any {thing} except {brand:!}
{thing} that isn't {colour:!}
cheapest {thing}{price:min}
what's the most expensive {brand:=} {thing}{price:max}
the cheapest {colour:=} {thing} you have{price:min}
{thing} over {price:>}
{thing} for around {price:~}
laptop with {memory:=} of ram
laptop with at least {memory:>=} ram
{brand:=} laptop {storage:=} ssd
laptop with {memory:=} ram and {storage:=} storage under {price:<}
{screen:=} monitor
{brand:=} {screen:=} monitor in {colour:=}
monitor bigger than {screen:>}
laptop with a screen of at least {screen:>=}
{length:=} network cable
{colour:=} network cable, {length:=}
usb 3.0 cable at least {length:>=} long
cable no longer than {length:<=}
printer with wifi{wifi:+}
printer without wifi{wifi:-}
{brand:=} printer with wifi under {price:<}{wifi:+}
headphones with bluetooth, no more than {price:<=}{bluetooth:+}
headphones without bluetooth{bluetooth:-}
phone with {storage:=} storage
phone with more than {storage:>} of storage in {colour:=}
{colour:=} {brand:=} {thing} for {price:<=} or less
i want to spend no more than {price:<=} on a {thing}
my budget is {price:<=}, i need a {thing}
{thing} up to {price:<=}, {colour:=} or {colour:=}
do you have {thing}s that are {colour:=} and cost less than {price:<}
windows 10 laptop under {price:<}
4 in 1 card reader under {price:<}
{brand:=} {thing} at least {price:>=}
toner for hp laserjet, {colour:=}, below {price:<}
anything but {brand:!}, a {thing} under {price:<}
{thing} {price:>=} to {price:<=}
{thing} that is not {colour:!} for under {price:<}
find me a {brand:=} laptop, {memory:>=} of memory or more
a {screen:=} {brand:=} laptop with {storage:=} of storage under {price:<}
i'd like a lightweight {thing}, less than {weight:<}
{thing} lighter than {weight:<}
no {brand:!} please, just a {colour:=} {thing}
iphone 12 case under {price:<}
i am after a {thing}, my maximum is {price:<=}
is {price:<=} enough for a {colour:=} {thing}
anything {colour:=} from {brand:=} under {price:<}
{thing} not costing more than {price:<=}
could you show me {brand:=} {thing}s that are less than {price:<}
{thing}s priced under {price:<}
{thing}s priced between {price:>=} and {price:<=}
{thing} with price from {price:>=} to {price:<=}
price: {price:>=} - {price:<=}, {thing}
{thing} of {price:<=} or cheaper
{thing} < {price:<}
{thing} >= {price:>=}
{thing} sub {price:<}
{thing} no less than {price:>=}
{thing} minimum {price:>=}
{thing}s beginning at {price:>=}
{thing} from {price:>=} upwards
a decent {thing} for {price:<=} tops
{thing} roughly {price:~} {colour:=}
{brand:=}'s cheapest {thing}{price:min}
{thing} manufactured by {brand:=}
{thing} produced by {brand:=}
{thing} of {brand:=}
only {brand:=} {thing}s
either {brand:=} or {brand:=}, a {thing}
{brand:=}, {brand:=} or {brand:=} {thing}
{brand:=} and {brand:=} {thing}s
{thing} but only in {colour:=}
{thing} in either {colour:=} or {colour:=}
{thing} in {colour:=}, not {colour:!}
please no {colour:!} {thing}
{thing}: no {brand:!}, no {brand:!}
{thing} without the {brand:!} brand
{thing}s, but i'd rather not have {brand:!}
i refuse to buy {brand:!}, so which {thing}
i want a {thing} that is anything but {colour:!}
excluding {brand:!}, what {thing}s are there
{thing} made by someone other than {brand:!}
{thing}, {colour:=}, {brand:=}, {price:<=} max
laptop with {screen:=} display, {memory:=} ram, {storage:=} ssd
{brand:=} {memory:=} {storage:=} ssd laptop
laptop {memory:=}/{storage:=} ssd
laptop having at least {memory:>=} of memory
at least {storage:>=} of storage, {brand:=} phone
laptop with {memory:=} ram but not {brand:!}
ram {memory:>=} or higher, laptop
external ssd, minimum {storage:>=}
external ssd of {storage:=} for under {price:<}
the monitor should be at least {screen:>=}
display between {screen:>=} and {screen:<=}
monitor of {screen:=} or {colour:=}
laptops up to {screen:<=}
tv {screen:>=} minimum, {price:<=} maximum
network cable between {length:>=} and {length:<=}
network cable, minimum {length:>=}
cable that's longer than {length:>}
cable under {length:<} in {colour:=}
extension cord at least {length:>=}, less than {price:<}
does this printer have wifi{wifi:+}
a printer which doesn't need wifi{wifi:-}
bluetooth keyboard from {brand:=}{bluetooth:+}
non bluetooth mouse in {colour:=}{bluetooth:-}
camera with wifi and bluetooth{wifi:+}{bluetooth:+}
{thing} lighter than {weight:<} and cheaper than {price:<}
{thing} with a maximum weight of {weight:<=}
the least expensive {thing} in {colour:=}{price:min}
the priciest {thing} you sell{price:max}
show the cheapest first: {brand:=} {thing}s{price:min}
could you find a {thing} that won't cost me more than {price:<=}
i've got {price:<=} to spend on a {thing}
nothing over {price:<=}, a {colour:=} {thing}
{thing}s starting at {price:>=}
{thing} somewhere between {price:>=} and {price:<=}, ideally {brand:=}
give me the least expensive {thing} made by {brand:=}{price:min}
what {brand:=} {thing}s have you got below {price:<}
is there a {thing} in {colour:=}, max {price:<=}
{thing} {colour:=} <{price:<}
need {thing} {brand:=} {price:<=} max
hello, my daughter wants a {colour:=} {thing}, it shouldn't be more than {price:<=}
i don't want {brand:!}, show me another {thing}
{thing} other than {brand:!} or {brand:!}
anything except {colour:!} is fine, {thing} under {price:<}
{thing} in any colour but {colour:!}
a notebook having {memory:>=} ram or better
notebook, minimum {memory:>=} of memory, {storage:>=} ssd minimum
which phones come with {storage:=} of storage
{brand:=} phone, {storage:>=} storage or more, not {colour:!}
tv larger than {screen:>}
something like a {screen:=} display from {brand:=}
a patch cable that's {length:=} long, {colour:=}
patch cable longer than {length:>} and cheaper than {price:<}
scanner with no wifi{wifi:-}
wifi printer from {brand:=} for at most {price:<=}{wifi:+}
bluetooth speaker that costs less than {price:<}{bluetooth:+}
priciest {brand:=} {thing}{price:max}
{thing} roughly {price:~}
i could pay up to {price:<=} for a {brand:=} {thing} with {memory:=} of ram
under {price:<}: {brand:=} {thing}, {colour:=}
we need {colour:=} {thing}s, {price:<=} tops
cat 6 cable {length:=} {colour:=} less than {price:<}
{thing} weighing under {weight:<}, {colour:=}
{thing} that's neither {brand:!} nor {brand:!}
a 2-pack of {brand:=} {thing}s for under {price:<}
"""
"""The last 35 wordings were the first to be held out: of 100 queries 97 were parsed right when they were looked at."""

HELD_OUT = """
we're after a {colour:=} {thing} and can go as high as {price:<=}
recommend a {thing} that sells for under {price:<}
{thing} where the price doesn't go above {price:<=}
i'd pay {price:<=} at the most for a {thing}
find {thing}s ranging from {price:>=} to {price:<=}
{thing}s that start from {price:>=}
my boss said no more than {price:<=} per {thing}
a cheap {thing}, say below {price:<}
which {thing} costs about {price:~}
{price:<=} or under, {brand:=} {thing}
got any {colour:=} {thing}s by {brand:=}
do you stock {brand:=} {thing}s in {colour:=}
i'm a fan of {brand:=}, what {thing}s do they have for less than {price:<}
a {thing} from either {brand:=} or {brand:=}, max {price:<=}
{thing} without {brand:!}
{thing}s - not {brand:!}, not {brand:!} - under {price:<}
leave out {brand:!}, i need a {colour:=} {thing}
no {colour:!} or {colour:!} {thing}s please
a {thing} that comes in {colour:=}
would prefer a {colour:=} {thing}, definitely not from {brand:!}
student laptop, {memory:>=} ram minimum, under {price:<}
{brand:=} notebook with {memory:=} ram and a {storage:=} ssd
laptop with no less than {memory:>=} of memory
tablet that has at least {storage:>=} of storage
{screen:=} {brand:=} screen for less than {price:<}
a monitor measuring {screen:>=} or more
screens below {screen:<} by {brand:=}
cable with a length between {length:>=} and {length:<=}
{colour:=} patch cord {length:=} long from {brand:=}
a lead that is at most {length:<=} long
{brand:=} printer having wifi, {price:<=} or cheaper{wifi:+}
a speaker with bluetooth, nothing over {price:<=}{bluetooth:+}
mouse that doesn't have bluetooth{bluetooth:-}
what's the cheapest {thing} {brand:=} sells{price:min}
a backpack that weighs under {weight:<}
"""
"""Written before what was learnt from any of them; never looked at after."""

THINGS = (
    "laptop", "mouse", "keyboard", "backpack", "printer", "camera", "projector", "headset", "usb hub", "webcam",
    "toner cartridge", "hard drive", "docking station", "docking station", "router", "speaker",
)  # fmt: skip

Value = str | float | bool


@dataclass(frozen=True)
class Stated:
    """One condition as it was stated, the operator as in `understanding.Operator` and numbers in the field's unit."""

    field: str
    operator: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Asked:
    text: str
    stated: tuple[Stated, ...]
    held_out: bool


@dataclass(frozen=True)
class Choices:
    """The catalogue's brands and colours (as often as they occur) and prices in cents, to choose from."""

    brands: Sequence[str]
    colours: Sequence[str]
    prices: Sequence[int]


MEMORY = (2, 4, 8, 16, 32, 64)
STORAGE = (64, 128, 256, 320, 500, 512, 1000, 2000)
SCREENS = (13.3, 14, 15.4, 15.6, 17.3, 19, 21.5, 22, 23.8, 24, 27, 32)
METRES = (0.5, 1, 1.5, 2, 3, 5, 7.5, 10, 15, 20)
FEET = (3, 6, 10, 25)
GRAMS = (100, 250, 500, 1000, 1500, 2000, 3000)

_OPERATORS = {"=": "is", "!": "not", "<": "under", "<=": "at most", ">": "over", ">=": "at least", "~": "about"}
_places = re.compile(r"\{(\w+)(?::([^}]+))?\}")


def queries(choices: Choices, tuned_on: int, held_out: int, seed: int) -> list[Asked]:
    """So many queries of each kind, every template as often as the others, the same for the same seed."""
    chance = random.Random(seed)
    asked = []
    for templates, count in ((TUNED_ON, tuned_on), (HELD_OUT, held_out)):
        lines = templates.strip().splitlines()
        asked += [
            _filled(lines[number % len(lines)], choices, chance, templates is HELD_OUT) for number in range(count)
        ]
    return asked


def _filled(template: str, choices: Choices, chance: random.Random, held_out: bool) -> Asked:
    found: list[tuple[str, str, Value]] = []
    used: set[Value] = set()
    cents = sorted(chance.sample(choices.prices, 2))
    is_range = template.count("{price:") == 2
    styles = _styles_of_range(chance) if is_range else (_style(chance),) * 2
    priced = 0

    def fill(place: re.Match[str]) -> str:
        nonlocal priced
        field, operator = place[1], place[2]
        if field == "thing":
            return chance.choice(THINGS)
        if operator in ("+", "-"):
            found.append((field, "=", operator == "+"))
            return ""
        if operator in ("min", "max"):
            found.append((field, operator, True))
            return ""
        if field == "price":
            style = styles[min(priced, 1)] if template[place.start() - 1 : place.start()] != "<" else "$"
            amount, words = _price(cents[priced] if is_range else cents[1], style, chance, coarse=is_range)
            priced += 1
            found.append((field, operator, amount))
            return words
        value, words = _value(field, choices, chance, used)
        found.append((field, operator, value))
        return words

    text = _places.sub(fill, template)
    return Asked(" ".join(text.split()), _grouped(found), held_out)


def _grouped(found: Sequence[tuple[str, str, Value]]) -> tuple[Stated, ...]:
    """Alternatives and ranges together: "sony or canon" and "5 to 10" are one condition each."""
    by_field: dict[tuple[str, str], list[Any]] = {}
    for field, operator, value in found:
        by_field.setdefault((field, operator), []).append(value)
    stated = []
    for (field, operator), values in by_field.items():
        if operator == "<=" and (field, ">=") in by_field:
            continue
        if operator == ">=" and (field, "<=") in by_field:
            stated.append(Stated(field, "between", tuple(sorted((*values, *by_field[field, "<="])))))
        elif operator in ("min", "max"):
            stated.append(Stated(field, "lowest" if operator == "min" else "highest", ()))
        else:
            stated.append(Stated(field, _OPERATORS[operator], tuple(values)))
    return tuple(stated)


def _style(chance: random.Random) -> str:
    return chance.choice(("$", "$", "digits dollars", "digits", "words dollars", "words", "bucks", "usd", "exact"))


def _styles_of_range(chance: random.Random) -> tuple[str, str]:
    return chance.choice(
        (("$", "$"), ("digits", "digits"), ("digits", "digits dollars"), ("words", "words"), ("words", "words dollars"))
    )


def _price(cents: int, style: str, chance: random.Random, coarse: bool) -> tuple[float, str]:
    """A price near `cents`, in cents, as it is said."""
    dollars = max(5, cents // 100)
    step = 1 if dollars < 20 else 5 if dollars < 100 else 10 if dollars < 300 else 50
    dollars = max(step, dollars // step * step) + (step if coarse and chance.random() < 0.3 else 0)
    words = in_words(dollars, joined_by_and=chance.random() < 0.5)
    if style == "exact":
        nines = 100 * dollars - 1
        spoken = f"{in_words(dollars - 1)} ninety nine" if 20 < dollars < 100 else f"${nines / 100:,.2f}"
        return nines, chance.choice((f"${nines / 100:,.2f}", f"{nines / 100:.2f}", spoken))
    said = {
        "$": f"${dollars:,}",
        "digits dollars": f"{dollars} dollars",
        "digits": f"{dollars}",
        "words dollars": f"{words} dollars",
        "words": words,
        "bucks": f"{chance.choice((str(dollars), words))} bucks",
        "usd": chance.choice((f"USD {dollars}", f"{dollars} USD", f"{dollars}$")),
    }
    return 100 * dollars, said[style]


def _value(field: str, choices: Choices, chance: random.Random, used: set[Value]) -> tuple[Value, str]:
    """A value that was not used in this query yet, and how it is said."""
    if field in ("brand", "colour"):
        left = [one for one in (choices.brands if field == "brand" else choices.colours) if one not in used]
        name = chance.choice(left)
        used.add(name)
        return name, chance.choice((name, name.lower(), name.lower().replace("-", " ")))
    if field == "memory":
        size = chance.choice(MEMORY)
        return size, chance.choice((f"{size} GB", f"{size}gb", f"{size} gigs", f"{in_words(size)} gigabytes"))
    if field == "storage":
        size = chance.choice(STORAGE)
        if size >= 1000:
            count = size // 1000
            return size, chance.choice((f"{count} TB", f"{count}tb", f"{in_words(count)} terabyte"))
        return size, chance.choice((f"{size} GB", f"{size}gb", f"{size} gigs", f"{in_words(size, True)} gigabytes"))
    if field == "screen":
        inches = chance.choice(SCREENS)
        return inches, chance.choice((f"{inches} inch", f'{inches}"', f"{inches}-inch", f"{_decimal(inches)} inch"))
    if field == "length":
        if chance.random() < 0.3:
            feet = chance.choice(FEET)
            return feet * 0.3048, chance.choice((f"{feet} ft", f"{feet} feet", f"{in_words(feet)} foot"))
        metres = chance.choice(METRES)
        return metres, chance.choice((f"{metres}m", f"{metres} m", f"{metres} metres", f"{_decimal(metres)} meters"))
    grams = chance.choice(GRAMS)
    if grams >= 1000:
        return grams, chance.choice((f"{grams / 1000:g} kg", f"{_decimal(grams / 1000)} kilos", f"{grams} grams"))
    return grams, chance.choice((f"{grams} g", f"{grams} grams", f"{in_words(grams)} grams"))


def _decimal(number: float) -> str:
    whole, _, digits = f"{number:g}".partition(".")
    return in_words(int(whole)) + (f" point {' '.join(in_words(int(digit)) for digit in digits)}" if digits else "")
