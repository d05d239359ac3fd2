"""Puts a browser module and all that it imports into one module, for pages that should load a single file.

Our own modules keep to a few rules, so that this needs no parser of the language (docs/decisions/0034): imports are
`import { a, b } from "./file.js";` on one line and without renaming, exports stand before a declaration, no two
modules declare the same name at their top, and template literals are not nested. What breaks a rule is an error here,
never a broken module. The result is the modules in the order in which a browser would run them, without comments and
needless white space, and with short names for what nobody outside can see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from assistant.web.shorter_names import custom_shortened, declared_in, shortened, used_in

_TOKEN = re.compile(
    r"""(?P<comment>/\*.*?\*/|//[^\n]*)
    |(?P<verbatim>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)
    |(?P<slash>/)""",
    re.DOTALL | re.VERBOSE,
)
_PATTERN = re.compile(r"/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*")
_BEFORE_PATTERN = re.compile(r"(?:^|[(,=:\[!&|?{};]|\breturn)\s*\Z")
"""A slash begins a regular expression where a value is expected, and divides elsewhere."""

_IMPORT = re.compile(r'^import \{ \w+(?:, \w+)* \} from "\./([\w.-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:function|class|const|let) )", re.MULTILINE)
_DECLARATION = re.compile(r"^(export )?(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)
_LEFT_OVER = re.compile(r"^(?:import\b(?!\()|export\b).*", re.MULTILINE)

_SHORTER = {"const ": "let ", "true": "!0", "false": "!1"}
_SHORTENED = re.compile(r"(?<![\w$.])(?:const |(?:true|false)(?![\w$:]))")
"""Words with shorter ones that come to the same, in modules that have run as they stand."""
STYLE = "STYLES = "
"""A template literal after this is a style sheet."""


class ModuleError(ValueError):
    """A module breaks one of the rules; names the file."""


def one_module(entry: Path) -> str:
    """The text of `entry` with the modules it imports, all of its folder, put before it; it keeps its own exports.

    Raises:
        ModuleError: a module breaks a rule, or is imported in a circle.
    """
    modules: dict[str, str] = {}
    _collect(entry.parent, entry.name, modules, ())
    declared: dict[str, str] = {}
    hidden: set[str] = set()
    foreign: set[str] = set()
    for name, text in modules.items():
        for export, declaration in _DECLARATION.findall(text):
            if declaration in declared:
                raise ModuleError(f"{name}: {declaration} is declared in {declared[declaration]} too")
            declared[declaration] = name
            if export and name == entry.name:
                foreign.add(declaration)
        own = declared_in(text)
        hidden |= own
        foreign |= used_in("".join(part for part, is_code in _parts(text, squeeze=False) if is_code)) - own
        alone = _IMPORT.sub("", text)
        inner = _EXPORT.sub("", alone)
        if found := _LEFT_OVER.search(inner):
            raise ModuleError(f"{name}: {found[0]!r} is no import or export of the form that is allowed")
        modules[name] = alone if name == entry.name else inner
    parts = list(_parts("\n".join(modules.values()).lstrip(), squeeze=True))
    # What one module uses without declaring it may be the browser's; it keeps its name in all of them.
    return custom_shortened(shortened(parts, hidden - foreign))


def _collect(folder: Path, name: str, modules: dict[str, str], above: tuple[str, ...]) -> None:
    """Adds the module, without comments, after all that it imports, each once."""
    if name in above:
        raise ModuleError(f"{name} imports itself through {above[-1]}")
    if name in modules:
        return
    text = "".join(part for part, _ in _parts((folder / name).read_text("utf-8"), squeeze=False))
    for imported in _IMPORT.findall(text):
        _collect(folder, imported, modules, (*above, name))
    modules[name] = text


def _parts(text: str, *, squeeze: bool) -> Iterator[tuple[str, bool]]:
    """The text in parts, and whether each is code: the others are strings, templates and patterns, left as they are.

    Comments are left out; with `squeeze`, needless white space is too.
    """
    code, at = "", 0

    while found := _TOKEN.search(text, at):
        code += text[at : found.start()]
        at = found.end()
        pattern = _PATTERN.match(text, found.start()) if found["slash"] and _BEFORE_PATTERN.search(code) else None
        if found["comment"]:
            code += "\n" if "\n" in found[0] else ""
        elif literal := found["verbatim"] or (pattern and pattern[0]):
            yield (_squeezed(code) if squeeze else code), True
            yield (_squeezed_style(literal) if squeeze and code.endswith(STYLE) else literal), False
            code, at = "", found.start() + len(literal)
        else:
            code += found[0]
    code += text[at:]
    yield (_squeezed(code) if squeeze else code), True


def _squeezed(code: str) -> str:
    """Without white space where it says nothing; a line's end stays where it may end a statement."""
    code = re.sub(r"[ \t]*\n\s*", "\n", code)
    code = re.sub(r"(?<=[{(\[,;:?&|=<>])\n|\n(?=[})\],;:?.&|=<>])", "", code)
    code = re.sub(r" ?([=(){},;:<>?&|!*\[\]]) ?", r"\1", code)
    code = _SHORTENED.sub(lambda found: _SHORTER[found[0]], code)
    return re.sub(r"(?<![\w$])\((\w+)\)=>", r"\1=>", code).replace(";}", "}")


def _squeezed_style(text: str) -> str:
    """The same for a style sheet."""
    return re.sub(r"\s*([{};,>~])\s*|(?<=:) ", r"\1", text).replace(";}", "}")
