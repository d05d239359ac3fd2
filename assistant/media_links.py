"""Links to media that expire, and that work for whom they were made: one site's pages, or no page at all.

A link says which resource, until when and for which origin; an HMAC over the three, under a key of its own, says that
we made it. It is no login: whoever may ask for an item gets one. It keeps others from using, keeping or passing on what
they were not given.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode

from itsdangerous import Signer

from assistant.errors import ServiceError
from assistant.identity import secret_of
from skills.player import Directive, Enqueue, Play
from skills.turn import Reply

DEVICE_LIFE_S = 3_600
"""A link that is bound to no site lives for an hour: players that are no browsers ask for another."""

_STEPS = 10
"""Ends are rounded up to a tenth of a life: asked again, the same address is given for a while, which caches like."""

_SECONDS = re.compile(r"\d{1,12}")


@dataclass(frozen=True)
class Link:
    """A signed address, relative to the service, and until when it works, in seconds since 1970."""

    url: str
    expires_at: int


class MediaLinks:
    """Makes links and checks them. Times are passed in, in seconds since 1970."""

    def __init__(self, folder: Path, life_s: int) -> None:
        """The secret is in `folder`; the links of pages live for `life_s` seconds."""
        self._signer = Signer(secret_of(folder), salt="media link", digest_method=hashlib.sha256)
        self._life_s = life_s

    def link(self, path: str, audience: str | None, now_s: float) -> Link:
        """A link to `path`, unquoted, for the pages of an origin, or for players that are on no page (None)."""
        life_s = DEVICE_LIFE_S if audience is None else self._life_s
        step = max(1, life_s // _STEPS)
        expires_at = -(-(int(now_s) + life_s) // step) * step
        query = {"expires": expires_at} | ({"for": audience} if audience else {})
        signature = self._signature(path, str(expires_at), audience or "")
        return Link(f"{quote(path)}?{urlencode(query | {'signature': signature})}", expires_at)

    def check(self, path: str, query: str, origin: str | None, now_s: float) -> None:
        """See that a request from `origin` (None: from no page) for `path`, unquoted, has a link of ours that is good.

        Raises:
            ServiceError: `link_invalid`, none of ours; `link_expired`; `link_origin`, made for somebody else.
        """
        expires, audience, signature = _read(query)
        expected = self._signature(path, expires, audience)
        # Compared as text: base64 has several spellings of the same bytes, and one link has one address.
        if not _SECONDS.fullmatch(expires) or not hmac.compare_digest(
            expected.encode(), signature.encode("utf-8", "replace")
        ):
            raise ServiceError("link_invalid", "This needs a link that the player has asked for.", 403)
        if now_s >= int(expires):
            raise ServiceError("link_expired", "This link has expired; ask for a new one.", 403)
        if audience != (origin or ""):
            raise ServiceError("link_origin", "This link was made for another place.", 403)

    def reply(self, reply: Reply, audience: str | None, now_s: float) -> Reply:
        """The reply as it goes out: with links in its directives in place of paths."""

        def linked(play: Play) -> Play:
            return play.model_copy(update={"url": self.link(play.url, audience, now_s).url})

        def out(directive: Directive) -> Directive:
            match directive:
                case Play():
                    return linked(directive)
                case Enqueue(items=items):
                    return directive.model_copy(update={"items": tuple(map(linked, items))})
            return directive

        return reply.model_copy(update={"directives": tuple(map(out, reply.directives))})

    def _signature(self, path: str, expires: str, audience: str) -> str:
        """Of the three as lines, since none of those that we sign has a line's end."""
        return self._signer.get_signature("\n".join((path, expires, audience)).encode("utf-8", "replace")).decode()


def _read(query: str) -> tuple[str, str, str]:
    """End, origin and signature as they stand in a query; what stands there twice counts for nothing."""
    try:
        values = parse_qs(query, max_num_fields=10)
    except ValueError:  # no link of ours has so many
        values = {}
    expires, audience, signature = (
        found[0] if len(found := values.get(name, [""])) == 1 else "" for name in ("expires", "for", "signature")
    )
    return expires, audience, signature
