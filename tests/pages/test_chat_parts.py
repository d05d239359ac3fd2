"""The pure parts of `<sori-chat>`, run in a real browser; and the making of its one module."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from assistant.version import VERSION
from assistant.web.one_module import ModuleError, one_module
from assistant.web.widget import widget
from skills.shopping.money import DIGITS


async def run(modules: Page, script: str, argument: Any = None) -> Any:
    return await modules.evaluate(f"async (argument) => {{ {script} }}", argument)


@pytest.mark.asyncio(loop_scope="module")
async def test_messages_come_out_once_and_in_order_however_they_were_told(modules: Page) -> None:
    """Any order of accepted, answers, repeats and welcomes after breaks leaves the same conversation."""
    script = """
      const { Conversation } = await import("/chat/conversation.js");
      const all = [1, 2, 3, 4, 5, 6].map((seq) => seq % 2
        ? { seq, id: `mine-${seq}`, from: "shopper", at: "", text: `question ${seq}` }
        : { seq, id: `mine-${seq - 1}`, from: "bot", at: "", text: `answer ${seq}` });
      const results = new Set();
      for (let round = 0; round < 300; round++) {
        const chat = new Conversation();
        const mine = (seq) => ({ id: `mine-${seq}`, text: `question ${seq}`, page: null, conversation: null });
        chat.outbox = [1, 3, 5].map(mine);
        const told = { conversation: "c", more: false, state: "bot", name: null };
        const welcome = (from) => chat.welcome({ ...told, messages: all.slice(from) });
        welcome(6);
        for (let step = 0; step < 12; step++) {
          const message = all[Math.floor(Math.random() * 6)];
          if (Math.random() < 0.3 && message.from === "shopper") chat.accepted(message, "");
          else if (Math.random() < 0.7) chat.add(message);
          else welcome(Math.floor(Math.random() * 6));
        }
        const known = chat.messages.filter(({ from }) => from === "shopper").map(({ id }) => id);
        const seqs = chat.messages.map(({ seq }) => seq);
        if (seqs.some((seq, index) => index && seq <= seqs[index - 1])) results.add("out of order");
        if (chat.waiting.some(({ id }) => known.includes(id))) results.add("twice");
        welcome(0);
        results.add(chat.messages.map(({ text }) => text).join() + chat.outbox.length);
      }
      return [...results];
    """
    texts = ",".join(f"{'question' if seq % 2 else 'answer'} {seq}" for seq in range(1, 7))
    assert await run(modules, script) == [f"{texts}0"]


@pytest.mark.asyncio(loop_scope="module")
async def test_attempts_come_at_growing_uneven_distances(modules: Page) -> None:
    script = """
      const { distance } = await import("/chat/connection.js");
      return [0, 1, 3, 20].map((attempt) => [distance(attempt, 0), distance(attempt, 1)]);
    """
    assert await run(modules, script) == [[250, 500], [500, 1000], [2000, 4000], [15000, 30000]]


@pytest.mark.asyncio(loop_scope="module")
async def test_only_addresses_of_the_web_become_links(modules: Page) -> None:
    script = """
      const { safe } = await import("/chat/links.js");
      return argument.map((address) => safe(address, "https://sori.example"));
    """
    hostile = [
        "javascript:alert(1)",
        " JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "http://",
        "",
        None,
    ]
    assert await run(modules, script, hostile) == [""] * len(hostile)
    assert await run(modules, script, ["/shops/a.svg", "http://a.example/b"]) == [
        "https://sori.example/shops/a.svg",
        "http://a.example/b",
    ]


@pytest.mark.asyncio(loop_scope="module")
async def test_money_is_counted_as_the_service_counts_it(modules: Page) -> None:
    script = """
      const { DIGITS, amount } = await import("/chat/format.js");
      const all = [["USD", 124900], ["JPY", 1500], ["KWD", 12345]];
      return [DIGITS, all.map(([currency, minor]) => amount({ minor, currency }, "en"))];
    """
    digits, amounts = await run(modules, script)
    assert digits == DIGITS
    assert amounts == ["$1,249.00", "¥1,500", "KWD\xa012.345"]


@pytest.mark.asyncio(loop_scope="module")
async def test_every_word_that_is_asked_for_is_there(modules: Page) -> None:
    """The wording holds all that the modules say by name, and the plural forms that English has."""
    script = """
      const { Wording } = await import("/chat/wording.js");
      const { say } = new Wording();
      const missing = argument.filter((name) => !say(name, { count: 2 }));
      return [say("reviews", { count: 1 }), say("reviews", { count: 2 }), say("nothing"), ...missing];
    """
    folder = Path(__file__).parents[2] / "assistant/web/static/chat"
    asked = {name for file in folder.glob("*.js") for name in re.findall(r'\bsay\("(\w+)"', file.read_text())}
    assert len(asked) > 60
    assert await run(modules, script, sorted(asked)) == ["1 review", "2 reviews", ""]


def test_the_widget_is_of_the_service_s_version() -> None:
    assert f'="{VERSION}"' in widget()[0].decode()


@pytest.mark.parametrize(
    ("modules", "wrong"),
    [
        ({"a.js": 'import { b } from "./b.js";\n', "b.js": 'import { a } from "./a.js";\n'}, "imports itself"),
        (
            {"a.js": 'import { b } from "./b.js";\nconst c = 1;\n', "b.js": "export const b = 1;\nfunction c() {}\n"},
            "c is",
        ),
        ({"a.js": 'import { b as c } from "./b.js";\n', "b.js": "export const b = 1;\n"}, "no import or export"),
        ({"a.js": "export default 1;\n"}, "no import or export"),
    ],
)
def test_what_cannot_be_put_into_one_module_is_an_error(tmp_path: Path, modules: dict[str, str], wrong: str) -> None:
    for name, text in modules.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(ModuleError, match=wrong):
        one_module(tmp_path / "a.js")


def test_strings_patterns_and_templates_are_left_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "b.js").write_text("/** About it. */\nexport const half = (a) => a / 2 / 1; // half\n")
    literals = '["// no comment",\'/* nor this */\',`  ${half(4)}  //  `,/[/"\'`]+\\/\\/ {2}/.source,"https://a"]'
    (tmp_path / "a.js").write_text(f'import {{ half }} from "./b.js";\n\nexport const all = {literals};\n')
    filled = literals.replace("half", "b")  # what is filled in is code
    assert one_module(tmp_path / "a.js") == f"let b=a=>a / 2 / 1;export let all={filled};"


def test_names_are_short_where_they_are_nobodys_property_and_keep_what_they_mean(tmp_path: Path) -> None:
    (tmp_path / "b.js").write_text(
        "export class Bag {\n  #kept = [];\n  size = 0;\n\n  /** @param {string} thing */\n  put(thing) {\n"
        "    const { size, ...rest } = this;\n    for (const [index, other] of Object.entries(this.#kept))\n"
        "      if (other === thing) return { thing, index, other: thing, size };\n    this.#kept.push(thing);\n"
        "    this.size = size + 1;\n    return document ? rest : thing;\n  }\n}\n"
    )
    (tmp_path / "a.js").write_text(
        'import { Bag } from "./b.js";\n\nexport const bag = new Bag();\nconst document = "mine";\n'
        "export const say = (what = document) => `${what} of ${bag.size}: what`;\n"
    )
    made = one_module(tmp_path / "a.js")
    assert "export let bag=" in made
    assert "document?" in made  # it is the browser's in the one, so it keeps its name in the other
    assert 'let document="mine"' in made
    assert re.search(r"return\{thing:(\w),index:\w,other:\1,size", made)
    assert "#kept" not in made
    assert re.search(r"say=\((\w)=document\)=>`\$\{\1\} of \$\{bag\.size\}: what`", made)
