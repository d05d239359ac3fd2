"""Listeners keep items on playlists and play them later: through the demo catalogue and a real database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.playlists import KeptPlaylists
from assistant.storage.store import Store
from skills.media.actions import MediaActions
from skills.media.library import MediaLibrary
from skills.media.notes import Notes
from skills.media.playlists import Playlist, called, playlist_key, playlist_name
from skills.player import Ability, Enqueue, Play, Playback, PlayerState, SetShuffle
from tests.skills.conftest import UNRECORDED
from tests.skills.test_media_actions import Listener

FIRST, SECOND = "tin-observatory-01", "tin-observatory-03"


@pytest.fixture
def listener(library: MediaLibrary, notes: Notes, tmp_path: Path) -> Iterator[Listener]:
    store = Store(f"sqlite:///{tmp_path / 'sori.db'}")
    yield Listener(MediaActions(library, replace(notes, playlists=KeptPlaylists(store))))
    store.close()


def plays(item: str) -> PlayerState:
    return PlayerState(state=Playback.PLAYING, item=item, can=(Ability.QUEUE, Ability.SHUFFLE))


def add(listener: Listener, item: str, playlist: str = "running") -> str:
    listener.player = plays(item)
    result = listener.asks("action_media_playlist_add", "add_to_playlist", "add this", playlist=playlist)
    assert result.reply
    return result.reply.speech


def test_what_was_added_is_played_in_that_order_and_nothing_else_is_queued(listener: Listener) -> None:
    assert "I made your running playlist" in add(listener, FIRST)
    assert "Added" in add(listener, UNRECORDED)
    assert "Added" in add(listener, SECOND, "runing")
    assert "already" in add(listener, SECOND)
    result = listener.asks("action_media_playlist_play", "play_playlist", playlist="my running list")
    assert result.reply
    play, shuffle, queue = result.reply.directives
    assert isinstance(play, Play)
    assert isinstance(queue, Enqueue)
    assert shuffle == SetShuffle(shuffle=False)
    assert [play.item, *(one.item for one in queue.items), queue.place] == [FIRST, SECOND, "only"]


def test_what_is_on_a_playlist_is_told_and_can_be_taken_off(listener: Listener, library: MediaLibrary) -> None:
    add(listener, FIRST)
    add(listener, SECOND, "cooking")
    names = listener.asks("action_media_playlists", "show_playlists")
    assert names.reply
    assert "2 playlists: cooking and running" in names.reply.text
    shown = listener.asks("action_media_playlists", "show_playlists", playlist="cooking")
    assert shown.reply
    assert [card.item for card in shown.reply.cards] == [SECOND]
    assert library.items[SECOND].title in shown.reply.text
    listener.player = plays(SECOND)
    gone = listener.asks("action_media_playlist_remove", "remove_from_playlist", "take this off")
    assert gone.reply
    assert "off your cooking playlist" in gone.reply.text
    listener.player = plays(FIRST)
    again = listener.asks("action_media_playlist_remove", "remove_from_playlist", playlist="cooking")
    assert again.reply
    assert "no cooking playlist" in again.reply.text


@pytest.mark.parametrize("action", ["play", "remove"])
def test_a_playlist_that_is_not_there_is_said_to_be_none(listener: Listener, action: str) -> None:
    listener.player = plays(FIRST)
    result = listener.asks(f"action_media_playlist_{action}", playlist="running")
    assert result.reply
    assert "no playlists yet" in result.reply.speech
    assert not result.reply.directives


def test_with_nothing_to_add_nothing_is_claimed(listener: Listener) -> None:
    result = listener.asks("action_media_playlist_add", "add_to_playlist", "add this", playlist="running")
    assert result.reply
    assert "Nothing is playing" in result.reply.speech
    assert "no playlists" in _said(listener)


def _said(listener: Listener) -> str:
    result = listener.asks("action_media_playlists", "show_playlists")
    assert result.reply
    return result.reply.speech


@given(st.text(max_size=80))
def test_a_name_is_known_by_what_it_is_called(heard: str) -> None:
    name = playlist_name(heard)
    assert playlist_name(name) == name
    assert playlist_key(name) == name
    if name:
        assert called(name, [Playlist("zzzzzzzz", ()), Playlist(name, ())]) == Playlist(name, ())
