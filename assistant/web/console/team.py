"""Who works at a shop: invite, change roles, remove."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from sanic import Blueprint, HTTPResponse

from assistant.accounts.invitations import Invitation
from assistant.accounts.people import Changed, Member, spelled
from assistant.accounts.rights import EXPLAINED, SHOP_ROLES, Right, Role
from assistant.errors import ServiceError
from assistant.web.console.account import NEEDS_OWNER
from assistant.web.console.fields import NO_PROBLEMS, FormProblems
from assistant.web.console.frame import Visit, form, page
from assistant.web.console.inviting import invite, send
from skills.message import Message
from skills.shopping.buying.details import is_email

blueprint = Blueprint("console_team")

TEAM_MAX = 200
"""Members and invitations of one shop."""


def checked_email(text: str) -> str:
    """An address as it is kept; ValueError."""
    if not is_email(text):
        raise ValueError("Please write an e-mail address, like mia@yourshop.com.")
    return spelled(text)


Email = Annotated[str, Field(max_length=254), AfterValidator(checked_email)]
ShopRole = Literal[Role.VIEWER, Role.AGENT, Role.MANAGER, Role.OWNER]


class NewMember(Message):
    """Whom to invite."""

    email: Email
    role: ShopRole


class NewRole(Message):
    """What somebody becomes."""

    role: ShopRole


@page(blueprint, "/console/<shop:str>/team", Right.TEAM)
async def team(visit: Visit) -> HTTPResponse:
    """Everybody, and who is invited."""
    return await _show(visit, NO_PROBLEMS)


@form(blueprint, "/console/<shop:str>/team", Right.TEAM)
async def invite_member(visit: Visit) -> HTTPResponse:
    """Invite somebody; who is invited already gets a new link."""
    read = await visit.read(NewMember)
    if isinstance(read, FormProblems):
        return await _show(visit, read)
    members, invitations = await asyncio.to_thread(_everybody, visit)
    if any(member.account.email == read.email for member in members):
        return await _show(visit, FormProblems({"email": "This is one of your team already."}, visit.fields()))
    if len(members) + len(invitations) >= TEAM_MAX:
        return await _show(visit, FormProblems({"": f"A team can have {TEAM_MAX} people."}, visit.fields()))
    await invite(visit, visit.shop, read.email, read.role)
    return await visit.go("team", notice=f"{read.email} is invited: the link is in an e-mail to them.")


@form(blueprint, "/console/<shop:str>/team/<member:str>/role", Right.TEAM)
async def change_role(visit: Visit, member: str) -> HTTPResponse:
    """Make a member something else."""
    read = await visit.read(NewRole)
    if isinstance(read, FormProblems):
        return await _show(visit, read)
    return await _change(visit, member, read.role)


@form(blueprint, "/console/<shop:str>/team/<member:str>/remove", Right.TEAM)
async def remove(visit: Visit, member: str) -> HTTPResponse:
    """Take somebody out of the team, at once."""
    return await _change(visit, member, None)


@form(blueprint, "/console/<shop:str>/team/invitations/<invitation:str>/again", Right.TEAM)
async def invite_again(visit: Visit, invitation: str) -> HTTPResponse:
    """Send a new link; the one before stops working."""

    def renew() -> str | None:
        renewed = visit.office.invitations.renew(visit.shop.id, invitation, visit.account.email, visit.now)
        if renewed is None:
            return None
        send(visit, visit.shop, *renewed)
        return renewed[0].email

    email = await asyncio.to_thread(renew)
    if email is None:
        raise _unknown("There is no such invitation.")
    await visit.note("invited again", email)
    return await visit.go("team", notice=f"A new link is on its way to {email}.")


@form(blueprint, "/console/<shop:str>/team/invitations/<invitation:str>/revoke", Right.TEAM)
async def revoke_invitation(visit: Visit, invitation: str) -> HTTPResponse:
    """Let a link work no more."""
    gone = await asyncio.to_thread(visit.office.invitations.revoke, visit.shop.id, invitation)
    if gone is None:
        raise _unknown("There is no such invitation.")
    await visit.note("took back the invitation of", gone.email)
    return await visit.go("team", notice=f"The invitation of {gone.email} is taken back.")


async def _change(visit: Visit, member: str, role: Role | None) -> HTTPResponse:
    people = visit.office.people
    team = await asyncio.to_thread(people.team, visit.shop.id)
    known = next((one for one in team if one.account.id == member), None)
    changed = await asyncio.to_thread(people.set_role, visit.shop.id, member, role)
    if known is None or changed is Changed.UNKNOWN:
        raise _unknown("There is nobody like that in this team.")
    if changed is Changed.LAST_OWNER:
        return await _show(visit, FormProblems({"": NEEDS_OWNER}, visit.fields()))
    email = known.account.email
    if role is None:
        await visit.note("removed from the team", email, f"was {known.role}")
        return await visit.go("team", notice=f"{email} is no member of the team any more.")
    await visit.note("changed the role of", email, f"from {known.role} to {role}")
    return await visit.go("team", notice=f"{email} is {role} now.")


def _everybody(visit: Visit) -> tuple[list[Member], list[Invitation]]:
    return visit.office.people.team(visit.shop.id), visit.office.invitations.of(visit.shop.id)


async def _show(visit: Visit, problems: FormProblems) -> HTTPResponse:
    members, invitations = await asyncio.to_thread(_everybody, visit)
    roles = [(role.value, f"{role.capitalize()}: {EXPLAINED[role]}") for role in SHOP_ROLES]
    return await visit.render(
        "console/team.html", problems=problems, members=members, invitations=invitations, roles=roles
    )


def _unknown(message: str) -> ServiceError:
    return ServiceError("not_found", message, 404)
