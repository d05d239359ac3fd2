"""The demo's videos: browsers play them, and can go to each card."""

from __future__ import annotations

import base64
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from playwright.async_api import Page

from skills.media.catalogue import Item
from skills.media.films import film, shots
from skills.media.recordings import Segment
from skills.turn import MediaKind

pytestmark = pytest.mark.asyncio(loop_scope="module")

SAID = ("This is a map of the tides.", "Costs went up $5 a year.", "The strings swing in a wave.")


async def test_a_browser_plays_a_film_and_sees_another_card_after_a_seek(modules: Page, tmp_path: Path) -> None:
    item = Item(
        id="tides", kind=MediaKind.TALK, medium="video", title="Tides", creator="Ada", published=date(2024, 1, 1),
        duration_s=24,
    )  # fmt: skip
    segments = [Segment(8_000 * n, 8_000 * n + 7_000, "Ada", text) for n, text in enumerate(SAID)]
    path = tmp_path / "tides.webm"
    film(path, np.zeros(24 * 16_000, "<i2").tobytes(), 16_000, shots(item, segments))
    assert [one.name for one in tmp_path.iterdir()] == ["tides.webm"]
    seen = await modules.evaluate(
        """async (content) => {
          const video = document.createElementNS("http://www.w3.org/1999/xhtml", "video");
          const at = (name) => new Promise((done, fail) => {
            setTimeout(() => fail(`no ${name}`), 20000);
            video.addEventListener(name, done, { once: true });
            video.addEventListener("error", () => fail(video.error), { once: true });
          });
          const canvas = new OffscreenCanvas(64, 36).getContext("2d");
          const look = () => {
            canvas.drawImage(video, 0, 0, 64, 36);
            return [...canvas.getImageData(0, 0, 64, 36).data].reduce((sum, value) => sum + value, 0);
          };
          video.src = `data:video/webm;base64,${content}`;
          await at("loadeddata");
          const pictures = [look()];
          for (const second of [9, 17]) {
            video.currentTime = second;
            await at("seeked");
            pictures.push(look());
          }
          return { size: [video.videoWidth, video.videoHeight], seconds: video.duration, pictures };
        }""",
        base64.b64encode(path.read_bytes()).decode(),
    )
    assert seen["size"] == [640, 360]
    assert seen["seconds"] == pytest.approx(24, abs=0.6)
    assert len(set(seen["pictures"])) == 3
