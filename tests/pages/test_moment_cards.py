"""A card that stands for a moment: it says from where, and a tap plays from there."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser

pytestmark = pytest.mark.asyncio(loop_scope="module")

TAP = """async (loaded) => {
  document.body.innerHTML = '<div id="log"></div><div id="quick-replies"></div><video></video>';
  const { LogView } = await import("/speaker/log-view.js");
  const { Player } = await import("/speaker/player.js");
  const player = new Player(document.querySelector("video"), () => {}, () => {});
  const play = { type: "play", item: "a-1", title: "A", url: "/nothing.mp3" };
  if (loaded) player.obey([play], "r0");
  const said = [];
  const log = new LogView((text) => said.push(text), player);
  const card = { item: "a-1", title: "A", subtitle: "Ann", playable: true, begin_ms: 750000 };
  const reply = { dialog_request_id: "r1", speech: "", text: "", cards: [card] };
  log.render([{ request: "r1", said: "", lost: false, reply }]);
  const meta = document.querySelector(".card-meta").textContent;
  document.querySelector("[data-testid=card-play]").click();
  if (!loaded) player.obey([play], "r2");
  const first = player.position;
  player.obey([play], "r3");
  return { meta, said, first, then: player.position };
}"""


@pytest.mark.parametrize("loaded", [False, True])
async def test_a_tap_on_a_moment_plays_from_there_and_only_that_once(
    browser: Browser, static_address: str, loaded: bool
) -> None:
    page = await browser.new_page()
    await page.goto(f"{static_address}/speaker/")
    told: dict[str, Any] = await page.evaluate(TAP, loaded)
    await page.close()
    assert "from\N{NO-BREAK SPACE}12:30" in told["meta"]
    assert told["said"] == ([] if loaded else ["play A"])
    assert (told["first"], told["then"]) == (750_000, 0)
