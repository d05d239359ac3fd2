"""What the console's pages link to, in the order of its menu."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.accounts.rights import Right


@dataclass(frozen=True)
class Entry:
    """A line of the menu: where it leads below the shop, what it is called, who sees it, what else is part of it."""

    path: str
    label: str
    right: Right = Right.VIEW
    parts: tuple[str, ...] = ()

    def leads_to(self, place: str) -> bool:
        """Whether a page is this one, or belongs to it; `place` is the first part of its path below the shop."""
        return place == self.path or place in self.parts


@dataclass(frozen=True)
class Group:
    """Lines that belong together; the first group has no heading."""

    label: str
    entries: tuple[Entry, ...]


MENU = (
    Group("", (Entry("", "Home"), Entry("setup", "Set up", Right.EDIT))),
    Group(
        "What the bot says",
        (
            Entry("answers", "Answers"),
            Entry("behaviour", "Behaviour"),
            Entry("try", "Try it"),
            Entry("publish", "Publish", parts=("versions",)),
        ),
    ),
    Group(
        "What customers say",
        (
            Entry("questions", "Questions"),
            Entry("conversations", "Conversations"),
            Entry("numbers", "Numbers"),
            Entry("ask", "Ask"),
        ),
    ),
    Group(
        "Your shop",
        (
            Entry("connect", "Connect", Right.CONNECT, ("keys",)),
            Entry("team", "Team", Right.TEAM),
            Entry("log", "Log", Right.TEAM),
            Entry("privacy", "Privacy", Right.DATA),
        ),
    ),
)
