"""What the store keeps, on SQLite and on a real PostgreSQL alike."""

import asyncio
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from assistant.errors import ServiceError, StartError
from assistant.follows import KeptFollows
from assistant.playlists import KeptPlaylists
from assistant.storage.api_keys import ApiKeys
from assistant.storage.store import Store, StoredPosition, StoredTurn
from skills.media.channels import Channel, ChannelKind, channel_id
from skills.media.follows import FOLLOWS_MAX, NEWS_FOR, Follow, Following
from skills.media.playlists import PLAYLISTS_MAX, Adding, Playlist


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'sori.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres")
    store = Store(url)
    yield store
    store.close()


def a_turn(conversation: str, number: int = 0) -> StoredTurn:
    return StoredTurn(conversation, f"r{number}", "page", f"utterance {number} 안녕", "greet", {"text": "héllo"})


def test_a_new_conversation_is_empty(store: Store) -> None:
    assert store.conversation("nobody").memory == {}
    assert store.history("nobody", 10) == []


def test_memory_is_replaced_and_turns_are_added(store: Store) -> None:
    store.save(a_turn("replaced", 1), {"media": {"told": 1}})
    store.save(a_turn("replaced", 2), {"media": {"told": 2}})
    conversation = store.conversation("replaced")
    assert (conversation.turns, conversation.memory) == (2, {"media": {"told": 2}})
    assert store.history("replaced", 10) == [a_turn("replaced", 1), a_turn("replaced", 2)]


def test_history_is_the_last_turns_oldest_first_of_one_conversation(store: Store) -> None:
    for number in range(5):
        store.save(a_turn("mine", number), {})
        store.save(a_turn("yours", number), {})
    assert store.history("mine", 2) == [a_turn("mine", 3), a_turn("mine", 4)]


def test_a_satellite_stays_in_its_conversation_until_it_was_silent_for_long(store: Store) -> None:
    long_ago, soon = datetime.now(UTC) - timedelta(minutes=30), datetime.now(UTC) + timedelta(seconds=5)
    assert store.satellite_conversation("kitchen", "c1", long_ago) == "c1"
    assert store.satellite_conversation("kitchen", "c2", long_ago) == "c1"
    assert store.satellite_conversation("bedroom", "c3", long_ago) == "c3"
    assert store.satellite_conversation("kitchen", "c4", soon) == "c4"
    assert store.satellite_conversation("bedroom", "c5", long_ago) == "c5"


def test_a_satellite_that_connects_many_times_at_once_is_in_one_conversation(store: Store) -> None:
    since = datetime.now(UTC) - timedelta(minutes=30)
    with ThreadPoolExecutor(8) as threads:
        found = threads.map(lambda n: store.satellite_conversation("hall", f"h{n}", since), range(24))
    assert len(set(found)) == 1


def test_positions_are_kept_and_old_ones_go_on_every_database(store: Store) -> None:
    now, long_ago = datetime.now(UTC), datetime(2020, 1, 1, tzinfo=UTC)
    old = StoredPosition("ada", "old", 1, finished=False, at=now - timedelta(days=400))
    new = StoredPosition("ada", "new", 2, finished=False, at=now)
    store.keep_positions([old, new], long_ago)
    assert store.last_position("ada") == new
    store.keep_positions([StoredPosition("ada", "new", 3, finished=True, at=now)], long_ago)
    assert store.last_position("ada") == old
    store.keep_positions([], now - timedelta(days=180))
    assert store.last_position("ada") is None


def a_channel(name: str) -> Channel:
    return Channel(channel_id(ChannelKind.CREATOR, name), ChannelKind.CREATOR, name, ())


async def test_a_listener_follows_until_they_do_not_and_nobody_else_does(store: Store) -> None:
    follows, now = KeptFollows(store), datetime(2026, 11, 22, 20, 0, tzinfo=timezone(timedelta(hours=9)))
    mina, amara = a_channel("Mina Park"), a_channel("Dr. Amara Osei")
    assert await follows.follow("ada", mina, now) is Following.NEW
    assert await follows.follow("ada", mina, now + timedelta(1)) is Following.ALREADY
    assert await follows.follow("ada", amara, now + timedelta(1)) is Following.NEW
    assert await follows.follow("ben", mina, now) is Following.NEW
    kept = [Follow(one.id, one.kind, one.name, at) for one, at in ((amara, now + timedelta(1)), (mina, now))]
    assert await follows.of("ada") == kept
    assert await follows.unfollow("ada", amara.id) is True
    assert await follows.unfollow("ada", amara.id) is False
    assert [follow.name for follow in await KeptFollows(store).of("ada")] == ["Mina Park"]
    assert len(await follows.of("ben")) == 1


async def test_who_follows_too_many_follows_no_more(store: Store) -> None:
    follows, now = KeptFollows(store), datetime.now(UTC)
    wishes = [follows.follow("keen", a_channel(f"creator {number}"), now) for number in range(FOLLOWS_MAX)]
    assert set(await asyncio.gather(*wishes)) == {Following.NEW}
    assert await follows.follow("keen", a_channel("one more"), now) is Following.FULL
    assert len(await follows.of("keen")) == FOLLOWS_MAX
    assert await follows.follow("keen", a_channel("creator 1"), now) is Following.ALREADY


async def test_items_arrive_once_and_what_was_told_is_known_while_it_is_news(store: Store) -> None:
    follows, now = KeptFollows(store), datetime.now(UTC)
    follows.arrive(["a", "b"], now - timedelta(2))
    follows.arrive(["b", "c"], now)
    follows.arrive(["b", "c"], now + timedelta(1))
    assert await follows.arrivals(now - timedelta(3)) == {"b": now - timedelta(2), "c": now}
    assert await follows.arrivals(now) == {"c": now}

    await follows.tell("ada", ["a", "b"], now - NEWS_FOR + timedelta(1))
    await follows.tell("ada", ["b", "c"], now)
    assert await follows.told("ada") == {"a", "b", "c"}
    await follows.tell("ben", [], now + timedelta(2))
    assert (await follows.told("ada"), await follows.told("ben")) == ({"c"}, set())


def test_what_was_heard_to_the_end_is_known(store: Store) -> None:
    now, long_ago = datetime.now(UTC), datetime(2020, 1, 1, tzinfo=UTC)
    heard = StoredPosition("eva", "heard", 9, finished=True, at=now)
    store.keep_positions([heard, StoredPosition("eva", "begun", 2, finished=False, at=now)], long_ago)
    assert store.finished("eva", ["heard", "begun", "other"]) == {"heard"}
    assert store.finished("eva", ["begun"]) == store.finished("ada", ["heard"]) == set()


def test_a_turn_that_cannot_be_kept_changes_nothing(store: Store) -> None:
    store.save(a_turn("whole", 1), {"media": 1})
    impossible = StoredTurn("whole", "r2", "page", "x", "i", {"text": object()})
    with pytest.raises((ServiceError, TypeError)):
        store.save(impossible, {"media": 2})
    assert (store.conversation("whole").turns, store.conversation("whole").memory) == (1, {"media": 1})


def test_many_conversations_at_once_lose_nothing(store: Store) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: store.save(a_turn(f"busy-{number % 4}", number), {}), range(40)))
    assert [store.conversation(f"busy-{number}").turns for number in range(4)] == [10, 10, 10, 10]


def test_opening_again_keeps_everything(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'again.db'}"
    first = Store(url)
    first.save(a_turn("kept"), {"media": {}})
    first.close()
    assert Store(url).history("kept", 1) == [a_turn("kept")]


@pytest.mark.parametrize("url", ["sqlite:////proc/nowhere/sori.db", "postgresql://nobody@127.0.0.1:1/none", "nonsense"])
def test_a_database_that_cannot_be_opened_is_an_error_at_the_start(url: str) -> None:
    with pytest.raises(StartError, match="database"):
        Store(url)


async def test_a_playlist_keeps_its_order_its_bounds_and_to_its_listener(store: Store) -> None:
    playlists, listener = KeptPlaylists(store), secrets.token_hex(8)
    for item in ("c", "a", "b"):
        assert await playlists.add(listener, "Running", item) is Adding.ADDED
    assert await playlists.add(listener, "RUNNING ", "a") is Adding.ALREADY
    assert await playlists.add(secrets.token_hex(8), "running", "x") is Adding.ADDED
    assert await playlists.of(listener) == [Playlist("Running", ("c", "a", "b"))]
    assert await playlists.remove(listener, "running", "a")
    assert not await playlists.remove(listener, "running", "a")
    assert not await playlists.remove(listener, "running", "x")
    assert await playlists.of(listener) == [Playlist("Running", ("c", "b"))]
    for number in range(PLAYLISTS_MAX - 1):
        assert await playlists.add(listener, f"list {number}", "a") is Adding.ADDED
    assert await playlists.add(listener, "one too many", "a") is Adding.TOO_MANY_LISTS
    assert len(await playlists.of(listener)) == PLAYLISTS_MAX


def test_a_key_lets_in_until_it_is_revoked_and_only_its_hash_is_kept(store: Store) -> None:
    keys, now = ApiKeys(store.engine), datetime.now(UTC)
    key, secret = keys.add("Mina Park")
    assert keys.check(secret, now) == key
    assert keys.check(secret[:-1] + ("A" if secret[-1] != "A" else "B"), now) is None
    assert keys.check("sori_" + "%" * 43, now) is None
    with store.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT * FROM api_keys").all()
    assert secret not in str(kept)
    [listed] = [one for one in keys.all() if one.id == key.id]
    assert (listed.used_at, listed.revoked_at, listed.scopes) == (now, None, ("media",))
    assert keys.revoke(key.id)
    assert not keys.revoke(key.id)
    assert keys.check(secret, now) is None


def test_nobody_is_anywhere_in_an_item_that_is_gone(store: Store) -> None:
    at = datetime.now(UTC)
    store.keep_positions([StoredPosition("l", "gone", 5, False, at), StoredPosition("l", "kept", 7, False, at)], at)
    store.forget_item("gone")
    last = store.last_position("l")
    assert last is not None
    assert last.item == "kept"
