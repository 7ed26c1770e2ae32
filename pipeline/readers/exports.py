"""Exports of practice-management programs: a layout file (TOML) says which of their columns is which.

`docs/input.md` describes the layout file. It becomes a mapping SELECT over the file's own columns, so that what it yields
is cast, judged and rejected like every other format's.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import UsageError
from . import Layout, Source
from .canonical import RECORDS
from .text import Head, header_names

DELIMITERS = (",", "\t", ";", "|")
KEYS = frozenset({"name", "source", "recognise", "dates", "nulls", "lines", "only", *RECORDS})
OPTIONS = frozenset({"column", "columns", "join", "value", "count", "split", "take", "map", "digest"})
LISTS = {"modifiers": ("modifier", 4), "diagnoses": ("diagnosis", 12)}
_DATE = re.compile(r"(^|_)date$|^(active|plan|dos)_(from|to)$|^service_date_to$")
_MONEY = re.compile(r"_amount$|^amount_used$")
_MINUTES = re.compile(r"minutes$")
_NUMBER = frozenset({"units", "line_number", "ndc_quantity", "group_size", "clinicians"})


@dataclass(frozen=True)
class ExportLayout:
    """A layout file: `records` gives, per canonical record and column, what it is made of (see `_record`).

    `only` gives, by column, the values of the rows that are charges: exports mix these with payments and adjustments.
    """

    name: str
    recognise: tuple[str, ...]
    records: Mapping[str, Mapping[str, Mapping[str, Any]]]
    dates: tuple[str, ...] = ("%Y-%m-%d",)
    nulls: tuple[str, ...] = ()
    lines: int = 1
    source: str = ""
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The export's columns that it uses, those of wide rows by number."""
        used = [
            name.replace("{n}", str(number))
            for parts in self.records.values()
            for part in parts.values()
            for name in part["columns"]
            for number in (range(1, self.lines + 1) if "{n}" in name else (1,))
        ]
        return tuple(dict.fromkeys((*used, *self.only)))


def parse(text: str, where: str, canonical: Mapping[str, Layout]) -> ExportLayout:
    """A layout from TOML; UsageError names what is wrong with it."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"The layout {where} is not TOML: {error}.") from error
    unknown = sorted(table.keys() - KEYS)
    if unknown:
        raise UsageError(f"The layout {where} has the unknown key {unknown[0]}.", f"Known are {_listed(KEYS)}.")
    records = {record: _record(where, record, table[record], canonical) for record in table if record in RECORDS}
    recognise, lines = table.get("recognise", []), table.get("lines", 1)
    if not records or not isinstance(recognise, list) or not recognise:
        raise UsageError(
            f"The layout {where} maps no record or names no column to recognise its files by.",
            "Add recognise = [...] and a table such as [claim_lines].",
        )
    if not isinstance(lines, int) or not 1 <= lines <= 99:
        raise UsageError(f"The layout {where} says lines = {lines}.", "Write a number from 1 to 99.")
    only = table.get("only", {})
    if not isinstance(only, dict) or not all(isinstance(values, list) and values for values in only.values()):
        raise UsageError(
            f"The layout {where} does not say clearly which rows are charges.",
            'Write the values of a column: only = {"Type" = ["Charge"]}.',
        )
    dates = table.get("dates", ["%Y-%m-%d"])
    return ExportLayout(
        str(table.get("name", where)),
        tuple(str(name) for name in recognise),
        records,
        tuple([dates] if isinstance(dates, str) else dates),
        tuple(str(word).lower() for word in table.get("nulls", [])),
        lines,
        str(table.get("source", "")),
        {str(name): tuple(str(value).lower() for value in values) for name, values in only.items()},
    )


def _listed(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


def _record(where: str, record: str, table: Any, canonical: Mapping[str, Layout]) -> dict[str, Mapping[str, Any]]:
    known = set(canonical[record].columns)
    if record == "claim_lines":
        known |= LISTS.keys()
    parts = {}
    for name, given in table.items():
        if name not in known:
            raise UsageError(
                f"The layout {where} maps {name}, which {record} does not have.", f"It has {_listed(frozenset(known))}."
            )
        part = {"column": given} if isinstance(given, str) else {"columns": given} if isinstance(given, list) else given
        if not isinstance(part, dict) or part.keys() - OPTIONS:
            raise UsageError(
                f"The layout {where} does not say clearly what {name} is made of.",
                f"Name a column, a list of columns, or a table of {_listed(OPTIONS)}.",
            )
        columns = [part["column"]] if "column" in part else part.get("columns", part.get("count", []))
        if not columns and "value" not in part:
            raise UsageError(f"The layout {where} gives {name} neither a column nor a value.")
        if "take" in part and not _is_pattern(part["take"]):
            raise UsageError(
                f"The layout {where} takes {name} by a pattern that is none, or that looks around.",
                "Write a plain regular expression, such as ^[0-9A-Z]{5}.",
            )
        parts[name] = {**part, "columns": [str(column) for column in columns]}
    return parts


def _is_pattern(take: object) -> bool:
    """Whether it is a regular expression that the engine knows too."""
    try:
        re.compile(str(take))
    except re.error:
        return False
    return isinstance(take, str) and not re.search(r"\(\?[=!<(]|\\[1-9]", take)


def load(paths: Sequence[Path], canonical: Mapping[str, Layout]) -> tuple[ExportLayout, ...]:
    """The layouts of files, or of folders of them."""
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise UsageError(f"The layout {path.name} does not exist.")
        files += sorted(path.glob("*.toml")) if path.is_dir() else [path]
    found = []
    for file in files:
        try:
            found.append(parse(file.read_text("utf-8"), file.name, canonical))
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"The layout {file.name} cannot be read.") from error
    return tuple(found)


def headers(head: Head) -> Iterator[tuple[tuple[str, ...], str]]:
    """The column names of a file under each separator that its first line has."""
    if head.form == "parquet":
        yield head.columns, ","
    elif head.form == "csv":
        for sign in DELIMITERS:
            if sign in head.line:
                yield header_names(head.line, sign), sign


class Exports:
    """Recognised by the columns that a layout names; of several layouts, the one that uses most of the file's columns."""

    name = "export"

    def __init__(self, layouts: tuple[ExportLayout, ...]) -> None:
        self._layouts = layouts

    def recognise(self, head: Head, layouts: Mapping[str, Layout]) -> Source | None:
        """See `Reader.recognise`."""
        best = self._best(head)
        return source(head, *best[1:], layouts) if best else None

    def choose(self, head: Head) -> ExportLayout | None:
        """The layout that would be taken."""
        best = self._best(head)
        return best[1] if best else None

    def _best(self, head: Head) -> tuple[int, ExportLayout, tuple[str, ...], str] | None:
        if head.encoding != "utf-8":
            return None
        best: tuple[int, ExportLayout, tuple[str, ...], str] | None = None
        for names, sign in headers(head):
            there = {folded(name) for name in names}
            for layout in self._layouts:
                if there.issuperset(map(folded, layout.recognise)):
                    count = sum(folded(name) in there for name in layout.columns)
                    if best is None or count > best[0]:
                        best = count, layout, names, sign
        return best


def folded(name: str) -> str:
    return " ".join(name.lower().split())


def source(
    head: Head, layout: ExportLayout, names: tuple[str, ...], sign: str, canonical: Mapping[str, Layout]
) -> Source:
    """A file as a source of a layout: its columns by the layout's spelling, a column that comes twice by its first."""
    spelling = {folded(name): name for name in reversed(layout.columns)}
    header = []
    for name in names:
        own = spelling.pop(folded(name), None)
        header.append(own if own is not None else "")
    present = frozenset(header) - {""}
    return Source(
        "export",
        head,
        Layout("export", tuple(sorted(present)), ()),
        tuple(header),
        {record: f"raw.{record}" for record in layout.records},
        delimiter=sign,
        source_columns={
            record: {name: ", ".join(part["columns"]) for name, part in _flat(parts).items() if part["columns"]}
            for record, parts in layout.records.items()
        },
        left="raw.export_left" if layout.lines > 1 or layout.only else "",
        lines=layout.lines,
        selects=selects(layout, present, canonical),
    )


def _flat(parts: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Lists of modifiers and diagnoses column by column, for messages."""
    flat = {}
    for name, part in parts.items():
        if name in LISTS:
            stem, count = LISTS[name]
            flat |= {f"{stem}_{number}": part for number in range(1, count + 1)}
        else:
            flat[name] = part
    return flat


# The mapping SELECTs -----------------------------------------------------------------------------------------------


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


class _Compiler:
    def __init__(self, layout: ExportLayout, present: frozenset[str]) -> None:
        self.layout = layout
        self.present = present

    def text(self, column: str, number: int) -> str:
        """The value of a column, blank and null tokens as null; null where the file has no such column."""
        column = column.replace("{n}", str(number))
        if column not in self.present:
            return "null::varchar"
        value = 'trim("' + column.replace('"', '""') + '")'
        words = ", ".join(map(_quoted, ("", *self.layout.nulls)))
        return f"case when lower({value}) not in ({words}) then {value} end"

    def another(self) -> str:
        """Whether a row is no charge: a value stands in a column of `only`, and it is none of those listed; empty where all rows are charges."""
        return " or ".join(
            f"coalesce(lower({self.text(column, 1)}) not in ({', '.join(map(_quoted, values))}), false)"
            for column, values in self.layout.only.items()
        )

    def scalar(self, name: str, part: Mapping[str, Any], number: int) -> str:
        values = [self.text(column, number) for column in part["columns"]]
        if "count" in part:
            return f"cast(row_number() over (partition by {', '.join(values)} order by record_number) as varchar)"
        if "join" in part:
            joined = f"concat_ws({_quoted(str(part['join']))}, {', '.join(values)})"
            return self.shaped(name, part, f"case when coalesce({', '.join(values)}) is not null then {joined} end")
        if "value" in part:
            values.append(_quoted(str(part["value"]).replace("{n}", str(number))))
        return self.shaped(name, part, f"coalesce({', '.join(values)})")

    def shaped(self, name: str, part: Mapping[str, Any], value: str) -> str:
        if part.get("digest"):
            value = f"left(md5({value}), 16)"
        if "take" in part:
            value = f"nullif(regexp_extract({value}, {_quoted(part['take'])}), '')"
        if part.get("map"):
            whens = " ".join(
                f"when {_quoted(str(key).lower())} then {_quoted(str(new))}" for key, new in part["map"].items()
            )
            value = f"case lower({value}) {whens} else {value} end"
        if _DATE.search(name):
            formats = ", ".join(map(_quoted, self.layout.dates))
            value = f"export_date({value}, [{formats}])"
        elif _MONEY.search(name) or name in _NUMBER:
            value = f"export_amount({value})"
        elif _MINUTES.search(name):
            value = f"export_minutes({value})"
        elif name == "diagnosis_pointers":
            value = f"export_pointers({value})"
        return value

    def listed(self, part: Mapping[str, Any], number: int) -> str:
        """Several values as a list: columns, and values in one column parted by any of the characters of `split`."""
        signs = re.escape(str(part.get("split", "")))
        lists = []
        for column in part["columns"]:
            value = self.text(column, number)
            lists.append(f"regexp_split_to_array({value}, {_quoted(f'[{signs}]+')})" if signs else f"[{value}]")
        joined = f"flatten([{', '.join(lists)}])"
        inner = self.shaped("", {key: part[key] for key in ("take", "map") if key in part}, "trim(v)")
        return f"list_filter(list_transform({joined}, lambda v: {inner}), lambda v: v <> '')"

    def columns(self, record: str, names: Sequence[str], number: int) -> list[str]:
        parts = self.layout.records[record]
        lists = {stem: self.listed(parts[name], number) for name, (stem, _) in LISTS.items() if name in parts}
        made = []
        for name in names:
            stem, _, place = name.rpartition("_")
            if name in parts:
                made.append(f"{self.scalar(name, parts[name], number)} as {name}")
            elif stem in lists and place.isdigit():
                made.append(f"({lists[stem]})[{place}] as {name}")
            else:
                made.append(f"cast(null as varchar) as {name}")
        return made


def selects(layout: ExportLayout, present: frozenset[str], canonical: Mapping[str, Layout]) -> dict[str, str]:
    """The SELECT of each record, and `left`: the rows that are no charges, and those of a wide export on which no line stands."""
    compiler = _Compiler(layout, present)
    made: dict[str, str] = {}
    rows, left = "raw.export", []
    if another := compiler.another():
        rows, left = (
            f"(select * from raw.export where not ({another}))",
            [f"when {another} then 'row of another kind than a charge'"],
        )
    for place, record in enumerate(layout.records):
        names = canonical[record].columns
        if place == 0 and layout.lines > 1:
            code = _code(layout, record)
            made[record] = "\nunion all ".join(
                f"select file_id, (record_number - 1) * {layout.lines} + {number} as record_number, "
                f"{', '.join(compiler.columns(record, names, number))} from {rows} "
                f"where {compiler.scalar('', code, number)} is not null"
                for number in range(1, layout.lines + 1)
            )
            none = " and ".join(
                f"({compiler.scalar('', code, number)}) is null" for number in range(1, layout.lines + 1)
            )
            left.append(f"when {none} then 'row without a line'")
        elif place == 0 or record == "visit_services":
            made[record] = f"select file_id, record_number, {', '.join(compiler.columns(record, names, 1))} from {rows}"
        else:
            made[record] = (
                f"select min(file_id) as file_id, min(record_number) as record_number, columns(* exclude (file_id, record_number)) "
                f"from (select file_id, record_number, {', '.join(compiler.columns(record, names, 1))} from {rows}) group by all"
            )
    if left:
        made["left"] = (
            f"select * from (select file_id, record_number, case {' '.join(left)} end as reason, null::varchar as remedy "
            "from raw.export) where reason is not null"
        )
    return made


def _code(layout: ExportLayout, record: str) -> Mapping[str, Any]:
    """What tells whether the nth line of a wide row is there: its code."""
    part = layout.records[record].get("procedure_code")
    if part is None or not any("{n}" in name for name in part["columns"]):
        raise UsageError(
            f"The layout {layout.name} has several lines a row, but no procedure_code of each.",
            'Name its columns with {n}, such as "CPT {n}".',
        )
    return {**part, "columns": [name for name in part["columns"] if "{n}" in name], "map": {}}
