"""What each role may do at a shop."""

from __future__ import annotations

from enum import StrEnum


class Right(StrEnum):
    """One thing that may be done at a shop."""

    VIEW = "view"
    """See everything but what has a right of its own."""
    TALK = "talk"
    """Answer customers in the chat."""
    EDIT = "edit"
    """Change drafts: answers, behaviour, the shop's profile."""
    PUBLISH = "publish"
    """Make drafts live, and roll back."""
    TEAM = "team"
    """Invite, change roles, remove."""
    CONNECT = "connect"
    """Keys and webhooks."""
    DATA = "data"
    """Export and delete what is kept of a person."""


class Role(StrEnum):
    """What somebody is at a shop; operators are so at all of them."""

    VIEWER = "viewer"
    AGENT = "agent"
    MANAGER = "manager"
    OWNER = "owner"
    OPERATOR = "operator"


_VIEWER = frozenset({Right.VIEW})
_AGENT = _VIEWER | {Right.TALK}
_MANAGER = _AGENT | {Right.EDIT, Right.PUBLISH}
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.VIEWER: _VIEWER,
    Role.AGENT: _AGENT,
    Role.MANAGER: _MANAGER,
    Role.OWNER: frozenset(Right),
    Role.OPERATOR: frozenset(Right),
}

SHOP_ROLES = (Role.VIEWER, Role.AGENT, Role.MANAGER, Role.OWNER)
"""What a member of a shop can be, the least first."""
EXPLAINED = {
    Role.VIEWER: "sees everything, changes nothing",
    Role.AGENT: "answers customers in the chat",
    Role.MANAGER: "edits and publishes what the bot says, and answers in the chat",
    Role.OWNER: "everything, with the team, keys and customers' data",
    Role.OPERATOR: "everything, at every shop",
}
"""To be read after the role's name."""
