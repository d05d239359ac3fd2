"""Imports of products that came over HTTP: each in a process of its own, of low priority, one at a time.

What is to be done stands in `DATA_DIR/shops/SHOP/imports/ID/`: the feed, and what its sender chose. An import that a
stop or a crash has cut off is done again at the next start; one that asks something waits there for its answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import sys
import time
from pathlib import Path

import structlog
from sqlalchemy.engine import Engine

from assistant.errors import ServiceError
from assistant.paths import DataPaths
from skills.errors import SkillError
from skills.shopping.importing import Choices, Import, Imports, State

log = structlog.get_logger(__name__)

KEPT_S = 24 * 3600
"""How long a question about an import stays open."""
WAITING_MAX = 20
"""Imports that may wait at a time."""
FEED, CHOICES = "feed", "choices.json"


class ProductImports:
    """Use from the event loop; `start` and `stop` once."""

    def __init__(self, engine: Engine, paths: DataPaths) -> None:
        self.records = Imports(engine)
        self._paths = paths
        self._turn = asyncio.Semaphore(1)
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def start(self) -> None:
        """Go on with what was left over when the service last stopped."""
        for folder in await asyncio.to_thread(lambda: sorted(self._paths.shops.glob("*/imports/*"))):
            state = await asyncio.to_thread(self.records.find, folder.parts[-3], folder.name)
            asks = state is not None and state.state.is_asking
            if state is None or state.state.is_over or (asks and time.time() - folder.stat().st_mtime > KEPT_S):
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            elif not asks:
                self._begin(state)

    async def stop(self) -> None:
        """Stop what is running; it is done again after the next start."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def prepare(self, shop: str, source: str) -> tuple[Import, Path]:
        """A new import, and where its feed is to be written before it is `submit`ted.

        Raises:
            ServiceError: `imports_many`.
        """
        if len(self._tasks) >= WAITING_MAX:
            raise ServiceError("imports_many", "Too many imports are waiting. Please try again later.", 429)
        state = await asyncio.to_thread(self.records.begin, shop, source)
        folder = self._folder(state)
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        return state, folder / FEED

    async def discard(self, state: Import) -> None:
        """Its feed did not come."""
        await asyncio.to_thread(shutil.rmtree, self._folder(state), ignore_errors=True)
        failed = state.model_copy(update={"state": State.FAILED, "code": "feed_cut", "message": "The feed broke off."})
        await asyncio.to_thread(self.records.keep, failed)

    async def submit(self, state: Import, asked: Choices) -> Import:
        """Do it as soon as it is its turn."""
        path = self._folder(state) / CHOICES
        await asyncio.to_thread(path.write_text, asked.model_dump_json())
        waiting = state.model_copy(update={"state": State.WAITING, "code": "", "message": ""})
        await asyncio.to_thread(self.records.keep, waiting)
        self._begin(waiting)
        return waiting

    async def answer(self, state: Import, asked: Choices) -> Import:
        """Go on with an import that has asked something.

        Raises:
            ServiceError: `import_not_asking`.
        """
        folder = self._folder(state)
        if not state.state.is_asking or state.id in self._tasks or not folder.is_dir():
            raise ServiceError("import_not_asking", "This import waits for no answer.", 409)
        before = Choices.model_validate_json(await asyncio.to_thread((folder / CHOICES).read_text))
        return await self.submit(state, before.model_copy(update=asked.model_dump(exclude_unset=True)))

    def _begin(self, state: Import) -> None:
        task = asyncio.create_task(self._run(state))
        self._tasks[state.id] = task
        task.add_done_callback(lambda _: self._tasks.pop(state.id, None))

    async def _run(self, state: Import) -> None:
        async with self._turn:
            command = [
                "-P",
                "-m",
                "assistant.product_worker",
                "--data-dir",
                str(self._paths.root),
                state.shop,
                state.id,
            ]
            process = await asyncio.create_subprocess_exec(
                sys.executable, *command, stdin=asyncio.subprocess.DEVNULL, env={**os.environ}
            )
            try:
                status = await process.wait()
            except asyncio.CancelledError:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
                raise
            await self._finish(state, status)

    async def _finish(self, state: Import, status: int) -> None:
        try:
            now = await asyncio.to_thread(self.records.find, state.shop, state.id) or state
            if not (now.state.is_over or now.state.is_asking):
                log.warning("an import ended without a result", shop=state.shop, import_id=state.id, status=status)
                broken = {"state": State.FAILED, "code": "import_broken", "message": "The import broke off; try again."}
                now = now.model_copy(update=broken)
                await asyncio.to_thread(self.records.keep, now)
            if now.state.is_over:
                await asyncio.to_thread(shutil.rmtree, self._folder(state), ignore_errors=True)
        except SkillError as error:
            log.warning("an import could not be finished", shop=state.shop, import_id=state.id, why=str(error))

    def _folder(self, state: Import) -> Path:
        return self._paths.shops / state.shop / "imports" / state.id
