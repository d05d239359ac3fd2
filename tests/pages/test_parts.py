"""The small pure parts of the speaker page, run in a real browser."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

pytestmark = pytest.mark.asyncio(loop_scope="module")

RESAMPLE = """async ([rate, hertz]) => {
  const { Resampler, RATE } = await import("/speaker/capture-worklet.js");
  const resampler = new Resampler(rate, RATE);
  const output = [];
  for (let block = 0; block * 128 < rate; block++) {
    const sample = (_, i) => Math.sin((2 * Math.PI * hertz * (block * 128 + i)) / rate);
    output.push(...resampler.push(Float32Array.from({ length: 128 }, sample)));
  }
  const steady = output.slice(1000, -1000);
  return { count: output.length, rms: Math.sqrt(steady.reduce((sum, x) => sum + x * x, 0) / steady.length) };
}"""


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000, 96_000])
async def test_a_second_of_any_rate_is_a_second_at_16_khz(modules: Page, rate: int) -> None:
    """Speech passes as it is, block by block, with no sample lost but the filter's own length."""
    for hertz in (300, 3_000, 6_500):
        result = await modules.evaluate(RESAMPLE, [rate, hertz])
        assert result["rms"] == pytest.approx(2**-0.5, rel=0.01)
        assert 15_900 <= result["count"] <= 16_060


@pytest.mark.parametrize("rate", [44_100, 48_000])
async def test_what_16_khz_cannot_hold_does_not_fold_back(modules: Page, rate: int) -> None:
    """A tone above the new Nyquist frequency is gone by at least 60 dB instead of becoming a lower one."""
    for hertz in (9_000, 12_000, 15_000):
        assert (await modules.evaluate(RESAMPLE, [rate, hertz]))["rms"] < 1e-3


async def test_times_and_dates_read_as_a_listener_says_them(modules: Page) -> None:
    shown = await modules.evaluate(
        """async () => {
          const { clock, length, date, meta } = await import("/speaker/format.js");
          const card = { subtitle: "Ines Okafor", kind: "live_show", duration_ms: 4320000, published: "2023-05-11" };
          const lengths = [length(40000), length(3600000)];
          return [clock(7000), clock(750000), clock(3723000), ...lengths, date("soon"), meta(card).join(" · ")];
        }"""
    )
    line = "Ines Okafor · live show · 1 h 12 min · 11 May 2023"
    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in shown] == [
        "0:07",
        "12:30",
        "1:02:03",
        "40 s",
        "1 h",
        "soon",
        line,
    ]


async def test_reconnection_waits_longer_each_time_up_to_a_limit(modules: Page) -> None:
    pauses = await modules.evaluate(
        """async () => {
          const { pause } = await import("/speaker/session.js");
          return Array.from({ length: 12 }, (_, attempt) => pause(attempt, 1));
        }"""
    )
    assert pauses[:4] == [500, 1000, 2000, 4000]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 20_000


async def test_an_answer_goes_into_the_background_and_comes_back(modules: Page) -> None:
    """Within 50 ms, and nothing of it is lost meanwhile."""
    ramp, full, behind, again = await modules.evaluate(
        """async () => {
          const { RAMP_S, SpeechOutput } = await import("/speaker/speech-output.js");
          const output = new SpeechOutput(() => {});
          const until = async (reached) => {
            for (let wait = 0; wait < 400 && !reached(output.level()); wait++) {
              await new Promise((done) => setTimeout(done, 5));
            }
            return output.level();
          };
          output.begin(16000);
          output.speak(Int16Array.from({ length: 160000 }, () => 4096).buffer);
          const full = await until((level) => level > 0.499);
          output.duck(true);
          const behind = await until((level) => level < 0.1);
          output.duck(false);
          const again = await until((level) => level > 0.499);
          output.stop();
          return [RAMP_S, full, behind, again];
        }"""
    )
    assert 0 < ramp <= 0.05
    assert (full, behind, again) == pytest.approx((0.5, 0.5 * 0.18, 0.5), abs=0.01)


async def test_a_tap_on_a_busy_page_is_no_hold(modules: Page) -> None:
    """Opening the microphone may keep the page busy; then both ends of the tap are handled late."""
    acts = await modules.evaluate(
        """async () => {
          const { bindTalk } = await import("/speaker/talk.js");
          const acts = [];
          bindTalk(document.createElement("button"), () => "idle", ({ type }) => {
            acts.push(type);
            for (const start = performance.now(); performance.now() - start < 500; );
          });
          const [down, up] = ["keydown", "keyup"].map((name) => new KeyboardEvent(name, { key: " ", bubbles: true }));
          await new Promise((done) => setTimeout(done, 1));
          for (const event of [down, up]) document.documentElement.dispatchEvent(event);
          await new Promise((done) => setTimeout(done, 1));
          return acts;
        }"""
    )
    assert acts == ["listen"]
