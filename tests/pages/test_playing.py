"""The page's player: its list agrees with the service's, its timer with the clock, and it does what it is told."""

from __future__ import annotations

import random
from typing import Any

import pytest
from playwright.async_api import Page

from skills.player import Play, Repeat
from skills.playlist import Playlist, sought

pytestmark = pytest.mark.asyncio(loop_scope="module")

RUN = """async (steps) => {
  const list = await import("/speaker/playlist.js");
  let chance = 1;
  const pick = (below) => (chance = (chance * 48271) % 2147483647) % below;
  let state = list.EMPTY;
  return steps.map(([name, ...given]) => {
    if (name === "start") state = list.start(state, given[0]);
    else if (name === "enqueue") state = list.enqueue(state, given[0], given[1], pick);
    else if (name === "repeat") state = { ...state, repeat: given[0] };
    else if (name === "shuffle") state = list.shuffled(state, given[0], pick);
    else state = list[name](state, pick);
    return [state.current?.play.item ?? null, state.queue.map((entry) => entry.play.item), state.played.length];
  });
}"""


class Chance:
    """The same numbers as the page's: a multiplicative congruential generator (Park and Miller)."""

    def __init__(self) -> None:
        self.state = 1

    def __call__(self, below: int) -> int:
        self.state = self.state * 48271 % 2147483647
        return self.state % below


def a_play(number: int) -> Play:
    return Play(item=f"item-{number}", title=f"Item {number}", url=f"/media/{number}.mp3")


def some_steps(chance: random.Random, count: int) -> list[list[Any]]:
    steps: list[list[Any]] = []
    for _ in range(count):
        name = chance.choice(["start", "enqueue", "enqueue", "ended", "ended", "next", "repeat", "shuffle"])
        match name:
            case "start":
                steps.append([name, a_play(chance.randrange(99))])
            case "enqueue":
                plays = [a_play(chance.randrange(99)) for _ in range(chance.randrange(12))]
                steps.append([name, plays, chance.choice(["next", "last", "last", "only"])])
            case "repeat":
                steps.append([name, chance.choice(list(Repeat))])
            case "shuffle":
                steps.append([name, chance.choice([True, False])])
            case _:
                steps.append([name])
    return steps


def taken(playlist: Playlist, step: list[Any], pick: Chance) -> Playlist:
    match step:
        case ["start", play]:
            return playlist.start(play)
        case ["enqueue", plays, place]:
            return playlist.enqueue(plays, place, pick)
        case ["repeat", repeat]:
            return playlist.repeating(repeat)
        case ["shuffle", shuffle]:
            return playlist.shuffled(shuffle, pick)
        case ["ended"]:
            return playlist.ended(pick)
        case _:
            return playlist.next(pick)


@pytest.mark.parametrize("seed", range(8))
async def test_the_page_plays_in_the_same_order_as_the_command_line(modules: Page, seed: int) -> None:
    steps = some_steps(random.Random(seed), 120)
    playlist, pick, expected = Playlist(), Chance(), []
    for step in steps:
        playlist = taken(playlist, step, pick)
        current = playlist.current.play.item if playlist.current else None
        expected.append([current, [entry.play.item for entry in playlist.queue], len(playlist.played)])
    sent = [[_plain(part) for part in step] for step in steps]
    assert await modules.evaluate(RUN, sent) == expected


def _plain(part: Any) -> Any:
    if isinstance(part, Play):
        return part.model_dump(mode="json")
    return [one.model_dump(mode="json") for one in part] if isinstance(part, list) else part


@pytest.mark.parametrize("duration_ms", [None, 10_000])
@pytest.mark.parametrize("position_ms", [0, 4_999, 5_000, 14_999, 15_000, 99_999_999])
@pytest.mark.parametrize("length_ms", [None, 60_000])
async def test_a_seek_leads_to_the_same_place(
    modules: Page, duration_ms: int | None, position_ms: int, length_ms: int | None
) -> None:
    play = a_play(1).model_copy(update={"begin_ms": 5_000, "duration_ms": duration_ms})
    expected, place = sought(play, position_ms, length_ms)
    found = await modules.evaluate(
        """async ([play, position, length]) => {
          const { sought } = await import("/speaker/playlist.js");
          const { play: kept, position: place } = sought(play, position, length);
          return [kept.begin_ms, kept.duration_ms, place];
        }""",
        [play.model_dump(mode="json"), position_ms, length_ms],
    )
    assert found == [expected.begin_ms, expected.duration_ms, place]


async def test_a_sleep_timer_outlives_a_reload_and_takes_effect_once(modules: Page) -> None:
    seen = await modules.evaluate(
        """async () => {
          const { SleepTimer } = await import("/speaker/sleep-timer.js");
          const kept = new Map();
          const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value),
            removeItem: (key) => kept.delete(key) };
          new SleepTimer(storage, 0).set({ in_ms: 60000 }, 1000);
          const again = new SleepTimer(storage, 31000);
          const before = [again.state(31000), again.takesEffect(60999)];
          const after = [again.takesEffect(61000), again.state(61000), again.takesEffect(61001), kept.size];
          again.set({ in_ms: null }, 0);
          return [...before, ...after, again.takesEffect(9e9), again.takesEffect(9e9, true), again.state(9e9)];
        }"""
    )
    assert seen == [{"in_ms": 30_000}, False, True, None, False, 0, False, True, None]


PLAYER = """async (act) => {
  const { Player } = await import("/speaker/player.js");
  const samples = 8000 * 20;
  const sound = new DataView(new ArrayBuffer(44 + samples));
  const put = (at, text) => [...text].forEach((letter, index) => sound.setUint8(at + index, letter.charCodeAt(0)));
  put(0, "RIFF"); put(8, "WAVEfmt "); put(36, "data");
  const words = [[4, 36 + samples], [16, 16], [24, 8000], [28, 8000], [40, samples]];
  words.forEach(([at, value]) => sound.setUint32(at, value, true));
  [[20, 1], [22, 1], [32, 1], [34, 8]].forEach(([at, value]) => sound.setUint16(at, value, true));
  for (let at = 44; at < 44 + samples; at++) sound.setUint8(at, 128);
  const url = URL.createObjectURL(new Blob([sound.buffer], { type: "audio/wav" }));
  const reports = [];
  const video = document.createElementNS("http://www.w3.org/1999/xhtml", "video");
  const player = new Player(video, (report) => reports.push(report), () => {});
  const until = async (fits) => {
    const pause = () => new Promise((done) => setTimeout(done, 25));
    for (let wait = 0; wait < 400 && !fits(reports.at(-1) ?? {}); wait++) await pause();
    return reports.at(-1);
  };
  const play = (item, rest = {}) => ({ type: "play", item, title: item, url, ...rest });
  const acting = new Function("player", "play", "until", "reports", `return (async () => { ${act} })()`);
  return acting(player, play, until, reports);
}"""


async def test_what_is_queued_plays_when_the_item_has_ended_and_is_nobodys_doing(modules: Page) -> None:
    last, states = await modules.evaluate(
        PLAYER,
        """player.obey([play("one", { begin_ms: 19500 }), { type: "queue", items: [play("two")] }], "r1");
        await until((report) => report.item === "one" && report.state === "playing");
        const last = await until((report) => report.item === "two" && report.state === "playing");
        player.stop();
        return [last, reports.filter((report) => report.item === "one").map((report) => report.state)];""",
    )
    assert (last["item"], last["queue"], last["dialog_request_id"]) == ("two", [], None)
    assert states[-1] == "ended"


async def test_a_part_that_was_asked_for_ends_there_and_repeats_there(modules: Page) -> None:
    part = 'play("one", { begin_ms: 2000, duration_ms: 600 })'
    ended = await modules.evaluate(
        PLAYER, f'player.obey([{part}], "r1"); return until((report) => report.state === "ended");'
    )
    assert 2_600 <= ended["position_ms"] < 5_000
    assert ended["ends_at_ms"] == 2_600
    again = await modules.evaluate(
        PLAYER,
        f"""player.obey([{{ type: "repeat", repeat: "one" }}, {part}], "r1");
        await until((report) => report.state === "ended");
        const again = await until((report) => report.state === "playing");
        player.stop();
        return again;""",
    )
    assert again["item"] == "one"
    assert 2_000 <= again["position_ms"] <= 2_700


async def test_seek_speed_and_modes_are_acknowledged_as_they_are(modules: Page) -> None:
    found = await modules.evaluate(
        PLAYER,
        """player.obey([play("one")], "r1");
        await until((report) => report.state === "playing");
        const speed = { type: "speed", speed: 1.5 };
        player.obey([{ type: "seek", position_ms: 12000 }, speed, { type: "shuffle", shuffle: true }], "r2");
        const report = reports.at(-1);
        player.obey([{ type: "sleep", sleep: { in_ms: null } }], "r3");
        const asleep = reports.at(-1);
        player.obey([{ type: "seek", position_ms: 99000 }], "r4");
        await until((report) => report.state === "ended");
        return [report, asleep, player.media.playbackRate, player.arranged.list.current.play.item, reports.at(-1)];""",
    )
    report, asleep, rate, item, ended = found
    assert (report["dialog_request_id"], report["speed"], report["shuffle"]) == ("r2", 1.5, True)
    assert 12_000 <= report["position_ms"] < 14_000
    assert asleep["sleep"] == {"in_ms": None}
    assert (rate, item, ended["sleep"]) == (1.5, "one", None)


async def test_a_scene_is_slower_until_it_is_left_and_the_speed_before_comes_back(modules: Page) -> None:
    found = await modules.evaluate(
        PLAYER,
        """player.obey([play("one")], "r1");
        await until((report) => report.state === "playing");
        const slow = (begin_ms, end_ms) => ({ type: "speed", speed: 0.5, within: { begin_ms, end_ms } });
        player.obey([{ type: "speed", speed: 2 }, { type: "seek", position_ms: 5000 }, slow(4000, 6000)], "r2");
        const within = [reports.at(-1).speed, player.media.playbackRate];
        const after = await until((report) => report.speed === 2);
        player.obey([slow(4000, 20000), { type: "seek", position_ms: 1000 }], "r3");
        const before = reports.at(-1).speed;
        player.obey([slow(0, 20000)], "r4");
        player.obey([play("two")], "r5");
        return [within, after.position_ms, before, player.arranged.speed];""",
    )
    within, left_at, before, other = found
    assert within == [0.5, 0.5]
    assert 6_000 <= left_at < 8_000
    assert (before, other) == (2, 2)


async def test_the_sleep_timer_fades_and_pauses_and_what_plays_next_is_heard(modules: Page) -> None:
    paused, silent, volume = await modules.evaluate(
        PLAYER,
        """player.obey([play("one"), { type: "sleep", sleep: { in_ms: 10 } }], "r1");
        await until((report) => report.state === "playing");
        let silent = 1;
        player.media.addEventListener("volumechange", () => (silent = Math.min(silent, player.media.volume)));
        const paused = await until((report) => report.state === "paused" && report.item === "one" && !report.sleep
          && report.dialog_request_id === null);
        return [paused, silent, player.media.volume];""",
    )
    assert (paused["state"], paused["sleep"]) == ("paused", None)
    assert (silent < 0.1, volume) == (True, 0.6)
