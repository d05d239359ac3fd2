"""Letters to those who work at the shops, as files for a mail server to take up, like those of the shops."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from uuid import uuid4

from assistant.accounts.invitations import VALID as INVITED
from assistant.accounts.invitations import Invitation
from assistant.accounts.resets import VALID as RESET
from assistant.accounts.rights import EXPLAINED
from assistant.errors import ServiceError


def invitation_letter(invitation: Invitation, shop: str, link: str, now: datetime) -> EmailMessage:
    """Asks somebody to join `shop`, the name of one or of the service."""
    what = f"{invitation.role}: {EXPLAINED[invitation.role]}"
    return _letter(
        invitation.email,
        f"{invitation.by} invites you to {shop}",
        f"{invitation.by} invites you to the console of {shop}, as {what}.\n\n"
        f"Open this link to accept, within {INVITED.days} days:\n\n{link}\n\n"
        "If you do not know what this is about, please ignore it: nothing happens.\n",
        now,
    )


def reset_letter(email: str, link: str, now: datetime) -> EmailMessage:
    """Lets somebody set a new password."""
    minutes = int(RESET.total_seconds() // 60)
    return _letter(
        email,
        "A new password for your console",
        "Somebody, most likely you, has asked for a new password. "
        f"Open this link within {minutes} minutes:\n\n{link}\n\n"
        "If it was not you, please ignore this: your password stays as it is.\n",
        now,
    )


def changed_letter(email: str, now: datetime) -> EmailMessage:
    """Tells somebody that their password is another one now."""
    return _letter(
        email,
        "Your password was changed",
        f"The password of your console was changed on {now.astimezone(UTC):%-d %B %Y at %H:%M} UTC, and you were "
        "signed out in other browsers.\n\nIf it was not you, please set a new one at once (“Forgot your password?” on "
        "the sign-in page) and tell the people you work with.\n",
        now,
    )


def post(folder: Path, letter: EmailMessage) -> None:
    """Send a letter; ServiceError(`mail_failed`)."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        name = uuid4().hex
        unfinished = folder / f"{name}.part"
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(letter.as_bytes())
        unfinished.replace(folder / f"{name}.eml")
    except OSError as error:
        raise ServiceError(
            "mail_failed", "The e-mail could not be written. Please try again in a moment.", 503
        ) from error


def _letter(to: str, subject: str, text: str, now: datetime) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "Sori <console@shops.invalid>"
    mail["To"] = to
    mail["Subject"] = " ".join(subject.split())
    mail["Date"] = format_datetime(now.astimezone(UTC))
    mail["Message-ID"] = f"<{uuid4()}@shops.invalid>"
    mail.set_content(text)
    return mail
