"""Reference releases: recognised by layout, refused with a cause, kept unchanged, and used by the day on which they were published."""

from __future__ import annotations

import csv
import json
import os
import random
import re
import stat
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from claimaudit import casekit, catalog, cli, jobs, reference, registry, worked
from claimaudit.engine import Engine
from claimaudit.errors import ClaimAuditError, InputError, UsageError
from claimaudit.layouts import Hints
from claimaudit.reference import Release, add, diff, load_reference, problems, reference_digest, releases, store_of
from claimaudit.settings import Settings

from .cms_files import (
    Pair,
    aoc_text,
    aoc_workbook,
    asp_csv,
    gpci_csv,
    hcpcs_workbook,
    icd_order,
    icd_tabular,
    leie_csv,
    mcd_zip,
    mue_csv,
    nppes_csv,
    pprrvu_csv,
    pprrvu_fixed,
    ptp_text,
    ptp_workbook,
    workbook,
    zipped,
)

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("CLAIMAUDIT_DATA") or ROOT.parent / "shared" / "data")
PAIRS: list[Pair] = [
    ("97140", "97124", "20000101", "*", "0"),
    ("97150", "97110", "19960101", "20191231", "1"),
    ("97150", "97110", "20201001", "*", "1"),
    ("97530", "97116", "20201001", "20201001", "9"),
]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    folder = tmp_path / "x.duckdb.reference"
    folder.mkdir(mode=0o700)
    return folder


def loaded(store: Path, known_as_of: str | None = None) -> Engine:
    engine = Engine(threads=1)
    load_reference(
        engine, registry.checks().values(), releases(store), date.fromisoformat(known_as_of) if known_as_of else None
    )
    return engine


def rows(engine: Engine, set_name: str, columns: str, where: str = "true") -> list[tuple[Any, ...]]:
    return engine.rows(f"select {columns} from ref.{set_name} where {where} order by all")


def refused(kind: type[ClaimAuditError], *arguments: Any, **more: Any) -> str:
    """The message of a refusal: one sentence of cause, one of remedy; nothing is stored."""
    store = arguments[0]
    before = sorted(store.rglob("*"))
    with pytest.raises(kind) as error:
        add(*arguments, **more)
    assert type(error.value) is kind
    assert error.value.cause.endswith(".") and error.value.remedy.endswith(".")
    assert sorted(store.rglob("*")) == before
    return str(error.value)


# Layouts ----------------------------------------------------------------------------------------------------------


def one(found: list[Release]) -> Release:
    (release,) = found
    return release


@pytest.mark.parametrize("form", ["text", "line feeds", "workbook", "zip with both"])
def test_pair_edits(store: Path, tmp_path: Path, form: str) -> None:
    name = "ccipra-v303r0"
    if form == "workbook":
        path = ptp_workbook(tmp_path / f"{name}.xlsx", PAIRS)
    else:
        path = ptp_text(tmp_path / f"{name}.TXT", PAIRS, eol="\n" if form == "line feeds" else "\r\n")
    if form == "zip with both":
        path = zipped(tmp_path / "edits.zip", [path, ptp_workbook(tmp_path / f"{name}.xlsx", PAIRS[:2])])
    release = one(add(store, [path]))
    assert (release.release, release.set, release.settings) == (
        "PTP-2024Q4-practitioner",
        "pair_edit",
        ("practitioner",),
    )
    assert (release.published_on, release.valid_from, release.valid_to) == (date(2024, 10, 1), date(2024, 10, 1), None)
    assert (release.rows, release.publisher) == (4, "CMS")
    engine = loaded(store)
    found = rows(
        engine,
        "pair_edit",
        "column_1, column_2, valid_from, valid_to, certain_from, indicator, release",
        "setting = 'practitioner'",
    )
    assert found == [
        ("97140", "97124", date(2000, 1, 1), None, date(2000, 1, 1), 0, release.release),
        ("97150", "97110", date(1996, 1, 1), date(2020, 1, 1), date(1996, 1, 1), 1, release.release),
        ("97150", "97110", date(2020, 10, 1), None, date(2020, 10, 1), 1, release.release),
        ("97530", "97116", date(2020, 10, 1), date(2020, 10, 2), date(2020, 10, 1), 9, release.release),
    ], "the shipped rows of the setting are gone; deletion is the last day"
    assert {row[0] for row in rows(engine, "pair_edit", "release", "setting = 'hospital'")} == {"PTP-2024Q3-hospital"}


def test_pair_edits_of_real_rows(store: Path) -> None:
    path = DATA / "reference" / "ncci" / "format" / "ccipra-v322r0-f1.rows.txt"
    if not path.exists():
        pytest.skip(f"the outside data is not in {DATA} (CLAIMAUDIT_DATA)")
    assert "PTP-2026Q3-practitioner lacks parts 2, 3, 4 of 4." in refused(InputError, store, [path])


def test_pairs_that_are_repeated(store: Path, tmp_path: Path) -> None:
    """Of two rows from one day the one that holds longer stays (13121/13120 and 17000/17281 of the real table)."""
    pairs = [
        ("13121", "13120", "19960101", "19960101", "9"),
        ("13121", "13120", "19960101", "*", "0"),
        ("17000", "17281", "19990701", "20001231", "1"),
        ("17000", "17281", "19990701", "20050630", "1"),
        ("20550", "20551", "20020101", "20041231", "1"),
        ("20550", "20551", "20030101", "*", "1"),
    ]
    add(store, [ptp_text(tmp_path / "ccipra-v303r0.txt", pairs)])
    found = rows(loaded(store), "pair_edit", "column_1, valid_from, valid_to, indicator", "setting = 'practitioner'")
    assert found == [
        ("13121", date(1996, 1, 1), None, 0),
        ("17000", date(1999, 7, 1), date(2005, 7, 1), 1),
        ("20550", date(2002, 1, 1), date(2003, 1, 1), 1),
        ("20550", date(2003, 1, 1), None, 1),
    ]


def test_the_medicaid_layout_is_told_apart(store: Path, tmp_path: Path) -> None:
    """It lacks the column of 1996; it never takes the place of the Medicare table."""
    release = one(add(store, [ptp_text(tmp_path / "practitioner-v303r0.txt", PAIRS, medicaid=True)]))
    assert (release.release, release.settings) == ("PTP-2024Q4-medicaid_practitioner", ("medicaid_practitioner",))
    engine = loaded(store)
    assert len(rows(engine, "pair_edit", "1", "setting = 'medicaid_practitioner'")) == 4
    assert len(rows(engine, "pair_edit", "1", "setting = 'practitioner'")) > 4000


def test_all_four_parts(store: Path, tmp_path: Path) -> None:
    files = [
        ptp_text(tmp_path / f"ccioph-v322r0-f{n}.TXT", [(f"{n}7140", "97124", "20000101", "*", "0")])
        for n in (1, 2, 3, 4)
    ]
    archives = [zipped(tmp_path / f"medicare-ncci-2026q3-hospital-{n}.zip", [path]) for n, path in enumerate(files)]
    assert "lacks parts 1, 4 of 4. Add all parts of the table in one command." in refused(InputError, store, files[1:3])
    twice = ptp_text(
        tmp_path / "twice" / files[3].name if (tmp_path / "twice").mkdir() is None else files[3],
        [("57140", "97124", "20000101", "*", "0")],
    )
    assert "Part 4 of PTP-2026Q3-hospital comes twice." in refused(InputError, store, [*files, twice])
    assert one(add(store, archives)).rows == 4


def test_parts_that_overlap(store: Path, tmp_path: Path) -> None:
    rows = [["10000", "30000"], ["20000", "40000"], ["50000"], ["60000"]]
    files = [
        ptp_text(tmp_path / f"ccipra-v322r0-f{n}.txt", [(code, "97124", "20000101", "*", "0") for code in codes])
        for n, codes in enumerate(rows, start=1)
    ]
    assert "Parts 1 and 2 of PTP-2026Q3-practitioner overlap: one ends at 30000/97124" in refused(
        InputError, store, files
    )


@pytest.mark.parametrize(
    ("name", "pairs", "kind", "says"),
    [
        (
            "v303r0.txt",
            PAIRS,
            UsageError,
            "does not say whether it is the practitioner or the hospital table. Give it with --setting.",
        ),
        (
            "ccipra-v302r0.txt",
            [*PAIRS, ("1", "2", "x", "y", "z")] * 5,
            InputError,
            "lines that are no pair of codes with dates",
        ),
        (
            "ccipra-v250r0.txt",
            PAIRS,
            InputError,
            "says it is the table of 2019-01-01, but holds an edit that begins on 2020-10-01",
        ),
        ("ccipra-v303r0.txt", [], InputError, "has the header of pair edits, but no row of codes and dates"),
        (
            "ccipra-v303r0.txt",
            [("97140", "97124", "20240231", "*", "0")],
            InputError,
            "holds a date that does not exist",
        ),
    ],
)
def test_pair_edits_that_are_refused(
    store: Path, tmp_path: Path, name: str, pairs: list[Pair], kind: type[ClaimAuditError], says: str
) -> None:
    assert says in refused(kind, store, [ptp_text(tmp_path / name, pairs)])


def test_lines_that_are_no_rows_are_counted(store: Path, tmp_path: Path) -> None:
    path = ptp_text(
        tmp_path / "ccipra-v303r0.txt",
        [(f"{n:05}", "97124", "20000101", "*", "0") for n in range(60)] + [("Note", "", "", "", "")],
    )
    release = one(add(store, [path]))
    assert (release.rows, release.skipped) == (60, 1)


def test_unit_limits(store: Path, tmp_path: Path) -> None:
    """The header holds a line break; the quarter is in the name alone; each quarter speaks from its first day until the next."""
    limits = [("97110", 6, "3"), ("97161", 1, "2"), ("J0585", 600, "3")]
    older = one(add(store, [mue_csv(tmp_path / "MCR_MUE_PractitionerServices_Eff_01-01-2025.csv", limits)]))
    newer = one(
        add(
            store,
            [
                mue_csv(
                    tmp_path / "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", [("97110", 5, "3"), ("97161", 1, "2")]
                )
            ],
            fewer_rows=True,
        )
    )
    assert (older.release, newer.release) == ("MUE-2025Q1", "MUE-2026Q3")
    engine = loaded(store)
    assert rows(
        engine,
        "unit_limit",
        "valid_from, valid_to, unit_limit, adjudication, release",
        "procedure_code = '97110' and setting = 'practitioner'",
    ) == [
        (date(2024, 7, 1), date(2025, 1, 1), 6, 3, "MUE-2024Q3"),
        (date(2025, 1, 1), date(2026, 4, 1), 6, 3, "MUE-2025Q1"),
        (date(2026, 4, 1), date(2026, 7, 1), 6, 3, "MUE-2026Q2"),
        (date(2026, 7, 1), None, 5, 3, "MUE-2026Q3"),
    ], "a later shipped quarter stands between the two"
    assert rows(
        engine, "unit_limit", "valid_from, valid_to, release", "procedure_code = 'J0585' and setting = 'practitioner'"
    )[-1][1] == date(2026, 7, 1), "a code that is no longer listed has no limit"
    hospital = one(
        add(
            store,
            [mue_csv(tmp_path / "h.csv", limits, "Outpatient Hospital Services")],
            Hints(effective=date(2026, 7, 1)),
        )
    )
    assert (hospital.release, hospital.settings) == ("MUE-2026Q3-hospital", ("hospital",))


def test_unit_limits_as_a_workbook(store: Path, tmp_path: Path) -> None:
    head = ["HCPCS/\nCPT Code", "Practitioner Services MUE Values", "MUE Adjudication Indicator", "MUE Rationale"]
    path = workbook(
        tmp_path / "MCR_MUE_PractitionerServices_Eff_07-01-2026.xlsx",
        [
            ["CPT notice"],
            head,
            ["97110", 6, "3 Date of Service Edit: Clinical", "x"],
            [64612, 1, "2 Date of Service Edit: Policy", "x"],
        ],
    )
    add(store, [path])
    assert rows(loaded(store), "unit_limit", "procedure_code, unit_limit, adjudication", "release = 'MUE-2026Q3'") == [
        ("64612", 1, 2),
        ("97110", 6, 3),
    ]


@pytest.mark.parametrize(
    ("name", "service", "says"),
    [
        (
            "limits.csv",
            "Practitioner Services",
            "limits.csv does not say from which day its table is in force. Give it with --effective.",
        ),
        (
            "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv",
            "Outpatient Hospital Services",
            "is named as the practitioner table, but its header says",
        ),
        ("Eff_07-01-2026.csv", "Veterinary", "does not say whose limits it holds"),
    ],
)
def test_unit_limits_that_are_refused(store: Path, tmp_path: Path, name: str, service: str, says: str) -> None:
    assert says in refused(
        UsageError if "--effective" in says else InputError,
        store,
        [mue_csv(tmp_path / name, [("97110", 6, "3")], service)],
    )


@pytest.mark.parametrize("write", [aoc_workbook, aoc_text])
def test_add_on_codes(store: Path, tmp_path: Path, write: Any) -> None:
    """Dates are year and day of the year; CCCCC means that the contractor decides."""
    table = [
        [1, "64643", "", "64642", "", 2014001, "", ""],
        [1, "64643", "", "64644", "", 2014001, 2023365, ""],
        [2, "0054T", "", "CCCCC", "", 2013091, "", "note"],
        [1, "64999", 2013001, "64642", "", 2014001, "", "ended before it began"],
    ]
    release = one(
        add(store, [write(tmp_path / f"AOC_V2026Q2-MCR{'.xlsx' if write is aoc_workbook else '.txt'}", table)])
    )
    assert (release.release, release.valid_from) == ("AOC-2026Q2", date(2026, 4, 1))
    engine = loaded(store)
    assert rows(engine, "add_on", "add_on_code, primary_code, edit_type, valid_from, valid_to, release") == [
        ("0054T", "CCCCC", 2, date(2013, 4, 1), None, "AOC-2026Q2"),
        ("64643", "64642", 1, date(2014, 1, 1), None, "AOC-2026Q2"),
        ("64643", "64644", 1, date(2014, 1, 1), date(2024, 1, 1), "AOC-2026Q2"),
    ]
    assert engine.rows("select release, rows, starter from ref.release where set = 'add_on'") == [
        ("AOC-2026Q2", 3, False)
    ]


VALUES = [
    {"code": "97110", "status": "A", "work": "0.45", "pe": "0.42", "pe_facility": "0.40", "mp": "0.01", "pctc": "7", "global": "XXX", "multiple": "5", "bilateral": "0"},
    {"code": "97010", "status": "B", "work": "0.06", "pe": "0.11", "pe_facility": "0.11", "mp": "0.01", "pctc": "9", "global": "XXX", "multiple": "9", "bilateral": "9"},
    {"code": "95874", "mod": "26", "status": "A", "work": "0.37", "pe": "0.20", "pe_facility": "0.20", "mp": "0.01", "pctc": "1", "global": "ZZZ", "multiple": "0", "bilateral": "0"},
]  # fmt: skip


@pytest.mark.parametrize("form", ["32 columns", "31 columns", "fixed width"])
def test_fee_schedule(store: Path, tmp_path: Path, form: str) -> None:
    year = 2025 if form == "31 columns" else 2026
    if form == "fixed width":
        path = pprrvu_fixed(tmp_path / "PPRRVU2026_Jul.txt", VALUES)
    else:
        path = pprrvu_csv(tmp_path / f"PPRRVU{year}_Jul_nonQPP.csv", VALUES, year=year, columns=int(form[:2]))
    release = one(add(store, [path]))
    assert (release.release, release.published_on) == (f"RVU{year % 100}C", date(year, 6, 30))
    assert (release.valid_from, release.valid_to) == (date(year, 1, 1), date(year + 1, 1, 1))
    found = rows(
        loaded(store), "fee_schedule",
        "procedure_code, status, work_rvu::varchar, pe_rvu_nonfacility::varchar, conversion_factor::varchar, multiple_procedure, pctc, bilateral",
        f"valid_from = date '{year}-01-01' and release = '{release.release}'",
    )  # fmt: skip
    assert found == [
        ("97010", "B", None, None, "33.4009", "9", "9", "9"),
        ("97110", "A", "0.45", "0.42", "33.4009", "5", "7", "0"),
    ], "a bundled code has no price; components are left out"


def test_zip_files_with_several_tables(store: Path, tmp_path: Path) -> None:
    """A release comes with files that are not of interest, and with one table in several forms."""
    (tmp_path / "readme.txt").write_text("Read this first.\n")
    priced = pprrvu_csv(tmp_path / "PPRRVU2026_Jul_nonQPP.csv", VALUES)
    others = [
        pprrvu_fixed(tmp_path / "PPRRVU2026_Jul_nonQPP.txt", VALUES[:1]),
        pprrvu_csv(tmp_path / "PPRRVU2026_Jul_QPP.csv", [row | {"factor": "33.5675"} for row in VALUES]),
        tmp_path / "readme.txt",
    ]
    release = one(add(store, [zipped(tmp_path / "rvu26c-updated-06-30-2026.zip", [priced, *others])]))
    assert (release.release, release.rows, [source["name"] for source in release.sources]) == (
        "RVU26C",
        2,
        [priced.name],
    )
    codes = [[1, "64643", "", "64642", "", 2014001, "", ""]]
    both = [aoc_workbook(tmp_path / "AOC_V2026Q2-MCR.xlsx", codes), aoc_text(tmp_path / "AOC_V2026Q2-F-MCR.txt", codes)]
    assert [source["name"] for source in one(add(store, [zipped(tmp_path / "aoc.zip", both)])).sources] == [
        "AOC_V2026Q2-F-MCR.txt"
    ]


def test_fee_schedule_of_a_year_takes_only_that_year(store: Path, tmp_path: Path) -> None:
    add(store, [pprrvu_csv(tmp_path / "PPRRVU2025_Jul.csv", VALUES, year=2025, columns=31)])
    engine = loaded(store)
    found = {row[0]: row[1] for row in rows(engine, "fee_schedule", "valid_from, release", "procedure_code = '97110'")}
    assert found == {date(2024, 3, 9): "RVU24C", date(2025, 1, 1): "RVU25C", date(2026, 1, 1): "RVU26A"}
    assert not rows(
        engine,
        "fee_schedule",
        "1",
        "procedure_code = '97140' and valid_from < '2026-01-01' and valid_to > '2025-01-01'",
    ), "the file is complete for its year"


def test_the_factor_changed_within_2024(store: Path, tmp_path: Path) -> None:
    files = [
        pprrvu_csv(
            tmp_path / f"PPRRVU2024_{name[:3]}.csv",
            [row | {"factor": factor} for row in VALUES],
            year=2024,
            release=name,
            columns=31,
        )
        for name, factor in (("January", "32.7442"), ("July", "33.2875"))
    ]
    add(store, files)
    found = rows(
        loaded(store),
        "fee_schedule",
        "valid_from, valid_to, conversion_factor::varchar, release",
        "procedure_code = '97110' and valid_from < '2025-01-01'",
    )
    assert found == [
        (date(2024, 1, 1), date(2024, 3, 9), "32.7442", "RVU24A"),
        (date(2024, 3, 9), date(2025, 1, 1), "33.2875", "RVU24C-full"),
    ], "a name that a shipped extract has is told apart"


@pytest.mark.parametrize(
    ("name", "year", "columns", "says"),
    [
        (
            "PPRRVU2026_Jul_QPP.csv",
            2026,
            32,
            "is the table of qualifying participants, whose factor the audit does not use. Add the table named nonQPP.",
        ),
        ("PPRRVU2025_Jul.csv", 2026, 32, "is named as the file of 2025, but its title says 2026"),
        ("PPRRVU2026_Jul.csv", 2026, 33, "has 33 columns in its first record, where its header has 31"),
    ],
)
def test_fee_schedules_that_are_refused(
    store: Path, tmp_path: Path, name: str, year: int, columns: int, says: str
) -> None:
    assert says in refused(InputError, store, [pprrvu_csv(tmp_path / name, VALUES, year=year, columns=columns)])


CODES = [("M54", 0), ("M545", 0), ("M5450", 1), ("M5459", 1)]


def test_icd_order_file(store: Path, tmp_path: Path) -> None:
    release = one(add(store, [icd_order(tmp_path / "icd10cm_order_2026.txt", CODES)]))
    assert (release.release, release.valid_from) == ("ICD10CM-2026", date(2025, 10, 1))
    engine = loaded(store)
    assert rows(engine, "icd10", "valid_from, valid_to, billable", "code = 'M545'") == [
        (date(2015, 10, 1), date(2021, 10, 1), True),
        (date(2021, 10, 1), date(2025, 10, 1), False),
        (date(2025, 10, 1), None, False),
    ], "older years stay as they are shipped"
    assert rows(engine, "icd10", "valid_from, valid_to", "code = 'M5451'") == [
        (date(2021, 10, 1), date(2025, 10, 1))
    ], "no longer listed"
    # the shipped list of the following year says something newer of these codes
    assert rows(engine, "icd10", "valid_from, valid_to, billable", "code = 'M722' and valid_from > '2025-10-01'") == [
        (date(2026, 10, 1), None, False)
    ]


@pytest.mark.parametrize(
    ("name", "text", "first", "billable"),
    [
        (
            "code-list-April-2026.txt",
            "1\r\nA00-B99\r\nA00\r\nA000\r\nA001\r\n",
            date(2026, 4, 1),
            {"A00": False, "A000": True, "A001": True},
        ),
        (
            "icd10cm_codes_2026.txt",
            "A000    Cholera\nA001    Cholera\nM5450   Pain\n",
            date(2025, 10, 1),
            {"A00": False, "A000": True, "A001": True, "M54": False, "M545": False, "M5450": True},
        ),
    ],
)
def test_icd_code_list(
    store: Path, tmp_path: Path, name: str, text: str, first: date, billable: dict[str, bool]
) -> None:
    (tmp_path / name).write_text(text, "latin-1")
    assert one(add(store, [tmp_path / name])).valid_from == first
    codes = ", ".join(f"'{code}'" for code in billable)
    found = rows(
        loaded(store), "icd10", "code, billable", f"valid_from = '{first}' and valid_to is null and code in ({codes})"
    )
    assert dict(found) == billable


def test_real_icd_lists_agree_with_what_is_shipped(store: Path) -> None:
    folder = DATA / "reference" / "icd10cm"
    files = [folder / "icd10cm-order-Jan-2021.txt.gz", folder / "code-list-April-2026.txt"]
    if not all(path.exists() for path in files):
        pytest.skip(f"the outside data is not in {DATA} (CLAIMAUDIT_DATA)")
    assert [(release.release, release.rows) for release in add(store, files)] == [
        ("ICD10CM-2021-from-2021-01-01", 95_358),
        ("ICD10CM-2026-from-2026-04-01", 98_186),
    ]
    shipped, official = Engine(threads=1), loaded(store)
    load_reference(shipped, [])
    for day in ("2020-12-31", "2021-01-01", "2021-09-30", "2021-10-01", "2026-03-31", "2026-04-01", "2026-10-01"):
        held = f"select code, billable from ref.icd10 where valid_from <= '{day}' and (valid_to is null or '{day}' < valid_to) order by all"
        assert official.rows(held) == shipped.rows(held), day


def test_icd_tabular_list(store: Path, tmp_path: Path) -> None:
    path = icd_tabular(
        tmp_path / "icd10cm-tabular-2027.xml",
        {"M54.5": "low back strain (S39.012), sciatica (M54.3-, M54.4-)"},
        year=2027,
    )
    release = one(add(store, [path]))
    assert (release.release, release.valid_from, release.valid_to) == (
        "ICD10CM-tabular-2027",
        date(2026, 10, 1),
        date(2027, 10, 1),
    )
    found = rows(
        loaded(store), "icd10_excludes1", "code_low, excluded_low, valid_from, valid_to", "valid_from = '2026-10-01'"
    )
    assert found == [("M545", name, date(2026, 10, 1), date(2027, 10, 1)) for name in ("M543", "M544", "S39012")]
    for text, says in (
        ("<ICD10CM.tabular><version>2027</version><chapter>", "is not well-formed XML"),
        ("<ICD10CM.tabular><version>new</version></ICD10CM.tabular>", "does not say of which fiscal year it is"),
    ):
        (tmp_path / "bad.xml").write_text(text)
        assert says in refused(InputError, store, [tmp_path / "bad.xml"])


def test_real_fee_schedule_and_notes(store: Path) -> None:
    files = [
        DATA / "reference" / "mpfs" / "original" / "PPRRVU2025_Oct.csv",
        DATA / "reference" / "icd10cm" / "icd10cm-tabular-April-1-2026.xml.gz",
    ]
    if not all(path.exists() for path in files):
        pytest.skip(f"the outside data is not in {DATA} (CLAIMAUDIT_DATA)")
    found = add(store, files)
    assert [(release.release, release.rows, release.published_on) for release in found] == [
        ("RVU25D-full", 16_851, date(2025, 9, 11)),
        ("ICD10CM-tabular-2026-04", 5_259, date(2026, 4, 1)),
    ]
    columns = "procedure_code, status, work_rvu, pe_rvu_nonfacility, mp_rvu, conversion_factor, multiple_procedure, pctc, bilateral"
    shipped, official = Engine(threads=1), loaded(store)
    load_reference(shipped, [])
    same = "valid_from <= '2025-06-01' and valid_to > '2025-06-01' and status in ('A', 'R') and work_rvu is not null"
    ours = rows(shipped, "fee_schedule", columns, same)
    assert ours and set(ours) <= set(rows(official, "fee_schedule", columns, same))
    notes = "code_low, code_high, excluded_low, excluded_high, valid_from, valid_to"
    assert rows(official, "icd10_excludes1", notes) == rows(shipped, "icd10_excludes1", notes)


needs = {
    name: pytest.mark.skipif(f"ref.{name}" not in catalog.tables(), reason=f"there is no ref.{name} to load it into")
    for name in ("geographic_factor", "drug_price")
}


@needs["geographic_factor"]
def test_geographic_factors(store: Path, tmp_path: Path) -> None:
    """The highest of the state's localities; the locality of Washington takes in suburbs of two states."""
    states = [(f"{a}{b}", "X", "1", "0.9", "0.8") for a in "ABC" for b in "EFGHIJKLMNOPQRSTUVWX"]
    known = [
        ("DC", "DC + MD/VA SUBURBS", "1.05", "1.2", "1.3"),
        ("MD", "BALTIMORE", "1.02", "1.1", "1.4"),
        ("MD", "REST", "1", "1", "1"),
    ]
    path = gpci_csv(tmp_path / "GPCI2027.csv", [*states, *known], year=2027)
    release = one(add(store, [path]))
    assert (release.release, release.valid_from, release.valid_to) == ("GPCI2027", date(2027, 1, 1), date(2028, 1, 1))
    engine = loaded(store)
    columns = "state, work::varchar, practice_expense::varchar, malpractice::varchar"
    assert rows(engine, "geographic_factor", columns, "state in ('DC', 'MD', 'VA') and valid_from = '2027-01-01'") == [
        ("DC", "1.050", "1.200", "1.300"), ("MD", "1.050", "1.200", "1.400"), ("VA", "1.050", "1.200", "1.300"),
    ]  # fmt: skip
    assert rows(engine, "geographic_factor", "1", "state = 'NY' and valid_from = '2025-01-01'"), "other years stay"
    wrong_year = gpci_csv(tmp_path / "GPCI2026.csv", known, year=2027)
    assert "is named as the file of 2026, but its header says 2027" in refused(InputError, store, [wrong_year])
    assert "has 3 localities, where more than a hundred are due" in refused(
        InputError, store, [gpci_csv(tmp_path / "g.csv", known)]
    )


@needs["geographic_factor"]
@pytest.mark.parametrize("form", ["csv", "txt"])
def test_real_geographic_factors(store: Path, form: str) -> None:
    path = DATA / "reference" / "mpfs" / "original" / f"GPCI2025.{form}"
    if not path.exists():
        pytest.skip(f"the outside data is not in {DATA} (CLAIMAUDIT_DATA)")
    add(store, [path])
    shipped, official = Engine(threads=1), loaded(store)
    load_reference(shipped, [])
    columns = "state, valid_from, valid_to, work, practice_expense, malpractice"
    assert rows(official, "geographic_factor", columns) == rows(shipped, "geographic_factor", columns)
    assert official.value("select starter from ref.release where release like 'GPCI2025%'") is False


@needs["drug_price"]
def test_drug_prices(store: Path, tmp_path: Path) -> None:
    """A price holds for its quarter and lends itself to no other."""
    title = "Payment Allowance Limits for Medicare Part B Drugs Effective July 1 2026 through September 30 2026"
    path = asp_csv(
        tmp_path / "asp.csv",
        [
            ["J0585", "x", "1 UNIT", "6.512", "20", "", ""],
            ["J0588", "x", "1 UNIT", "$5.2890", "20", "", ""],
            ["J9999", "x", "1", "n/a", "", "", ""],
        ],
        title,
    )
    assert "has 1 lines that are no code with a price" in refused(InputError, store, [path])
    release = one(
        add(
            store,
            [
                asp_csv(
                    path,
                    [
                        ["J0585", "x", "1 UNIT", "6.512", "20", "", ""],
                        ["J0588", "x", "1 UNIT", "$5.2890", "20", "", ""],
                    ],
                    title,
                )
            ],
        )
    )
    assert (release.release, release.valid_from, release.valid_to) == (
        "ASP-2026Q3",
        date(2026, 7, 1),
        date(2026, 10, 1),
    )
    found = rows(
        loaded(store),
        "drug_price",
        "valid_from, valid_to, price::varchar",
        "procedure_code = 'J0585' and valid_from >= '2026-04-01'",
    )
    assert found == [(date(2026, 4, 1), date(2026, 7, 1), "6.5120"), (date(2026, 7, 1), date(2026, 10, 1), "6.5120")]
    bad = asp_csv(tmp_path / "b.csv", [["J0585", "x", "1", "6.512", "20", "", ""]], "Effective July 4 2026")
    assert one(add(store, [bad], Hints(effective=date(2026, 10, 1)), fewer_rows=True)).release == "ASP-2026Q4"
    assert "is no first day of a quarter" in refused(InputError, store, [bad], Hints(effective=date(2026, 5, 1)))


def test_hcpcs(store: Path, tmp_path: Path) -> None:
    """The last day is the last usable one; modifiers stand beside codes."""
    table = [("J0589", "C", "20240401", ""), ("GD", "C", "20060101", "20191231"), ("G0283", "D", "20030101", "")]
    release = one(add(store, [hcpcs_workbook(tmp_path / "HCPC2026_OCT_ANWEB.xlsx", table)]))
    assert (release.release, release.published_on) == ("HCPCS-2026-10", date(2026, 10, 1))
    assert rows(loaded(store), "hcpcs", "code, kind, valid_from, valid_to, coverage") == [
        ("G0283", "code", date(2003, 1, 1), None, "D"),
        ("GD", "modifier", date(2006, 1, 1), date(2020, 1, 1), "C"),
        ("J0589", "code", date(2024, 4, 1), None, "C"),
    ]
    broken = hcpcs_workbook(tmp_path / "HCPC2027_JAN.xlsx", [("J0589", "C", "20240432", "")])
    assert "has 1 lines that are no code with its dates, and 0 that are" in refused(InputError, store, [broken])


def test_codes_of_a_loaded_list_are_judged_by_their_dates(store: Path, tmp_path: Path) -> None:
    """BIL108 knows the dates of a code that only HCPCS Level II has; a code of ours keeps its own, and a modifier is no code."""
    table = [("A9275", "C", "20080101", "20251231"), ("E0999", "C", "20260701", ""), ("97161", "C", "20300101", ""), ("GD", "C", "20060101", "20191231")]  # fmt: skip
    add(store, [hcpcs_workbook(tmp_path / "HCPC2026_OCT_ANWEB.xlsx", table)])
    engine = loaded(store)
    stock = casekit.stock()
    billed = [("A9275", "2025-12-31"), ("A9275", "2026-01-01"), ("E0999", "2026-06-30"), ("E0999", "2026-07-01"), ("97161", "2026-03-02"), ("GD", "2026-03-02")]  # fmt: skip
    lines = [
        {**stock["defaults"]["claim_lines"], "line_number": str(at), "procedure_code": code, "service_date": day}
        for at, (code, day) in enumerate(billed, start=1)
    ]
    check = registry.checks()["BIL108"]
    worked.prepare(engine, {**stock["given"], "claim_lines": lines}, [check], date(2026, 12, 31))
    found = [(row["line_number"], row["verdict"]) for row in worked.judge_records(engine, check)]
    assert found == [(1, "pass"), (2, "finding"), (3, "finding"), (4, "pass"), (5, "pass")]


def staged(engine: Engine, table: str, columns: str) -> list[tuple[Any, ...]]:
    """Rows that a set adds to a staged record, after an empty one was built and loaded twice."""
    return engine.rows(f"select {columns} from {table} order by all")


def fed(store: Path, *tables: str) -> Engine:
    engine = Engine(threads=1)
    for name in tables:
        engine.create(catalog.tables()[name])
    for _ in range(2):
        load_reference(engine, [], releases(store))
    return engine


def test_excluded_persons(store: Path, tmp_path: Path) -> None:
    """Only who has an NPI can be found; the day of reinstatement is no longer excluded."""
    people = [
        ("1234567893", "20200115", "00000000"),
        ("0000000000", "20200115", "00000000"),
        ("1000000004", "20100101", "20150301"),
    ]
    release = one(add(store, [leie_csv(tmp_path / "UPDATED.csv", people)]))
    assert (release.release, release.rows, release.skipped) == ("LEIE-2020-01-15", 2, 1)
    engine = fed(store, "stg.exclusion")
    assert staged(engine, "stg.exclusion", "npi, from_date, to_date, source, problem_mask, file_id") == [
        ("1000000004", date(2010, 1, 1), date(2015, 2, 28), "LEIE", 0, 0),
        ("1234567893", date(2020, 1, 15), None, "LEIE", 0, 0),
    ]
    add(store, [leie_csv(tmp_path / "NEXT.csv", people[:2])], Hints(published=date(2026, 11, 10)), fewer_rows=True)
    assert [row[0] for row in staged(fed(store, "stg.exclusion"), "stg.exclusion", "npi")] == ["1234567893"], (
        "the list is whole"
    )
    assert "without a date of exclusion" in refused(
        InputError, store, [leie_csv(tmp_path / "bad.csv", [("1234567893", "x", "")])]
    )


def test_national_provider_file(store: Path, tmp_path: Path) -> None:
    """The taxonomy marked as primary tells the discipline of a provider of whom nothing else is known."""
    path = nppes_csv(tmp_path / "npidata.csv", [
        ("1000000053", [("208D00000X", "N"), ("225100000X", "Y")], "11/02/2026"),
        ("1000000046", [("208D00000X", "")], "10/01/2026"),
        ("1999999984", [], "10/01/2026"),
    ])  # fmt: skip
    release = one(add(store, [path]))
    assert (release.release, release.rows) == ("NPPES-2026-11-02", 2)
    engine = loaded(store)
    assert rows(engine, "provider_taxonomy", "npi, taxonomy_code") == [
        ("1000000046", "208D00000X"),
        ("1000000053", "225100000X"),
    ]
    given = casekit.stock()["given"]
    worked.prepare(engine, {**given, "claim_lines": []}, [registry.checks()["MOD101"]], date(2026, 3, 2))
    assert engine.rows(
        "select discipline, taxonomy_code, private_practice_therapist from core.provider where npi = '1000000053'"
    ) == [("PT", "225100000X", True)]
    assert engine.rows("select private_practice_therapist from core.provider where npi = '1000000046'") == [(False,)], (
        "providers.csv gives its specialty"
    )


def test_taxonomies_of_therapists(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "crosswalk_2026-01-02.csv"
    path.write_text(
        "MEDICARE SPECIALTY CODE,MEDICARE PROVIDER/SUPPLIER TYPE DESCRIPTION,PROVIDER TAXONOMY CODE,PROVIDER TAXONOMY DESCRIPTION\n"
        "15,Speech,235Z00000X,x\n65,Physical,225100000X ,x\n65,Physical,2251X0800X,x\n67,Occupational,225X00000X,x\n08,Family,207Q00000X,x\n"
    )
    assert one(add(store, [path])).release == "taxonomy-crosswalk-2026-01-02"
    shipped, official = Engine(threads=1), loaded(store)
    load_reference(shipped, [])
    assert rows(official, "specialty", "kind, code, discipline") == rows(shipped, "specialty", "kind, code, discipline")
    path.write_text(path.read_text().replace("67,", "66,"))
    assert "does not hold the specialties 15, 65 and 67" in refused(InputError, store, [path])


def test_real_taxonomies(store: Path) -> None:
    path = DATA / "reference" / "taxonomy" / "medicare_specialty_taxonomy_crosswalk_2025-01-02.csv"
    if not path.exists():
        pytest.skip(f"the outside data is not in {DATA} (CLAIMAUDIT_DATA)")
    add(store, [path])
    shipped, official = Engine(threads=1), loaded(store)
    load_reference(shipped, [])
    assert rows(official, "specialty", "kind, code, discipline") == rows(shipped, "specialty", "kind, code, discipline")


def test_coverage_database(store: Path, tmp_path: Path) -> None:
    """Articles about codes that are audited, in the states of their contractors' jurisdictions, from the day on which the version appeared."""
    path = mcd_zip(tmp_path / "current_article.zip", [
        {"id": 56566, "codes": [("97110", "1"), ("97140", "1"), ("99999", "1")], "covered": [("M54.50", "1"), ("G54.2", "2")], "noncovered": [("Z00.00", "1")]},
        {"id": 57715, "contractor": 2, "codes": [("64615", "1"), ("64616", "2")], "covered": [("G43.709", "1")], "noncovered": [("R51.9", "1")], "status": "R", "retired": "2026-01-31 00:00:00"},
        {"id": 1, "codes": [("97110", "1")], "covered": [("M54.50", "1")], "status": "P"},
        {"id": 2, "codes": [("70450", "1")], "covered": [("M54.50", "1")]},
    ])  # fmt: skip
    release = one(add(store, [path]))
    assert (release.release, release.rows, release.set) == ("MCD-2025-07-01", 8, "coverage_policy")
    columns = "mac, region, policy_id, code_low, dx_low, group_no, role, dos_from, dos_to"
    found = staged(fed(store, "stg.coverage_policy"), "stg.coverage_policy", columns)
    first = date(2025, 6, 1)
    assert found[:3] == [
        ("06102", "IL", "A56566", "97110", "G54.2", 2, "covered", first, None),
        ("06102", "IL", "A56566", "97110", "M54.50", 1, "covered", first, None),
        ("06102", "IL", "A56566", "97110", "Z00.00", 1, "noncovered", first, None),
    ]
    assert found[6:] == [
        ("09102", "FL", "A57715", "64615", "G43.709", 1, "covered", first, date(2026, 1, 31)),
        ("09102", "FL", "A57715", "64616", "G43.709", 1, "covered", first, date(2026, 1, 31)),
    ], "which codes its list of diagnoses not covered is about, only its prose says"
    lonely = zipped(
        tmp_path / "part.zip", [tmp_path / "mcd" / "article.csv", tmp_path / "mcd" / "article_x_hcpc_code.csv"]
    )
    assert "came without article_x_icd10_covered.csv, article_x_contractor.csv, contractor.csv" in refused(
        InputError, store, [lonely]
    )


def test_a_practice_can_load_policies_of_its_own(store: Path, tmp_path: Path) -> None:
    """A newer file of one payer leaves the others as they are."""
    head = "payer_id,mac,region,policy_id,policy_version,code_low,code_high,dx_low,dx_high,group_no,role,pair_group_no,dos_from,dos_to,citation\n"
    for name, lines in (
        ("a.csv", "P1,,,X,1,97110,,M54,,,covered,,2025-01-01,,c\nP2,,,Y,1,97110,,M25,,,covered,,2025-01-01,,c\n"),
        ("b.csv", "P1,,,X,2,97110,,M99,,,covered,,2025-01-01,,c\n"),
    ):
        (tmp_path / name).write_text(head + lines)
        add(store, [tmp_path / name], Hints(published=date(2025, 1, 1 + (name == "b.csv"))))
    assert staged(fed(store, "stg.coverage_policy"), "stg.coverage_policy", "payer_id, dx_low") == [
        ("P1", "M99"),
        ("P2", "M25"),
    ]
    (tmp_path / "c.csv").write_text(head + ",,,X,1,97110,,M54,,,covered,,2025-01-01,,c\n")
    assert "it names neither a payer nor a contractor." in refused(
        InputError, store, [tmp_path / "c.csv"], Hints(published=date(2025, 2, 1))
    )


def test_own_layout_serves_every_set(store: Path, tmp_path: Path) -> None:
    """What no publisher has a layout of: the columns of the set, dates as ISO, a citation in every row."""
    path = tmp_path / "thresholds.csv"
    path.write_text(
        "valid_from,valid_to,amount,review_amount,citation\n2027-01-01,2028-01-01,2550.00,3000.00,CMS CR 15000\n"
    )
    assert one(add(tmp_path / "other", [path])).published_on == date(2027, 1, 1), (
        "no older than the newest thing that it says"
    )
    release = one(add(store, [path], Hints(published=date(2026, 11, 20))))
    assert (release.release, release.valid_from, release.valid_to) == (
        "therapy_threshold-2026-11-20",
        date(2027, 1, 1),
        date(2028, 1, 1),
    )
    found = rows(loaded(store), "therapy_threshold", "valid_from, amount::varchar", "valid_from >= '2025-01-01'")
    assert found == [(date(2025, 1, 1), "2410.00"), (date(2026, 1, 1), "2480.00"), (date(2027, 1, 1), "2550.00")]


def test_parameters_of_checks_can_be_set(store: Path, tmp_path: Path) -> None:
    """Where no row was added the default of the header stays; a newer file speaks for its parameters alone."""
    path = tmp_path / "own.csv"
    head = "check_code,param,valid_from,valid_to,value,citation\n"
    path.write_text(
        f"{head}UNT106,waiting_days,2026-01-01,2026-07-01,60,ours\nEVL102,within_days,2026-01-01,,20,ours\n"
    )
    add(store, [path], Hints(published=date(2026, 1, 1)))
    path.write_text(f"{head}EVL102,within_days,2026-03-01,2026-04-01,25,ours\nEVL102,within_days,2026-04-01,,0,ours\n")
    add(store, [path], Hints(published=date(2026, 3, 1)))

    def values(check: str, param: str) -> list[tuple[Any, ...]]:
        of = f"check_code = '{check}' and param = '{param}'"
        return rows(loaded(store), "param", "valid_from::varchar, valid_to::varchar, value::integer", of)

    first = "1900-01-01"
    assert values("UNT106", "waiting_days") == [
        (first, "2026-01-01", 45), ("2026-01-01", "2026-07-01", 60), ("2026-07-01", None, 45)
    ]  # fmt: skip
    assert values("UNT106", "minimum_minutes") == [(first, None, 8)]
    assert values("EVL102", "within_days") == [
        (first, "2026-03-01", 30), ("2026-03-01", "2026-04-01", 25), ("2026-04-01", None, 0)
    ]  # fmt: skip
    for line, says in (
        ("UNT106,waiting_day,2026-01-01,,60,x", "there is no such parameter."),
        ("UNT106,waiting_days,2026-01-01,,-1,x", "the value is not a number from 0 up."),
        ("UNT106,waiting_days,2026-01-01,,,x", "value"),
    ):
        path.write_text(f"{head}{line}\n")
        assert says in refused(InputError, store, [path], Hints(published=date(2026, 5, 1)))


def test_a_table_without_dates_needs_its_day_of_publication(store: Path, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("kind,code,discipline,citation\ntaxonomy,2251,PT,x\n")
    assert "does not say when it was published. Give the day with --published." in refused(InputError, store, [path])
    assert one(add(store, [path], Hints(published=date(2026, 11, 20)))).release == "specialty-2026-11-20"
    path.write_text("kind,code,discipline,citation\ntaxonomy,2251,PT,x\ntaxonomy,2251,OT,x\n")
    assert "has taxonomy/2251 more than once." in refused(
        InputError, store, [path], Hints(published=date(2026, 11, 21))
    )


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("icd10cm_order_2026.txt", date(2025, 10, 1)),
        ("icd10cm-order-April-1-2026.txt", date(2026, 4, 1)),
        ("icd10cm-order-Jan-2021.txt", date(2021, 1, 1)),
        ("icd10cm-order-2025-april.txt", date(2025, 4, 1)),
    ],
)
def test_names_of_diagnosis_lists(tmp_path: Path, name: str, first: date) -> None:
    assert one(add(tmp_path / "store", [icd_order(tmp_path / name, CODES)])).valid_from == first


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2027-01-01,2028-01-01,2550.00,,", "has no citation in record 1"),
        ("2027-01-01,2028-01-01,much,,x", "does not fit the columns of ref.therapy_threshold"),
        ("2027-01-01,2026-01-01,1.00,,x", "of 2027-01-01 ends before it begins"),
        (
            "2027-01-01,2028-01-01,1.00,,x\n2027-06-01,,2.00,,x",
            "has 1 rows that overlap another: the table from 2027-01-01 and from 2027-06-01",
        ),
        ("1.1.2027,,1.00,,x", "has a date in valid_from or valid_to that is not written as 2026-01-31"),
        ("", "has a header and no rows"),
    ],
)
def test_own_tables_that_are_refused(store: Path, tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "t.csv").write_text(f"valid_from,valid_to,amount,review_amount,citation\n{text}\n")
    assert says in refused(InputError, store, [tmp_path / "t.csv"], Hints(published=date(2026, 11, 20)))


# What is refused whatever the layout ----------------------------------------------------------------------------


def test_files_that_are_nothing_we_know(store: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam,\nthe weather is fine.\n")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    zipped(tmp_path / "letters.zip", [tmp_path / "letter.txt"])
    (tmp_path / "cut.gz").write_bytes(b"\x1f\x8b\x08\x00")
    for name, says in {
        "letter.txt": "letter.txt is not in a known layout. Known are:",
        "letters.zip": "letters.zip is not in a known layout.",
        "empty.csv": "empty.csv is empty.",
        "broken.zip": "broken.zip is cut off or damaged.",
        "cut.gz": "cut off or damaged.",
        "nowhere.csv": "nowhere.csv is no file.",
    }.items():
        assert says in refused(InputError, store, [tmp_path / name])
    assert "No file is given." in refused(UsageError, store, [])


def test_the_same_release_twice(store: Path, tmp_path: Path) -> None:
    path = ptp_text(tmp_path / "ccipra-v303r0.txt", PAIRS)
    add(store, [path])
    assert "is loaded already, as PTP-2024Q4-practitioner. There is nothing to add." in refused(
        InputError, store, [path]
    )
    renamed = ptp_text(tmp_path / "ccipra-v310r0.txt", PAIRS)
    assert "is loaded already, as PTP-2024Q4-practitioner." in refused(InputError, store, [renamed]), (
        "the content counts"
    )
    other = ptp_text(tmp_path / "ccipra-v303r1.txt", [*PAIRS, ("97140", "95851", "20000101", "*", "1")])
    assert (
        "with other content. A release is never changed: give the day of publication of the correction with --published."
        in refused(InputError, store, [other])
    )
    correction = one(add(store, [other], Hints(published=date(2024, 10, 15))))
    assert correction.release == "PTP-2024Q4-practitioner-published-2024-10-15"
    assert {row[0] for row in rows(loaded(store), "pair_edit", "release", "setting = 'practitioner'")} == {
        correction.release
    }
    both = [ptp_text(tmp_path / f"ccipra-v311r{n}.txt", [(f"9714{n}", "97124", "20000101", "*", "0")]) for n in (0, 1)]
    assert "hold the same table, PTP-2025Q2-practitioner. Add one of them." in refused(InputError, store, both)


def test_a_release_that_has_shrunk(store: Path, tmp_path: Path) -> None:
    many = [(f"{n:05}", "97124", "20000101", "*", "0") for n in range(100)]
    add(store, [ptp_text(tmp_path / "ccipra-v303r0.txt", many)])
    fewer = ptp_text(tmp_path / "ccipra-v310r0.txt", many[:80])
    assert (
        "PTP-2025Q1-practitioner has 80 rows, PTP-2024Q4-practitioner before it had 100: the file is probably cut off. "
        "Get it again; if it is right, add it with --accept-fewer-rows."
    ) in refused(InputError, store, [fewer])
    assert one(add(store, [fewer], fewer_rows=True)).rows == 80
    assert add(store, [ptp_text(tmp_path / "ccipra-v311r0.txt", many[:75])])[0].rows == 75


def test_all_or_nothing(store: Path, tmp_path: Path) -> None:
    good = ptp_text(tmp_path / "ccipra-v303r0.txt", PAIRS)
    bad = mue_csv(tmp_path / "limits.csv", [("97110", 6, "3")])
    refused(UsageError, store, [good, bad])
    assert releases(store) == []


# The store ------------------------------------------------------------------------------------------------------


def test_the_store_is_private_and_tells_when_it_was_changed(store: Path, tmp_path: Path) -> None:
    release = one(add(store, [ptp_text(tmp_path / "ccipra-v303r0.txt", PAIRS)]))
    assert stat.S_IMODE(release.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in release.folder.iterdir()} == {0o600}
    assert [why for _, why in problems(store)] == [None]
    path = release.folder / "rows.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert [why for _, why in problems(store)] == ["its rows are not those that were added"]
    with pytest.raises(InputError, match="PTP-2024Q4-practitioner is damaged: its rows are not those that were added"):
        loaded(store)
    path.unlink()
    assert [why for _, why in problems(store)] == ["its rows are missing"]
    (release.folder / "release.json").write_text("{}")
    with pytest.raises(InputError, match="its description cannot be read"):
        releases(store)


def test_the_digest_of_a_run_follows_the_releases(store: Path, tmp_path: Path) -> None:
    """What it was filled from, not when or under which file name; and only what speaks."""
    alone = reference_digest(loaded(store))
    add(store, [ptp_text(tmp_path / "ccipra-v303r0.txt", PAIRS)])
    first = reference_digest(loaded(store))
    add(store, [ptp_text(tmp_path / "ccipra-v310r0.txt", [*PAIRS, ("97140", "95851", "20250101", "*", "1")])])
    second = reference_digest(loaded(store))
    assert len({alone, first, second}) == 3
    assert reference_digest(loaded(store)) == second
    assert reference_digest(loaded(store, "2024-12-31")) != first, "as known on a day is another edition"
    other = tmp_path / "other"
    other.mkdir()
    add(other, [ptp_text(tmp_path / "ccipra-v303r0-copy.txt", PAIRS)])
    assert reference_digest(loaded(other)) == first


def test_the_release_table_names_what_speaks(store: Path, tmp_path: Path) -> None:
    add(store, [ptp_text(tmp_path / "ccipra-v303r0.txt", PAIRS)])
    add(store, [ptp_text(tmp_path / "ccipra-v310r0.txt", PAIRS + [("97140", "95851", "20250101", "*", "1")])])
    engine = loaded(store)
    assert engine.rows(
        "select release, setting, rows, starter from ref.release where set = 'pair_edit' order by release"
    ) == [
        ("PTP-2024Q3-hospital", None, 4212, True),
        ("PTP-2025Q1-practitioner", "practitioner", 5, False),
    ]
    described = json.loads((store / "PTP-2025Q1-practitioner" / "release.json").read_text())
    assert (
        engine.value("select digest from ref.release where release = 'PTP-2025Q1-practitioner'") == described["digest"]
    )


# Two clocks -----------------------------------------------------------------------------------------------------

# The therapy pairs of 2020 as the quarters of their time held them (coding-rules 1.4), and as later quarters corrected them.
LASTING = ("97140", "97124", "20000101", "*", "0")
V260 = [  # 2020-01-01: evaluations beside 97530 and 97150 forbidden, beside 97140 with a modifier
    LASTING,
    ("97530", "97116", "19990401", "*", "1"),
    ("97150", "97110", "19980101", "*", "1"),
    ("97140", "97530", "20030101", "*", "1"),
    ("97530", "97161", "20200101", "*", "0"),
    ("97150", "97161", "20200101", "*", "0"),
    ("97161", "97140", "20200101", "*", "1"),
]
V261 = [  # 2020-04-01, retroactively: the edits of January never were, many older ones end with 2019
    LASTING,
    ("97530", "97116", "19990401", "20191231", "1"),
    ("97150", "97110", "19980101", "20191231", "1"),
    ("97140", "97530", "20030101", "20191231", "1"),
    ("97530", "97161", "20200101", "20200101", "9"),
    ("97150", "97161", "20200101", "20200101", "9"),
    ("97161", "97140", "20200101", "20200101", "9"),
]
V263 = [
    *V261,
    ("97150", "97110", "20201001", "*", "1"),
    ("97530", "97116", "20201001", "*", "1"),
    ("97161", "97140", "20201001", "*", "1"),
]
V270 = [  # later: part of October's edits withdrawn from their first day
    *V261,
    ("97150", "97110", "20201001", "*", "1"),
    ("97530", "97116", "20201001", "20201001", "9"),
    ("97161", "97140", "20201001", "20201001", "9"),
]
VERSIONS = {"v260r0": V260, "v261r0": V261, "v263r0": V263, "v270r0": V270}
DAYS = ("2020-01-15", "2020-05-01", "2020-10-15")
# pair -> per day: verdict as known on that day, verdict as known today
NOTHING = "-"
REPLAY = {
    ("97530", "97161"): [("NCC101", NOTHING), (NOTHING, NOTHING), (NOTHING, NOTHING)],
    ("97150", "97161"): [("NCC101", NOTHING), (NOTHING, NOTHING), (NOTHING, NOTHING)],
    ("97161", "97140"): [("NCC102", NOTHING), (NOTHING, NOTHING), ("NCC102", NOTHING)],
    ("97530", "97116"): [("NCC102", NOTHING), (NOTHING, NOTHING), ("NCC102", NOTHING)],
    ("97140", "97530"): [("NCC102", NOTHING), (NOTHING, NOTHING), (NOTHING, NOTHING)],
    ("97150", "97110"): [("NCC102", NOTHING), (NOTHING, NOTHING), ("NCC102", "NCC102")],
    ("97140", "97124"): [("NCC101", "NCC101")] * 3,
}


def verdicts(engine: Engine, pairs: Sequence[tuple[str, str]], day: str) -> dict[tuple[str, str], str]:
    """Which of the two pair checks finds each pair, one patient for each, billed on one day without a modifier."""
    stock = casekit.stock()
    lines = [
        {**stock["defaults"]["claim_lines"], "patient_id": f"P{n}", "claim_id": f"C{n}", "line_number": str(at), "procedure_code": code, "service_date": day, "allowed_amount": "10.00"}
        for n, pair in enumerate(pairs)
        for at, code in enumerate(pair, start=1)
    ]  # fmt: skip
    checks = [registry.checks()[code] for code in ("NCC101", "NCC102")]
    worked.prepare(engine, {**stock["given"], "claim_lines": lines}, checks, date.fromisoformat(day))
    found = dict.fromkeys(pairs, NOTHING)
    for check in checks:
        for row in worked.judge_records(engine, check):
            assert row["verdict"] in ("pass", "finding")
            if row["verdict"] == "finding":
                found[pairs[int(row["patient_id"][1:])]] = check.code
    return found


@pytest.fixture(scope="module")
def replay_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("replay")
    store = folder / "store"
    store.mkdir()
    for version, pairs in VERSIONS.items():
        add(store, [ptp_text(folder / f"ccipra-{version}.txt", pairs)])
    return store


@pytest.mark.parametrize("at", range(3), ids=DAYS)
def test_replay_of_2020(replay_store: Path, at: int) -> None:
    """The verdicts of three days of 2020, as the payer knew the table then and as it is known now."""
    pairs = list(REPLAY)
    for which, known in enumerate((DAYS[at], None)):
        assert verdicts(loaded(replay_store, known), pairs, DAYS[at]) == {
            pair: REPLAY[pair][at][which] for pair in pairs
        }, known


# Rows of the conformance file that need the real start of a pair: the day, the lines, and the verdict on the line of column 2.
REAL_STARTS = {
    "B005": ("2019-06-03", ["97150 59", "97110"], ("97110", "NCC102", "finding")),
    "B006": ("2019-07-02", ["97150 59", "97110"], ("97110", "NCC102", "pass")),
    "B008": ("2018-05-02", ["97140", "97530"], ("97530", "NCC102", "finding")),
    "last day of the old place": ("2019-06-30", ["97150 59", "97110"], ("97110", "NCC102", "finding")),
    "column 2 before that day": ("2019-06-03", ["97150", "97110 59"], ("97110", "NCC102", "pass")),
    "first day of either place": ("2019-07-01", ["97150 59", "97110"], ("97110", "NCC102", "pass")),
    "last day of the pair": ("2019-12-31", ["97140", "97530"], ("97530", "NCC102", "finding")),
    "the day after": ("2020-01-01", ["97140", "97530"], None),
}


@pytest.mark.parametrize(("day", "billed", "expected"), REAL_STARTS.values(), ids=REAL_STARTS)
def test_pairs_with_their_real_start(
    real_starts: Engine, day: str, billed: list[str], expected: tuple[str, str, str] | None
) -> None:
    stock = casekit.stock()
    lines = [
        {**stock["defaults"]["claim_lines"], "line_number": str(at), "service_date": day, "allowed_amount": "10.00"}
        | dict(zip(("procedure_code", "modifier_1"), line.split(), strict=False))
        for at, line in enumerate(billed, start=1)
    ]
    checks = [registry.checks()[code] for code in ("NCC101", "NCC102")]
    worked.prepare(real_starts, {**stock["given"], "claim_lines": lines}, checks, date.fromisoformat(day))
    found = [
        (lines[int(row["line_number"]) - 1]["procedure_code"], check.code, row["verdict"])
        for check in checks
        for row in worked.judge_records(real_starts, check)
        if check.code == "NCC102" or row["verdict"] != "pass"
    ]
    assert found == ([expected] if expected else [])


@pytest.fixture(scope="module")
def real_starts(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A quarter of 2024 in the CMS layout that holds the old spans of two pairs."""
    folder = tmp_path_factory.mktemp("real_starts")
    (folder / "store").mkdir()
    pairs = [("97150", "97110", "19980101", "20191231", "1"), ("97140", "97530", "20030101", "20191231", "1")]
    add(folder / "store", [ptp_text(folder / "ccipra-v302r0.txt", pairs)])
    return loaded(folder / "store")


def test_a_table_speaks_from_its_publication(replay_store: Path) -> None:
    """The table of January judges a day in May as long as nothing newer is known: a row that is open stays in force."""
    pairs = [("97530", "97161"), ("97140", "97124")]
    assert verdicts(loaded(replay_store, "2020-03-31"), pairs, "2020-05-01") == {pairs[0]: "NCC101", pairs[1]: "NCC101"}
    assert verdicts(loaded(replay_store, "2020-04-01"), pairs, "2020-05-01") == {pairs[0]: NOTHING, pairs[1]: "NCC101"}
    assert verdicts(loaded(replay_store, "2020-04-01"), pairs, "2020-01-15") == {pairs[0]: NOTHING, pairs[1]: "NCC101"}


def not_known(engine: Engine) -> set[str]:
    return set(engine.value("select not_known from ref.edition"))


def test_what_no_one_had_published_is_not_known(store: Path) -> None:
    """Shipped tables count from their publication too; what the program restates with dates of its own always does."""
    engine = loaded(store, "2025-06-30")
    assert {row[0] for row in rows(engine, "unit_limit", "release")} == {"MUE-2024Q3", "MUE-2024Q3-hospital"}
    assert rows(engine, "unit_limit", "valid_to", "procedure_code = '97110'") == [(None,), (None,)], (
        "open until something newer is known"
    )
    assert {row[0] for row in rows(engine, "fee_schedule", "valid_to")} == {date(2025, 1, 1)}, (
        "a price never lends itself to the next year"
    )
    assert engine.value("select max(valid_from) from ref.icd10") == date(2024, 10, 1)
    assert rows(engine, "icd10", "billable, valid_to", "code = 'M722'") == [(True, None)]
    assert {"icd10_excludes1", "icd10_side"} <= not_known(engine) and "pair_edit" not in not_known(engine)
    assert rows(engine, "therapy_threshold", "1", "valid_from = '2026-01-01'")
    late = loaded(store, "2019-06-30")
    assert {"add_on", "fee_schedule", "pair_edit", "unit_limit"} <= not_known(late)
    assert not {"therapy_threshold", "procedure", "modifier"} & not_known(late)


# Comparing releases ---------------------------------------------------------------------------------------------


def test_diff_of_two_quarters(store: Path, tmp_path: Path) -> None:
    add(store, [ptp_text(tmp_path / "ccipra-v303r0.txt", PAIRS)])
    later = [
        ("97140", "97124", "20000101", "20241231", "0"),
        *PAIRS[1:3],
        ("97530", "97750", "20250101", "*", "1"),
    ]
    add(store, [ptp_text(tmp_path / "ccipra-v310r0.txt", later)])
    found = diff(store, "PTP-2024Q4-practitioner", "PTP-2025Q1-practitioner")
    assert (found.added, found.removed, found.changed) == (1, 1, 1)
    assert [(row["change"], row["column_1"], row["column_2"]) for row in found.rows.to_pylist()] == [
        ("added", "97530", "97750"),
        ("changed", "97140", "97124"),
        ("removed", "97530", "97116"),
    ]
    changed = found.rows.to_pylist()[1]
    assert (changed["valid_to_before"], changed["valid_to_after"]) == (None, "2025-01-01")


def test_diff_of_snapshots_goes_by_code(store: Path, tmp_path: Path) -> None:
    """The first day of a snapshot is that of the release, and no change; a shipped release can be compared as well."""
    for quarter, limits in (
        ("01-01-2025", [("97110", 6, "3"), ("97010", 0, "3")]),
        ("04-01-2025", [("97110", 5, "3"), ("97113", 6, "3")]),
    ):
        add(store, [mue_csv(tmp_path / f"MCR_MUE_PractitionerServices_Eff_{quarter}.csv", limits)])
    found = diff(store, "MUE-2025Q1", "MUE-2025Q2")
    assert [
        (row["change"], row["procedure_code"], row["unit_limit_before"], row["unit_limit_after"])
        for row in found.rows.to_pylist()
    ] == [
        ("added", "97113", None, "6"),
        ("changed", "97110", "6", "5"),
        ("removed", "97010", "0", None),
    ]
    shipped = diff(store, "MUE-2024Q3", "MUE-2025Q1")
    assert (shipped.added, shipped.changed) == (0, 0) and shipped.removed > 100
    with pytest.raises(
        UsageError, match=r"There is no release MUE-2031Q1. There are MUE-2025Q1, MUE-2025Q2, AOC-2024Q2"
    ):
        diff(store, "MUE-2025Q1", "MUE-2031Q1")
    with pytest.raises(
        UsageError, match=r"fills ref.unit_limit and AOC-2024Q2 fills ref.add_on. Compare releases of one set."
    ):
        diff(store, "MUE-2025Q1", "AOC-2024Q2")


# Payers ---------------------------------------------------------------------------------------------------------

SWITCHES = "payer_id,switch,value,valid_from,valid_to,citation\n"


def switches(store: Path, path: Path, *lines: str, published: str = "2026-01-01") -> Engine:
    path.write_text(SWITCHES + "\n".join(f"{line},contract of 2025" for line in lines) + "\n")
    add(store, [path], Hints(published=date.fromisoformat(published)))
    return loaded(store)


def payers(engine: Engine, columns: str, as_of: str = "2026-03-02") -> dict[str, Any]:
    given = casekit.stock()["given"]
    worked.prepare(engine, {**given, "claim_lines": []}, [registry.checks()["NCC101"]], date.fromisoformat(as_of))
    return dict(engine.rows(f"select payer_id, {columns} from core.payer"))


def test_a_cited_switch_outweighs_the_class_and_payers_csv(store: Path, tmp_path: Path) -> None:
    engine = switches(
        store, tmp_path / "s.csv", "UNK,uses_ncci,true,2025-01-01,", "TRUE,uses_ncci,false,2025-01-01,", "MCR,uses_ncci,unknown,2025-01-01,",
        "CMS,uses_ncci,true,2025-01-01,2026-03-02", "CPT,uses_ncci,true,2026-03-02,",
    )  # fmt: skip
    assert payers(engine, "uses_ncci") == {
        "UNK": True, "TRUE": False, "MCR": None, "CMS": None, "CPT": True, "FALSE": False, "MA": None, "OTHER": None,
    }  # fmt: skip
    assert payers(engine, "uses_ncci", "2026-03-01")["CMS"] is True, "to the day before the last"
    assert payers(engine, "uses_ncci", "2026-03-01")["CPT"] is None


def test_a_newer_file_of_switches_replaces_payer_by_payer_and_switch_by_switch(store: Path, tmp_path: Path) -> None:
    switches(
        store,
        tmp_path / "a.csv",
        "UNK,uses_ncci,true,2025-01-01,",
        "UNK,units_method,cpt,2025-01-01,",
        "OTHER,units_method,cms,2025-01-01,",
    )
    engine = switches(store, tmp_path / "b.csv", "UNK,units_method,cms,2025-01-01,", published="2026-02-01")
    found = payers(engine, "[uses_ncci::varchar, units_method]")
    assert (found["UNK"], found["OTHER"]) == (["true", "cms"], [None, "cms"])
    assert [
        row[0] for row in engine.rows("select release from ref.release where set = 'payer_switch' order by all")
    ] == ["payer_switch-2026-01-01", "payer_switch-2026-02-01"]


@pytest.mark.parametrize(
    "switch",
    [
        "timely_filing_days",
        "mac",
        "bilateral_form",
        "ncci_setting",
        "same_provider",
        "requires_rehabilitative_modifier",
    ],
)
def test_every_switch_is_heard(store: Path, tmp_path: Path, switch: str) -> None:
    value = {
        "timely_filing_days": "90",
        "mac": "J6",
        "bilateral_form": "two_lines",
        "ncci_setting": "hospital",
        "same_provider": "billing",
    }.get(switch, "true")
    engine = switches(store, tmp_path / "s.csv", f"MCR,{switch},{value},2025-01-01,")
    assert payers(engine, f"{switch}::varchar")["MCR"] == value


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("UNK,use_ncci,true,2025-01-01,", "row UNK use_ncci: there is no such switch. Correct it."),
        ("UNK,uses_ncci,cms,2025-01-01,", "row UNK uses_ncci: the value is not one that the switch takes."),
        ("UNK,uses_ncci,,2025-01-01,", "row UNK uses_ncci: the value is not one that the switch takes."),
        ("UNK,enabled:UNT999,false,2025-01-01,", "row UNK enabled:UNT999: there is no such check or family."),
        ("UNK,enabled:UNT101,no,2025-01-01,", "row UNK enabled:UNT101: the value is not one that the switch takes."),
    ],
)
def test_switches_that_are_refused(store: Path, tmp_path: Path, line: str, says: str) -> None:
    (tmp_path / "s.csv").write_text(f"{SWITCHES}{line},x\n")
    assert says in refused(InputError, store, [tmp_path / "s.csv"], Hints(published=date(2026, 1, 1)))


def test_a_switch_for_every_column_of_the_payer() -> None:
    """The list of known switches follows core.payer."""
    columns = {column.name for column in catalog.tables()["core.payer"].columns} - {
        "payer_id",
        "payer_name",
        "payer_class",
    }
    known = catalog.tables()["ref.payer_switch"].refuse["there is no such switch"]
    assert columns == set(re.findall(r"\w+", known.split("'")[1])) - {"enabled"}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["MEDICARE,enabled:UNT108,false,2025-01-01,"], "check-not-enabled"),
        (["MEDICARE,enabled:UNT,false,2025-01-01,"], "check-not-enabled"),
        (["MEDICARE,enabled:UNT,false,2025-01-01,", "MEDICARE,enabled:UNT108,true,2025-01-01,"], "finding"),
        (["OTHERS,enabled:UNT108,false,2025-01-01,"], "finding"),
        (["MEDICARE,enabled:UNT108,false,2025-01-01,2026-01-01"], "finding"),
    ],
)
def test_a_check_that_is_not_enabled_is_counted(
    tiny_claims: Path, tmp_path: Path, lines: list[str], expected: str
) -> None:
    """It never falls silent: what it examined is in the coverage, as not judged."""
    settings = Settings(inputs=[tiny_claims], db=tmp_path / "x.duckdb", out=tmp_path / "out", select=["UNT108"])
    store = store_of(settings.db)
    store.mkdir()
    switches(store, tmp_path / "s.csv", *lines)
    summary = jobs.run(settings)
    with open(tmp_path / "out" / "2026-09" / "coverage.csv", newline="") as file:
        found = {(row["verdict"], row["reason"]): int(row["subjects"]) for row in csv.DictReader(file)}
    if expected == "finding":
        assert found == {("finding", ""): 1} and summary.findings == 1
    else:
        assert found == {("cannot_tell", expected): 1} and summary.findings == 0


# The command ----------------------------------------------------------------------------------------------------


def command(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        cli.main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return int(ended.value.code or 0), captured.out, captured.err


def test_the_commands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    first = mue_csv(
        tmp_path / "MCR_MUE_PractitionerServices_Eff_01-01-2025.csv", [("97110", 6, "3"), ("97112", 4, "3")]
    )
    second = mue_csv(tmp_path / "second.csv", [("97110", 5, "3"), ("97112", 4, "3")])
    assert command(capsys, "reference", "list") == (0, "No release was added: runs use the starter tables.\n", "")
    code, out, _ = command(capsys, "reference", "add", first)
    assert code == 0
    assert (
        out
        == "MUE-2025Q1                       unit_limit                   2 rows  published 2025-01-01  from 2025-01-01 on\n"
    )
    code, out, err = command(capsys, "reference", "add", second)
    assert (code, out) == (2, "") and err.endswith("Give it with --effective.\n")
    assert command(
        capsys, "reference", "add", second, "--effective", "2025-04-01", "--published", "2025-03-01", "--quiet"
    )[:2] == (0, "")
    assert command(capsys, "reference", "add", first)[0] == 3
    code, out, _ = command(capsys, "reference", "list")
    assert [line.split()[0] for line in out.splitlines()] == ["MUE-2025Q1", "MUE-2025Q2"]
    code, out, _ = command(capsys, "reference", "list", "--json")
    assert [(one["release"], one["published_on"]) for one in json.loads(out)] == [
        ("MUE-2025Q1", "2025-01-01"),
        ("MUE-2025Q2", "2025-03-01"),
    ]
    code, out, _ = command(capsys, "reference", "diff", "MUE-2025Q1", "MUE-2025Q2", "--out", "d.csv")
    assert code == 0
    assert out.splitlines()[0] == "From MUE-2025Q1 to MUE-2025Q2: 0 added, 0 removed, 1 changed"
    assert "unit_limit_before=6  unit_limit_after=5" in out
    assert len(Path("d.csv").read_text().splitlines()) == 2 and stat.S_IMODE(Path("d.csv").stat().st_mode) == 0o600
    assert command(capsys, "reference", "verify") == (
        0,
        "MUE-2025Q1                       as added\nMUE-2025Q2                       as added\n",
        "",
    )
    (tmp_path / "claimaudit.duckdb.reference" / "MUE-2025Q1" / "rows.parquet").write_bytes(b"")
    code, out, err = command(capsys, "reference", "verify")
    assert code == 3 and "MUE-2025Q1                       its rows are not" in out and "Damaged: MUE-2025Q1." in err
    assert stat.S_IMODE((tmp_path / "claimaudit.duckdb.reference").stat().st_mode) == 0o700
    assert command(capsys, "reference", "add", first, "--setting", "dentist")[2].startswith(
        "claimaudit: There is no setting 'dentist'."
    )


def test_a_run_uses_the_releases_beside_its_database(
    tiny_claims: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """97110 and 97140 of one day are no pair today, and one in a table that says so."""
    monkeypatch.chdir(tmp_path)
    (tiny_claims / "payers.csv").write_text("payer_id,payer_class\nMEDICARE,medicare_b\n")
    path = ptp_text(tmp_path / "ccipra-v322r0.txt", [("97110", "97140", "20260701", "*", "0")])
    assert command(capsys, "reference", "add", path)[0] == 0
    run = ("run", tiny_claims, "--select", "NCC101", "--json")
    for more, findings in (((), 1), (("--known-as-of", "2026-06-30"), 0), (("--known-as-of", "2026-07-01"), 1)):
        code, out, _ = command(capsys, *run, *more)
        assert (code, json.loads(out)["findings"]) == (0, findings), more
    manifest = json.loads((tmp_path / "out" / "2026-09" / "manifest.json").read_text())
    assert manifest["reference_known_as_of"] == "2026-07-01"
    (used,) = [one for one in manifest["reference_releases"] if one["set"] == "pair_edit" and not one["starter"]]
    assert (used["release"], used["rows"]) == ("PTP-2026Q3-practitioner", 1)
    for step in (
        ("ingest", tiny_claims),
        ("build", "--known-as-of", "2026-06-30"),
        ("audit", "--select", "NCC101"),
        ("export",),
    ):
        assert command(capsys, *step)[0] == 0
    assert (
        json.loads((tmp_path / "out" / "2026-09" / "manifest.json").read_text())["reference_known_as_of"]
        == "2026-06-30"
    )


def test_rehearse(
    tiny_claims: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a release would add and withdraw, by provider; nothing is adopted and nothing stays."""
    monkeypatch.chdir(tmp_path)
    (tiny_claims / "payers.csv").write_text("payer_id,payer_class\nMEDICARE,medicare_b\n")
    adopted = ptp_text(tmp_path / "ccipra-v322r0.txt", [("97110", "97140", "20260701", "*", "0")])
    assert command(capsys, "reference", "add", adopted)[0] == 0
    pairs = ptp_text(
        tmp_path / "ccipra-v323r0.txt",
        [("97110", "97140", "20260701", "20260701", "9"), ("97140", "97110", "20260701", "*", "0")],
    )
    limits = mue_csv(tmp_path / "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", [("97161", 1, "2")])
    code, out, err = command(
        capsys, "rehearse", tiny_claims, "--select", "NCC", "--releases", pairs, limits, "--out", "r.csv"
    )
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "With PTP-2026Q4-practitioner, MUE-2026Q3",
        "  provider      added  withdrawn  changed          over      would be         under      would be",
        "  1234567893        1          1        0        118.00        150.00          0.00          0.00",
        "  together          1          1        0        118.00        150.00          0.00          0.00",
    ]
    with open("r.csv", newline="") as file:
        found = [
            (row["change"], row["check_code"], row["amount_before"], row["amount_after"])
            for row in csv.DictReader(file)
        ]
    assert found == [("added", "NCC101", "", "60.00"), ("withdrawn", "NCC101", "28.00", "")]
    assert [release.release for release in releases(store_of(tmp_path / "claimaudit.duckdb"))] == [
        "PTP-2026Q3-practitioner"
    ]
    assert not (tmp_path / "claimaudit.duckdb").exists() and not list(tmp_path.glob(".rehearse-*"))
    assert "is loaded already" in command(capsys, "rehearse", tiny_claims, "--releases", adopted)[2]
    assert "No release is given. Name its files after --releases." in command(capsys, "rehearse", tiny_claims)[2]
    assert not list(tmp_path.glob(".rehearse-*"))


def test_a_run_says_what_was_not_known(
    tiny_claims: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = command(capsys, "run", tiny_claims, "--select", "UNT108", "--known-as-of", "2020-01-15", "--json")
    assert code == 0 and "pair_edit" in json.loads(out)["details"]["reference_not_known"]
    assert err.startswith("claimaudit: As known on 2020-01-15 there was no release of add_on, ")
    manifest = json.loads((tmp_path / "out" / "2026-09" / "manifest.json").read_text())
    assert "pair_edit" in manifest["reference_not_known"]


def test_a_check_without_the_table_that_it_needs_is_not_silent(tiny_claims: Path, tmp_path: Path) -> None:
    """Each line that the rule may be about is counted, under payers with the switch, without it, and unknown."""
    (tiny_claims / "payers.csv").write_text("payer_id,payer_class,uses_ncci\nMEDICARE,medicare_b,\n")
    settings = Settings(
        inputs=[tiny_claims], db=tmp_path / "c.duckdb", out=tmp_path / "out", select=["NCC101", "DXC105", "UNT101"],
        known_as_of=date(2020, 1, 15),
    )  # fmt: skip
    jobs.run(settings)
    with (tmp_path / "out" / "2026-09" / "coverage.csv").open(newline="") as handle:
        found = [row for row in csv.DictReader(handle) if row["check_code"] != "UNT101"]
    assert {(row["check_code"], row["verdict"], row["reason"]) for row in found} == {
        ("NCC101", "cannot_tell", "reference-not-known"), ("DXC105", "cannot_tell", "reference-not-known")
    }  # fmt: skip
    lines = len((tiny_claims / "claim_lines.csv").read_text().splitlines()) - 1
    assert sum(int(row["subjects"]) for row in found) == 2 * lines
    (tiny_claims / "payers.csv").write_text("payer_id,payer_class,uses_ncci\nMEDICARE,medicare_b,false\n")
    jobs.run(settings)
    assert "NCC101" not in (tmp_path / "out" / "2026-09" / "coverage.csv").read_text()


# Which release speaks, against the rule day by day ----------------------------------------------------------------


@pytest.mark.parametrize("seed", range(40))
def test_which_release_speaks(tmp_path: Path, seed: int) -> None:
    """Random shipped rows and releases of a table of snapshots; the rule of docs/operations.md asked for each day."""
    chance = random.Random(seed)
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(24)]
    keys = [(code, setting) for code in ("A", "B") for setting in ("practitioner", "hospital")]
    shipped: list[tuple[str, str, date, date | None, int]] = []
    for code, setting in keys:
        edges = sorted(chance.sample(days, chance.randint(1, 4)))
        for start, end in zip(edges, [*edges[1:], chance.choice([None, days[-1] + timedelta(days=1)])], strict=True):
            if chance.random() < 0.8:
                shipped.append((code, setting, start, end, len(shipped) + 100))
    official: list[Release] = []
    values: dict[tuple[str, str, str], int] = {}
    for number in range(chance.randint(1, 5)):
        start = chance.choice(days)
        end = chance.choice([None, None, start + timedelta(days=chance.randint(1, 12))])
        name, setting = f"R{number}", chance.choice(["practitioner", "hospital"])
        listed = {code: number * 10 + at for at, code in enumerate("AB") if chance.random() < 0.8} or {"B": number * 10}
        values |= {(name, code, setting): value for code, value in listed.items()}
        folder = tmp_path / name
        folder.mkdir()
        pq.write_table(
            pa.table(
                {
                    "procedure_code": list(listed),
                    "setting": [setting] * len(listed),
                    "valid_from": pa.array([start] * len(listed), pa.date32()),
                    "unit_limit": pa.array(list(listed.values()), pa.int32()),
                    "adjudication": pa.array([3] * len(listed), pa.int32()),
                }
            ),
            folder / "rows.parquet",
        )
        official.append(
            Release(
                name,
                "unit_limit",
                "x",
                "CMS",
                chance.choice(days),
                start,
                end,
                "",
                "x",
                (setting,),
                1,
                "",
                "",
                (),
                0,
                folder,
            )
        )
    official.sort(key=lambda release: release.order)
    table = catalog.tables()["ref.unit_limit"]
    engine = Engine(threads=1)
    engine.create(table)
    for row in shipped:
        engine.execute("insert into ref.unit_limit values (?, ?, ?, ?, ?, 3, 'S', 'x')", list(row))
    for release in reference._resolve(engine, table, official):
        reference._insert_rows(engine, table, release, True)
    for code, setting in keys:
        own = [row for row in shipped if row[:2] == (code, setting)]
        for day in days:
            held = engine.rows(
                """select unit_limit from ref.unit_limit where procedure_code = ? and setting = ?
                and valid_from <= ? and (valid_to is null or ? < valid_to)""",
                [code, setting, day, day],
            )
            starter = [value for *_, start, end, value in own if start <= day and (end is None or day < end)]
            speaking = [
                one
                for one in official
                if one.settings == (setting,) and one.valid_from <= day and (one.valid_to is None or day < one.valid_to)
            ]
            expected = starter
            if speaking:
                best = max(speaking, key=lambda one: (one.valid_from, one.order))
                later = {edge for row in own for edge in row[2:4] if edge and best.valid_from < edge <= day}
                if best.valid_to is not None or not later:
                    value = values.get((best.release, code, setting))
                    expected = [] if value is None else [value]
            assert [row[0] for row in held] == expected, (code, setting, day)


@pytest.mark.slow
def test_rehearse_on_the_sample(tmp_path: Path) -> None:
    """A table that holds what is shipped and one pair more adds the findings of that pair, provider by provider, and withdraws nothing."""
    shipped = Engine(threads=1)
    load_reference(shipped, [])
    found = shipped.rows(
        """select column_1, column_2, strftime(valid_from, '%Y%m%d'), coalesce(strftime(valid_to - 1, '%Y%m%d'), '*'), indicator::varchar
        from ref.pair_edit where setting = 'practitioner' and indicator <> 9 order by all"""
    )
    pairs = [*found, ("97530", "97140", "20200101", "*", "1")]
    table = ptp_text(tmp_path / "ccipra-v322r0.txt", pairs)
    settings = Settings(inputs=[ROOT / "sample_data" / "claims"], db=tmp_path / "x.duckdb", select=["NCC101", "NCC102"])
    rehearsed = jobs.rehearse(settings, [table], Hints())
    assert [release.release for release in rehearsed.releases] == [
        "PTP-2026Q3-practitioner"
    ] and not rehearsed.incomplete
    changes = rehearsed.findings.to_pylist()
    assert changes and {(row["change"], row["check_code"]) for row in changes} == {("added", "NCC102")}
    assert all("97530" in row["message"] for row in changes)
    for row in rehearsed.providers:
        own = [change for change in changes if change["provider_npi"] == row["provider_npi"]]
        assert (row["added"], row["withdrawn"], row["changed"]) == (len(own), 0, 0)
        assert 0 <= row["over_after"] - row["over_before"] <= sum(change["amount_after"] for change in own)
    assert sum(row["over_after"] - row["over_before"] for row in rehearsed.providers) > 0
    assert list(tmp_path.iterdir()) == [table]
