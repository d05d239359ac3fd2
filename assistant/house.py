"""All parts of a running service, started and stopped together."""

from __future__ import annotations

import asyncio
import os
import secrets
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from assistant.accounts.office import Office
from assistant.catalogue_watch import CatalogueWatch, State, stamp
from assistant.channels.allowance import Allowances
from assistant.chat.chat import Chat
from assistant.clock import clock
from assistant.dialogue import Dialogue, WorkerState
from assistant.expected_phrasing import expected_phrasing
from assistant.expected_speech import expected_speech
from assistant.follows import KeptFollows
from assistant.identity import Conversations, Listeners
from assistant.insights.insights import Insights
from assistant.learning.learning import Learning
from assistant.media_links import MediaLinks
from assistant.metrics import Metrics
from assistant.order_news import OrderNews
from assistant.origins import Origins
from assistant.paths import DataPaths
from assistant.playlists import KeptPlaylists
from assistant.positions import Positions
from assistant.preparation import open_library, whole_catalogue
from assistant.product_imports import ProductImports
from assistant.recogniser_choice import choose_recogniser
from assistant.selling import seller_actions
from assistant.settings import Settings
from assistant.setup.environments import RASA, ROOT
from assistant.shop_chat import open_chat
from assistant.shopping import Shopping
from assistant.storage.store import Store
from assistant.studio import Studio
from assistant.trace import Trace
from assistant.trying.asked import asked_between
from assistant.trying.replay import Replays
from assistant.trying.trials import Trials
from assistant.turn_report import TurnReport
from assistant.turns import TurnEngine
from assistant.webhook_calls import WebhookCalls
from search_index import Encoder, SearchError, open_encoder
from skills.media.actions import MediaActions
from skills.media.content import ContentStore
from skills.media.errors import ShelfError
from skills.media.grounding import MediaGrounding
from skills.media.imported import recording_of
from skills.media.library import MediaLibrary
from skills.media.notes import Notes
from skills.media.shelf import Held, Role, Shelf
from skills.media.timeline import Timelines
from skills.registry import Skills
from skills.shopping.handing import HandingActions
from skills.turn import Utterance
from voice.completeness import Completeness, SentenceEnds
from voice.recogniser import Recogniser
from voice.synthesizer import EspeakSynthesizer

log = structlog.get_logger(__name__)

NLU_DATA = ROOT / "nlu_data"

AUDIO_THREADS = 4
"""Recognition is CPU work: more threads than this only wait for each other on the machines this is made for."""


ASKED_PER_S, ASKED_AT_ONCE, ASKERS = 20.0, 300, 1_000
"""Questions about items, of each of the clients that asked last."""


@dataclass(frozen=True)
class Health:
    """Whether each part works; `status` is "ok", "starting" or "degraded"."""

    status: str
    parts: dict[str, str]


class House:
    """The service without its transport. `start` once, `stop` once."""

    store: Store
    shelf: Shelf
    timelines: Timelines
    studio: Studio
    positions: Positions
    follows: KeptFollows
    library: MediaLibrary
    encoder: Encoder
    shopping: Shopping
    product_imports: ProductImports
    dialogue: Dialogue
    recogniser: Recogniser
    sentence_ends: Completeness
    synthesizer: EspeakSynthesizer
    skills: Skills
    turns: TurnEngine
    chat: Chat
    trials: Trials
    replays: Replays
    office: Office
    learning: Learning
    insights: Insights

    def __init__(self, settings: Settings, model: Path) -> None:
        """`model` is the dialogue model that preparation made."""
        self.settings = settings
        self._model = model
        self.paths = DataPaths(settings.data_dir)
        self.conversations = Conversations(self.paths.root)
        self.listeners = Listeners(self.paths.root)
        self.links = MediaLinks(self.paths.root, round(settings.media_link_h * 3600))
        own = [settings.public_url] if settings.public_url else []
        self.askers = Allowances(ASKED_PER_S, ASKED_AT_ONCE, ASKERS)
        self.origins = Origins([*own, *settings.allowed_origins, *settings.embed_origins])
        self.now = clock(settings.time_zone)
        self.metrics = Metrics()
        self.audio_threads = ThreadPoolExecutor(AUDIO_THREADS, thread_name_prefix="audio")
        self._sockets = tempfile.TemporaryDirectory(prefix="sori-")
        self.internal_token = _write_token(self.paths.internal_token)
        self.ready = asyncio.Event()
        self.stopping = threading.Event()
        """Set when the service stops: long work in a thread, which nobody can interrupt, looks at it."""
        self.voice_sessions = 0
        self.satellites = "off"
        """Where satellites connect, and how many have."""
        self._changing = threading.Lock()
        """Held while the library is given other items."""
        self._stopping: list[Callable[[], Awaitable[None] | None]] = []

    async def start(self) -> None:
        """Start every part, the slow ones side by side.

        Raises:
            StartError, or another package's error: a part cannot start; what had started is to be stopped by `stop`.
        """
        self.store = await asyncio.to_thread(Store, self.settings.database_url or self.paths.database_url)
        self._stopping.append(self.store.close)
        self.office = Office(self.store.engine)
        self.insights = Insights(self.store.engine)
        await asyncio.to_thread(self.office.passwords.prepare)
        self.shelf = Shelf(self.store.engine)
        self.timelines = Timelines(self.shelf, ContentStore(self.paths.media))
        self.studio = Studio(self.store, self.shelf, self.settings, self.paths, self._follow)
        self.positions = Positions(self.store, lambda item: item in self.library.items)
        self._stopping.append(self.positions.stop)
        self.follows = KeptFollows(self.store)
        self.dialogue = Dialogue(
            rasa_python=RASA.python,
            model=self._model,
            # Not in the data directory: a Unix socket's path may have a hundred characters at most.
            socket_dir=Path(self._sockets.name),
            on_action=lambda call: self.turns.on_action(call),
            on_response=lambda call: self.turns.on_response(call),
        )
        self._stopping.append(self.dialogue.stop)
        self.synthesizer = EspeakSynthesizer()
        self._stopping.append(self.synthesizer.close)
        await asyncio.gather(self.dialogue.start(), self._open_catalogue(), asyncio.to_thread(self.synthesizer.start))
        notes = Notes(self.positions, self.follows, KeptPlaylists(self.store))
        media = MediaActions(self.library, notes, self.now)
        grounding = MediaGrounding(self.library, self.now)
        self.product_imports = ProductImports(self.store.engine, self.paths)
        self._stopping.append(self.product_imports.stop)
        shop = self.shopping
        self.chat = open_chat(self)
        self.learning = Learning(self.store.engine, shop, self.encoder)
        shop.buying.checkouts.on_done(OrderNews(self.chat, shop).tell)
        shop.actions.add(HandingActions(self.chat.speakers.pair))
        seller = seller_actions(shop, self.insights, self.chat.archive)
        self.skills = Skills(
            {"media": media.by_name(), "shopping": shop.actions.by_name(), "seller": seller.by_name()},
            {"media": grounding.by_intent()},
            {"shopping": shop.actions.taps()},
            {"shopping": shop.words, "seller": seller.words},
            {"shopping": shop.before},
        )
        self.turns = TurnEngine(
            skills=self.skills,
            store=self.store,
            metrics=self.metrics,
            timeout_s=self.settings.turn_timeout_s,
            budget_ms=self.settings.turn_budget_ms,
        )
        self.trials = Trials(self._tried, shop)
        self.replays = Replays(self._tried, partial(asked_between, self.store.engine))
        self._stopping.append(self.chat.stop)
        self._stopping.append(self.replays.close)
        self.chat.start()
        shop.buying.start()
        calls = WebhookCalls(shop.webhooks)
        self._stopping.append(calls.close)
        calls.start()
        self._stopping.append(self.studio.stop)
        await asyncio.to_thread(self.studio.start)
        await self.product_imports.start()
        shops = CatalogueWatch(shop.catalogues.revisions, partial(asyncio.to_thread, shop.refresh))
        self._stopping.append(shops.start({}))
        self.ready.set()

    async def stop(self) -> None:
        """Stop every part that was started, the last one first."""
        self.ready.clear()
        self.stopping.set()
        for stop in reversed(self._stopping):
            try:
                if asyncio.iscoroutinefunction(stop):
                    await stop()
                else:
                    await asyncio.to_thread(stop)
            except Exception:
                log.exception("a part did not stop cleanly")
        self.audio_threads.shutdown(wait=False, cancel_futures=True)
        self._sockets.cleanup()

    async def _tried(self, utterance: Utterance) -> TurnReport:
        return await self.turns.run(utterance, self.dialogue)

    async def turn(self, utterance: Utterance, trace: Trace | None = None, page: str | None = None) -> TurnReport:
        """Answer one utterance; what its directives play are links for `page`, the origin whose page the player is on,
        or for a player that is on none.
        """
        report = await self.turns.run(utterance, self.dialogue, trace)
        self.chat.heard(utterance, report)
        token = self.conversations.token(utterance.conversation)
        reply = self.links.reply(report.reply, page, time.time())
        return report.model_copy(update={"conversation": token, "reply": reply})

    async def health(self) -> Health:
        """Ask every part."""
        if not self.ready.is_set():
            return Health("starting", {})
        parts = {
            "dialogue": self.dialogue.state.state.value,
            "storage": await self._storage_state(),
            "recogniser": self.recogniser.name,
            "catalogue": f"{len(self.library.items)} items",
            "satellites": self.satellites,
        }
        well = parts["dialogue"] == WorkerState.READY.value and parts["storage"] == "ready"
        return Health("ok" if well else "degraded", parts)

    async def _storage_state(self) -> str:
        try:
            async with asyncio.timeout(2):
                await asyncio.to_thread(self.store.check)
        except Exception as error:
            return f"failed: {error}"
        return "ready"

    async def _open_catalogue(self) -> None:
        self.encoder = await asyncio.to_thread(
            open_encoder, self.settings.encoder, self.paths.encoder, threads=self.settings.encoder_threads
        )
        # What the index has, not what there is: what was imported since it was filled is a change.
        seen = stamp(self.paths.catalogue), await asyncio.to_thread(self.shelf.revision, "indexed")
        self.library = await asyncio.to_thread(open_library, self.paths, self.encoder, self.shelf)
        self._stopping.append(self.library.close)
        await asyncio.to_thread(self.follows.arrive, self.library.items, self.now())
        self.shopping = await asyncio.to_thread(
            Shopping, self.store.engine, self.paths, self.encoder, self.settings.import_networks
        )
        self._stopping.append(self.shopping.close)
        self.recogniser = await asyncio.to_thread(self._open_recogniser)
        self._stopping.append(self.recogniser.close)
        await asyncio.to_thread(self.encoder.encode_query, "ready")  # the first question waits for no model

        watch = CatalogueWatch(self._look_at_catalogue, self.refresh_catalogue)
        self._stopping.append(watch.start(seen))

    def _look_at_catalogue(self) -> State:
        return stamp(self.paths.catalogue), self.shelf.revision()

    async def refresh_catalogue(self) -> None:
        """Read the catalogue again: what is new in it can be found and be said from the next utterance on.

        Raises:
            StartError: the catalogue cannot be used; the one before stays.
        """
        await asyncio.to_thread(self._refresh_catalogue)

    def _refresh_catalogue(self) -> None:
        catalogue = whole_catalogue(self.paths, self.shelf)
        items, goods = catalogue.items, self.shopping.goods()
        expected = expected_speech(NLU_DATA, items, goods)
        # The ears first: where they cannot take the new words, the old catalogue stays whole.
        self.recogniser.set_vocabulary(expected)
        with self._changing:
            if self.shelf.revision() != catalogue.revision:  # that took seconds, and a creator has changed something
                catalogue = whole_catalogue(self.paths, self.shelf)
            self.library.replace(catalogue.items, catalogue.recordings, catalogue.artwork)
            self.shelf.indexed(catalogue.revision)
        self.sentence_ends = SentenceEnds(expected_phrasing(NLU_DATA, items, goods))
        self.follows.arrive(self.library.items, self.now())

    def _follow(self, identity: str) -> None:
        """A creator has changed an item: listeners find it as it is now, before the ears have learnt its words."""
        try:
            with self._changing:
                self._put(self.shelf.item(identity))
            self.follows.arrive(self.library.items, self.now())
        except (ShelfError, SearchError) as error:  # it is kept, and the watch will look
            log.warning("an item is not followed at once", item=identity, why=str(error))

    def _put(self, held: Held) -> None:
        if not held.visible or held.item is None:
            self.library.drop(held.found.id)
            return
        picture = held.files.get(Role.ARTWORK)
        recording = recording_of(held, self.shelf, self.studio.contents)
        self.library.put(held.item, recording, picture.sha256 if picture else None)

    def _open_recogniser(self) -> Recogniser:
        items, goods = self.library.items.values(), self.shopping.goods()
        self.sentence_ends = SentenceEnds(expected_phrasing(NLU_DATA, items, goods))
        return choose_recogniser(self.settings, self.paths, expected_speech(NLU_DATA, items, goods))


def _write_token(path: Path) -> str:
    """A fresh token for Rasa's own commands, in a file that only the operator can read."""
    token = secrets.token_urlsafe(32)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(token)
    return token


def describe(health: Health) -> dict[str, Any]:
    """Health as JSON."""
    return {"status": health.status, "parts": health.parts}
