"""The shipped reference tables: shape, dates, citations, and values that published examples fix."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

REF = Path(__file__).resolve().parent.parent / "sql" / "ref"

# Columns that name a row beside its dates; rows are sorted by them and then by valid_from.
KEYS = {
    "add_on": ("add_on_code", "primary_code", "edit_type"),
    "assistant_policy": (),
    "certification_rule": (),
    "chemodenervation": ("procedure_code",),
    "code_range": ("kind", "code_low"),
    "coverage_policy": ("payer_id", "mac", "region", "policy_id", "code_low", "dx_low", "dos_from"),
    "drug": ("procedure_code",),
    "drug_dose": ("procedure_code",),
    "drug_price": ("procedure_code",),
    "exclusion": ("npi", "from_date", "source"),
    "federal_holiday": ("day",),
    "fee_schedule": ("procedure_code",),
    "functional_code": ("procedure_code",),
    "geographic_factor": ("state",),
    "hcpcs": ("code",),
    "icd10": ("code",),
    "icd10_excludes1": ("code_low", "code_high", "excluded_low", "excluded_high"),
    "icd10_side": ("code",),
    "modifier": ("modifier",),
    "modifier_conflict": ("modifier_a", "modifier_b"),
    "modifier_not_for_therapy": ("modifier", "scope"),
    "overpayment_rule": (),
    "pair_edit": ("column_1", "column_2", "setting", "indicator"),  # 9: withdrawn, beside the row that holds
    "pattern_rule": ("rule",),
    "payer_class": ("payer_class", "switch"),
    "payer_switch": ("payer_id", "switch"),
    "peer_value": ("metric", "discipline"),
    "place_rule": ("rule", "place_of_service"),
    "precision_rule": (),
    "procedure": ("procedure_code",),
    "provider_taxonomy": ("npi",),
    "release": ("release",),
    "specialty": ("kind", "code"),
    "therapist_place": ("place_of_service",),
    "therapy_reduction": ("setting",),
    "therapy_threshold": (),
    "time_threshold": ("procedure_code",),
    "unit_limit": ("procedure_code", "setting"),
    "vial": ("procedure_code", "vial_units"),
}
TIMELESS = {
    "coverage_policy",
    "exclusion",
    "federal_holiday",
    "provider_taxonomy",
    "icd10_side",
    "place_rule",
    "specialty",
}  # sets whose rows hold on every date
CODE_SETS = {
    ("procedure", "unit_type"): {"timed15", "untimed", "other_time", "area", "section", "period", "other"},
    ("procedure", "therapy_status"): {"always", "sometimes", "none"},
    ("procedure", "evaluation"): {"", "evaluation", "re-evaluation"},
    ("procedure", "locked_modifier"): {"", "GP", "GO", "GN"},
    ("modifier", "kind"): {
        *("discipline", "assistant", "distinct", "liability", "threshold", "anatomic", "repeat", "drug_waste", "other"),
        *("evaluation_management", "functional_severity", "habilitative", "telehealth", "payment"),
    },
    ("time_threshold", "counted_per"): {"day", "month"},
    ("modifier_conflict", "scope"): {"any", "therapy_line"},
    ("modifier_not_for_therapy", "scope"): {"always", "timed15"},
    ("unit_limit", "setting"): {"practitioner", "hospital"},
    ("pair_edit", "setting"): {"practitioner", "hospital"},
    ("pair_edit", "indicator"): {"0", "1", "9"},
    ("add_on", "edit_type"): {"1", "2", "3"},
    ("vial", "status"): {"confirmed", "memory"},
    ("unit_limit", "adjudication"): {"1", "2", "3"},
    ("fee_schedule", "status"): {"A", "B", "C", "I", "N", "R"},
}
ALWAYS = [
    *("92507", "92508", "92521", "92522", "92523", "92524", "92526", "92597", "92607", "92608", "92609"),
    *("96125", "97012", "97016", "97018", "97022", "97024", "97026", "97028", "97032", "97033", "97034"),
    *("97035", "97036", "97039", "97110", "97112", "97113", "97116", "97124", "97139", "97140", "97150"),
    *("97161", "97162", "97163", "97164", "97165", "97166", "97167", "97168", "97530", "97533", "97535"),
    *("97537", "97542", "97750", "97755", "97760", "97761", "97763", "97799", "G0281", "G0283", "G0329"),
]
CENT = Decimal("0.01")

Row = dict[str, str]


def declared(name: str) -> tuple[str, dict[str, str]]:
    """The name of the defaults file of `name` and its declared columns with their types."""
    block = re.match(r"/\*---\n(.*?)^---$", (REF / f"{name}.sql").read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert block is not None
    header = yaml.safe_load(block[1])
    assert header["table"] == f"ref.{name}"
    # what the program fills in (`derived`) is not in the file
    return header["defaults"], {
        column: spec["type"] for column, spec in header["columns"].items() if not spec.get("derived")
    }


def content(file_name: str) -> bytes:
    data = (REF / "defaults" / file_name).read_bytes()
    return gzip.decompress(data) if file_name.endswith(".gz") else data


@cache
def rows(name: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(content(declared(name)[0]).decode(), newline="")))


def on(name: str, day: str, **key: str) -> list[Row]:
    """Rows of `name` in force on `day` (ISO dates compare as text) that match `key`."""
    return [
        row
        for row in rows(name)
        if row["valid_from"] <= day
        and (not row["valid_to"] or day < row["valid_to"])
        and all(row[column] == value for column, value in key.items())
    ]


def one(name: str, day: str, **key: str) -> Row:
    (row,) = on(name, day, **key)
    return row


@pytest.mark.parametrize("name", KEYS)
def test_file_has_the_declared_columns_in_clean_text(name: str) -> None:
    file_name, columns = declared(name)
    assert file_name in (f"{name}.csv", f"{name}.csv.gz")
    assert list(columns)[-1] == "citation"
    data = content(file_name)
    assert b"\r" not in data and data.endswith(b"\n") and not data.startswith(b"\xef\xbb\xbf")
    table = list(csv.reader(io.StringIO(data.decode(), newline="")))
    assert table[0] == list(columns)
    for record in table[1:]:
        assert len(record) == len(columns), record
        assert all(cell == cell.strip() for cell in record), record
        assert record[-1], record


@pytest.mark.parametrize("name", KEYS)
def test_cells_have_their_declared_type(name: str) -> None:
    _, columns = declared(name)
    for row in rows(name):
        for column, kind in columns.items():
            cell = row[column]
            if not cell:
                continue
            if kind == "DATE":
                assert date.fromisoformat(cell).isoformat() == cell, row
            elif kind == "BOOLEAN":
                assert cell in {"true", "false"}, row
            elif kind == "INTEGER":
                assert str(int(cell)) == cell, row
            elif kind.startswith("DECIMAL"):
                scale = int(kind.rstrip(")").split(",")[1])
                assert -Decimal(cell).as_tuple().exponent <= scale, row
            elif kind.startswith("ENUM"):
                assert f"'{cell}'" in kind, row
            else:
                assert kind == "VARCHAR"


@pytest.mark.parametrize("name", KEYS)
def test_rows_are_sorted_and_do_not_overlap(name: str) -> None:
    key = KEYS[name]
    kinds = declared(name)[1]
    named = [tuple(row[column] for column in key) + (row.get("valid_from", ""),) for row in rows(name)]
    assert len(named) == len(set(named))
    order = [
        tuple(
            int(row[c]) if kinds[c] == "INTEGER" else row[c]
            for c in (*key, "valid_from")
            if c in row and c != "indicator"
        )
        for row in rows(name)
    ]
    assert order == sorted(order) or [tuple(map(str, o)) for o in order] == sorted(tuple(map(str, o)) for o in order)
    if name in TIMELESS:
        return
    spans: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows(name):
        assert row["valid_from"], row
        assert not row["valid_to"] or row["valid_from"] < row["valid_to"], row
        spans[tuple(row[column] for column in key)].append(row)
    for group in spans.values():
        for earlier, later in pairwise(group):
            assert earlier["valid_to"] and earlier["valid_to"] <= later["valid_from"], (earlier, later)


@pytest.mark.parametrize(("name", "column"), CODE_SETS)
def test_words_come_from_the_closed_sets(name: str, column: str) -> None:
    assert {row[column] for row in rows(name)} <= CODE_SETS[name, column]


@pytest.mark.parametrize("day", ["2018-01-01", "2021-06-01", "2024-09-10", "2026-11-22"])
def test_always_therapy_codes_are_the_published_55(day: str) -> None:
    assert len(ALWAYS) == 55
    assert sorted(row["procedure_code"] for row in on("procedure", day, therapy_status="always")) == sorted(ALWAYS)


def test_codes_that_never_take_a_therapy_modifier() -> None:
    for code in ("97010", "97014", "98978", "98986"):
        assert one("procedure", "2026-03-02", procedure_code=code)["therapy_status"] == "none"


def test_procedure_rows_are_consistent() -> None:
    table = rows("procedure")
    codes = {row["procedure_code"] for row in table}
    for row in table:
        assert row["allocation_code"] in codes, row
        assert set(filter(None, row["successor_code"].split("|"))) <= codes, row
        assert set(filter(None, row["disciplines"].split("/"))) <= {"PT", "OT", "SLP"}, row
        assert (row["minutes_per_unit"] == "15") if row["unit_type"] == "timed15" else True, row
        assert bool(row["minutes_per_unit"]) == (row["unit_type"] in {"timed15", "other_time"}), row
        assert bool(row["locked_modifier"]) == bool(row["locked_from"]), row
    shared = {
        row["procedure_code"]: row["allocation_code"]
        for row in table
        if row["procedure_code"] != row["allocation_code"]
    }
    assert shared == {"97130": "97129", "90913": "90912"}


def test_locked_codes_are_those_of_the_2018_edit() -> None:
    locked = defaultdict(list)
    for row in rows("procedure"):
        if row["locked_modifier"]:
            assert row["locked_from"] == "2018-01-01"
            locked[row["locked_modifier"]].append(row["procedure_code"])
    assert locked == {
        "GP": ["97161", "97162", "97163", "97164"],
        "GO": ["97165", "97166", "97167", "97168"],
        "GN": ["92521", "92522", "92523", "92524", "92597", "92607"],
    }


def test_functional_codes_are_42_and_end_with_2019() -> None:
    functional = [row for row in rows("procedure") if re.match(r"G(89|91)", row["procedure_code"])]
    expected = {f"G{n}" for n in (*range(8978, 9000), *range(9158, 9177), 9186)}
    assert {row["procedure_code"] for row in functional} == expected and len(expected) == 42
    assert {(row["valid_from"], row["valid_to"], row["therapy_status"], row["unit_type"]) for row in functional} == {
        ("2013-01-01", "2020-01-01", "none", "other")
    }


@pytest.mark.parametrize(
    ("code", "last_day", "successors"),
    [
        ("97001", "2016-12-31", "97161|97162|97163"),
        ("97004", "2016-12-31", "97168"),
        ("97762", "2017-12-31", "97763"),
        ("97532", "2017-12-31", "97127|G0515"),
        ("G0515", "2019-12-31", "97129|97130"),
        ("92506", "2013-12-31", "92521|92522|92523|92524"),
        ("90911", "2019-12-31", "90912|90913"),
        ("64550", "2018-12-31", ""),
        ("64613", "2013-12-31", "64616"),
    ],
)
def test_superseded_code_ends_when_its_successors_begin(code: str, last_day: str, successors: str) -> None:
    row = one("procedure", last_day, procedure_code=code)
    assert row["successor_code"] == successors
    assert not on("procedure", row["valid_to"], procedure_code=code)
    for successor in filter(None, successors.split("|")):
        assert on("procedure", row["valid_to"], procedure_code=successor)


@pytest.mark.parametrize(
    ("code", "first_day"),
    [
        ("97161", "2017-01-01"),
        ("97763", "2018-01-01"),
        ("20560", "2020-01-01"),
        ("97129", "2020-01-01"),
        ("98977", "2022-01-01"),
        ("97037", "2024-01-01"),
        ("97550", "2024-01-01"),
        ("J0589", "2024-04-01"),
        ("98979", "2026-01-01"),
    ],
)
def test_new_code_begins_on_its_date(code: str, first_day: str) -> None:
    (row,) = [row for row in rows("procedure") if row["procedure_code"] == code]
    assert row["valid_from"] == first_day


def test_each_year_from_2006_to_2026_has_one_threshold_and_2027_only_its_review_amount() -> None:
    table = rows("therapy_threshold")
    assert (table[0]["valid_from"], table[-1]["valid_to"]) == ("2006-01-01", "2028-01-01")
    assert all(a["valid_to"] == b["valid_from"] for a, b in pairwise(table))
    amounts = {
        year: {one("therapy_threshold", f"{year}-{d}")["amount"] for d in ("01-01", "12-31")}
        for year in range(2006, 2027)
    }
    assert all(len(amount) == 1 for amount in amounts.values())
    assert (amounts[2020], amounts[2025], amounts[2026]) == ({"2080.00"}, {"2410.00"}, {"2480.00"})
    assert {one("therapy_threshold", f"2027-{d}")["amount"] for d in ("01-01", "12-31")} == {""}


def test_review_amount_by_date() -> None:
    expected = {
        "2011-12-31": "",
        "2012-09-30": "",
        "2012-10-01": "3700.00",
        "2017-12-31": "3700.00",
        "2018-01-01": "3000.00",
    }
    assert {day: one("therapy_threshold", day)["review_amount"] for day in expected} == expected


def test_every_payer_class_has_a_units_method() -> None:
    methods = {row["payer_class"]: row["value"] for row in rows("payer_class") if row["switch"] == "units_method"}
    assert methods == {
        **dict.fromkeys(("medicare_b", "medicare_advantage", "medicaid", "tricare"), "cms"),
        **dict.fromkeys(("commercial", "workers_comp", "auto", "other"), "unknown"),
    }
    assert {row["payer_class"] for row in rows("payer_class") if row["switch"] != "units_method"} == {"medicare_b"}


def test_modifier_tables_name_known_modifiers() -> None:
    known = {row["modifier"] for row in rows("modifier")}
    assert all(re.fullmatch(r"[A-Z0-9]{2}", modifier) for modifier in known)
    for row in rows("modifier_conflict"):
        assert {row["modifier_a"], row["modifier_b"]} <= known
    assert {row["modifier"] for row in rows("modifier_not_for_therapy")} <= known


def test_anatomic_modifiers_are_complete() -> None:
    digits = {f"{side}{n}" for side in ("F", "T") for n in ("A", *range(1, 10))}
    expected = {"E1", "E2", "E3", "E4", "LT", "RT", "LC", "LD", "LM", "RC", "RI"} | digits
    assert {row["modifier"] for row in rows("modifier") if row["kind"] == "anatomic"} == expected


@pytest.mark.parametrize(
    ("modifier", "invalid", "valid"),
    [
        ("CQ", "2019-12-31", "2020-01-01"),
        ("XU", "2014-12-31", "2015-01-01"),
        ("97", "2017-12-31", "2018-01-01"),
        ("JZ", "2022-12-31", "2023-01-01"),
        ("GD", "2020-01-01", "2019-12-31"),
    ],
)
def test_modifier_dates(modifier: str, invalid: str, valid: str) -> None:
    assert on("modifier", valid, modifier=modifier)
    assert not on("modifier", invalid, modifier=modifier)


def test_only_contradictions_of_liability_put_the_line_at_risk() -> None:
    at_risk = {
        (row["modifier_a"], row["modifier_b"]) for row in rows("modifier_conflict") if row["line_at_risk"] == "true"
    }
    assert at_risk == {("KX", "GA"), ("KX", "GY"), ("KX", "GZ"), ("GA", "GZ")}


@pytest.mark.parametrize(
    ("code", "limit", "adjudication"),
    [
        ("97110", "6", "3"),
        ("97112", "4", "3"),
        ("97035", "2", "3"),
        ("97150", "1", "3"),
        ("97535", "8", "3"),
        ("97161", "1", "2"),
        ("97010", "0", "3"),
        ("64643", "3", "2"),
        ("J0585", "600", "3"),
    ],
)
def test_unit_limits(code: str, limit: str, adjudication: str) -> None:
    for day in ("2024-07-01", "2026-03-31", "2026-04-01", "2027-06-01"):
        row = one("unit_limit", day, procedure_code=code, setting="practitioner")
        assert (row["unit_limit"], row["adjudication"]) == (limit, adjudication)
    assert not on("unit_limit", "2024-06-30", procedure_code=code)


def test_released_rows_lie_within_their_release() -> None:
    releases = {row["release"]: row for row in rows("release")}
    for name in (name for name in KEYS if name != "release" and "release" in declared(name)[1]):
        for row in rows(name):
            release = releases[row["release"]]
            assert release["set"] == name
            assert release["valid_from"] <= row["valid_from"], row
            assert not release["valid_to"] or "" < row["valid_to"] <= release["valid_to"], row
    # a set whose rows carry no release has one release or none: then each row's citation is all there is
    assert {row["set"] for row in releases.values()} <= set(KEYS) - {"release"}


def test_every_shipped_set_is_tested() -> None:
    assert {path.stem for path in REF.glob("*.sql")} - {"edition", "param"} == set(KEYS)


def test_conversion_factor_of_each_year() -> None:
    factors = {(row["valid_from"], row["valid_to"], row["conversion_factor"]) for row in rows("fee_schedule")}
    assert factors == {
        ("2024-03-09", "2025-01-01", "33.2875"),
        ("2025-01-01", "2026-01-01", "32.3465"),
        ("2026-01-01", "2027-01-01", "33.4009"),
    }


def fees(day: str, units: list[str]) -> tuple[Decimal, list[Decimal]]:
    """Unreduced total and the fee of each unit with the therapy reduction, national values, in dollars.

    The unit with the highest practice expense is paid whole, every other one half of it (Medicare therapy multiple
    procedure payment reduction since 2013-04-01).
    """
    priced = []
    for code in units:
        row = one("fee_schedule", day, procedure_code=code)
        assert row["multiple_procedure"] == "5"
        work, expense, malpractice = (Decimal(row[c]) for c in ("work_rvu", "pe_rvu_nonfacility", "mp_rvu"))
        priced.append((expense, work + malpractice, Decimal(row["conversion_factor"])))
    unreduced = sum(((expense + rest) * factor for expense, rest, factor in priced), Decimal(0))
    ranked = sorted(priced, key=lambda unit: (unit[0], unit[0] + unit[1]), reverse=True)
    reduced = [
        ((expense if rank == 0 else expense / 2) + rest) * factor for rank, (expense, rest, factor) in enumerate(ranked)
    ]
    return unreduced.quantize(CENT, ROUND_HALF_UP), [fee.quantize(CENT, ROUND_HALF_UP) for fee in reduced]


def test_therapy_reduction_2026() -> None:
    unreduced, reduced = fees("2026-03-02", ["97110", "97110", "97140"])
    assert unreduced == Decimal("85.84")
    assert reduced == [Decimal("29.06"), Decimal("22.21"), Decimal("21.21")]
    assert sum(reduced) == Decimal("72.48")


def test_therapy_reduction_2024() -> None:
    unreduced, reduced = fees("2024-06-10", ["97161", "97110", "97110"])
    assert unreduced == Decimal("158.78")
    assert reduced == [Decimal("100.20"), Decimal("22.30"), Decimal("22.30")]
    assert sum(reduced) == Decimal("144.80")


@pytest.mark.parametrize(
    ("code", "full", "reduced"),
    [
        ("97112", "33.62", "25.30"),
        ("97116", "29.29", "22.30"),
        ("97140", "26.96", "20.80"),
        ("97530", "36.62", "25.80"),
    ],
)
def test_single_fees_2024(code: str, full: str, reduced: str) -> None:
    assert fees("2024-06-10", [code, code])[1] == [Decimal(full), Decimal(reduced)]
