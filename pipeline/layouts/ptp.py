"""NCCI procedure-to-procedure edits: four text files or workbooks a quarter and setting; each quarter holds the whole history."""

from __future__ import annotations

import re
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from ..errors import UsageError
from . import CMS_LICENCE, Document, Hints, OneFile, Part, day, effective_date, quarter, wrong

_CODE = r"^([0-9]{4}[0-9A-Z]|[A-Z][0-9]{4})$"
_FIRST_ROW = re.compile(rb"^(?:[0-9]{4}[0-9A-Z]|[A-Z][0-9]{4})\t(?:[0-9]{4}[0-9A-Z]|[A-Z][0-9]{4})\t.*$", re.M)
_VERSION = re.compile(r"v(\d{2})([0-3])r\d+")
_PART = re.compile(r"[-_]f([1-9])(?!\d)")
_COLUMNS = ["column_1", "column_2", "before_1996", "effective", "deletion", "indicator", "rationale"]
PARTS = 4
# A single file with more rows than this and fewer than a whole table is one of the four.
_A_PART, _A_WHOLE = 500_000, 1_800_000

# The pair alone is no key, and rows are repeated: of rows that begin on one day the one that holds longer stays (B 1.1); a row ends where a later one of
# the pair begins. A row that ends on the day on which it began was withdrawn and never held; it keeps its day, so that the history can be read.
CLEAN = """
with several as (
  select column_1, column_2 from incoming group by column_1, column_2 having count(*) > 1
),
part as (
  select column_1, column_2, setting, valid_from, indicator, case when valid_to is null then null else valid_to + 1 end as valid_to from incoming
),
row as (
  select * from part semi join several using (column_1, column_2)
  qualify row_number() over (partition by column_1, column_2, setting, valid_from order by valid_to desc nulls first, indicator) = 1
),
next as (
  select *, lead(valid_from) over (partition by column_1, column_2, setting, indicator order by valid_from) as next_from from row
  union all
  select *, null from part anti join several using (column_1, column_2)
)
select column_1, column_2, setting, valid_from,
  case when valid_to is null or valid_to > next_from then coalesce(next_from, valid_to) else valid_to end as valid_to,
  valid_from as certain_from, indicator
from next
"""


class Ptp(OneFile):
    name = "NCCI procedure-to-procedure edits"

    def recognises(self, document: Document) -> bool:
        start = (
            " ".join(" ".join(record) for record in document.first[:12])
            if document.is_workbook
            else document.start[:4000]
        )
        return "PTP Edit Rationale" in start and "Column 1" in start and "Modifier" in start

    def read(self, documents: tuple[Document, ...], hints: Hints) -> Part:
        (document,) = documents
        table, skipped, is_medicaid = _from_sheet(document) if document.is_workbook else _from_text(document)
        if not table.num_rows:
            raise wrong(document, "has the header of pair edits, but no row of codes and dates")
        newest = pc.max(table["valid_from"]).as_py()
        version = _VERSION.search(document.names)
        stated = date(int(version[1]) + 1994, 3 * int(version[2]) + 1, 1) if version else None
        first = effective_date(document, stated or _quarter_start(newest), hints, "its table")
        if newest > first:
            raise wrong(document, f"says it is the table of {first}, but holds an edit that begins on {newest}")
        setting = _setting(document, hints)
        setting = f"medicaid_{setting}" if is_medicaid else setting
        part = _PART.search(document.names)
        if not part and _A_PART < table.num_rows < _A_WHOLE:
            raise wrong(
                document,
                f"holds {table.num_rows} rows, which is one of the {PARTS} parts of the table",
                "Add all parts together.",
            )
        first_row, last_row = (
            min(f"{table['column_1'][i].as_py()}/{table['column_2'][i].as_py()}" for i in (0, table.num_rows - 1)),
            max(f"{table['column_1'][i].as_py()}/{table['column_2'][i].as_py()}" for i in (0, table.num_rows - 1)),
        )
        return Part(
            layout=self.name,
            set="pair_edit",
            name=f"PTP-{quarter(first)}-{setting}",
            publisher="CMS",
            licence_note=f"{CMS_LICENCE}; obtained under the AMA click-through licence",
            valid_from=first,
            rows=table.append_column("setting", pa.array([setting] * table.num_rows, pa.string())),
            citation=f"CMS {setting} procedure-to-procedure table of {first}",
            number=int(part[1]) if part else None,
            of=PARTS if part else None,
            span=(first_row, last_row),
            skipped=skipped,
            clean=CLEAN,
        )


def _quarter_start(newest: date) -> date:
    return date(newest.year, 3 * ((newest.month - 1) // 3) + 1, 1)


def _setting(document: Document, hints: Hints) -> str:
    names = document.names
    if "ccipra" in names or "practitioner" in names:
        found = "practitioner"
    elif "ccioph" in names or "hospital" in names:
        found = "hospital"
    else:
        found = ""
    if hints.setting and found and hints.setting != found:
        raise UsageError(
            f"{document.name} is the {found} table by its name, not that of setting {hints.setting}.",
            "Leave --setting out.",
        )
    if not (found or hints.setting):
        raise UsageError(
            f"{document.name} does not say whether it is the practitioner or the hospital table.",
            "Give it with --setting.",
        )
    return hints.setting or found


def _from_text(document: Document) -> tuple[pa.Table, int, bool]:
    """Rows, how many lines between them were no rows, and whether it is the Medicaid layout."""
    data = document.bytes()
    first = _FIRST_ROW.search(data)
    if first is None:
        raise wrong(document, "has the header of pair edits, but no row of codes and dates")
    cells = first[0].rstrip(b"\r").split(b"\t")
    # Medicaid tables have no column for edits from before 1996: what follows the codes is a date
    is_medicaid = bool(re.fullmatch(rb"\d{8}", cells[2]))
    names = [name for name in _COLUMNS if not (is_medicaid and name == "before_1996")]
    if len(cells) != len(names):
        raise wrong(document, f"has {len(cells)} columns, where {len(names)} are due")
    bad = 0

    def count(row: csv.InvalidRow) -> str:
        nonlocal bad
        bad += 1
        return "skip"

    body = pa.py_buffer(data)[first.start() :]
    try:
        table = csv.read_csv(
            pa.BufferReader(body),
            read_options=csv.ReadOptions(column_names=names, encoding="latin-1", use_threads=False),
            parse_options=csv.ParseOptions(delimiter="\t", quote_char=False, invalid_row_handler=count),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=["column_1", "column_2", "effective", "deletion", "indicator"],
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid as error:
        raise wrong(document, "is not a table separated by tabs") from error
    good, wrong_rows = _typed(document, table)
    return good, bad + wrong_rows, is_medicaid


def _from_sheet(document: Document) -> tuple[pa.Table, int, bool]:
    rows: list[list[str]] = []
    skipped, in_body, width = 0, False, 0
    for record in document.records():
        if re.match(_CODE, record[0].strip()) and len(record) > 1 and re.match(_CODE, record[1].strip()):
            in_body, width = True, max(width, len(record))
            rows.append(record)
        else:
            skipped += in_body and any(record)
    if not rows:
        raise wrong(document, "has the header of pair edits, but no row of codes and dates")
    is_medicaid = bool(re.fullmatch(r"\d{8}", rows[0][2].strip()))
    at = 2 if is_medicaid else 3
    columns = zip(*((row + [""] * width)[:width] for row in rows), strict=True)
    cells = [pa.array([value.strip() for value in column], pa.string()) for column in columns]
    names = ["column_1", "column_2", "effective", "deletion", "indicator"]
    good, wrong_rows = _typed(
        document, pa.table([cells[0], cells[1], cells[at], cells[at + 1], cells[at + 2]], names=names)
    )
    return good, skipped + wrong_rows, is_medicaid


def _typed(document: Document, table: pa.Table) -> tuple[pa.Table, int]:
    """Rows with two codes, dates and an indicator, typed; and how many had not."""
    table = table.combine_chunks()
    open_ended = pc.equal(table["deletion"], "*")
    whole = pc.match_substring_regex(table["column_1"], _CODE)
    for test in (
        pc.match_substring_regex(table["column_2"], _CODE),
        pc.match_substring_regex(table["effective"], r"^\d{8}$"),
        pc.or_(open_ended, pc.match_substring_regex(table["deletion"], r"^\d{8}$")),
        pc.is_in(table["indicator"], pa.array(["0", "1", "9"])),
    ):
        whole = pc.and_(whole, test)
    skipped = table.num_rows - pc.sum(whole).as_py()
    if 20 * skipped > table.num_rows:
        raise wrong(document, f"has {skipped} of {table.num_rows} lines that are no pair of codes with dates")
    table = table.filter(whole)
    try:
        effective, deletion = (_dates(table[name]) for name in ("effective", "deletion"))
    except ValueError as error:
        raise wrong(document, "holds a date that does not exist") from error
    return (
        pa.table(
            {
                "column_1": table["column_1"],
                "column_2": table["column_2"],
                "valid_from": effective,
                "valid_to": deletion,
                "indicator": table["indicator"].cast(pa.int32()),
            }
        ),
        skipped,
    )


def _dates(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """YYYYMMDD as dates, `*` as null. Few days occur, so each is read once."""
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    days = [None if word == "*" else day(word) or _no_day() for word in encoded.dictionary.to_pylist()]
    return pa.array(days, pa.date32()).take(encoded.indices)


def _no_day() -> date:
    raise ValueError("no such day")
