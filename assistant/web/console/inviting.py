"""Inviting somebody: the invitation, its letter, and the line in the log."""

from __future__ import annotations

import asyncio

from assistant.accounts.invitations import Invitation
from assistant.accounts.letters import invitation_letter, post
from assistant.accounts.rights import Role
from assistant.web.console.frame import Signed
from assistant.web.console.links import link
from skills.shopping.shop import Shop


async def invite(visit: Signed, shop: Shop, email: str, role: Role) -> None:
    """Invite somebody to a shop; ServiceError(`mail_failed`, `storage_failed`)."""

    def ask() -> None:
        invitation, secret = visit.office.invitations.invite(shop.id, email, role, visit.account.email, visit.now)
        send(visit, shop, invitation, secret)
        visit.office.log.note(shop.id, visit.account, "invited", invitation.email, f"as {role}", visit.now)

    await asyncio.to_thread(ask)


def send(visit: Signed, shop: Shop, invitation: Invitation, secret: str) -> None:
    """Send the letter with the link. Blocking; ServiceError(`mail_failed`)."""
    address = link(visit.request, f"/console/invitation/{secret}")
    post(visit.house.paths.mail, invitation_letter(invitation, shop.name, address, visit.now))
