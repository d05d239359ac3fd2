"""The training sentences: the same ones every time, and every mistake in a template is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.rasa_worker.templates import TemplateError, Templates
from tests.dialogue.conftest import ROOT


def write(root: Path, **files: str) -> Path:
    for name, content in {"fillers_opening": "um", "fillers_closing": "please", **files}.items():
        kind, _, stem = name.partition("_")
        (root / kind).mkdir(exist_ok=True)
        (root / kind / f"{stem}.txt").write_text(content)
    return root


def test_the_sentences_are_the_same_every_time_and_their_spans_are_where_they_say() -> None:
    first, second = (Templates.load(ROOT / "nlu_data").examples() for _ in range(2))
    assert first == second
    assert len(first) > 4_000
    for example in first:
        ends = [0, *(span.end for span in example.spans)]
        assert all(start <= span.start < span.end for start, span in zip(ends, example.spans, strict=False))
        assert example.text == example.text.strip()
        assert not set("{}<>()[]|") & set(example.text)


def test_a_changed_carrier_leaves_the_sentences_of_the_others_alone(tmp_path: Path) -> None:
    one = write(tmp_path, templates_find="find {topic}\nshow {topic}\n", fillers_topic="\n".join("abcdefgh"))
    before = {example.text for example in Templates.load(one).examples() if "find" in example.text}
    two = write(tmp_path, templates_find="find {topic}\nlist <topic>\n")
    after = {example.text for example in Templates.load(two).examples() if "find" in example.text}
    assert before == after


def test_choices_fillers_and_values_become_an_annotated_sentence(tmp_path: Path) -> None:
    root = write(
        tmp_path,
        templates_play="(start|begin) the {kind:kinds} <when>",
        fillers_kinds="gig = concert",
        fillers_when="now",
    )
    written = {example.annotated() for example in Templates.load(root).examples()}
    assert any('the [gig]{"entity": "kind", "value": "concert"} now' in line for line in written)
    assert Templates.load(root).values() == {"kind": {"gig": "concert"}}


@pytest.mark.parametrize(
    ("carrier", "named"),
    [("find {nothing}", "nothing"), ("find <nothing>", "nothing"), ("find {topic", "{topic"), ("find (a|b", "(a|b")],
)
def test_a_broken_template_is_named(tmp_path: Path, carrier: str, named: str) -> None:
    root = write(tmp_path, templates_find=carrier, fillers_topic="tea")
    with pytest.raises(TemplateError, match=r"templates/find\.txt") as caught:
        Templates.load(root)
    assert named in str(caught.value)


def test_fillers_in_a_circle_are_named(tmp_path: Path) -> None:
    root = write(tmp_path, templates_find="find <a>", fillers_a="<b>", fillers_b="<a>")
    with pytest.raises(TemplateError, match="circle"):
        Templates.load(root).examples()


def test_a_file_may_ask_for_fewer_examples_of_each_carrier(tmp_path: Path) -> None:
    fillers = "\n".join(f"thing{number}" for number in range(400))
    many = Templates.load(write(tmp_path, templates_find="find {topic}", fillers_topic=fillers)).examples()
    few = Templates.load(write(tmp_path, templates_find="examples: 2\nfind {topic}\n")).examples()
    assert 0 < len(few) <= 2 < len(many)
    assert all("find" in example.text.lower() for example in few)
