"""Which answers a list shows: by folder, words, and what has become of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from skills.storefront.listing import Listed

PAGE = 50
FOUND_MAX = 500
"""That a search comes to."""
PAGES_MAX = 10_000


class Show(StrEnum):
    """What is looked at."""

    ALL = ""
    CHANGED = "changed"
    UNUSED = "unused"
    EXPIRED = "expired"
    OFFLINE = "offline"


SHOWN: Mapping[Show, str] = {
    Show.ALL: "All",
    Show.CHANGED: "Not yet published",
    Show.UNUSED: "Never used",
    Show.EXPIRED: "Expired",
    Show.OFFLINE: "Not live",
}


@dataclass(frozen=True)
class Wanted:
    """What the address of a list asks for."""

    words: str = ""
    folder: str = ""
    show: Show = Show.ALL
    page: int = 1

    @classmethod
    def read(cls, asked: Mapping[str, Any]) -> Wanted:
        """From the address, or a form that carries it along; what it cannot mean is left out."""
        show, page = str(asked.get("show") or ""), str(asked.get("page") or "1")
        number = int(page) if page.isdecimal() and page.isascii() and len(page) < 6 else 1
        return cls(
            words=str(asked.get("q") or "").strip()[:200],
            folder=str(asked.get("folder") or "")[:120],
            show=Show(show) if show in set(Show) else Show.ALL,
            page=min(max(number, 1), PAGES_MAX),
        )

    @property
    def is_all(self) -> bool:
        """Nothing is left out."""
        return not (self.words or self.folder or self.show)

    def query(self, **other: Any) -> str:
        """As it stands in an address, with something else in places."""
        one = replace(self, **other)
        told = {"q": one.words, "folder": one.folder, "show": one.show.value, "page": one.page if one.page > 1 else ""}
        return urlencode({name: value for name, value in told.items() if value})

    def choose(
        self,
        lines: Sequence[Listed],
        today: date,
        find: Callable[[str, int], Sequence[str]],
        used: Callable[[], Collection[str]],
    ) -> list[Listed]:
        """The lines that are wanted. `find` gives the ids of those that fit words, the best first, and `used` of those
        that customers have got; each is asked only where it matters.
        """
        found = list(lines)
        if self.words:
            by_id = {one.id: one for one in lines}
            found = [by_id[one] for one in find(self.words, FOUND_MAX) if one in by_id]
        if self.folder:
            found = [one for one in found if one.folder == self.folder or one.folder.startswith(f"{self.folder}/")]
        match self.show:
            case Show.CHANGED:
                return [one for one in found if one.changed]
            case Show.UNUSED:
                known = used()
                return [one for one in found if one.id not in known]
            case Show.EXPIRED:
                return [one for one in found if is_over(one, today)]
            case Show.OFFLINE:
                return [one for one in found if not one.is_live]
            case _:
                return found


def is_over(line: Listed, today: date) -> bool:
    """Its last day is past."""
    return line.ends is not None and line.ends < today
