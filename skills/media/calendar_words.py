"""Days as people name them: "yesterday", "last week", "three days ago", "the third of March", "2019". Pure.

Weeks begin on Monday.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from datetime import date, timedelta

from skills.media.amounts import number_at

Days = tuple[date, date, int]
"""The first and the last day of what was named, and the word after it."""

MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}
WEEKDAYS = {name.casefold(): number for number, name in enumerate(calendar.day_name)}
_UNITS = ("day", "week", "weekend", "month", "year")
_DAYS = {"today": 0, "tonight": 0, "yesterday": -1, "tomorrow": 1}
_DAY_WORDS = {("last", "night"): -1, ("this", "morning"): 0, ("this", "afternoon"): 0, ("this", "evening"): 0}
_STEPS = {"last": -1, "past": -1, "previous": -1, "this": 0, "current": 0, "next": 1, "coming": 1}
_DECADES = {"twenties": 1920, "thirties": 1930, "forties": 1940, "fifties": 1950, "sixties": 1960, "seventies": 1970,
            "eighties": 1980, "nineties": 1990}  # fmt: skip
_ORDINAL_WORDS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth " \
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"  # fmt: skip
_ORDINALS = {word: day for day, word in enumerate(_ORDINAL_WORDS.split(), start=1)} | {"thirtieth": 30}
_ARTICLES = ("the", "a", "an")
_EARLIEST_YEAR, _LATEST_YEAR = 1900, 2099


class NamedDays:
    """Reads the days that some words name; positions are of words.

    What has no year is the last there was, or with `ahead` the next there is.
    """

    def __init__(self, spoken: Sequence[str], today: date, ahead: bool = False) -> None:
        self._spoken, self._today, self._ahead = list(spoken), today, ahead

    def at(self, start: int) -> Days | None:
        """The days that are named from word `start` on, an article before them included; None where none are."""
        at = self.skip(start)
        readers = (self._day, self._ago, self._relative, self._date, self._weekday, self._month, self._decade)
        for read in (*readers, self._whole_year):
            try:
                if found := read(at):
                    return found
            except (ValueError, OverflowError):  # the 31st of June, or before the calendar begins
                continue
        return None

    def is_vague(self, start: int) -> bool:
        """Whether what stands there may well be something else: a number, or a month such as "may"."""
        at = self.skip(start)
        word = self.word(at)
        return word.isdigit() or word in MONTHS or word in _ORDINALS or self._year(at) is not None

    def skip(self, at: int) -> int:
        """The word after an article, if there is one."""
        return at + (self.word(at) in _ARTICLES)

    def word(self, at: int) -> str:
        """The word there; empty where there is none."""
        return self._spoken[at] if 0 <= at < len(self._spoken) else ""

    def _day(self, at: int) -> Days | None:
        if self.word(at) == "day" and self._spoken[at + 1 : at + 3] == ["before", "yesterday"]:
            return self._one(-2, at + 3)
        if (days := _DAY_WORDS.get((self.word(at), self.word(at + 1)))) is not None:
            return self._one(days, at + 2)
        days_off = _DAYS.get(self.word(at))
        return None if days_off is None else self._one(days_off, at + 1)

    def _one(self, days: int, end: int) -> Days:
        day = self._today + timedelta(days)
        return day, day, end

    def _ago(self, at: int) -> Days | None:
        """The day of "three days ago"; the week, month or year around it of "a week ago"."""
        counted = self._counted(at - 1 if at and self._spoken[at - 1] in ("a", "an") else at)
        if counted is None or self.word(counted[2]) != "ago":
            return None
        count, unit, end = counted
        return *_around(unit, _shifted(self._today, unit, -count)), end + 1

    def _relative(self, at: int) -> Days | None:
        """Units as seen from today: "last week", "this month", "the last three weeks"."""
        which = self.word(at)
        if which not in _STEPS:
            return None
        if which in ("last", "past", "previous") and (counted := self._counted(at + 1, bare=which == "past")):
            count, unit, end = counted
            return _shifted(self._today, unit, -count), self._today, end
        unit = self.word(at + 1)
        if unit not in _UNITS[1:]:
            return None
        return *_around(unit, _shifted(self._today, unit, _STEPS[which])), at + 2

    def _counted(self, at: int, bare: bool = False) -> tuple[int, str, int] | None:
        """A number of units: "three weeks"; `bare`: a unit alone is one."""
        number = number_at(self._spoken, at)
        after_article = self.skip(at)
        if number:
            count, end = round(number.value), number.end
        elif (vague := {"couple": 2, "few": 3}.get(self.word(after_article))) is not None:
            count, end = vague, after_article + 1 + (self.word(after_article + 1) == "of")
        elif bare or after_article > at:
            count, end = 1, after_article
        else:
            return None
        unit = self.word(end).removesuffix("s")
        return (count, unit, end + 1) if unit in _UNITS and 0 < count < 1000 else None

    def _date(self, at: int) -> Days | None:
        """A day: "the third of March 2024", "March 3rd", "2024-03-03"."""
        numbers = self._spoken[at : at + 3]
        if len(numbers) == 3 and [len(one) for one in numbers] == [4, 2, 2] and all(one.isdigit() for one in numbers):
            day = date(*map(int, numbers))
            return day, day, at + 3
        if (month := MONTHS.get(self.word(at))) and (found := self._day_of_month(at + 1)):
            number, end = found
        elif found := self._day_of_month(at):
            number, end = found
            end += self.word(end) == "of"
            month = MONTHS.get(self.word(end))
            end += 1
        if not found or not month:
            return None
        if year := self._year(end):
            day, end = date(year[0], month, number), year[1]
        else:
            day = self._nearest([date(self._today.year + step, month, number) for step in (-1, 0, 1)])
        return day, day, end

    def _day_of_month(self, at: int) -> tuple[int, int] | None:
        """A day's number: "3", "3rd", "third", "twenty third"."""
        word, after = self.word(at), self.word(at + 1)
        if word.isdigit() and 1 <= int(word[:3]) <= 31:
            return int(word), at + 1 + (after in ("st", "nd", "rd", "th"))
        if word in ("twenty", "thirty") and _ORDINALS.get(after, 10) < 10:
            return (20 if word == "twenty" else 30) + _ORDINALS[after], at + 2
        return (_ORDINALS[word], at + 1) if word in _ORDINALS else None

    def _weekday(self, at: int) -> Days | None:
        which = self.word(at) if self.word(at) in _STEPS else ""
        at += bool(which)
        number = WEEKDAYS.get(self.word(at))
        if number is None:
            return None
        ahead = self._ahead if not which else _STEPS[which] >= 0
        days = (number - self._today.weekday()) % 7 if ahead else -((self._today.weekday() - number) % 7)
        if not days and which and _STEPS[which]:
            days = 7 if ahead else -7
        return self._one(days, at + 1)

    def _month(self, at: int) -> Days | None:
        which = self.word(at) if self.word(at) in _STEPS else ""
        at += bool(which)
        month = MONTHS.get(self.word(at))
        if month is None:
            return None
        at += 1
        if not which and (year := self._year(at + (self.word(at) == "of"))):
            return *_around("month", date(year[0], month, 1)), year[1]
        now = self._today.replace(day=1)
        step = _STEPS[which] if which else 1 if self._ahead else -1
        months = [date(self._today.year + years, month, 1) for years in (-1, 0, 1)]
        if which and not step:
            near = months[1]
        elif step > 0:
            near = min(one for one in months if one > now or (one == now and not which))
        else:
            near = max(one for one in months if one < now or (one == now and not which))
        return *_around("month", near), at

    def _decade(self, at: int) -> Days | None:
        """Ten years: "nineties", "1990s"."""
        word = self.word(at)
        if word in _DECADES:
            begin, end = _DECADES[word], at + 1
        elif re.fullmatch(r"(?:19|20)\d0s", word):
            begin, end = int(word[:4]), at + 1
        else:
            return None
        return date(begin, 1, 1), date(begin + 9, 12, 31), end

    def _whole_year(self, at: int) -> Days | None:
        year = self._year(at + (self.word(at) == "year"))
        return None if year is None else (*_around("year", date(year[0], 1, 1)), year[1])

    def _year(self, at: int) -> tuple[int, int] | None:
        """A year and the word after it: "2019", "twenty nineteen", "two thousand and nine"."""
        word = self.word(at)
        if re.fullmatch(r"\d{4}", word):
            return (int(word), at + 1) if _EARLIEST_YEAR <= int(word) <= _LATEST_YEAR else None
        if self._spoken[at : at + 2] == ["two", "thousand"]:
            rest_at = at + 2 + (self.word(at + 2) == "and")
            rest = number_at(self._spoken, rest_at)
            whole = rest is not None and rest.value < 100
            return (2000 + int(rest.value), rest.end) if rest and whole else (2000, at + 2)
        century = {"nineteen": 1900, "twenty": 2000}.get(word)
        if century is None:
            return None
        rest_at = at + 1 + (self.word(at + 1) in ("oh", "o"))
        rest = number_at(self._spoken, rest_at)
        if rest is None or not (10 <= rest.value < 100 or (rest_at > at + 1 and rest.value < 10)):
            return None
        return century + int(rest.value), rest.end

    def _nearest(self, days: Sequence[date]) -> date:
        """The last of these that has been, or the next to come."""
        if self._ahead:
            return min(day for day in days if day >= self._today)
        return max(day for day in days if day <= self._today)


def _shifted(day: date, unit: str, count: int) -> date:
    """The same day so many units later."""
    match unit:
        case "month":
            months = day.year * 12 + day.month - 1 + count
            year, month = months // 12, months % 12 + 1
            return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
        case "year":
            return _shifted(day, "month", 12 * count)
        case "day":
            return day + timedelta(count)
        case _:
            return day + timedelta(weeks=count)


def _around(unit: str, day: date) -> tuple[date, date]:
    """The first and last day of the unit in which a day lies."""
    match unit:
        case "day":
            return day, day
        case "week":
            monday = day - timedelta(day.weekday())
            return monday, monday + timedelta(6)
        case "weekend":
            saturday = day - timedelta(day.weekday()) + timedelta(5)
            return saturday, saturday + timedelta(1)
        case "month":
            return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
        case _:
            return date(day.year, 1, 1), date(day.year, 12, 31)
