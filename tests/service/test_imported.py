"""What an operator imports beside a running service is found and played a few seconds later, without a restart."""

import json
import subprocess

import numpy as np

from tests.media.recordings import write_sound
from tests.service.running import SORI, Running, eventually

WITHIN_S = 60
TITLE = "The quokkas of Rottnest Island"


def test_a_recording_is_imported_found_and_played(service: Running) -> None:
    folder = service.data_dir / "to-import"  # the same at each run, so that the item is the same
    folder.mkdir(exist_ok=True)
    path = folder / "quokkas.mp3"
    if not path.exists():
        sound = np.random.default_rng(1).normal(0, 0.05, 80_000)
        write_sound(path, sound, tags={"title": TITLE, "artist": "Wilma Pouch"})
        path.with_suffix(".vtt").write_text("WEBVTT\n\n00:00.000 --> 00:03.000\nA quokka eats leaves.\n")
    done = subprocess.run(
        [SORI, "import", "media", folder, "--json", "--data-dir", service.data_dir],
        capture_output=True, text=True, timeout=WITHIN_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    [report] = json.loads(done.stdout)["sources"]
    assert report["new"] + report["unchanged"] == 1

    def found() -> dict[str, str] | None:
        with service.http as http:
            turn = http.post("/api/v1/turns", json={"text": f"play {TITLE.lower()}"}).json()
        plays = [one for one in turn["reply"]["directives"] if one["type"] == "play"]
        return next((one for one in plays if one["title"] == TITLE), None)

    def made_even() -> bool:
        """The service may have taken the item in before its sound was normalised."""
        with service.http as http:
            return (play := found()) is not None and http.head(play["url"]).headers["content-type"] == "audio/mp4"

    eventually(made_even, WITHIN_S, "the imported recording is played")
    play = found()
    assert play is not None
    with service.http as http:
        whole = http.get(play["url"])
        part = http.get(play["url"], headers={"Range": "bytes=10-19"})
    assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/mp4")
    assert (part.status_code, part.content) == (206, whole.content[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(whole.content)}"
