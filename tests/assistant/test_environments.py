"""Set-up reads pip's settings as pip does, and never takes an unfinished environment for a finished one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.setup import environments
from assistant.setup.environments import Environment, has_torch_wheel, parse_pip_settings


def test_find_links_come_from_every_source_once() -> None:
    listing = ":env:.find-links='/opt/wheels'\nglobal.find-links='/opt/wheels /srv/more'\nglobal.timeout='3'\n"
    assert parse_pip_settings(listing) == {"find-links": ["/opt/wheels", "/srv/more"]}


@given(st.text())
def test_any_listing_can_be_read(listing: str) -> None:
    assert set(parse_pip_settings(listing)) <= {"find-links", "index-url"}


def test_only_a_cpu_build_for_this_python_counts(tmp_path: Path) -> None:
    (tmp_path / "torch-2.13.0-cp311-cp311-manylinux_2_28_x86_64.whl").touch()
    assert not has_torch_wheel([str(tmp_path)])
    (tmp_path / "torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl").touch()
    assert has_torch_wheel([str(tmp_path)])
    assert has_torch_wheel([f"file://{tmp_path}"])
    assert not has_torch_wheel(["https://wheels.example/simple"])


def test_an_environment_is_current_only_once_it_was_finished_from_this_lock_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environments, "ENVIRONMENTS", tmp_path)
    monkeypatch.setattr(environments, "REQUIREMENTS", tmp_path)
    environment = Environment("trial", "a trial", 0.0)
    environment.lock.write_text("a==1\n")
    environment.python.parent.mkdir(parents=True)
    environment.python.touch()
    assert not environment.is_current()
    environment.mark_current()
    assert environment.is_current()
    environment.lock.write_text("a==2\n")
    assert not environment.is_current()


def test_every_lock_file_pins_every_package_with_a_hash_but_torch() -> None:
    for environment in environments.ALL.values():
        blocks = environment.lock.read_text().replace("\\\n", " ").splitlines()
        unhashed = [block.split("==")[0] for block in blocks if block.strip() and "--hash=sha256:" not in block]
        assert unhashed == (["torch"] if environment.name != "rasa" else [])


def test_no_lock_file_asks_for_cuda() -> None:
    """On a machine without a GPU these would be gigabytes that nothing uses."""
    for environment in environments.ALL.values():
        packages = [line.split("==")[0] for line in environment.lock.read_text().splitlines() if "==" in line]
        assert not [package for package in packages if package.startswith(("nvidia-", "cuda-", "triton"))]
