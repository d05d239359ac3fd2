"""A setting that is wrong is named, with where it was set and what would be right."""

from pathlib import Path

import pytest

from assistant.settings import Settings, SettingsError, load_settings
from assistant.setup.environments import ROOT


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "sori.toml"
    monkeypatch.setenv("SORI_SETTINGS", str(path))
    return path


def test_environment_wins_over_file_and_the_command_line_over_both(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.write_text('port = 1111\nhost = "0.0.0.0"\nvoice_rate_wpm = 200')
    monkeypatch.setenv("SORI_HOST", "127.0.0.2")
    settings = load_settings(port=3333, host=None)
    assert (settings.port, settings.host, settings.voice_rate_wpm) == (3333, "127.0.0.2", 200)


def test_a_settings_file_that_is_not_there_is_not_ignored(file: Path) -> None:
    with pytest.raises(SettingsError, match="no such file"):
        load_settings()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("prot = 8080", r"prot in .* is not a setting. Did you mean port?"),
        ("port = 99999", "port in .* is 99999: input should be less than or equal to 65535"),
        ('port = "many"', "port in .*valid integer"),
        ("port = ", "not valid TOML"),
    ],
)
def test_a_wrong_file_is_explained(file: Path, content: str, message: str) -> None:
    file.write_text(content)
    with pytest.raises(SettingsError, match=message):
        load_settings()


def test_a_misspelt_variable_is_not_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SORI_DATA_DRI", "/tmp")
    with pytest.raises(SettingsError, match=r"SORI_DATA_DRI is not a setting. Did you mean SORI_DATA_DIR\?"):
        load_settings()


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SORI_VOICE_RATE_WPM", "9000")
    with pytest.raises(SettingsError, match=r"SORI_VOICE_RATE_WPM is '9000'.*450"):
        load_settings()


def test_every_setting_stands_in_the_documentation() -> None:
    text = (ROOT / "docs" / "settings.md").read_text()
    for name, field in Settings.model_fields.items():
        assert f"`{name}`" in text, name
        assert field.description, name
        assert field.description in text, name
