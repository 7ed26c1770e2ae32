"""The workbooks: what a cell holds, what it never becomes, that every cent reads back, and that the same tables give the same bytes."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimaudit import workbook
from claimaudit.engine import Engine
from claimaudit.report import reason_words
from claimaudit.workbook import workbooks
from tests import report_fixture as fixture

HOSTILE = {
    "=1+1": "=1+1", "+cmd|' /C calc'!A0": None, "@SUM(A1)": None, "{=1}": None, "http://example.org/x": None, "mailto:a@b.c": None, "internal:Sheet1!A1": None,
    "<r><t>rich</t></r>": " <r><t>rich</t></r>", "a\x00b\x1fc\ufffe\ud800d": "a\ufffdb\ufffdc\ufffd\ufffdd", "two\r\nlines": "two\nlines",
    "\u202eright to left": None, "12,5": None, "0012": None, "TRUE": None, " led by a space": None,
}  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with fixture.build(many=300) as built:
        yield built


@pytest.fixture(scope="module")
def out(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workbooks")
    workbooks(engine, folder, reason_words)
    return folder


def table(path: Path, sheet: str) -> list[dict[str, object]]:
    rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
    names = [str(name) for name in next(rows)]
    return [dict(zip(names, row, strict=True)) for row in rows]


def test_the_run(engine: Engine, out: Path) -> None:
    book = openpyxl.load_workbook(out / "findings.xlsx")
    assert book.sheetnames == ["Run", "Findings", "Checks", "Providers", "Could not be told", "Rejects"]
    rows = engine.dicts("select * from mart.findings")
    written = table(out / "findings.xlsx", "Findings")
    assert len(written) == len(rows)
    assert sorted((r["Finding"], r["Claim"], r["Line"]) for r in written if r["Line"]) == sorted(
        (r["finding_id"], r["claim_id"], r["line_number"]) for r in rows if r["line_number"]
    )
    assert {(r["NPI"], r["Lines"]) for r in table(out / "findings.xlsx", "Providers")} == set(
        engine.rows("select npi, lines from mart.provider_summary")
    )
    assert sum(int(str(r["Records"])) for r in table(out / "findings.xlsx", "Rejects")) == engine.value(
        "select count(*) from audit.reject"
    )
    facts = {row[0]: row[1] for row in book["Run"].iter_rows(values_only=True)}
    assert (facts["As of"], facts["Lines audited"]) == (
        datetime(2026, 10, 31),
        engine.value("select lines from mart.run_summary"),
    )


def test_a_provider(engine: Engine, out: Path) -> None:
    path = out / "providers" / f"{fixture.FEW}.xlsx"
    assert openpyxl.load_workbook(path).sheetnames == ["Provider", "Findings", "Lines", "Tested", "Could not be told"]
    own = {
        row["finding_id"]
        for row in engine.dicts(
            "select finding_id from audit.observation where provider_npi = ? and state <> 'resolved'", [fixture.FEW]
        )
    }
    assert {row["Finding"] for row in table(path, "Findings")} == own
    assert {row["Finding"] for row in table(path, "Lines")} <= own
    assert {(row["Check"], row["Name"]) for row in table(path, "Findings")} >= {("UNT101", "Timed units over minutes")}
    for row in table(path, "Lines"):
        assert isinstance(row["Date of service"], datetime) and isinstance(row["At risk"], int | float)
    assert {p.name for p in (out / "providers").iterdir()} >= {f"{fixture.CLEAN}.xlsx", "10-2d0-2f-2e-2e-2f46.xlsx"}


def test_one_provider_alone(engine: Engine, out: Path, tmp_path: Path) -> None:
    written = workbooks(engine, tmp_path, reason_words, fixture.FEW)
    assert [path.relative_to(tmp_path).as_posix() for path in written] == [f"providers/{fixture.FEW}.xlsx"]
    assert written[0].read_bytes() == (out / "providers" / f"{fixture.FEW}.xlsx").read_bytes()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == written, "nothing temporary is left"


def test_same_tables_same_bytes(out: Path, tmp_path: Path) -> None:
    with fixture.build(many=300) as again:
        written = workbooks(again, tmp_path, reason_words)
    assert len(written) == len([path for path in out.rglob("*") if path.is_file()])
    for path in written:
        assert path.read_bytes() == (out / path.relative_to(tmp_path)).read_bytes(), path.name
        assert path.stat().st_mode & 0o777 == 0o600


def test_laid_out_for_screen_and_paper(out: Path) -> None:
    sheet = openpyxl.load_workbook(out / "findings.xlsx")["Findings"]
    assert (
        sheet.freeze_panes == "A2" and sheet.print_title_rows == "$1:$1" and sheet.page_setup.orientation == "landscape"
    )
    assert sheet.auto_filter.ref == f"A1:R{sheet.max_row}"
    assert f"Run {fixture.RUN}" in sheet.oddFooter.center.text and "Confidential" in sheet.oddFooter.left.text
    assert sheet["N2"].number_format.startswith("#,##0.00") and {
        cell.number_format for cell in sheet["L"][1:] if cell.value
    } == {"yyyy-mm-dd"}


def _written(tmp_path: Path, columns: list[workbook._Column], rows: list[dict[str, object]]) -> Path:
    path = tmp_path / "some.xlsx"
    with workbook._Book.at(path, {"run_key": "k", "as_of": date(2026, 10, 31)}) as book:
        book.rows("Some", columns, rows)
    return path


def test_text_stays_text(tmp_path: Path) -> None:
    path = _written(tmp_path, [workbook._Column("Text", "text")], [{"text": text} for text in HOSTILE])
    sheet = openpyxl.load_workbook(path)["Some"]
    cells = [sheet.cell(row, 1) for row in range(2, 2 + len(HOSTILE))]
    assert [cell.value for cell in cells] == [text if after is None else after for text, after in HOSTILE.items()]
    assert {cell.data_type for cell in cells} == {"s"} and all(cell.hyperlink is None for cell in cells)
    with zipfile.ZipFile(path) as parts:
        xml = parts.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in xml and "hyperlink" not in xml
        assert not [name for name in parts.namelist() if "external" in name.lower()]


def test_long_text_is_cut_and_says_so(tmp_path: Path) -> None:
    long = {"text": "\U0001f600" * 20_000}
    fits = {"text": "a" * 32_767}
    path = _written(tmp_path, [workbook._Column("Text", "text")], [long, fits])
    sheet = openpyxl.load_workbook(path)["Some"]
    first, second = sheet["A2"].value, sheet["A3"].value
    assert second == fits["text"]
    assert (
        len(first.encode("utf-16-le")) // 2 <= 32_767
        and first.startswith("\U0001f600" * 16_000)
        and first.endswith("the whole text is in findings.csv")
    )


@settings(max_examples=25, deadline=None)
@given(
    amounts=st.lists(st.decimals("-9999999999999999.99", "9999999999999999.99", places=2), min_size=20, max_size=200)
)
def test_every_cent_reads_back(tmp_path_factory: pytest.TempPathFactory, amounts: list[Decimal]) -> None:
    """The format has only binary numbers. Up to ten million millions each is the cent it was; beyond, the amount is text."""
    path = _written(
        tmp_path_factory.mktemp("cents"),
        [workbook._Column("Amount", "amount", "money")],
        [{"amount": amount} for amount in amounts],
    )
    read = [row["Amount"] for row in table(path, "Some")]
    assert [Decimal(str(value)).quantize(Decimal("0.01")) for value in read] == amounts


def test_every_cent_of_a_line_reads_back_from_the_bytes(tmp_path: Path) -> None:
    amounts = [
        Decimal(cents) / 100 for cents in (*range(0, 3000), 999_999_999_999, 999_999_999_998, -1, 123_456_789_017)
    ]
    path = _written(
        tmp_path, [workbook._Column("Amount", "amount", "money")], [{"amount": amount} for amount in amounts]
    )
    with zipfile.ZipFile(path) as parts:
        xml = parts.read("xl/worksheets/sheet1.xml").decode()
    assert [Decimal(text).quantize(Decimal("0.01")) for text in re.findall(r"<v>([^<]+)</v>", xml)] == amounts


def test_what_a_sheet_cannot_hold_is_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "ROWS", 12)
    path = _written(tmp_path, [workbook._Column("Number", "n", "count")], [{"n": n} for n in range(1000)])
    sheet = openpyxl.load_workbook(path)["Some"]
    assert sheet.max_row == 12 and [sheet.cell(row, 1).value for row in range(2, 12)] == list(range(10))
    assert sheet["A12"].value == "990 further rows do not fit into a sheet: they are in findings.csv."


def test_dates_before_the_calendar_of_the_format_are_text(tmp_path: Path) -> None:
    path = _written(
        tmp_path,
        [workbook._Column("Day", "day", "date")],
        [{"day": date(1899, 12, 31)}, {"day": date(1900, 2, 28)}, {"day": date(1900, 3, 1)}, {"day": None}],
    )
    assert [row["Day"] for row in table(path, "Some")][:3] == ["1899-12-31", "1900-02-28", datetime(1900, 3, 1)]


def test_a_workbook_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def rows() -> Iterator[dict[str, object]]:
        yield {"n": 1}
        raise RuntimeError("half way")

    with (
        pytest.raises(RuntimeError, match="half way"),
        workbook._Book.at(tmp_path / "x.xlsx", {"run_key": "k", "as_of": date(2026, 10, 31)}) as book,
    ):
        book.rows("Some", [workbook._Column("Number", "n", "count")], rows())
    assert list(tmp_path.iterdir()) == []
