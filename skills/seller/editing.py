"""What a seller changes by saying so: read back, confirmed, then published; nothing before the yes."""

from __future__ import annotations

import asyncio
import secrets
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from pydantic import ValidationError

from skills.seller.memory import Proposal, SellerMemory
from skills.seller.replying import NO, YES, answer, counted
from skills.seller.rewriting import Fact, Unclear, as_sentence, candidates, fact_of, rewritten
from skills.shop_view import Link
from skills.shopping.product import ShopId
from skills.shopping.words import joined
from skills.skill import Action, ActionRequest, ActionResult
from skills.storefront import LIKELY, AnswerDesk, Match, ShopAnswer
from skills.storefront.answer import WORDING_MAX
from skills.storefront.entries import Entries
from skills.storefront.entry import Conflict, Entry
from skills.storefront.errors import StorefrontError
from skills.storefront.exchange.problems import problems_of
from skills.storefront.kinds import ANSWER
from skills.storefront.naming import new_id

SAID = "Said to the assistant"
"""The note of what is published here."""
CHOICES = 3
RELATED = 8
"""Answers that are looked at for what is meant."""
AS_GOOD = 0.1
"""Answers whose scores lie closer together than this cannot be told apart by what was said."""
ASKED_BY = {
    Fact.DURATION: "how long does {} take",
    Fact.MONEY: "how much does {} cost",
    Fact.PERCENT: "how many percent is {}",
    Fact.TIME: "at what time is {}",
}
"""How customers ask for a fact about a topic."""

NOT_YOURS = "You may look at everything here, but changing it needs a manager or the owner."


class Editing:
    """`console` is the address of a shop's pages, ending in a slash. What is published bears the editor's name."""

    def __init__(
        self, entries: Entries, desk: AnswerDesk, now: Callable[[], datetime], console: Callable[[ShopId], str]
    ) -> None:
        self._entries = entries
        self._desk = desk
        self._now = now
        self._console = console

    def by_name(self) -> Mapping[str, Action]:
        """The actions of orders."""
        return {
            "action_seller_read_answer": self.read,
            "action_seller_change_answer": self.change,
            "action_seller_new_answer": self.add,
            "action_seller_publish": self.publish,
            "action_seller_undo": self.undo,
            "action_affirm": self.affirm,
            "action_deny": self.deny,
            "action_choose": self.choose,
        }

    async def read(self, request: ActionRequest) -> ActionResult:
        """Read an answer aloud."""
        return await self._find(request, "")

    async def change(self, request: ActionRequest) -> ActionResult:
        """Propose that an answer says something else."""
        if not request.utterance.editor:
            return answer(request, _closed(request), NOT_YOURS)
        return await self._find(request, request.understanding.value("wording"))

    async def add(self, request: ActionRequest) -> ActionResult:
        """Propose a new answer."""
        memory, topic = _closed(request), request.understanding.value("topic")
        if not request.utterance.editor:
            return answer(request, memory, NOT_YOURS)
        shop, wording = _shop(request), request.understanding.value("wording")
        if not topic or not wording:
            speech = "Say, for instance: when people ask about gift wrapping, say we wrap gifts for free."
            return answer(
                request, memory, speech, links=[Link(label="Write it", url=self._console(shop) + "answers/new")]
            )
        text, question = as_sentence(wording), topic[:1].upper() + topic[1:WORDING_MAX]
        identity = f"{new_id(topic, ())}-{secrets.token_hex(2)}"
        if wrong := _wrong({"id": identity, "question": question, "answer": text}):
            return answer(request, memory, wrong)
        proposal = Proposal(does="answer", answer=identity, text=text, question=question)
        return self._ask(request, memory, f"When people ask about {topic}: {text} Shall I publish it?", proposal)

    async def publish(self, request: ActionRequest) -> ActionResult:
        """Propose to publish all that was changed."""
        memory, shop = _closed(request), _shop(request)
        # The revision first: what is edited after it is noticed at the yes.
        seen = await asyncio.to_thread(self._entries.draft_revision, shop)
        waiting = await asyncio.to_thread(self._entries.waiting, shop)
        if not waiting:
            return answer(request, memory, "Everything is published already.")
        count = sum(waiting.values())
        links = [Link(label="What is going to change", url=self._console(shop) + "publish")]
        speech = f"{counted(count, 'change')} {'is' if count == 1 else 'are'} not published yet."
        if not request.utterance.editor:
            return answer(request, memory, f"{speech} {NOT_YOURS}", links=links)
        question = f"{speech} Shall I publish {'it' if count == 1 else 'them all'}?"
        return self._ask(request, memory, question, Proposal(does="publish", seen=seen), links)

    async def undo(self, request: ActionRequest) -> ActionResult:
        """Propose to go back to what was live before the newest version."""
        memory, shop = _closed(request), _shop(request)
        if not request.utterance.editor:
            return answer(request, memory, NOT_YOURS)
        newest = await asyncio.to_thread(partial(self._entries.versions, shop, limit=1))
        if not newest:
            return answer(request, memory, "Nothing has been published here yet, so there is nothing to undo.")
        version = newest[0]
        changed = counted(version.changes, "thing")
        question = f"Version {version.number} by {version.by} changed {changed}. Shall I take it back?"
        links = [Link(label="All versions", url=self._console(shop) + "versions")]
        return self._ask(request, memory, question, Proposal(does="undo", version=version.number), links)

    async def affirm(self, request: ActionRequest) -> ActionResult:
        """Do what was proposed."""
        proposal, memory, shop = SellerMemory.read(request.memory).proposal, _closed(request), _shop(request)
        if proposal is None:
            return answer(request, memory, "There is nothing waiting for a yes.")
        if not request.utterance.editor:
            return answer(request, memory, NOT_YOURS)
        do = {"answer": self._put, "publish": self._publish, "undo": self._undo}[proposal.does]
        speech = await asyncio.to_thread(do, shop, proposal, request.utterance.editor)
        return answer(request, memory, speech)

    async def deny(self, request: ActionRequest) -> ActionResult:
        """Leave it as it is."""
        was = SellerMemory.read(request.memory).proposal
        return answer(request, _closed(request), "All right, nothing is changed." if was else "All right.")

    async def choose(self, request: ActionRequest) -> ActionResult:
        """One of the answers that were named: read it, or change it to what was said."""
        memory = SellerMemory.read(request.memory)
        place = request.understanding.value("ordinal")
        at = int(place) if place.lstrip("-").isdecimal() else 0
        count = memory.parts or len(memory.choices)
        if not at or abs(at) > count:
            return answer(request, _closed(request), "Tell me which answer you mean, by what it is about.")
        at = at - 1 if at > 0 else count + at
        chosen = memory.answer if memory.parts else memory.choices[at]
        entry = await asyncio.to_thread(self._entries.draft, _shop(request), ANSWER, chosen)
        if entry is None or entry.removed:
            return answer(request, _closed(request), "That answer is gone.")
        return self._propose(request, entry, memory.wording, at if memory.parts else None)

    async def _find(self, request: ActionRequest, wording: str) -> ActionResult:
        """The answer about what was said; which one, where several are; none."""
        shop, topic = _shop(request), request.understanding.value("topic")
        last = SellerMemory.read(request.memory).answer
        if not topic and last:
            entries = [await asyncio.to_thread(self._entries.draft, shop, ANSWER, last)]
        else:
            entries = await asyncio.to_thread(self._about, shop, topic or request.utterance.text, wording)
        there = [one for one in entries if one is not None and not one.removed]
        if not there:
            name = topic or "that"
            links = [Link(label="Write one", url=self._console(shop) + "answers/new")]
            return answer(request, _closed(request), f"There is no answer about {name} yet.", links=links)
        if len(there) == 1:
            return self._propose(request, there[0], wording)
        questions = [one.read(ShopAnswer).question for one in there]
        speech = f"Which one? {' '.join(f'{at + 1}: {question}' for at, question in enumerate(questions))}"
        memory = _closed(request).model_copy(update={"choices": tuple(one.id for one in there), "wording": wording})
        return answer(request, memory, speech, quick=_places(len(there)), expects_reply=True)

    def _about(self, shop: ShopId, topic: str, wording: str) -> list[Entry | None]:
        """The answers that are likely meant, the likeliest first; blocking.

        Of several about one topic those are meant that have such a fact as shall be exchanged: "change my shipping
        answer to three days" is not about what shipping costs.
        """
        fact = fact_of(wording)
        found = self._best(shop, [topic, ASKED_BY[fact].format(topic)] if fact else [topic])
        if not found or found[0].score < LIKELY:
            found = self._desk.find(shop, topic, RELATED)
        if fact:
            near = [one for one in found if one.score >= found[0].score / 2]
            found = [one for one in near if candidates(one.answer.answer, fact)] or found
        near = [one for one in found if one.score >= found[0].score - AS_GOOD]
        return [self._entries.draft(shop, ANSWER, one.answer.id) for one in near[:CHOICES]]

    def _best(self, shop: ShopId, asked: Sequence[str]) -> list[Match]:
        """The answers to some ways to ask for one thing, the best first, by the mean of their scores."""
        scores: dict[str, float] = defaultdict(float)
        found: dict[str, Match] = {}
        for question in asked:
            for one in self._desk.best(shop, question, RELATED, draft=True):
                scores[one.answer.id] += one.score / len(asked)
                found[one.answer.id] = one
        best = (replace(found[identity], score=score) for identity, score in scores.items())
        return sorted(best, key=lambda one: -one.score)

    def _propose(self, request: ActionRequest, entry: Entry, wording: str, part: int | None = None) -> ActionResult:
        shop, held = _shop(request), entry.read(ShopAnswer)
        memory = _closed(request).model_copy(update={"answer": entry.id})
        links = [Link(label="Edit it", url=f"{self._console(shop)}answers/{entry.id}")]
        if not wording:
            speech = f"{held.question} {held.answer}"
            if request.understanding.intent == "seller_change_answer":
                speech += " What shall it say? Say: change it to, and the words."
            return answer(request, memory, speech, links=links)
        changed = rewritten(held.answer, wording, part)
        if isinstance(changed, Unclear):
            return self._which_part(request, memory, held, changed, wording, links)
        if changed.text == held.answer:
            return answer(request, memory, f"It says so already: {held.answer}", links=links)
        if wrong := _wrong(held.model_dump() | {"answer": changed.text}):
            return answer(request, memory, wrong, links=links)
        proposal = Proposal(does="answer", answer=entry.id, text=changed.text, seen=entry.revision)
        return self._ask(request, memory, f"{held.question} {changed.text} Shall I publish it?", proposal, links)

    def _which_part(
        self,
        request: ActionRequest,
        memory: SellerMemory,
        held: ShopAnswer,
        unclear: Unclear,
        wording: str,
        links: Sequence[Link],
    ) -> ActionResult:
        """What is to be exchanged, where an answer names several facts of a kind, or none."""
        parts = unclear.candidates
        if not 1 < len(parts) <= CHOICES:
            why = f"It names {len(parts)} of them." if parts else f"It says nothing of {unclear.fact} so far."
            speech = f"{held.question} {why} Please tell me the whole answer, or edit it."
            return answer(request, memory, speech, links=links)
        asked = memory.model_copy(update={"parts": len(parts), "wording": wording})
        speech = f"{held.question} Which shall be {wording}: {joined(parts, 'or')}?"
        return answer(request, asked, speech, quick=_places(len(parts)), links=links, expects_reply=True)

    def _ask(
        self,
        request: ActionRequest,
        memory: SellerMemory,
        question: str,
        proposal: Proposal,
        links: Sequence[Link] = (),
    ) -> ActionResult:
        asked = memory.model_copy(update={"proposal": proposal})
        return answer(request, asked, question, quick=(YES, NO), links=links, expects_reply=True)

    def _put(self, shop: ShopId, proposal: Proposal, editor: str) -> str:
        """Save the one answer and publish it alone. Blocking."""
        entry = self._entries.draft(shop, ANSWER, proposal.answer)
        if entry is not None and not entry.removed:
            data = ShopAnswer.model_validate(entry.read(ShopAnswer).model_dump() | {"answer": proposal.text})
        elif proposal.question:
            data = ShopAnswer(id=proposal.answer, question=proposal.question, answer=proposal.text)
        else:
            return "That answer has been removed in the meantime; nothing was changed."
        saved = self._entries.save(shop, ANSWER, proposal.answer, data, editor, self._now(), proposal.seen)
        if isinstance(saved, Conflict):
            return f"{saved.theirs.by} has changed that answer in the meantime; nothing was changed. Ask me to read it."
        only = {(ANSWER, proposal.answer): saved.entry.revision}
        published = self._entries.publish(shop, editor, self._now(), SAID, only)
        return "Published. Customers hear it from now on." if published else "It was published already."

    def _publish(self, shop: ShopId, proposal: Proposal, editor: str) -> str:
        if self._entries.draft_revision(shop) != proposal.seen:
            return "Somebody has changed something in the meantime; I have published nothing. Ask me again."
        version = self._entries.publish(shop, editor, self._now(), SAID)
        if version is None:
            return "Everything was published already."
        return f"Published: {counted(version.changes, 'change')}. Customers meet it from now on."

    def _undo(self, shop: ShopId, proposal: Proposal, editor: str) -> str:
        newest = self._entries.versions(shop, limit=1)
        if not newest or newest[0].number != proposal.version:
            return "Something else was published in the meantime; nothing was changed. Ask me again."
        try:
            self._entries.roll_back(shop, proposal.version - 1, editor, self._now(), SAID)
        except StorefrontError as error:
            if error.retryable:
                raise
            return f"I could not go back: {error}"
        return "Taken back. Customers meet what was there before."


def _shop(request: ActionRequest) -> ShopId:
    return request.utterance.store or ""


def _wrong(written: Mapping[str, Any]) -> str:
    """Why an answer cannot be kept, in a sentence; empty where it can."""
    try:
        ShopAnswer.model_validate(written)
    except ValidationError as error:
        return f"I cannot write that. {problems_of(0, error)[0].text}"
    return ""


def _closed(request: ActionRequest) -> SellerMemory:
    """What is remembered once an open question is closed."""
    kept = SellerMemory.read(request.memory)
    return kept.model_copy(update={"proposal": None, "choices": (), "parts": 0, "wording": ""})


def _places(count: int) -> list[str]:
    return [f"The {place} one" for place in ("first", "second", "third")[:count]]
