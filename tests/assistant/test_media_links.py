"""Links to media: each opens one thing, until its end, for whom it was made."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ServiceError
from assistant.identity import Conversations
from assistant.media_links import DEVICE_LIFE_S, MediaLinks
from skills.player import Enqueue, Play, Seek
from skills.turn import Reply

LIFE_S = 12 * 3600
SHOP, OTHER = "https://shop.example", "https://other.example"

paths = st.from_regex(r"/media/[\w.:-]{1,30}", fullmatch=True)
audiences = st.sampled_from([None, SHOP, OTHER, "http://127.0.0.1:8080"])
times = st.floats(min_value=0, max_value=4e9)


@pytest.fixture(scope="module")
def links(tmp_path_factory: pytest.TempPathFactory) -> MediaLinks:
    return MediaLinks(tmp_path_factory.mktemp("links"), LIFE_S)


def refusal(links: MediaLinks, path: str, query: str, origin: str | None, now_s: float) -> str:
    """The code by which a request is refused, empty where it is not."""
    try:
        links.check(path, query, origin, now_s)
    except ServiceError as error:
        return error.code if error.status == 403 else f"{error.status}"
    return ""


@given(paths, audiences, audiences, times, st.floats(min_value=0, max_value=2 * LIFE_S))
def test_a_link_works_for_its_own_until_its_end(
    links: MediaLinks, path: str, made_for: str | None, asking: str | None, now_s: float, later_s: float
) -> None:
    link = links.link(path, made_for, now_s)
    parts = urlsplit(link.url)
    assert unquote(parts.path) == path
    life_s = DEVICE_LIFE_S if made_for is None else LIFE_S
    assert life_s - 1 <= link.expires_at - now_s <= 1.1 * life_s
    expected = "link_expired" if now_s + later_s >= link.expires_at else "link_origin" if asking != made_for else ""
    assert refusal(links, path, parts.query, asking, now_s + later_s) == expected


@given(paths, paths, audiences, times, st.data())
def test_whatever_is_changed_makes_it_none_of_ours(
    links: MediaLinks, path: str, other: str, audience: str | None, now_s: float, data: st.DataObject
) -> None:
    query = dict(parse_qsl(urlsplit(links.link(path, audience, now_s).url).query))
    name = data.draw(st.sampled_from([*sorted(query), "for", "path"]))
    changed = other if name == "path" else path
    if name != "path":
        at = data.draw(st.integers(0, len(query.get(name, ""))))
        letter = data.draw(st.sampled_from("0aA_-=.\n"))
        value = query.get(name, "")
        query[name] = value[:at] + letter + data.draw(st.sampled_from([value[at:], value[at + 1 :]]))
        if query[name] == value:
            return
    elif other == path:
        return
    origin = query.get("for") or None
    assert refusal(links, changed, urlencode(query), origin, now_s) == "link_invalid"


@given(st.text(max_size=300), st.text(max_size=300))
def test_no_query_is_too_odd_to_be_refused(links: MediaLinks, path: str, query: str) -> None:
    assert refusal(links, path, query, None, 0) == "link_invalid"


def test_a_parameter_that_stands_there_twice_counts_for_nothing(links: MediaLinks) -> None:
    query = urlsplit(links.link("/media/a", SHOP, 0).url).query
    for again in (f"for={SHOP}", "expires=99999999999", "&".join(f"x{number}=1" for number in range(20))):
        assert refusal(links, "/media/a", f"{query}&{again}", SHOP, 0) == "link_invalid"


def test_who_asks_again_soon_gets_the_same_address(links: MediaLinks) -> None:
    """Or a browser would keep a copy of the recording for each time that it was played."""
    addresses = {links.link("/media/a", SHOP, 1_000_000 + second).url for second in range(0, LIFE_S // 10, 60)}
    assert len(addresses) <= 2


def test_another_service_and_another_kind_of_token_sign_otherwise(tmp_path: Path) -> None:
    """A conversation's token, whose id a client could choose the words of, is no link."""
    links, conversations = MediaLinks(tmp_path, LIFE_S), Conversations(tmp_path)
    elsewhere = MediaLinks(tmp_path / "elsewhere", LIFE_S)
    query = urlsplit(elsewhere.link("/media/a", None, 0).url).query
    assert refusal(links, "/media/a", query, None, 0) == "link_invalid"
    token = conversations.token("/media/a\n3600\n").rpartition(".")[2]
    assert refusal(links, "/media/a", urlencode({"expires": 3600, "signature": token}), None, 0) == "link_invalid"
    again = urlsplit(links.link("/media/a", None, 0).url).query
    assert refusal(MediaLinks(tmp_path, 60), "/media/a", again, None, 0) == ""


def test_a_reply_goes_out_with_links_wherever_something_is_played(links: MediaLinks) -> None:
    play = Play(item="talk.ü", title="Talk", url="/media/recordings/talk.ü.mp3", begin_ms=5)
    reply = Reply(
        dialog_request_id="a", speech="Here.", text="Here.",
        directives=(play, Seek(position_ms=1), Enqueue(items=(play, play), place="next")),
    )  # fmt: skip
    out = links.reply(reply, SHOP, 0)
    first, seek, queue = out.directives
    assert isinstance(first, Play)
    assert isinstance(queue, Enqueue)
    assert seek == Seek(position_ms=1)
    for one in (first, *queue.items):
        parts = urlsplit(one.url)
        assert refusal(links, unquote(parts.path), parts.query, SHOP, 0) == ""
        assert one == play.model_copy(update={"url": one.url})
    assert reply.directives[0] == play, "what is kept of a turn has no links: they would be stale"
