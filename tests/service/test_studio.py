"""A creator brings in a recording over HTTP and in the studio, corrects it, publishes it, and takes it away again."""

from __future__ import annotations

import base64
import json
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import numpy as np
import pytest
from playwright.async_api import Page, async_playwright, expect

from tests.media.recordings import write_sound
from tests.pages.browser import axe_violations, launch
from tests.service.running import SORI, Running, eventually

WITHIN_S = 60
WITHIN_MS = 60_000
PIECE = {"Content-Type": "application/offset+octet-stream"}
VTT = "WEBVTT\n\n00:00.000 --> 00:02.000\nWombats dig in the evening.\n\n00:02.000 --> 00:03.500\nThen they rest.\n"


@pytest.fixture(scope="module")
def key(service: Running) -> Iterator[str]:
    made = sori("keys", "add", "Wilma Pouch", "--json", "--data-dir", service.data_dir)
    yield json.loads(made)["key"]
    sori("keys", "revoke", json.loads(made)["id"], "--data-dir", service.data_dir)


@pytest.fixture
def creator(service: Running, key: str) -> Iterator[httpx.Client]:
    """Leaves nothing behind, whatever happens."""
    with service.http as http:
        http.headers.update({"Authorization": f"Bearer {key}", "Tus-Resumable": "1.0.0"})
        yield http
        for item in http.get("/api/v1/items").json()["items"]:
            http.delete(f"/api/v1/items/{item['id']}")


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A quiet one, so that something is to be done."""
    path = tmp_path_factory.mktemp("recording") / "wombats at dusk.wav"
    write_sound(path, np.random.default_rng(3).normal(0, 0.01, 160_000))
    return path


def sori(*arguments: str | Path) -> str:
    done = subprocess.run([SORI, *arguments], capture_output=True, text=True, timeout=WITHIN_S, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def begin(creator: httpx.Client, size: int, **metadata: str) -> str:
    pairs = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in metadata.items())
    made = creator.post("/api/v1/uploads", headers={"Upload-Length": str(size), "Upload-Metadata": pairs})
    assert made.status_code == 201
    return str(made.headers["location"])


def offset(creator: httpx.Client, upload: str) -> int:
    return int(creator.head(upload).headers["upload-offset"])


def send(creator: httpx.Client, upload: str, at: int, piece: bytes) -> httpx.Response:
    return creator.patch(upload, headers=PIECE | {"Upload-Offset": str(at)}, content=piece)


@contextmanager
def sending(creator: httpx.Client, upload: str, piece: bytes, promised: int) -> Iterator[None]:
    """Promises more than is sent, and afterwards leaves."""
    address = urlsplit(str(creator.base_url))
    assert address.hostname
    headers = {
        **creator.headers,
        **PIECE,
        "Host": address.netloc,
        "Upload-Offset": "0",
        "Content-Length": str(promised),
    }
    lines = [f"PATCH {upload} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    with socket.create_connection((address.hostname, address.port or 80)) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode() + piece)
        yield


def found(service: Running, words: str) -> list[str]:
    """What listeners find."""
    with service.http as http:
        reply = http.post("/api/v1/turns", json={"text": f"find me something about {words}"}).json()["reply"]
    return [card["item"] for card in reply["cards"]]


def test_a_recording_sent_in_pieces_is_found_by_what_was_corrected_in_it_until_it_is_deleted(
    service: Running, creator: httpx.Client, recording: Path
) -> None:
    content = recording.read_bytes()
    upload = begin(creator, len(content), filename=recording.name, series="Dusk")
    with sending(creator, upload, content[:300_000], promised=len(content)):
        eventually(lambda: offset(creator, upload) > 0, WITHIN_S, "what comes is written as it comes")
        assert send(creator, upload, 0, b"").json()["error"]["code"] == "upload_busy"
    eventually(lambda: send(creator, upload, offset(creator, upload), b"").status_code == 204, WITHIN_S, "it has ended")
    come = offset(creator, upload)
    assert 0 < come <= 300_000
    wrong = send(creator, upload, 0, content)
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (409, "upload_offset")
    sha1 = base64.b64encode(b"0" * 20).decode()
    damaged = PIECE | {"Upload-Offset": str(come), "Upload-Checksum": f"sha1 {sha1}"}
    assert creator.patch(upload, headers=damaged, content=content[come:]).status_code == 460
    done = send(creator, upload, come, content[come:])
    assert (done.status_code, int(done.headers["upload-offset"])) == (204, len(content))

    item = upload.replace("uploads", "items")
    none = creator.get(f"{item}/transcript").headers["etag"]
    taken = creator.put(f"{item}/transcript", content=VTT, headers={"Content-Type": "text/vtt", "If-Match": none})
    assert taken.status_code == 200

    def state() -> dict[str, Any]:
        state: dict[str, Any] = creator.get(f"{item}/import").json()
        return state

    eventually(lambda: not state()["busy"], WITHIN_S, "every step has been taken")
    assert {step["step"]: step["state"] for step in state()["steps"]}.items() >= {
        ("fetch", "done"), ("probe", "done"), ("loudness", "done"), ("peaks", "done")
    }  # fmt: skip
    loudness = state()["loudness"]
    assert loudness["before"]["integrated"] < -30
    assert loudness["after"]["integrated"] == pytest.approx(loudness["target_lufs"], abs=0.5)
    etag = creator.get(f"{item}/import").headers["etag"]
    assert creator.get(f"{item}/import", headers={"If-None-Match": etag}).status_code == 304

    own = creator.get(item).json()
    assert (own["title"], own["draft"], own["visible"]) == ("wombats at dusk", True, False)
    heard = httpx.get(
        f"{service.url.rstrip('/')}{own['recording_url']}", headers={"Range": "bytes=0-9"}, trust_env=False
    )
    assert (heard.status_code, len(heard.content)) == (206, 10)
    title = "The wombats of Flinders Island"
    assert creator.patch(item, json={"title": title, "draft": False}).json()["title"] == title
    assert own["id"] in found(service, "wombats")

    read = creator.get(f"{item}/transcript")
    said = {"language": "en", "segments": read.json()["segments"]}
    said["segments"][0]["text"] = "Thylacines were striped like zebras."
    assert creator.put(f"{item}/transcript", json=said).status_code == 428
    corrected = creator.put(f"{item}/transcript", json=said, headers={"If-Match": read.headers["etag"]})
    assert corrected.json()["origin"] == "corrected"
    again = creator.put(f"{item}/transcript", json=said, headers={"If-Match": read.headers["etag"]})
    assert (again.status_code, again.json()["error"]["code"]) == (412, "transcript_changed")
    assert own["id"] in found(service, "striped thylacines")

    assert creator.delete(item).status_code == 204
    assert creator.get(item).status_code == 404
    assert creator.head(upload).status_code == 404
    assert httpx.get(f"{service.url.rstrip('/')}{own['recording_url']}", trust_env=False).status_code == 404
    assert own["id"] not in found(service, "striped thylacines")
    media = service.data_dir / "media"
    eventually(
        lambda: all(path.stat().st_size != len(content) for path in media.glob("??/*")),
        WITHIN_S,
        "it is gone from the disk",
    )


def test_nobody_comes_in_without_a_key_or_to_anothers_items(service: Running, creator: httpx.Client) -> None:
    upload = begin(creator, 10, filename="a.mp3")
    with service.http as stranger:
        for method, path in (
            ("GET", "/api/v1/items"),
            ("HEAD", upload),
            ("POST", "/api/v1/uploads"),
            ("DELETE", upload),
        ):
            assert stranger.request(method, path, headers={"Cookie": "key=x"}).status_code == 401, path
        assert stranger.get("/api/v1/items", headers={"Authorization": "Bearer sori_wrong"}).status_code == 401
        made = json.loads(sori("keys", "add", "Somebody else", "--json", "--data-dir", service.data_dir))
        stranger.headers.update({"Authorization": f"Bearer {made['key']}", "Tus-Resumable": "1.0.0"})
        assert stranger.head(upload).status_code == stranger.delete(upload).status_code == 404
        assert stranger.get("/api/v1/items/storm-chasers-1").status_code == 404
        sori("keys", "revoke", made["id"], "--data-dir", service.data_dir)
        assert stranger.get("/api/v1/items").status_code == 401
    assert offset(creator, upload) == 0
    version = creator.head(upload, headers={"Tus-Resumable": "0.2.2"})
    assert (version.status_code, version.headers["tus-version"]) == (412, "1.0.0")
    assert creator.delete(upload).status_code == 204
    made_up = creator.get("/api/v1/items/nothing/recording?expires=9999999999&signature=made-up")
    assert made_up.json()["error"]["code"] == "link_invalid"


@asynccontextmanager
async def studio(service: Running, key: str) -> AsyncIterator[Page]:
    """The page, signed in. Afterwards nothing went wrong in it but the requests that a test has cut."""
    mistakes: list[str] = []
    async with async_playwright() as playwright:
        browser = await launch(playwright)
        page = await browser.new_page(viewport={"width": 1280, "height": 900})
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        await page.goto(f"{service.url}studio")
        await expect(page.get_by_test_id("sign-in")).to_be_visible()
        await check_looks(page)
        await page.get_by_test_id("key").fill(key)
        await page.get_by_test_id("sign-in").click()
        await expect(page.get_by_test_id("drop")).to_be_visible()
        yield page
        await browser.close()
    assert mistakes == []


async def check_looks(page: Page) -> None:
    for size in ({"width": 375, "height": 740}, {"width": 1280, "height": 900}):
        await page.set_viewport_size(size)
        assert await axe_violations(page) == []
        assert await page.locator("html").evaluate("root => root.scrollWidth - root.clientWidth") <= 0


async def test_the_studio_goes_on_after_a_reload_and_shows_what_was_done(
    service: Running, key: str, creator: httpx.Client, recording: Path, tmp_path: Path
) -> None:
    captions = tmp_path / "captions.vtt"
    captions.write_text(VTT)
    async with studio(service, key) as page:
        await expect(page.get_by_test_id("empty")).to_be_visible()
        await page.route("**/api/v1/uploads/*", lambda route: route.abort())
        await page.get_by_test_id("file").set_input_files(recording)
        await expect(page.get_by_test_id("upload")).to_have_attribute("data-state", "waiting")
        await check_looks(page)
        page.on("dialog", lambda dialog: dialog.accept())
        await page.reload()
        await page.unroute("**/api/v1/uploads/*")
        begun: list[str] = []
        page.on("request", lambda request: request.method == "POST" and begun.append(request.url))
        await page.get_by_test_id("file").set_input_files(recording)
        await page.get_by_test_id("items").get_by_role("link", name="wombats at dusk").click(timeout=WITHIN_MS)
        assert begun == []

        await expect(page.get_by_test_id("item-title")).to_have_text("wombats at dusk")
        await page.get_by_test_id("captions").set_input_files(captions)
        await expect(page.get_by_test_id("segment-text")).to_have_count(2)
        await expect(page.get_by_test_id("loudness")).to_be_visible(timeout=WITHIN_MS)
        await expect(page.locator("[data-step=peaks]")).to_have_attribute("data-state", "done", timeout=WITHIN_MS)
        await page.get_by_test_id("segment-play").last.click()
        await expect(page.locator("li[data-heard]")).to_have_attribute("data-start", "2000")
        await page.get_by_test_id("segment-text").first.fill("Wombats dig at night.")
        await page.get_by_test_id("segment-text").first.press("Control+s")
        await expect(page.get_by_test_id("transcript-said")).to_contain_text("Saved")
        await page.get_by_test_id("title").fill("Wombats")
        await page.get_by_test_id("save-details").click()
        await expect(page.get_by_test_id("item-title")).to_have_text("Wombats")
        await check_looks(page)
        await page.get_by_test_id("publish").click()
        await expect(page.get_by_test_id("item-state")).to_contain_text("Published")
        [own] = creator.get("/api/v1/items").json()["items"]
        text = creator.get(f"/api/v1/items/{own['id']}/transcript?format=srt").text
        assert "Wombats dig at night." in text
        await page.get_by_test_id("remove").click()
        await page.get_by_test_id("remove-confirm").click()
        await expect(page.get_by_test_id("empty")).to_be_visible()
    assert creator.get("/api/v1/items").json()["items"] == []
