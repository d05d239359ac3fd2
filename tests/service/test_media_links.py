"""Recordings, captions and scenes are for players that have asked, as long as their links work and where they work."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit
from xml.etree import ElementTree

import httpx
import pytest

from assistant.media_links import MediaLinks
from skills.media.captions import read_captions
from tests.service.other_site import Site
from tests.service.running import Running
from tests.service.speech import QUESTION

ITEM, TITLE, SAID = "talk-falling-into-a-black-hole", "Falling Into a Black Hole", "event horizon"
PART = {"range": "bytes=1000-1999"}


def ask(http: httpx.Client, item: str = ITEM, origin: str = "") -> dict[str, Any]:
    """What a player is told of an item."""
    response = http.get(f"/api/v1/items/{item}/player", headers={"origin": origin} if origin else {})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def links(told: dict[str, Any]) -> list[str]:
    return [told["recording"]["url"], told["captions"][0]["url"]]


def refusal(http: httpx.Client, url: str, **headers: str) -> str:
    """The code by which it is refused; nothing of the file comes with it."""
    response = http.get(url, headers={**PART, **headers})
    assert response.status_code == 403, url
    assert len(response.content) < 200
    return str(response.json()["error"]["code"])


def changed(url: str, **values: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{urlencode(dict(parse_qsl(parts.query)) | values)}"


def test_a_link_gives_the_range_that_is_asked_for(http: httpx.Client, other_site: Site) -> None:
    for origin in ("", other_site.origin):
        url = ask(http, origin=origin)["recording"]["url"]
        headers = {"origin": origin} if origin else {}
        whole, part = http.get(url, headers=headers), http.get(url, headers=headers | PART)
        assert (whole.status_code, part.status_code) == (200, 206)
        assert part.content == whole.content[1000:2000]
        assert whole.headers["cache-control"] == "private, no-cache"
        head = http.head(url, headers=headers)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == str(len(whole.content))


def test_without_a_link_of_ours_there_is_nothing(http: httpx.Client) -> None:
    for url in links(ask(http)):
        path, tampered = urlsplit(url).path, changed(url, signature="A" * 43)
        assert [refusal(http, one) for one in (path, f"{path}?", tampered)] == ["link_invalid"] * 3
        assert refusal(http, changed(url, expires="9999999999")) == "link_invalid"
    recording, captions = (urlsplit(url) for url in links(ask(http)))
    assert refusal(http, f"{recording.path}?{captions.query}") == "link_invalid"
    assert refusal(http, f"{captions.path}?{recording.query}") == "link_invalid"
    assert refusal(http, f"/media/slides/{ITEM}/{'a' * 64}.jpg") == "link_invalid"


def test_a_link_to_one_item_opens_no_other(http: httpx.Client) -> None:
    ids = [card["item"] for card in http.post("/api/v1/turns", json={"text": QUESTION}).json()["reply"]["cards"]]
    first, second = (urlsplit(ask(http, item)["recording"]["url"]) for item in ids[:2])
    assert refusal(http, f"{second.path}?{first.query}") == "link_invalid"


def test_an_expired_link_says_so(service: Running, http: httpx.Client) -> None:
    """The service's own key makes it, as it would have been made two days ago."""
    path, two_days = urlsplit(ask(http)["recording"]["url"]).path, 172_800
    old = MediaLinks(service.data_dir, 12 * 3600).link(path, None, time.time() - two_days)
    assert refusal(http, old.url) == "link_expired"


def test_a_link_works_only_where_it_was_asked_for(http: httpx.Client, other_site: Site, stranger: Site) -> None:
    own = str(http.base_url).rstrip("/")
    theirs, ours, devices = (ask(http, origin=one)["recording"]["url"] for one in (other_site.origin, own, ""))
    assert http.get(theirs, headers={"origin": other_site.origin, **PART}).status_code == 206
    assert http.get(theirs, headers={"referer": f"{other_site.origin}/page?a=b", **PART}).status_code == 206
    assert http.get(ours, headers={"referer": f"{own}/", **PART}).status_code == 206
    assert http.get(devices, headers=PART).status_code == 206
    for url, origin in ((theirs, own), (ours, other_site.origin), (devices, own), (devices, other_site.origin)):
        assert refusal(http, url, origin=origin) == "link_origin"
        assert refusal(http, url, referer=f"{origin}/x") == "link_origin"
    assert refusal(http, theirs) == refusal(http, ours) == "link_origin"
    for url in (theirs, ours, devices):
        assert refusal(http, url, origin=stranger.origin) == "origin_refused"
        assert refusal(http, url, origin="null") == "origin_refused"
        assert refusal(http, url, referer="http://[::1/") == "origin_refused"
    for url, headers in (
        (ours, {"referer": f"{own}/", "sec-fetch-mode": "navigate"}),
        (devices, {"sec-fetch-site": "none"}),
    ):
        assert refusal(http, url, **headers) == "link_origin", "a window of its own; a browser that hides its page"


def test_a_stranger_learns_that_it_is_one_and_nothing_else(http: httpx.Client, stranger: Site) -> None:
    for path in ("player", f"moments?q={SAID}"):
        response = http.get(f"/api/v1/items/{ITEM}/{path}", headers={"origin": stranger.origin})
        assert response.json() == {
            "error": {"code": "origin_refused", "message": "This site may not play what is here."}
        }
        assert response.status_code == 403
        assert response.headers["access-control-allow-origin"] == stranger.origin, "so that its page can say why"


def test_only_the_exact_origin_may_read(http: httpx.Client, other_site: Site, stranger: Site) -> None:
    asked = {"access-control-request-method": "GET", "access-control-request-headers": "range"}
    for path in (f"/api/v1/items/{ITEM}/player", "/media/recordings/x", "/oembed"):
        preflight = http.options(path, headers={"origin": other_site.origin, **asked})
        assert preflight.status_code == 204
        assert preflight.headers["access-control-allow-origin"] == other_site.origin
        assert "Range" in preflight.headers["access-control-allow-headers"]
        assert preflight.headers["vary"] == "Origin"
        assert "access-control-allow-credentials" not in preflight.headers
        for origin in (stranger.origin, other_site.origin + "0", other_site.origin.replace("http", "https"), "null"):
            assert "access-control-allow-origin" not in http.options(path, headers={"origin": origin, **asked}).headers
    turn = http.post("/api/v1/turns", json={"text": "hello"}, headers={"origin": other_site.origin})
    assert "access-control-allow-origin" not in turn.headers, "a page that has the player takes no turns"
    public = http.get("/static/player/sori-player.js", headers={"origin": stranger.origin})
    assert public.headers["access-control-allow-origin"] == "*"


def test_a_browser_asks_whether_its_copy_is_still_good(http: httpx.Client) -> None:
    for url in links(ask(http)):
        whole = http.get(url)
        tag = whole.headers["etag"]
        again = http.get(url, headers={"if-none-match": f'"other", W/{tag}'})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert refusal(http, urlsplit(url).path, **{"if-none-match": tag}) == "link_invalid"
    url = links(ask(http))[0]
    tag = http.get(url, headers=PART).headers["etag"]
    statuses = [http.get(url, headers={**PART, "if-range": one}).status_code for one in (tag, '"other"')]
    assert statuses == [206, 200]


def test_a_player_is_told_all_that_it_shows(http: httpx.Client) -> None:
    told = ask(http)
    assert (told["id"], told["title"], told["medium"]) == (ITEM, TITLE, "video")
    assert len(told["peaks"]) > 500
    assert all(0 <= peak <= 255 for peak in told["peaks"])
    assert max(told["peaks"]) > 50
    assert abs(told["recording"]["expires_at"] - time.time() - 3600) <= 400, "no page asked: a short one"
    assert told["page_url"] == f"{http.base_url}watch/{ITEM}".replace("//watch", "/watch")
    captions = http.get(told["captions"][0]["url"])
    assert captions.headers["content-type"] == "text/vtt; charset=utf-8"
    segments = read_captions(captions.content).transcript.segments
    assert segments[-1].end_ms <= told["recording"]["duration_ms"]
    moments = http.get(f"/api/v1/items/{ITEM}/moments", params={"q": SAID}).json()["moments"]
    assert SAID in moments[0]["text"]
    assert (moments[0]["start_ms"], moments[0]["speaker"]) in {(one.start_ms, one.speaker) for one in segments}


@pytest.mark.parametrize(
    "query", ["", "q=", "q=%20", "q=" + "a" * 201, "q=a&limit=0", "q=a&limit=21", "q=a&limit=-1", "q=a&limit=1e1"]
)
def test_a_search_that_makes_no_sense_is_refused(http: httpx.Client, query: str) -> None:
    response = http.get(f"/api/v1/items/{ITEM}/moments?{query}")
    assert (response.status_code, response.json()["error"]["code"]) == (422, "request_invalid")


def test_one_client_that_asks_without_end_is_told_to_wait_and_the_others_are_not(service: Running) -> None:
    asker = httpx.HTTPTransport(local_address="127.0.0.9")
    with httpx.Client(base_url=service.url, transport=asker) as greedy, service.http as another:
        path = "/api/v1/items/nothing/player"
        answers = (greedy.get(path) for _ in range(1_000))
        refused = next(one for one in answers if one.status_code != 404)
        assert (refused.status_code, refused.json()["error"]["code"]) == (429, "too_many_requests")
        assert another.get(path).status_code == 404


@pytest.mark.parametrize("item", ["nothing", "..%2f..%2fsecret.key", "%00", "a" * 5_000, "%ff%fe", "%F0%9F%8E%A7"])
def test_an_item_that_is_not_there_is_not_found(http: httpx.Client, item: str) -> None:
    for path in (f"/api/v1/items/{item}/player", f"/api/v1/items/{item}/moments?q=a"):
        response = http.get(path)
        assert (response.status_code, response.json()["error"]["code"]) in [(404, "not_found"), (400, "bad_request")]


class TestOEmbed:
    """oEmbed 1.0: section 2.2, consumer request; 2.3, provider response."""

    def asked(self, http: httpx.Client, page: str = f"watch/{ITEM}", **query: str) -> httpx.Response:
        return http.get("/oembed", params={"url": f"{http.base_url}{page}", **query})

    def test_a_link_with_a_time_becomes_a_frame_from_that_time_on(self, http: httpx.Client) -> None:
        for page, start in ((f"watch/{ITEM}", ""), (f"watch/{ITEM}?t=75", "?t=75"), (f"watch/{ITEM}?t=1m15s", "?t=75")):
            answer = self.asked(http, page).json()
            assert (answer["version"], answer["type"], answer["title"]) == ("1.0", "video", TITLE)
            assert f'src="{http.base_url}embed/{ITEM}{start}"' in answer["html"]
            assert 'sandbox="allow-scripts allow-same-origin' in answer["html"]
            assert f'width="{answer["width"]}" height="{answer["height"]}"' in answer["html"]
            assert http.get(answer["thumbnail_url"]).headers["content-type"].startswith("image/")

    def test_it_is_no_larger_than_asked_for(self, http: httpx.Client) -> None:
        answer = self.asked(http, maxwidth="300", maxheight="200").json()
        assert (answer["width"], answer["height"]) == (300, 200)
        assert "thumbnail_url" not in answer, "nor is the picture"

    def test_as_xml(self, http: httpx.Client) -> None:
        response = self.asked(http, format="xml")
        assert response.headers["content-type"].startswith("text/xml")
        answer = {one.tag: one.text for one in ElementTree.fromstring(response.text)}
        assert answer == {name: str(value) for name, value in self.asked(http).json().items()}

    def test_the_status_says_what_is_wrong(self, http: httpx.Client) -> None:
        assert self.asked(http, format="yaml").status_code == 501
        assert self.asked(http, maxwidth="wide").status_code == 400
        elsewhere = f"https://evil.example/watch/{ITEM}"
        for url in (
            "",
            "x",
            elsewhere,
            f"{http.base_url}watch/none",
            f"{http.base_url}docs",
            "http://[::1/",
            "a" * 3_000,
        ):
            assert http.get("/oembed", params={"url": url}).status_code == 404
        host = str(http.base_url).removeprefix("http://").rstrip("/")
        for url in (f"http://{host}@evil.example/watch/{ITEM}", f"ftp://{host}/watch/{ITEM}", f"//{host}/watch/{ITEM}"):
            assert http.get("/oembed", params={"url": url}).status_code == 404
        assert http.get(f"/oembed?url={quote(f'http://{host}/watch/')}%00").status_code == 404


def test_only_embeds_may_stand_in_frames_of_a_site_that_has_the_player(http: httpx.Client, other_site: Site) -> None:
    def ancestors(path: str) -> str:
        return http.get(path).headers["content-security-policy"].partition("frame-ancestors ")[2]

    assert ancestors("/embed/anything") == f"'self' {other_site.origin}"
    assert [ancestors(path) for path in ("/", "/docs", "/watch/anything", "/embed", "/nowhere")] == ["'self'"] * 5
