"""The dated reference tables: shipped defaults, official releases added by the user, and the parameters of the checks.

A release is a folder of the store beside the database: `rows.parquet` and `release.json`, written once and never changed. A run reads the store and resolves,
once at load, which release speaks for which rows; every set that `sql/ref` declares is handled alike.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from io import BytesIO
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from . import catalog, registry
from .engine import DuckDBError, Engine
from .errors import DefinitionError, InputError, UsageError
from .layouts import Hints, Layout, Part, layouts
from .layouts.document import Document, documents
from .model import Check, Table
from .resources import sql_root

EPOCH = "1900-01-01"
OURS = "claimaudit"
# A release with less than this part of the rows of the one before it was probably cut off.
_SHRUNKEN = 0.9
_BATCH = 100_000
_TEXT_FIRST = {".csv": 0, ".txt": 1, ".xlsx": 2}


@dataclass(frozen=True, eq=False)
class Release:
    """A release in the store. `digest` is over the published files, `rows_digest` over the stored rows."""

    release: str
    set: str
    layout: str
    publisher: str
    published_on: date
    valid_from: date
    valid_to: date | None
    licence_note: str
    citation: str
    settings: tuple[str, ...]
    rows: int
    digest: str
    rows_digest: str
    sources: tuple[dict[str, str], ...]
    skipped: int = 0
    folder: Path = Path()

    @property
    def order(self) -> tuple[date, date, str]:
        """What is newest: publication, then first day in force."""
        return self.published_on, self.valid_from, self.release

    def table(self) -> pa.Table:
        return pq.read_table(self.folder / "rows.parquet")

    def columns(self) -> list[str]:
        return list(pq.read_schema(self.folder / "rows.parquet").names)

    def stream(self) -> pa.RecordBatchReader:
        """The rows once, without holding them all."""
        file = pq.ParquetFile(self.folder / "rows.parquet")
        return pa.RecordBatchReader.from_batches(file.schema_arrow, file.iter_batches(_BATCH))


# The store ------------------------------------------------------------------------------------------------------------


def store_of(db: Path) -> Path:
    """The folder of the releases that belong to a database."""
    return Path(f"{db}.reference")


def releases(store: Path) -> list[Release]:
    """Every release of a store, by set and age; InputError when one cannot be read."""
    found = []
    for path in sorted(store.glob("[!.]*/release.json")):
        try:
            content = json.loads(path.read_text("utf-8"))
            for key in ("published_on", "valid_from", "valid_to"):
                content[key] = date.fromisoformat(content[key]) if content[key] else None
            for key in ("settings", "sources"):
                content[key] = tuple(content[key])
            found.append(Release(**content, folder=path.parent))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _broken(path.parent.name, "its description cannot be read") from error
    return sorted(found, key=lambda release: (release.set, release.order))


def problems(store: Path) -> list[tuple[Release, str | None]]:
    """Every release of a store with what is wrong with it; None for one that is as it was added."""
    return [(release, _problem(release)) for release in releases(store)]


def _problem(release: Release) -> str | None:
    path = release.folder / "rows.parquet"
    try:
        return None if _sha256(path.read_bytes()) == release.rows_digest else "its rows are not those that were added"
    except OSError:
        return "its rows are missing"


def _broken(name: str, why: str) -> InputError:
    return InputError(f"The reference release {name} is damaged: {why}.", "Delete its folder and add the files again.")


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class Difference:
    """What one release has and another has not: counts, and a row for each (change, its key, each other column before and after)."""

    added: int
    removed: int
    changed: int
    rows: pa.Table


def diff(store: Path, before: str, after: str) -> Difference:
    """Compare two releases of one set, loaded or shipped. Rows are matched by key and first day; in a set without dates of its rows' own, by key."""
    with Engine() as engine:
        one, other = _held(engine, store, before, "before_rows"), _held(engine, store, after, "after_rows")
        if one.name != other.name:
            raise UsageError(
                f"{before} fills {one.name} and {after} fills {other.name}.", "Compare releases of one set."
            )
        columns = [column.name for column in one.columns if column.name not in ("release", "citation")]
        key = list(one.key)
        snapshot = one.dated and "valid_from" in columns
        if "valid_from" in columns and not snapshot:
            key.append("valid_from")
        values = [name for name in columns if name not in key and not (snapshot and name in ("valid_from", "valid_to"))]
        same = " and ".join(f'b."{name}" is not distinct from a."{name}"' for name in key) or "true"
        differ = " or ".join(f'b."{name}" is distinct from a."{name}"' for name in values) or "false"
        keys = "".join(
            f'coalesce(cast(b."{name}" as varchar), cast(a."{name}" as varchar)) as "{name}", ' for name in key
        )
        shown = "".join(
            f', cast(b."{name}" as varchar) as "{name}_before", cast(a."{name}" as varchar) as "{name}_after"'
            for name in values
        )
        found = engine.arrow(
            f"""select case when b.there is null then 'added' when a.there is null then 'removed' else 'changed' end as change, {keys.rstrip(", ")} {shown}
            from (select *, true as there from before_rows) b full join (select *, true as there from after_rows) a on {same}
            where b.there is null or a.there is null or {differ} order by all"""
        )
    count = dict.fromkeys(("added", "removed", "changed"), 0) | {
        entry["values"]: entry["counts"] for entry in found["change"].value_counts().to_pylist()
    }
    return Difference(count["added"], count["removed"], count["changed"], found)


def _held(engine: Engine, store: Path, name: str, view: str) -> Table:
    """Make the rows of a release readable as `view`; returns the set that it fills. UsageError when nothing has that name."""
    for release in releases(store):
        if release.release == name:
            if why := _problem(release):
                raise _broken(name, why)
            table = catalog.tables()[f"ref.{release.set}"]
            rows = release.table()
            for column in table.columns:  # what the set declares since, or fills in itself
                if column.name not in rows.column_names:
                    rows = rows.append_column(column.name, pa.nulls(rows.num_rows, pa.string()))
            engine.register(view, rows)
            return table
    shipped = {row["release"]: row for row in _shipped(engine)}
    if name not in shipped:
        known = ", ".join([release.release for release in releases(store)] + sorted(shipped))
        raise UsageError(f"There is no release {name}.", f"There are {known}.")
    table = catalog.tables()[f"ref.{shipped[name]['set']}"]
    engine.load_csv(table, _defaults(table.defaults or ""))
    own = " where release = ?" if any(column.name == "release" for column in table.columns) else ""
    engine.register(view, engine.arrow(f"select * from {table.name}{own}", [name] if own else []))
    return table


# Adding ---------------------------------------------------------------------------------------------------------------


def add(
    store: Path,
    paths: Sequence[Path],
    hints: Hints | None = None,
    *,
    fewer_rows: bool = False,
    beside: Sequence[Release] = (),
    on_progress: Callable[[str], None] = lambda name: None,
) -> list[Release]:
    """Recognise, check and store the releases that the files hold: all of them or none. Raises InputError or UsageError.

    They are compared with those of the store, and with those of another store that it stands `beside`.
    """
    hints = hints or Hints()
    known = [*beside, *releases(store)]
    made: list[Release] = []
    stage = store / f".adding-{os.getpid()}"
    try:
        for parts in _grouped(_read(paths, hints, on_progress)):
            made.append(_stage(stage, parts, hints, [*known, *made], fewer_rows))
        done = []
        for release in made:
            final = store / release.release
            release.folder.rename(final)
            done.append(replace(release, folder=final))
        return done
    finally:
        shutil.rmtree(stage, ignore_errors=True)


def _read(
    paths: Sequence[Path], hints: Hints, on_progress: Callable[[str], None]
) -> list[tuple[Part, tuple[Document, ...]]]:
    if not paths:
        raise UsageError("No file is given.", "Name the files of the publisher.")
    sets = {
        table.name.removeprefix("ref."): [column.name for column in table.columns]
        for table in catalog.build_order("ref")
        if table.defaults and table.name != "ref.release"
    }
    known_layouts = layouts(sets, _judged_codes())
    found = []
    for path in dict.fromkeys(paths):
        inside = documents(path)
        claimed = _claimed(inside, known_layouts)
        if not claimed:
            known = "; ".join(sorted(layout.name for layout in known_layouts))
            raise InputError(f"{path.name} is not in a known layout.", f"Known are: {known}.")
        for layout, group in claimed:
            on_progress(group[0].name)
            found.append((layout.read(group, hints), group))
    return found


def _judged_codes() -> frozenset[str]:
    """The procedure codes of the shipped tables."""
    content = pacsv.read_csv(BytesIO(_defaults("procedure.csv")))
    return frozenset(map(str, content["procedure_code"].to_pylist()))


def _form(document: Document) -> int:
    """Which form of a table is read best."""
    return _TEXT_FIRST.get(Path(document.name).suffix.lower(), 3)


def _claimed(inside: list[Document], known: Sequence[Layout]) -> list[tuple[Layout, tuple[Document, ...]]]:
    """Which layout takes which files of one path; of one table in several forms the one that is read best."""

    def stem(document: Document) -> tuple[str, str]:
        return document.container, Path(document.name).stem.lower()

    best = [min(same, key=_form) for _, group in groupby(sorted(inside, key=stem), key=stem) for same in [list(group)]]
    left = [document for document in inside if document in best or _form(document) == 3]
    found = []
    for layout in known:
        for group in list(layout.claims(left)):
            found.append((layout, group))
            left = [document for document in left if document not in group]
    return found


def _grouped(read: list[tuple[Part, tuple[Document, ...]]]) -> list[list[tuple[Part, tuple[Document, ...]]]]:
    """The parts of each release, complete and in order; InputError for a part that is missing or comes twice."""
    by_release: dict[tuple[str, str], list[tuple[Part, tuple[Document, ...]]]] = defaultdict(list)
    for part, group in read:
        by_release[part.set, part.name].append((part, group))
    found = []
    for (_, name), parts in by_release.items():
        numbered = [part.number for part, _ in parts]
        if None in numbered:
            containers = {group[0].container for _, group in parts}
            if len(parts) > 1 and (len(containers) > 1 or "" in containers):
                files = " and ".join(sorted(group[0].name for _, group in parts))
                raise InputError(f"{files} hold the same table, {name}.", "Add one of them.")
            # one zip file may hold a table in two forms under two names
            found.append([min(parts, key=lambda one: _form(one[1][0]))])
            continue
        _complete(name, parts)
        found.append(sorted(parts, key=lambda one: one[0].number or 0))
    return found


def _complete(name: str, parts: list[tuple[Part, tuple[Document, ...]]]) -> None:
    due = set(range(1, (parts[0][0].of or 1) + 1))
    there = [part.number or 0 for part, _ in parts]
    if missing := sorted(due - set(there)):
        noun = "part" if len(missing) == 1 else "parts"
        raise InputError(
            f"{name} lacks {noun} {', '.join(map(str, missing))} of {len(due)}.",
            "Add all parts of the table in one command.",
        )
    if len(there) > len(set(there)):
        twice = sorted(number for number in set(there) if there.count(number) > 1)
        raise InputError(f"Part {twice[0]} of {name} comes twice.", "Add each part once.")
    spans = sorted((part.span or ("", ""), part.number or 0) for part, _ in parts)
    for (earlier, one), (later, other) in pairwise(spans):
        if earlier[1] >= later[0]:
            raise InputError(
                f"Parts {one} and {other} of {name} overlap: one ends at {earlier[1]}, the other begins at {later[0]}.",
                "They are not of one quarter, or one is there under two names; get them again.",
            )


def _stage(
    stage: Path, parts: list[tuple[Part, tuple[Document, ...]]], hints: Hints, known: list[Release], fewer_rows: bool
) -> Release:
    """Check one release and write it into the stage."""
    part = parts[0][0]
    sources = tuple({"name": one.name, "digest": one.digest()} for _, group in parts for one in group)
    digest = _sha256("\n".join(sorted(source["digest"] for source in sources)).encode())
    for release in known:
        if release.digest == digest and release.set == part.set:
            raise InputError(
                f"{sources[0]['name']} is loaded already, as {release.release}.", "There is nothing to add."
            )
    published = hints.published or part.published_on or part.valid_from
    rows, settings = _checked(part, pa.concat_tables(one.rows for one, _ in parts), sources[0]["name"])
    name = _name(part, published, known)
    before = [
        one
        for one in known
        if (one.set, one.settings, one.layout) == (part.set, settings, part.layout)
        and one.order <= (published, part.valid_from, name)
    ]
    if before and rows.num_rows < _SHRUNKEN * before[-1].rows and part.publisher != "the user" and not fewer_rows:
        raise InputError(
            f"{name} has {rows.num_rows} rows, {before[-1].release} before it had {before[-1].rows}: the file is probably cut off.",
            "Get it again; if it is right, add it with --accept-fewer-rows.",
        )
    folder = stage / name
    folder.mkdir(parents=True, mode=0o700)
    pq.write_table(rows, folder / "rows.parquet", compression="zstd")
    release = Release(
        release=name,
        set=part.set,
        layout=part.layout,
        publisher=part.publisher,
        published_on=published,
        valid_from=part.valid_from,
        valid_to=part.valid_to,
        licence_note=part.licence_note,
        citation=part.citation or f"{part.set} table of {published}; the citation of each row",
        settings=settings,
        rows=rows.num_rows,
        digest=digest,
        rows_digest=_sha256((folder / "rows.parquet").read_bytes()),
        sources=sources,
        skipped=sum(one.skipped for one, _ in parts),
        folder=folder,
    )
    content = {key: value for key, value in asdict(release).items() if key != "folder"}
    (folder / "release.json").write_text(json.dumps(content, default=str, indent=1) + "\n", "utf-8")
    for path in folder.iterdir():
        path.chmod(0o600)
    return release


def _name(part: Part, published: date, known: list[Release]) -> str:
    """The name of a release; one that corrects a loaded one is told apart by its day of publication."""
    shipped = {
        row["release"] for row in pacsv.read_csv(BytesIO(_defaults("release.csv")), convert_options=_TEXT).to_pylist()
    }
    name = part.name + ("-full" if part.name in shipped else "")
    taken = {release.release: release for release in known}
    if name in taken and published != taken[name].published_on:
        name = f"{name}-published-{published}"
    if name in taken:
        raise InputError(
            f"{name} is loaded already, from {taken[name].sources[0]['name']}, with other content.",
            "A release is never changed: give the day of publication of the correction with --published.",
        )
    return name


_TEXT = pacsv.ConvertOptions(strings_can_be_null=True, null_values=[""], column_types={"published_on": pa.string()})


def _checked(part: Part, rows: pa.Table, file: str) -> tuple[pa.Table, tuple[str, ...]]:
    """The rows as the set declares them, cleaned, without overlap, sorted; and their settings."""
    table = catalog.tables()[f"ref.{part.set}"]
    declared = {column.name: column.type for column in table.columns}
    with Engine() as engine:
        engine.register("incoming", rows)
        try:
            engine.execute(f"create temp table cleaned as {part.clean or 'select * from incoming'}")
            names = [row[0] for row in engine.rows("describe cleaned")]
            casts = [
                f'cast("{name}" as {declared[name]}) as "{name}"' if name in declared else f'"{name}"' for name in names
            ]
            engine.execute(f"create temp table typed as select {', '.join(casts)} from cleaned")
        except DuckDBError as error:
            raise InputError(
                f"{file} does not fit the columns of ref.{part.set}: {str(error).splitlines()[0]}.",
                "Correct the value.",
            ) from error
        _no_overlap(engine, table, names, file)
        _declared_refusals(engine, table, file)
        order = [f'"{name}"' for name in [*table.key, "valid_from"] if name in names]
        typed = engine.arrow(f"select * from typed order by {', '.join(order) or '1'}")
        settings = (
            [row[0] for row in engine.rows("select distinct setting from typed order by 1")]
            if "setting" in names
            else []
        )
    return typed, tuple(settings)


def _declared_refusals(engine: Engine, table: Table, file: str) -> None:
    """What the set's header refuses: a sentence, and the SQL condition of the rows that it is about."""
    codes = {code for code in registry.checks()} | {code[:3] for code in registry.checks()}
    engine.register("known_check", pa.table({"code": sorted(codes)}))
    params = sorted((check.code, name) for check in registry.checks().values() for name in check.params)
    engine.register(
        "known_param", pa.table({"check_code": [code for code, _ in params], "param": [name for _, name in params]})
    )
    for why, condition in table.refuse.items():
        key = _listed(table.key)
        bad = engine.rows(f"select {key} from typed where {condition} order by all")
        if bad:
            row = " ".join(str(value) for value in bad[0] if value is not None)
            raise InputError(
                f"{file}, row {row}: {why}.", f"Correct {'it' if len(bad) == 1 else f'it and {len(bad) - 1} more'}."
            )


def _no_overlap(engine: Engine, table: Table, names: list[str], file: str) -> None:
    key = [name for name in table.key if name in names]
    missing = sorted({*table.key, "valid_from"} & {column.name for column in table.columns} - set(names))
    if missing:
        raise InputError(f"{file} has no column {missing[0]} for ref.{table.name.removeprefix('ref.')}.", "Add it.")
    shown = " || '/' || ".join(f"coalesce(cast(\"{name}\" as varchar), '')" for name in key) or "'the table'"
    if "valid_from" not in names:
        bad = engine.rows(f"select {shown} as k from typed group by k having count(*) > 1 order by k")
        if bad:
            raise InputError(f"{file} has {bad[0][0]} more than once.", "Keep one of the rows.")
        return
    if count := engine.value("select count(*) from typed where valid_from is null"):
        raise InputError(f"{file} has {count} rows without valid_from.", "Give the first day of each.")
    until = "valid_to" if "valid_to" in names else "null::date"
    bad = engine.rows(f"select {shown}, valid_from from typed where {until} <= valid_from order by all")
    if bad:
        raise InputError(
            f"{file}: {bad[0][0]} of {bad[0][1]} ends before it begins.",
            "Correct its dates; valid_to is the first day that is no longer covered.",
        )
    several, by = "typed", ""
    if key:
        by = f"partition by {_listed(key)}"
        same = " and ".join(f't."{name}" is not distinct from s."{name}"' for name in key)
        several = (
            f"(select t.* from typed t where exists (select 1 from (select {_listed(key)} from typed "
            f"group by {_listed(key)} having count(*) > 1) s where {same}))"
        )
    bad = engine.rows(
        f"""select k, valid_from, next_from from (
          select {shown} as k, valid_from, {until} as valid_to, lead(valid_from) over ({by} order by valid_from) as next_from
          from {several})
        where next_from is not null and (valid_to is null or valid_to > next_from) order by all"""
    )
    if bad:
        key_text, first, second = bad[0]
        raise InputError(
            f"{file} has {len(bad)} rows that overlap another: {key_text} from {first} and from {second}.",
            "End the earlier one where the later one begins.",
        )


def _listed(names: Iterable[str]) -> str:
    """Column names in SQL, with commas."""
    return ", ".join(f'"{name}"' for name in names)


# Loading for a run ----------------------------------------------------------------------------------------------------


def load_reference(
    engine: Engine, checks: Iterable[Check], loaded: Sequence[Release] = (), known_as_of: date | None = None
) -> None:
    """Create and fill every `ref.*` table from the shipped defaults and the `loaded` releases; the parameters are those of `checks`.

    With `known_as_of` only what was published by that day is used. Which release speaks is decided here, once: see docs/operations.md.
    """
    known = [release for release in loaded if known_as_of is None or release.published_on <= known_as_of]
    for release in known:
        if why := _problem(release):
            raise _broken(release.release, why)
    shipped = _shipped(engine)
    used: list[tuple[dict[str, Any], int]] = []
    not_known = []
    for table in catalog.build_order("ref"):
        if not table.defaults or table.name == "ref.release":
            engine.create(table)
            continue
        name = table.name.removeprefix("ref.")
        engine.load_csv(table, _defaults(table.defaults))
        own = [row for row in shipped if row["set"] == name]
        if known_as_of:
            _forget(engine, table, own, known_as_of)
        official = sorted((release for release in known if release.set == name), key=lambda release: release.order)
        speaking = _resolve(engine, table, official)
        starters = engine.rows(f"select count(*) from {table.name}")[0][0]
        used += _starters_used(engine, table, own, starters)
        for release in speaking:
            _insert_rows(engine, table, release, _is_dated(table, official))
        engine.execute("drop table if exists temp.segment")
        used += [(_row(release), release.rows) for release in official if release in speaking]
        if known_as_of and own and not engine.value(f"select count(*) from {table.name}"):
            not_known.append(name)
    _record(engine, used)
    engine.execute(
        "insert into ref.edition values (cast(? as date), ?, ?)",
        [str(known_as_of) if known_as_of else None, _edition_digest(used, known_as_of), not_known],
    )
    _parameters(engine, checks)
    for table in catalog.build_order("ref"):
        if table.feeds:
            _feed(engine, table)


def _parameters(engine: Engine, checks: Iterable[Check]) -> None:
    """Fill in the parameters of `checks` by their headers, on the dates of which no row was added."""
    for check in checks:
        for name, spec in sorted(check.params.items()):
            engine.execute(
                """insert into ref.param
                with own as (select valid_from, valid_to from ref.param where check_code = $check and param = $param),
                edge as (select cast($start as date) as day union select valid_to from own where valid_to is not null)
                select $check, $param, e.day, (select min(valid_from) from own where valid_from > e.day), $value, $why from edge e
                where not exists (select 1 from own where valid_from <= e.day and (valid_to is null or e.day < valid_to))""",
                {"check": check.code, "param": name, "start": EPOCH, "value": spec["default"], "why": spec["why"]},
            )


def set_parameters(engine: Engine, check: Check, rows: Sequence[dict[str, str | None]]) -> None:
    """Give the parameters of one check the added `rows` alone, as a loaded release of them would."""
    engine.execute("delete from ref.param where check_code = ?", [check.code])
    for row in rows:
        if row["param"] not in check.params:
            raise DefinitionError(f"{check.path}: a case sets {row['param']!r}, which is no parameter of {check.code}.")
        engine.execute(
            "insert into ref.param values (?, ?, coalesce(cast(? as date), cast(? as date)), cast(? as date), ?, 'case')",
            [check.code, row["param"], row.get("valid_from"), EPOCH, row.get("valid_to"), row["value"]],
        )
    _parameters(engine, [check])


def _shipped(engine: Engine) -> list[dict[str, Any]]:
    """The rows of release.csv, typed."""
    table = catalog.tables()["ref.release"]
    engine.load_csv(table, _defaults("release.csv"))
    return engine.dicts("select * from ref.release order by release")


def _forget(engine: Engine, table: Table, own: list[dict[str, Any]], known_as_of: date) -> None:
    """Take out of a shipped set what its publisher had not published on a day. What this program restates itself has dates of service only, and stays."""
    columns = {column.name for column in table.columns}
    later = [row for row in own if row["publisher"] != OURS and row["published_on"] > known_as_of]
    for row in later:
        of_release = "release = ?" if "release" in columns else "?::varchar is not null"
        if not table.dated:
            engine.execute(f"delete from {table.name} where {of_release}", [row["release"]])
        elif "release" not in columns:
            # one row stands for several publications, each from the day on which it begins
            engine.execute(f"delete from {table.name} where valid_from > ?", [known_as_of])
            engine.execute(f"update {table.name} set valid_to = ? where valid_to > ?", [row["valid_to"], known_as_of])
    if not (table.dated and "release" in columns and later):
        return
    names = [row["release"] for row in later]
    same = " and ".join(f'n."{name}" is not distinct from t."{name}"' for name in table.key) or "true"
    for row in own:
        engine.execute(  # what such a release would have ended stays open as far as its own release speaks
            f"""update {table.name} as t set valid_to = ? where t.release = ? and exists (
              select 1 from {table.name} as n where list_contains(?, n.release) and n.valid_from = t.valid_to and {same})""",
            [row["valid_to"], row["release"], names],
        )
    engine.execute(f"delete from {table.name} where list_contains(?, release)", [names])


def _resolve(engine: Engine, table: Table, official: list[Release]) -> list[Release]:
    """Take out of a shipped set what loaded releases speak for; returns those that speak. Their spans are in temp.segment."""
    if not official:
        return []
    engine.execute(
        "create or replace temp table segment "
        "(release varchar, setting varchar, stated date, valid_from date, valid_to date, is_open boolean)"
    )
    if _is_dated(table, official):
        return _resolve_dated(engine, table, official)
    if set(table.scope) <= {"setting"}:
        speaking = {}
        for release in official:  # in order of age: the newest stays
            speaking.update(dict.fromkeys(release.settings if table.scope else [None], release))
        for setting, release in speaking.items():
            engine.execute("insert into segment values (?, ?, null, null, null, null)", [release.release, setting])
            engine.execute(
                f"delete from {table.name}" + (" where setting = ?" if setting else ""), [setting] if setting else []
            )
        return list(dict.fromkeys(speaking.values()))
    return _resolve_by_scope(engine, table, official)


def _is_dated(table: Table, official: list[Release]) -> bool:
    """Whether a release speaks for a span: so declared, or one of them ends, and what ends cannot be the whole history."""
    return table.dated or (any(release.valid_to for release in official) and set(table.scope) <= {"setting"})


def _resolve_by_scope(engine: Engine, table: Table, official: list[Release]) -> list[Release]:
    """For each value of the scope's columns the newest release that has it."""
    scope = _listed(table.scope)
    engine.execute(
        f"create or replace temp table scope_newest as select {scope}, 0 as age from {table.name} where false"
    )
    for age, release in enumerate(official):
        engine.register("_rows", release.table())
        engine.execute(f"insert into scope_newest select distinct {scope}, {age} from _rows")
        engine.unregister("_rows")
    engine.execute(
        f"create or replace temp table scope_newest as select {scope}, max(age) as age from scope_newest group by {scope}"
    )
    same = " and ".join(f't."{name}" is not distinct from n."{name}"' for name in table.scope)
    engine.execute(f"delete from {table.name} as t where exists (select 1 from scope_newest n where {same})")
    ages = {row[0] for row in engine.rows("select distinct age from scope_newest")}
    for age, release in enumerate(official):
        engine.execute("insert into segment values (?, ?, null, null, null, null)", [release.release, str(age)])
    return [release for age, release in enumerate(official) if age in ages]


def _resolve_dated(engine: Engine, table: Table, official: list[Release]) -> list[Release]:
    """Cut the time of each setting into spans with one speaking release: the one that began last, of equal ones the newest.

    A shipped row gives way inside a span. Where the release has no end, a shipped row that begins after everything that the release says of its key is
    the later word, and stays.
    """
    settings = sorted({setting for release in official for setting in release.settings}) if table.scope else [None]
    spans = []
    for setting in settings:
        own = [release for release in official if setting is None or setting in release.settings]
        edges = sorted({day for release in own for day in (release.valid_from, release.valid_to) if day})
        for start, end in zip(edges, [*edges[1:], None], strict=True):
            speaking = [
                one for one in own if one.valid_from <= start and (one.valid_to is None or start < one.valid_to)
            ]
            best = max(speaking, key=lambda one: (one.valid_from, one.order), default=None)
            if best and spans and spans[-1][:2] == (best, setting) and spans[-1][3] == start:
                spans[-1] = (*spans[-1][:3], end)
            else:
                spans.append((best, setting, start, end))
        spans.append((None, setting, date(1, 1, 1), edges[0]))
    for release, setting, start, end in spans:
        engine.execute(
            "insert into segment values (?, ?, ?, ?, ?, ?)",
            [
                release.release if release else None,
                setting,
                release.valid_from if release else None,
                start,
                end,
                release is not None and release.valid_to is None,
            ],
        )
    _cut_starters(engine, table, official)
    return list(dict.fromkeys(release for release, *_ in spans if release))


def _cut_starters(engine: Engine, table: Table, official: list[Release]) -> None:
    names = [f'"{name}"' for name in table.key]
    listed_key = "".join(f"{name}, " for name in names)
    engine.execute(
        f"create or replace temp table stated as select {listed_key}null::varchar as release, valid_from as stated from {table.name} where false"
    )
    for release in official:
        engine.register("_rows", release.table())
        engine.execute(
            f"insert into stated select {listed_key}?, max(valid_from) from _rows group by all", [release.release]
        )
        engine.unregister("_rows")
    same = " and ".join(["o.release = s.release", *(f"o.{name} is not distinct from t.{name}" for name in names)])
    in_scope = "t.setting is not distinct from s.setting" if table.scope else "true"
    outside = "t.setting not in (select setting from segment)" if table.scope else "false"
    others = ", ".join(
        f't."{column.name}"' for column in table.columns if column.name not in ("valid_from", "valid_to")
    )
    listed = ", ".join(f'"{column.name}"' for column in table.columns if column.name not in ("valid_from", "valid_to"))
    engine.execute(
        f"""create or replace temp table remaining as
        select {listed}, valid_from, case when valid_to < date '9999-01-01' then valid_to end as valid_to from (
          select {others}, greatest(t.valid_from, s.valid_from) as valid_from,
            least(coalesce(t.valid_to, date '9999-01-01'), coalesce(s.valid_to, date '9999-01-01')) as valid_to
          from {table.name} t join segment s on {in_scope} left join stated o on {same}
          where s.release is null or (s.is_open and t.valid_from > greatest(s.stated, coalesce(o.stated, s.stated)))
          union all
          select {others}, t.valid_from, coalesce(t.valid_to, date '9999-01-01') from {table.name} t where {outside})
        where valid_from < valid_to"""
    )
    # where a shipped row states something later of a key, the release is silent from then on
    engine.execute(
        f"""create or replace temp table later as
        select {listed_key}edge from (select {listed_key}unnest([valid_from, valid_to]) as edge from {table.name}) where edge is not null"""
    )
    engine.execute(f"truncate {table.name}")
    engine.execute(f"insert into {table.name} by name from remaining")


def _insert_rows(engine: Engine, table: Table, release: Release, is_dated: bool) -> None:
    """Insert the rows of a release for which it speaks, clipped to its spans."""
    there = set(release.columns())
    engine.register("_rows", release.stream())
    columns = []
    for column in table.columns:
        if column.name == "release":
            columns.append("s.release")
        elif column.name == "citation" and "citation" not in there:
            columns.append("?")
        elif column.name in there:
            columns.append(f'cast(r."{column.name}" as {column.type})')
        else:
            columns.append("null")
    values = [release.citation] if "citation" not in there and table.columns[-1].name == "citation" else []
    if is_dated:
        _insert_clipped(engine, table, release, columns, values)
    elif set(table.scope) <= {"setting"}:
        scope = "r.setting = s.setting" if table.scope else "true"
        engine.execute(
            f"insert into {table.name} select {', '.join(columns)} from _rows r join segment s on s.release = ? and {scope}",
            [*values, release.release],
        )
    else:
        same = " and ".join(f'r."{name}" is not distinct from n."{name}"' for name in table.scope)
        engine.execute(
            f"""insert into {table.name} select {", ".join(columns)} from _rows r join segment s on s.release = ?
            join scope_newest n on {same} and cast(n.age as varchar) = s.setting""",
            [*values, release.release],
        )
    engine.unregister("_rows")


def _insert_clipped(engine: Engine, table: Table, release: Release, columns: list[str], values: list[str]) -> None:
    at = [column.name for column in table.columns].index
    end = "cast(r.valid_to as date)" if "valid_to" in release.columns() else "null::date"
    same = " and ".join(f'l."{name}" is not distinct from r."{name}"' for name in table.key) or "true"
    cut = "null::date"
    if release.valid_to is None:
        cut = f"(select min(l.edge) from later l where {same} and l.edge > greatest(s.stated, r.valid_from))"
    columns[at("valid_from")] = "greatest(r.valid_from, s.valid_from) as valid_from"
    columns[at("valid_to")] = f"least({end}, s.valid_to, {cut}) as valid_to"
    scope = "r.setting = s.setting" if table.scope else "true"
    named = [
        part if " as valid_" in part else f'{part} as "{column.name}"'
        for part, column in zip(columns, table.columns, strict=True)
    ]
    engine.execute(
        f"""insert into {table.name} select * from (select {", ".join(named)} from _rows r join segment s on s.release = ? and {scope})
        where valid_to is null or valid_from < valid_to""",
        [*values, release.release],
    )


def _starters_used(
    engine: Engine, table: Table, own: list[dict[str, Any]], remaining: int
) -> list[tuple[dict[str, Any], int]]:
    counts = {}
    if any(column.name == "release" for column in table.columns):
        counts = dict(engine.rows(f"select release, count(*) from {table.name} group by release"))
    else:
        counts = {row["release"]: remaining for row in own if remaining}
    digest = _sha256(_defaults(table.defaults or ""))
    return [(row | {"digest": digest}, counts[row["release"]]) for row in own if row["release"] in counts]


def _row(release: Release) -> dict[str, Any]:
    names = {column.name for column in catalog.tables()["ref.release"].columns}
    row = {key: value for key, value in asdict(release).items() if key in names}
    return row | {"setting": " ".join(release.settings) or None, "starter": False, "digest": release.digest}


def _record(engine: Engine, used: list[tuple[dict[str, Any], int]]) -> None:
    """Fill ref.release with what was used."""
    table = catalog.tables()["ref.release"]
    engine.create(table)
    names = [column.name for column in table.columns]
    marks = ", ".join(f"cast(? as {column.type})" for column in table.columns)
    for row, count in sorted(used, key=lambda one: (one[0]["set"], one[0]["release"])):
        engine.execute(f"insert into ref.release values ({marks})", [(row | {"rows": count})[name] for name in names])


def _edition_digest(used: list[tuple[dict[str, Any], int]], known_as_of: date | None) -> str:
    loaded = sorted(
        f"{row['set']} {row['release']} {row['published_on']} {row['digest']}" for row, _ in used if not row["starter"]
    )
    return _sha256("\n".join([shipped_digest(), str(known_as_of or ""), *loaded]).encode())


def _feed(engine: Engine, table: Table) -> None:
    """Add the rows of a set to the staged record that it feeds, as those of no file (0); again when it is built again."""
    there = engine.value(
        "select count(*) from duckdb_tables() where schema_name || '.' || table_name = ?", [table.feeds]
    )
    if not there:
        return
    own = {column.name for column in table.columns}
    names = [row[0] for row in engine.rows(f"describe {table.feeds}") if row[0] in own]
    listed = ", ".join(f'"{name}"' for name in names)
    engine.execute(f"delete from {table.feeds} where file_id = 0")
    engine.execute(
        f"""insert into {table.feeds} by name
        select 0 as file_id, row_number() over (order by {listed}) as record_number, 0 as problem_mask, {listed} from {table.name}"""
    )


def reference_digest(engine: Engine) -> str:
    """sha256 over everything that the reference tables of this database were filled from."""
    return str(engine.value("select digest from ref.edition"))


def shipped_digest() -> str:
    """sha256 over the shipped reference files, by name."""
    digest = hashlib.sha256()
    for table in catalog.build_order("ref"):
        if table.defaults:
            digest.update(f"{table.defaults}\n".encode() + _defaults(table.defaults))
    return digest.hexdigest()


def _defaults(name: str) -> bytes:
    content = (sql_root() / "ref" / "defaults" / name).read_bytes()
    return gzip.decompress(content) if name.endswith(".gz") else content
