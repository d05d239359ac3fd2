"""One tab of a shopper's at the chat socket: what its messages bring about."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import TYPE_CHECKING

from assistant.chat.answering import Question
from assistant.chat.client_messages import VERSION, Hello, New, Open, Page, Ping, Rate, Read, Send, read_message
from assistant.chat.handover import State
from assistant.chat.hub import Member, Outbox
from assistant.chat.records import Body, Conversation, Kept
from assistant.chat.rows import Move
from assistant.chat.server_messages import Accepted, Error, Pong, Rated, Sender, WasRead, Welcome
from assistant.chat.sessions import Shopper
from assistant.chat.surroundings import now
from assistant.dialogue import DialogueError
from assistant.errors import ServiceError
from skills.shopping.shop import Shop
from skills.turn import Hypothesis

if TYPE_CHECKING:
    from assistant.chat.chat import Chat

NEWEST = 50
"""Messages that a client gets at once."""
BACK_INTENT, BACK_SURE = "back_to_bot", 0.8
MALFORMED, ERRORS_MAX = 400, 20
"""A client that keeps sending what is no message is broken or hostile."""


class ChatConnection:
    """Everything between one client's messages and the chat; what it is to be sent is in `outbox`."""

    def __init__(self, chat: Chat, shop: Shop) -> None:
        self._chat = chat
        self._shop = shop
        self._shopper = Shopper(shop.id, "")
        self._language = "en"
        self._page: Page | None = None
        self._member: Member | None = None
        self._errors = 0
        self.outbox = Outbox()

    async def hello(self, data: str | bytes) -> None:
        """Begin, or continue.

        Raises:
            ServiceError: `hello_expected`, `version_unknown`, `session_invalid`, `identity_invalid`.
        """
        message = read_message(data)
        if not isinstance(message, Hello):
            raise ServiceError("hello_expected", "The first message has to be hello, within 5 seconds.")
        if message.version != VERSION:
            raise ServiceError("version_unknown", f"This service speaks version {VERSION} of the protocol.")
        self._shopper = await self._chat.who(self._shop.id, message.session, message.identity)
        self._language, self._page = message.language, message.page
        await self._show(message.conversation, message.last, newest=message.conversation is None)

    async def on_text(self, data: str | bytes) -> None:
        """Take a message; one that cannot be taken is answered by an error and changes nothing.

        Raises:
            ServiceError: `too_many_errors`.
        """
        about = None
        try:
            message = read_message(data)
            match message:
                case Send():
                    about = message.id
                    await self._send(message)
                case Read(seq=seq):
                    await self._read(seq)
                case Rate():
                    await self._rate(message)
                case Open(conversation=conversation, last=last):
                    await self._show(conversation, last)
                case New():
                    await self._show(None, 0)
                case Ping():
                    self.outbox.say(Pong())
                case Hello():
                    raise ServiceError("not_now", "hello was said already.")
        except ServiceError as error:
            self._errors += error.status == MALFORMED
            if self._errors > ERRORS_MAX:
                raise ServiceError("too_many_errors", "Too many messages could not be taken.") from error
            self._chat.metrics.chat_refused.labels(error.code).inc()
            self.outbox.say(Error.of(error, about=about))

    def close(self) -> None:
        """The client has left."""
        if self._member:
            self._chat.hub.leave(self._member)

    @property
    def _conversation(self) -> str:
        assert self._member
        return self._member.conversation

    async def _show(self, wanted: str | None, last: int, *, newest: bool = False) -> None:
        """Show a conversation of the shopper's: the one that is wanted, or the newest, or else a new one."""
        chat, shopper = self._chat, self._shopper
        listed = await asyncio.to_thread(chat.log.of_shopper, shopper.shop, shopper.id)
        identity = next((found.id for found, _ in listed if newest or found.id == wanted), None)
        if identity is None and wanted:  # older than those that are listed
            found = await asyncio.to_thread(chat.log.conversation, wanted, shopper.shop, shopper.id)
            identity = found.id if found else None
        if identity != wanted:
            last = 0
        identity = identity or secrets.token_hex(16)
        self.close()
        face = await chat.rules.face(self._shop, shopper, self._page or Page(), self._language, now())
        async with chat.hub.order(identity):
            found = await asyncio.to_thread(chat.log.conversation, identity, shopper.shop, shopper.id)
            messages, more = await asyncio.to_thread(chat.log.after, identity, last, NEWEST)
            cart = await asyncio.to_thread(chat.around.cart_count, shopper.shop, shopper.id)
            self._member = Member(shopper.shop, shopper.id, identity, self.outbox)
            chat.hub.join(self._member)
            self.outbox.say(
                Welcome(
                    version=VERSION,
                    session=chat.sessions.token(shopper),
                    vouched=shopper.customer is not None,
                    conversation=identity,
                    conversations=tuple(one.listed(unread) for one, unread in listed),
                    state=found.thread.state if found else State.BOT,
                    name=found.thread.agent or None if found else None,
                    shop=face,
                    messages=tuple(one.message() for one in messages),
                    more=more,
                    read=found.read_seq if found else 0,
                    cart=cart,
                )
            )
        if found:
            await self._resume(found)

    async def _resume(self, found: Conversation) -> None:
        """Answer what was accepted and never answered, since the service was stopped in between."""
        for question in await asyncio.to_thread(self._chat.log.unanswered, found.id):
            self._chat.answering.put(Question(self._shopper, found.language, question, again=True))

    async def _send(self, message: Send) -> None:
        chat, conversation = self._chat, self._conversation
        chat.answering.check_room(conversation)
        body = await self._body(message)
        async with chat.hub.order(conversation):
            found = await asyncio.to_thread(chat.log.conversation, conversation, self._shop.id, self._shopper.id)
            asks = await self._asks(found, message)
            at = now()
            seq, fresh = await asyncio.to_thread(
                chat.log.accept, conversation, self._shopper, self._language, message.id, body, at, ask=asks
            )
            self.outbox.say(Accepted(id=message.id, seq=seq))
            if not fresh:
                for one in await asyncio.to_thread(chat.log.answers, conversation, message.id):
                    self.outbox.say(one.message())
                return
            kept = Kept(conversation, seq, Sender.SHOPPER, body, at, client_id=message.id)
            await chat.telling.kept(self._shopper, conversation, [kept], self._member, first=seq == 1)
            if found and (after := found.thread.write(at)) != found.thread:
                await asyncio.to_thread(chat.log.add, conversation, [], at, Move(found.thread, after))
                if after.state is not found.thread.state:
                    chat.telling.state(self._shopper, conversation, after)
        if message.text and not (found and found.thread.state is State.AGENT):
            await chat.rules.by_the_way(self._shop, self._shopper, conversation, at)
        if asks:
            chat.answering.put(Question(self._shopper, self._language, kept))

    async def _asks(self, found: Conversation | None, message: Send) -> bool:
        """Whether the assistant answers: buttons are its own, and words too unless people have the conversation."""
        if message.tap or not found or not found.thread.with_people:
            return True
        try:
            understood = await self._chat.around.understand(message.text)
        except DialogueError:
            return False
        return understood.intent == BACK_INTENT and understood.confidence >= BACK_SURE

    async def _body(self, message: Send) -> Body:
        page = message.page or self._page
        if page and page.product and not await asyncio.to_thread(self._chat.around.sells, self._shop.id, page.product):
            page = page.model_copy(update={"product": None})
        body = Body(text=message.said, tap=message.tap, page=page)
        heard = message.voice and self._chat.voices.take(message.voice, self._shopper, time.monotonic())
        if not heard or heard.text != message.text:  # what was corrected by hand was not misheard
            return body
        alternatives = tuple(Hypothesis(text=one.text, confidence=one.confidence) for one in heard.alternatives)
        return body.model_copy(update={"heard": alternatives, "unknown": heard.unknown})

    async def _read(self, seq: int) -> None:
        if await asyncio.to_thread(self._chat.log.read, self._conversation, seq):
            self._chat.telling.show(self._shopper, self._conversation, WasRead(seq=seq), self._member)

    async def _rate(self, message: Rate) -> None:
        log = self._chat.log
        if not await asyncio.to_thread(log.rate, self._conversation, message.seq, message.value, message.comment):
            raise ServiceError("message_unknown", "There is no such answer here.", 404)
        self._chat.telling.show(self._shopper, self._conversation, Rated(seq=message.seq, value=message.value))
        if message.value == "bad":
            await self._chat.rules.rated_bad(self._shop, self._shopper, self._conversation, now())
