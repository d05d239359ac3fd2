"""The small pure parts of the studio, run in a real browser."""

from __future__ import annotations

import base64

import pytest
from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_what_may_pass_is_tried_again_later_and_later(modules: Page) -> None:
    pauses, passing = await modules.evaluate(
        """async () => {
          const { pause, isPassing } = await import("/studio/upload.js");
          return [[0, 1, 4, 5, 60].map(pause), [0, 400, 401, 404, 409, 413, 423, 460, 503, 507].filter(isPassing)];
        }"""
    )
    assert pauses == [1_000, 2_000, 16_000, 30_000, 30_000]
    assert passing == [0, 409, 423, 460, 503]


async def test_names_of_files_are_sent_in_any_script(modules: Page) -> None:
    sent = await modules.evaluate(
        """async () => (await import("/studio/upload.js")).metadata({ filename: "소리 é.mp3", filetype: "" })"""
    )
    key, _, value = sent.partition(" ")
    assert (key, base64.b64decode(value).decode()) == ("filename", "소리 é.mp3")


async def test_loudness_is_told_in_words(modules: Page) -> None:
    told = await modules.evaluate(
        """async () => {
          const { loudnessWords } = await import("/studio/format.js");
          const loudness = (before, gain, after) => loudnessWords({
            before: { integrated: before, range: 2, true_peak: -6 },
            after: { integrated: after, range: 2, true_peak: -1.2 },
            gain_db: gain, target_lufs: -16, target_dbtp: -1,
          });
          return [loudness(-25, 9, -16), loudness(-10, -6, -16), loudness(-16, 0, -16), loudness(null, 0, null)];
        }"""
    )
    assert told == [
        "It came quieter than everything else here. Listeners hear a copy that is 9.0 dB louder."
        " Its loudest peaks were held back, so that nothing distorts. Your file stays as it is.",
        "It came louder than everything else here. Listeners hear a copy that is 6.0 dB softer."
        " Your file stays as it is.",
        "It came at \N{MINUS SIGN}16.0 LUFS, as loud as everything else here. Nothing was changed.",
        "It is silent, and stays so.",
    ]
