"""`./sori shops` and `./sori import products` as an operator types them."""

import json
from pathlib import Path

import pytest

from assistant.cli import imports, keys, product_imports, shops
from assistant.cli.parser import build_parser
from assistant.setup.environments import SetupError

COMMANDS = {"shops": shops, "import": imports, "keys": keys}
FEED = "id\ttitle\tprice\tlink\n1\tHat\t9.00\thttps://a.example/1\n2\tCap\t8.00\thttps://a.example/2\n"
TABLE = "Nummer;Name;Preis\n1;Stuhl;12,50\n2;Tisch;99\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    sori("shops", "add", "mine", "--name", "Mine & Co", "--origin", "https://Mine.example", data=tmp_path / "data")
    return tmp_path / "data"


def sori(*arguments: str | Path, data: Path) -> int:
    options = build_parser().parse_args([*(str(argument) for argument in arguments), "--data-dir", str(data)])
    return COMMANDS[options.command].run(options)


def take_in(feed: str, data: Path, *more: str | Path) -> int:
    path = data.parent / "feed"
    path.write_text(feed)
    return sori("import", "products", path, "--shop", "mine", "--no-index", *more, data=data)


def test_a_shop_is_opened_changed_and_closed(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sori("shops", "set", "mine", "tagline=Warm things", 'suggestions=["What is new?"]', data=data)
    capsys.readouterr()
    sori("shops", "show", "mine", data=data)
    shown = json.loads(capsys.readouterr().out)
    assert (shown["tagline"], shown["suggestions"]) == ("Warm things", ["What is new?"])
    assert shown["origins"] == ["https://mine.example"]
    with pytest.raises(SetupError, match="--yes"):
        sori("shops", "remove", "mine", data=data)
    sori("shops", "remove", "mine", "--yes", data=data)
    with pytest.raises(SetupError, match="no shop 'mine'"):
        sori("shops", "show", "mine", data=data)


def test_what_a_shop_cannot_be_is_refused(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    sori("shops", "show", "mine", data=data)
    before = capsys.readouterr().out
    for change in ("id=other", "nonsense=1", "tagline", "suggestions=no", "tax_percent=900", 'origins=["a b"]'):
        with pytest.raises(SetupError):
            sori("shops", "set", "mine", change, data=data)
    sori("shops", "show", "mine", data=data)
    assert capsys.readouterr().out == before


def test_a_currency_stays_as_long_as_there_are_prices_in_it(data: Path) -> None:
    sori("shops", "set", "mine", "currency=EUR", data=data)
    sori("shops", "set", "mine", "currency=USD", data=data)
    take_in(FEED, data)
    with pytest.raises(SetupError, match="the currency stays"):
        sori("shops", "set", "mine", "currency=EUR", data=data)


def test_a_feed_comes_in_and_bad_rows_are_written_down(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert take_in(FEED, data) == 0
    assert "mine: 2 new" in capsys.readouterr().out
    report = data.parent / "report.csv"
    bad = FEED + "".join(f"{number}\tHat\t9\tx\n" for number in range(3, 9)) + "9\t\t9.00\t\n"
    assert take_in(bad, data, "--report", report) == product_imports.EXIT_INCOMPLETE
    said = capsys.readouterr().out
    assert "1 rows were left out, and 6 fields of others" in said
    assert "row 10, title: It has no title [field_missing]" in said
    assert "10,title,field_missing,It has no title,row" in report.read_text("utf-8-sig")


def test_a_table_waits_for_yes_or_for_a_mapping(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sori("shops", "set", "mine", "currency=EUR", data=data)
    assert take_in(TABLE, data) == product_imports.EXIT_ASKED
    shown = capsys.readouterr()
    assert "Nummer" in shown.err
    assert "nothing has changed" in shown.out
    assert take_in(TABLE, data, "--yes") == 0
    mapping = data.parent / "mapping.json"
    mapping.write_text('{"columns": {"Nummer": "id", "Name": "title", "Preis": "price"}}')
    assert take_in(TABLE.replace("Stuhl", "Sessel"), data, "--mapping", mapping, "--json") == 0
    assert json.loads(capsys.readouterr().out.split("\n", 1)[1])["changed"] == 1
    mapping.write_text('{"columns": {"Nummer": "soup"}}')
    with pytest.raises(SetupError, match="no field"):
        take_in(TABLE, data, "--mapping", mapping)


def test_what_is_not_there_is_named(data: Path) -> None:
    with pytest.raises(SetupError, match="no file"):
        sori("import", "products", "/nowhere/feed", "--shop", "mine", data=data)
    with pytest.raises(SetupError, match="no shop 'yours'"):
        sori("import", "products", __file__, "--shop", "yours", data=data)
    with pytest.raises(SetupError, match="no shop 'yours'"):
        sori("keys", "add", "robot", "--shop", "yours", data=data)
