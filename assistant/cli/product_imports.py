"""`./sori import products`: takes a feed into a shop's catalogue, beside a running service or without."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from pydantic import ValidationError

from assistant.cli.interrupts import stop_on_signals
from assistant.errors import StartError
from assistant.logs import configure_logs
from assistant.paths import DataPaths
from assistant.product_importing import import_products, is_web, shop_alone
from assistant.running import find_running
from assistant.settings import Settings, load_settings
from assistant.setup.environments import SetupError
from assistant.setup.progress import Step
from assistant.shopping import index_shops
from assistant.storage.store import Store
from search_index import open_encoder
from skills.shopping.catalogue import Catalogues
from skills.shopping.errors import ShoppingError
from skills.shopping.feeds import Format, Mapping, Proposal
from skills.shopping.importing import Choices, Import, Imports, Reported, State
from skills.shopping.importing.report import problems_csv

EXIT_INCOMPLETE = 3
"""Everything was imported but the rows that the report names."""
EXIT_ASKED = 4
"""Nothing was imported: something has to be confirmed first."""
SHOWN = 20
"""Problems that are printed; --report writes all that are kept."""


def run(options: argparse.Namespace) -> int:
    """Import one feed; 0 where every row was used, 3 where some were not, 4 where it asks something, 1 otherwise."""
    stop_on_signals()
    settings = load_settings(data_dir=options.data_dir)
    configure_logs(settings)
    paths = DataPaths(settings.data_dir)
    try:
        paths.make()
        store = Store(settings.database_url or paths.database_url)
        try:
            return _run(options, settings, paths, store)
        finally:
            store.close()
    except (StartError, ShoppingError) as error:
        raise SetupError(str(error)) from error


def _run(options: argparse.Namespace, settings: Settings, paths: DataPaths, store: Store) -> int:
    if Catalogues(store.engine).shop(options.shop) is None:
        raise SetupError(f"there is no shop {options.shop!r}; ./sori shops list shows them, ./sori shops add makes one")
    choices = Choices(
        format=Format(options.format) if options.format != "auto" else None,
        mapping=_mapping(options.mapping) if options.mapping else None,
        update=options.update,
        force=options.force,
    )
    records = Imports(store.engine)
    source = options.source if is_web(options.source) else Path(options.source)
    if isinstance(source, Path) and not source.is_file():
        raise SetupError(f"there is no file {source}")
    with shop_alone(paths, options.shop, wait=False):
        state = records.begin(options.shop, str(options.source))
        state = _import(options.shop, store, paths, settings, state, source, choices)
        if state.state is State.NEEDS_MAPPING and state.proposal and _agrees(state.proposal, options):
            choices = choices.model_copy(update={"mapping": state.proposal.mapping})
            state = _import(options.shop, store, paths, settings, state, source, choices)
    problems = records.problems(state.shop, state.id)
    if options.report:
        options.report.write_text(problems_csv(problems), encoding="utf-8-sig")
    print(state.model_dump_json(indent=2) if options.json else _told(state, problems))
    if state.state is State.DONE:
        _index(settings, paths, store)
        return EXIT_INCOMPLETE if state.left_out else 0
    return EXIT_ASKED if state.state.is_asking else 1


def _import(
    shop: str, store: Store, paths: DataPaths, settings: Settings, state: Import, source: str | Path, choices: Choices
) -> Import:
    with Step(f"Importing {source} into {shop}", sys.stderr) as step:

        def told(now: Import) -> None:
            if now.state is State.READING and now.of:
                step.note(f"reading, {100 * now.done // now.of} %, {now.rows:,} rows")
            elif now.state is State.WRITING:
                step.progress(now.done, now.of)
            else:
                step.note(now.state.value.replace("_", " "))

        return import_products(store.engine, paths, settings.import_networks, state, source, choices, told)


def _mapping(path: Path) -> Mapping:
    try:
        return Mapping.model_validate_json(path.read_bytes())
    except OSError as error:
        raise SetupError(f"{path} cannot be read: {error.strerror}") from error
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"]) or "file"
        raise SetupError(f"{path}: {where}: {problem['msg']}") from error


def _agrees(proposal: Proposal, options: argparse.Namespace) -> bool:
    """Show the guess; whether it is confirmed."""
    print(_shown(proposal), file=sys.stderr)
    if proposal.missing:
        return False
    if options.yes or not sys.stdin.isatty():
        return bool(options.yes)
    return input("Import it like this? [y/N] ").strip().lower() in ("y", "yes")


def _shown(proposal: Proposal) -> str:
    first = proposal.rows[0] if proposal.rows else {}
    lines = ["  column -> what it is, and its value in the first row:"]
    lines += [
        f"    {name:<28} -> {field:<24} {first.get(name, '')[:50]}" for name, field in proposal.mapping.columns.items()
    ]
    lines += [f"  No column is the {one}, which every product needs." for one in proposal.missing]
    lines.append("  To change it, save this, edit it, and give it as --mapping FILE:")
    lines.append("  " + json.dumps({"columns": proposal.mapping.columns}, ensure_ascii=False))
    return "\n".join(lines)


def _told(state: Import, problems: list[Reported]) -> str:
    """A report for people."""
    counts = [(state.added, "new"), (state.changed, "changed"), (state.unchanged, "unchanged")]
    counts += [(state.removed, "removed"), (state.reviews, "reviews")]
    match state.state:
        case State.DONE:
            head = ", ".join(f"{count:,} {what}" for count, what in counts if count) or "nothing has changed"
        case State.NEEDS_CONFIRMATION:
            head = f"nothing has changed: {state.message} With --force, it is done."
        case State.NEEDS_MAPPING:
            head = "nothing has changed: with --yes, or --mapping FILE, it is imported."
        case _:
            head = f"nothing has changed: {state.message} [{state.code}]"
    lines = [f"{state.shop}: {head}"]
    if state.left_out or state.warnings:
        lines.append(f"{state.left_out:,} rows were left out, and {state.warnings:,} fields of others:")
    lines += [
        f"  {'left out' if one.left_out else 'field left out'}, row {one.row}, {one.field or 'row'}: "
        f"{one.message} [{one.code}]"
        for one in problems[:SHOWN]
    ]
    more = state.left_out + state.warnings - SHOWN
    return "\n".join([*lines, f"  and {more:,} more; --report FILE writes them down"] if more > 0 else lines)


def _index(settings: Settings, paths: DataPaths, store: Store) -> None:
    """Make it findable where no service does it."""
    if find_running(paths.run):
        return
    encoder = open_encoder(settings.encoder, paths.encoder, threads=settings.encoder_threads)
    with Step("Filling the shops' index", sys.stderr) as step:
        index_shops(store.engine, paths, encoder, step)
