"""Exports of practice-management programs: layout files, those that are shipped, workbooks, drafts and their proof."""

from __future__ import annotations

import hashlib
import io
import random
import tomllib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from claimaudit import cli, exportcheck
from claimaudit.engine import Engine
from claimaudit.errors import InputError, UsageError
from claimaudit.ingest import IngestSummary, ingest, layouts_of_exports

from .conftest import CLAIM_LINES

NPI = "1999501103"
LAYOUT = """
name = "desk"
recognise = ["visit", "CPT Code"]
dates = ["%m/%d/%Y"]
nulls = ["n/a"]
[claim_lines]
claim_id = {columns = ["Acct", "Date"], join = "/"}
line_number = {count = ["Acct", "Date"]}
patient_id = "Acct"
payer_id = {column = "Payer", map = {"medicare b" = "MEDB"}}
billing_npi = {value = "1999400033"}
rendering_npi = ["Treating NPI", "Billing NPI"]
service_date = "Date"
procedure_code = {column = "CPT Code", take = "^[0-9A-Z]{5}"}
modifiers = {columns = ["Mods"], split = ", "}
units = "Qty"
diagnoses = {columns = ["Dx 1", "Other Dx"], split = ";", take = "^[A-Z][0-9A-Z.]+"}
diagnosis_pointers = "Ptr"
charge_amount = "Fee"
paid_amount = "Paid"
[visit_services]
patient_id = "Acct"
service_date = "Date"
rendering_npi = ["Treating NPI", "Billing NPI"]
procedure_code = {column = "CPT Code", take = "^[0-9A-Z]{5}"}
minutes = "Time"
[payers]
payer_id = {column = "Payer", map = {"medicare b" = "MEDB"}}
payer_class = {column = "Payer", map = {"medicare b" = "medicare_b"}}
"""
HEADER = ["VISIT", "Acct", "Date", "Payer", "treating npi", "Billing NPI", "cpt  code", "Mods", "Qty"] + [
    "Dx 1",
    "Other Dx",
    "Ptr",
    "Fee",
    "Paid",
    "Time",
    "Notes",
]
ROWS = [
    ["1", "A1", "02/03/2025", "Medicare B", NPI, "", "97110 - exercise", "GP, KX", "2", "M54.50 low back"]
    + ["M25.561; S33.5XXA", "A,B", "$1,120.00", "(12.50)", "30 min", "x"],
    ["1", "A1", "02/03/2025", "Medicare B", "N/A", NPI, "97140", "GP", "1", "M54.50", "", "A", "60", "N/A", "0:15", ""],
    ["2", "A2", "13/45/2025", "Acme", NPI, "", "97140", "", "1", "M54.50", "", "A", "sixty", "", "", ""],
]


def text(rows: list[list[str]], sign: str = "\t") -> str:
    return "".join(sign.join(row) + "\n" for row in rows)


def read(path: Path, *layouts: Path) -> tuple[Engine, IngestSummary]:
    engine = Engine(threads=1)
    return engine, ingest(engine, [path], export_layouts=layouts)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    path = tmp_path / "layouts" / "desk.toml"
    path.parent.mkdir()
    path.write_text(LAYOUT, "utf-8")
    return path


def test_a_layout_maps_the_columns_of_an_export(tmp_path, desk):
    path = tmp_path / "export.xls"
    path.write_text(text([HEADER, *ROWS]), "utf-8")
    engine, summary = read(path, desk)
    assert engine.rows(
        """select claim_id, line_number, patient_id, payer_id, billing_npi, rendering_npi, service_date::varchar, procedure_code,
          modifiers_of(modifier_text) as modifiers, units, diagnosis_text, charge_amount, paid_amount from stg.claim_line where problem_mask = 0
        order by record_number"""
    ) == [
        ("A1/02/03/2025", 1, "A1", "MEDB", "1999400033", NPI, "2025-02-03", "97110", ["GP", "KX"], Decimal(2))
        + ("M54.50\x1fM25.561\x1fS33.5XXA" + "\x1f" * 9 + "\x1eA:B", Decimal("1120.00"), Decimal("-12.50")),
        ("A1/02/03/2025", 2, "A1", "MEDB", "1999400033", NPI, "2025-02-03", "97140", ["GP"], Decimal(1))
        + ("M54.50\x1eA", Decimal("60.00"), None),
    ]
    assert engine.rows("select procedure_code, minutes from stg.visit_service where problem_mask = 0 order by 1") == [
        ("97110", 30),
        ("97140", 15),
    ]
    assert engine.rows("select payer_id, payer_class from stg.payer where problem_mask = 0") == [("MEDB", "medicare_b")]
    assert engine.rows(
        "select record_type, record_number, column_name, reason from audit.reject order by record_type, column_name"
    ) == [
        ("claim_lines", 3, "Date", "not-a-date"),
        ("claim_lines", 3, "Fee", "not-an-amount"),
        ("payers", 3, "Payer", "not-in-list"),
        ("visit_services", 3, "Date", "not-a-date"),
    ]
    assert summary.files[0].format == "export"


def test_wide_rows_give_a_line_for_each_code(tmp_path):
    layout = tmp_path / "wide.toml"
    layout.write_text(
        """recognise = ["CPT 1", "CPT 2"]
lines = 3
[claim_lines]
claim_id = "Claim"
line_number = {value = "{n}"}
patient_id = "Patient"
payer_id = {value = "MEDB"}
billing_npi = {value = "1999400033"}
service_date = "Date"
procedure_code = "CPT {n}"
modifiers = ["Mod {n}a", "Mod {n}b"]
units = "Units {n}"
""",
        "utf-8",
    )
    names = ["Claim", "Patient", "Date"] + [f"{name} {n}" for n in (1, 2, 3) for name in ("CPT", "Units")] + ["Mod 1a"]
    rows = [
        ["C1", "P1", "2025-02-03", "97110", "2", "", "", "97140", "1", "GP"],
        ["C2", "P1", "2025-02-03", "", "", "", "", "", "", ""],
        ["C3", "P1", "2025-02-03", "97110", "many", "97140", "1", "", "", ""],
    ]
    path = tmp_path / "x.csv"
    path.write_text(text([names, *rows], ","), "utf-8")
    engine, summary = read(path, layout)
    assert engine.rows(
        "select record_number, claim_id, line_number, procedure_code, units, modifiers_of(modifier_text) as modifiers from stg.claim_line order by 1"
    ) == [
        (1, "C1", 1, "97110", Decimal(2), ["GP"]),
        (3, "C1", 3, "97140", Decimal(1), []),
        (7, "C3", 1, "97110", None, ["GP"][:0]),
        (8, "C3", 2, "97140", Decimal(1), []),
    ]
    assert engine.rows("select record_number, column_name, reason from audit.reject") == [
        (3, "Units {n}", "not-a-number")
    ]
    assert (summary.files[0].records, summary.files[0].notes) == (4, ("1 left out: row without a line",))


ONLY = """recognise = ["Kind", "CPT"]
only = {Kind = ["Charge", "void charge"], Posted = ["yes"]}
[claim_lines]
claim_id = "Claim"
line_number = {count = ["Claim"]}
patient_id = "Claim"
payer_id = {value = "MEDB"}
billing_npi = {value = "1999400033"}
rendering_npi = {value = "1999400033"}
service_date = "Date"
procedure_code = "CPT"
units = "Units"
[patients]
patient_id = "Claim"
"""


def test_rows_that_are_no_charges_are_left_out_and_counted(tmp_path):
    layout = tmp_path / "only.toml"
    layout.write_text(ONLY, "utf-8")
    rows = [
        ["Kind", "Claim", "Date", "CPT", "Units"],
        ["Charge", "C1", "2025-02-03", "97110", "2"],
        ["Payment", "C1", "2025-02-03", "", ""],
        ["VOID CHARGE", "C1", "2025-02-03", "97140", "1"],
        ["Adjustment", "C2", "2025-02-03", "", ""],
        ["", "C3", "2025-02-03", "97110", "x"],
    ]
    path = tmp_path / "x.csv"
    path.write_text(text(rows, ","), "utf-8")
    engine, summary = read(path, layout)
    # the export has no column Posted, which then tells nothing; a row that does not say its kind is read
    assert engine.rows("select record_number, claim_id, line_number from stg.claim_line order by 1") == [
        (1, "C1", 1),
        (3, "C1", 2),
        (5, "C3", 1),
    ]
    assert engine.rows("select patient_id from stg.patient order by 1") == [("C1",), ("C3",)]
    assert engine.rows("select record_number, reason from audit.reject") == [(5, "not-a-number")]
    file = summary.files[0]
    assert (file.records, file.rejected, file.notes) == (3, 1, ("2 left out: row of another kind than a charge",))


def test_rows_that_are_no_charges_in_a_wide_export(tmp_path):
    layout = tmp_path / "only.toml"
    wide = ONLY.replace('recognise = ["Kind", "CPT"]', 'recognise = ["Kind", "CPT 1"]\nlines = 2')
    wide = (
        wide.replace('"CPT"', '"CPT {n}"')
        .replace('"Units"', '"Units {n}"')
        .replace('{count = ["Claim"]}', '{value = "{n}"}')
    )
    layout.write_text(wide, "utf-8")
    rows = [
        ["Kind", "Claim", "Date", "CPT 1", "Units 1", "CPT 2", "Units 2"],
        ["Charge", "C1", "2025-02-03", "97110", "2", "97140", "1"],
        ["Payment", "C1", "2025-02-03", "97110", "2", "", ""],
        ["Charge", "C2", "2025-02-03", "", "", "", ""],
    ]
    path = tmp_path / "x.csv"
    path.write_text(text(rows, ","), "utf-8")
    engine, summary = read(path, layout)
    assert engine.rows("select claim_id, line_number, procedure_code from stg.claim_line order by 1, 2") == [
        ("C1", 1, "97110"),
        ("C1", 2, "97140"),
    ]
    assert summary.files[0].notes == (
        "1 left out: row of another kind than a charge",
        "1 left out: row without a line",
    )


def workbook(rows: list[list[object]], *more: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for number, table in enumerate((rows, *more)):
        sheet = book.active if number == 0 else book.create_sheet()
        for row in table:
            sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_workbook_is_read_like_its_text(tmp_path, desk):
    typed = [
        [int(cell) if cell in ("1", "2") and place == 8 else cell for place, cell in enumerate(row)] for row in ROWS
    ]
    path = tmp_path / "export.dat"
    path.write_bytes(workbook([["Charges of March"], [], HEADER, *typed], [["empty"]]))
    plain = tmp_path / "plain.csv"
    plain.write_text(text([HEADER, *ROWS]), "utf-8")
    found = [
        read(one, desk)[0].rows("select * exclude (file_id) from stg.claim_line order by all") for one in (path, plain)
    ]
    assert len(found[0]) == 3
    assert found[0] == found[1]


def test_cells_become_exact_text(tmp_path):
    rows: list[list[object]] = [line.split(",") for line in CLAIM_LINES.splitlines()]
    header = rows[0]
    for row in rows[1:]:
        row[header.index("service_date")] = date.fromisoformat(str(row[header.index("service_date")]))
        row[header.index("billing_npi")] = int(str(row[header.index("billing_npi")]))
        row[header.index("charge_amount")] = 0.1 + 0.2
        row[header.index("units")] = 2.0
    rows[1][header.index("service_date")] = datetime(2026, 9, 1)
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook(rows))
    engine, summary = read(path)
    assert summary.lines_rejected == 0
    assert engine.rows(
        "select distinct service_date::varchar, billing_npi, charge_amount, units from stg.claim_line order by 1"
    ) == [
        ("2026-09-01", "1234567893", Decimal("0.30"), Decimal(2)),
        ("2026-09-03", "1234567893", Decimal("0.30"), Decimal(2)),
    ]


def test_damaged_workbooks_are_refused_in_a_sentence(tmp_path):
    whole = workbook([line.split(",") for line in CLAIM_LINES.splitlines()])
    rng = random.Random(2)
    damaged = [whole[:cut] for cut in range(1, len(whole), 970)]
    for _ in range(15):
        flipped = bytearray(whole)
        flipped[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        damaged.append(bytes(flipped))
    engine = Engine(threads=1)
    path = tmp_path / "book.xlsx"
    for one in damaged:
        path.write_bytes(one)
        try:
            ingest(engine, [path])
        except InputError as error:
            assert "\n" not in str(error)


SAMPLES = {
    "webpt-charges": (
        {"record_pointer": "9", "visit_id": "V1", "cosign_therapist_id": "", "therapist_id": NPI, "clinic_id": "4"}
        | {"patient_id": "P1", "insurance_id": "7", "insurance_type_id": "3", "visit_date": "2025-02-03 00:00:00"}
        | {"cpt": "97110", "cpt_modifier": "GP,KX", "units": "2", "charge_amount": "120.00"},
        [("billing_npi", "required-blank")],
    ),
    "webpt-billing-charges": (
        {"charge_id": "9", "visit_id": "V1", "patient_account_number": "P1", "cur_insurance_code": "MEDB"}
        | {"treating_therapist_id": NPI, "billing_therapist_id": NPI, "date_of_service": "02/03/2025"}
        | {"cpt_code": "97110", "mod1": "GP", "mod2": "KX", "units": "2", "charge_amount": "120", "total_pay_amt": "1"},
        [],
    ),
    "practice-export": (
        {"id": "P1", "enc": "V1", "dos": "2025-02-03", "dob": "1950-01-02", "ren": NPI, "ren_tax": "225100000X"}
        | {"icd": "M54.50", "ord": "1", "hcpcs": "97110", "units": "2", "mod1": "GP", "mod2": "KX", "pos": "11"}
        | {"loc": "East", "ins_prim": "MEDB", "charges": "120", "allowed": "60", "payments": "48"},
        [],
    ),
    "athena-visit-charge": (
        {"VISITCHARGEID": "9", "FROMDATEDATETIME": "2025-02-03 08:00:00", "PROCEDURECODE": "97110,GP,KX"}
        | {"PROVIDERID": NPI, "VISITID": "V1", "PATIENTID": "P1", "CLAIMPRIMARYPATIENTINSID": "MEDB"}
        | {"PAYTONPI1": NPI, "UNITS": "2", "DIAGNOSIS1": "M54.50"},
        [],
    ),
    "tebra-charges": (
        {"ID": "9", "EncounterID": "V1", "PatientID": "P1", "PatientDateOfBirth": "01/02/1950", "Minutes": "0"}
        | {"CasePayerScenario": "BC/BS", "PrimaryInsuranceCompanyName": "Blue", "ServiceStartDate": "02/03/2025"}
        | {"ServiceEndDate": "02/03/2025", "RenderingProviderID": NPI, "RenderingProviderName": "Who"}
        | {"ProcedureCode": "97110", "ProcedureModifier1": "GP", "ProcedureModifier2": "KX", "ProcedureModifier3": ""}
        | {"EncounterDiagnosisID1": "M54.50", "Units": "2.0000", "UnitCharge": "60.0000", "TotalCharges": "120.0000"}
        | {"PrimaryInsuranceInsuranceAllowed": "60.0000", "PrimaryInsuranceInsurancePayment": "None"},
        [("billing_npi", "required-blank")],
    ),
    "therapynotes-billing": (
        {"Type": "Appointment", "Date": "2025-02-03 09:20:00", "Service Code": "97110", "Units": "2", "Rate": "60"}
        | {"Last Name": "Poe", "First Name": "Ann", "DOB": "1/2/1950", "Patient Member ID": "M7", "Clinician NPI": NPI}
        | {"Primary Insurer Name": "Blue", "Primary Diagnosis": "M54.50: low back", "Insurance Balance Status": "Paid"}
        | {"Modifier Code 1": "GP", "Modifier Code 2": "KX", "Modifier Code 3": "", "POS": "11"},
        [],
    ),
    "advancedmd-transactions": (
        {
            "Chart Number": "P1",
            "Provider": NPI,
            "Transaction Type": "Charge",
            "Visit Number": "V1",
            "Charge Code": "97110",
        }
        | {"Modifiers": "GP, KX", "Visit Primary": "", "Transaction Carrier": "Blue", "Primary Diagnosis": "M54.50"}
        | {"Date of Service": "2/3/2025", "Units": "2", "Charges": "120.00", "Insurance Payments": "48.00"},
        [("billing_npi", "required-blank")],
    ),
}
# an export without numbers of claims and patients has them made of what it has
MADE_OF = {
    "therapynotes-billing": tuple(
        hashlib.md5(text.encode()).hexdigest()[:16]
        for text in ("Poe/Ann/1/2/1950/2025-02-03 09:20:00", "Poe/Ann/1/2/1950")
    )
}


def test_every_shipped_layout_has_a_sample_and_says_where_it_comes_from():
    shipped = layouts_of_exports()
    assert sorted(SAMPLES) == sorted(layout.name for layout in shipped)
    assert all(layout.source for layout in shipped)


@pytest.mark.parametrize("name", SAMPLES)
def test_shipped_layouts_read_their_columns(tmp_path, name):
    row, problems = SAMPLES[name]
    path = tmp_path / "x.csv"
    cells = [f'"{value}"' for value in row.values()]
    path.write_text(text([list(row), cells], ","), "utf-8")
    engine, _ = read(path)
    assert engine.rows(
        "select claim_id, patient_id, rendering_npi, service_date::varchar, procedure_code, modifiers_of(modifier_text) as modifiers, units from stg.claim_line"
    ) == [(*MADE_OF.get(name, ("V1", "P1")), NPI, "2025-02-03", "97110", ["GP", "KX"], Decimal(2))]
    assert engine.value("select count(*) from stg.claim_line where starts_with(diagnosis_text, 'M54.50')") == (
        0 if name.startswith("webpt") else 1
    )
    assert engine.rows("select column_name, reason from audit.reject where record_type = 'claim_lines'") == problems


REFUSED = {
    "not TOML": ("name = ", "The layout desk.toml is not TOML"),
    "unknown key": ("nam = 1\n" + LAYOUT, "The layout desk.toml has the unknown key nam."),
    "unknown column": (LAYOUT.replace("units =", "unit ="), "maps unit, which claim_lines does not have"),
    "no columns": (
        'recognise = ["a"]\n[claim_lines]\nunits = {take = "x"}',
        "gives units neither a column nor a value",
    ),
    "nothing": ('name = "x"', "maps no record or names no column to recognise its files by"),
    "wide without code": ('recognise = ["a"]\nlines = 2\n[claim_lines]\nunits = "a"', "but no procedure_code of each"),
    "only without values": ("only = {Type = []}\n" + LAYOUT, "does not say clearly which rows are charges"),
    "only one word": ('only = {Type = "Charge"}\n' + LAYOUT, "does not say clearly which rows are charges"),
    "bad option": ('recognise = ["a"]\n[claim_lines]\nunits = 3', "does not say clearly what units is made of"),
    "bad pattern": (
        'recognise = ["a"]\n[claim_lines]\nunits = {column = "a", take = "("}',
        "takes units by a pattern that is none",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_layout_is_refused_in_a_sentence(tmp_path, desk, name):
    content, message = REFUSED[name]
    desk.write_text(content, "utf-8")
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(UsageError) as error:
        read(path, desk.parent)
    assert message in str(error.value)


def test_a_draft_needs_only_what_the_export_lacks(tmp_path):
    header = [
        "Claim No",
        "MRN",
        "DOS",
        "Insurance",
        "Provider NPI",
        "CPT",
        "Modifiers",
        "Units",
        "Dx1",
        "Dx2",
        "Minutes",
    ]
    rows = [["C1", "secret", "2/14/2025", "Acme", NPI, "97110 - exercise", "GP,KX", "2", "M54.50", "", "31 min"]]
    path = tmp_path / "March charges.csv"
    path.write_text("".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in [header, *rows]), "utf-8")
    draft = exportcheck.infer(path)
    assert "secret" not in draft
    assert [line for line in draft.splitlines() if line.startswith("#")] == [
        '# missing: billing_npi = "the column", or {value = "the same for all rows"}'
    ]
    layout = tmp_path / "layout.toml"
    layout.write_text(draft, "utf-8")
    assert tomllib.loads(draft)["claim_lines"]["diagnoses"] == ["Dx1", "Dx2"]
    said = exportcheck.check(path, [layout])
    assert said == [
        "March charges.csv: layout march-charges",
        "  not used    none",
        "  not there   none",
        "March charges.csv: 1 claim_lines, 1 rejected",
        "  rejected    1 claim_lines: billing_npi, required-blank; fill it in; the layout requires it",
    ]
    layout.write_text(draft.replace("[claim_lines]", '[claim_lines]\nbilling_npi = {value = "1999400033"}'), "utf-8")
    engine, summary = read(path, layout)
    assert (summary.lines_read, summary.lines_rejected) == (1, 0)
    assert engine.rows(
        "select modifiers_of(modifier_text) as modifiers, service_date::varchar, diagnosis_text from stg.claim_line"
    ) == [(["GP", "KX"], "2025-02-14", "M54.50")]
    assert engine.rows("select minutes from stg.visit_service") == [(31,)]


def test_a_draft_of_wide_rows_and_of_doubtful_dates(tmp_path):
    header = ["Claim No", "MRN", "DOS", "Insurance", "Provider NPI", "Billing NPI", "CPT1", "Units1", "CPT2", "Units2"]
    path = tmp_path / "wide.csv"
    path.write_text(text([header, ["C1", "P1", "02/03/2025", "A", NPI, NPI, "97110", "1", "97140", "1"]], ","), "utf-8")
    draft = exportcheck.infer(path)
    assert "# Day and month could not be told apart in the sample: make sure." in draft
    table = tomllib.loads(draft)
    assert (table["lines"], table["claim_lines"]["procedure_code"]) == (2, "CPT{n}")
    layout = tmp_path / "layout.toml"
    layout.write_text(draft, "utf-8")
    _, summary = read(path, layout)
    assert (summary.lines_read, summary.lines_rejected) == (2, 0)


def command(*arguments: str) -> object:
    try:
        return cli.main(list(arguments)) or 0
    except SystemExit as end:
        return end.code or 0


def test_the_commands(tmp_path, capsys, desk):
    path = tmp_path / "export.tsv"
    path.write_text(text([HEADER, *ROWS]), "utf-8")
    assert command("layout", "infer", str(path)) == 0
    assert "[claim_lines]" in capsys.readouterr().out
    assert command("layout", "check", str(path), "--layout", str(desk)) == 0
    assert "export.tsv: 3 claim_lines, 1 rejected" in capsys.readouterr().out
    assert command("layout", "check", str(tmp_path / "none.csv")) == 2


def test_what_is_no_text_gets_no_draft(tmp_path: Path) -> None:
    noise = tmp_path / "noise.bin"
    noise.write_bytes(b"Patient,\x01\x02,Da\xfe\xffte\n1,2,3\n")
    with pytest.raises(InputError, match="noise.bin is no table of text with a header row"):
        exportcheck.infer(noise)
    broken = tmp_path / "broken.csv"
    broken.write_text('Claim,"Date of\nService",CPT\nC1,2026-09-01,97110\n', "utf-8")
    assert "CPT" in exportcheck.infer(broken)


def test_a_draft_says_how_payments_are_told_from_charges(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        "Transaction Type,Visit Number,Charge Code,Date of Service,Transaction Carrier,Primary Diagnosis\n"
        "secret,1,97110,2/14/2025,Acme,M54.50\n",
        "utf-8",
    )
    draft = exportcheck.infer(path)
    assert '# if payments stand among the charges: only = {"Transaction Type" = ["the texts of charges"]}' in draft
    assert "secret" not in draft
    lines = tomllib.loads(draft)["claim_lines"]
    assert (lines["claim_id"], lines["procedure_code"]) == ("Visit Number", "Charge Code")
    assert (lines["payer_id"], lines["diagnoses"]) == ("Transaction Carrier", ["Primary Diagnosis"])
