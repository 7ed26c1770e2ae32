"""Small files in the layouts of the publishers, with made-up or published rows, for the tests of the reference loaders."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

PTP_HEAD = (
    "CPT only copyright 2025 American Medical Association.  All rights reserved.\t\t\t\t\t\t\r\n"
    "Column1/Column2 Edits\t\t\t\t\t\t\r\n"
    "Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\r\n"
    "\t\tprior to 1996\tDate\tDate\t0=not allowed\t\r\n"
    "\t\t\t*=no data\t1=allowed\t\r\n"
    "\t\t\t\t\t9=not applicable\t\r\n"
)
RATIONALE = "Misuse of Column Two code with Column One code"
Pair = tuple[str, str, str, str, str]  # column 1, column 2, effective, deletion, indicator


def ptp_text(path: Path, pairs: Sequence[Pair], *, medicaid: bool = False, eol: str = "\r\n") -> Path:
    """A part of the pair table as text: Latin-1, tabs, a header that wraps over several lines."""
    head = PTP_HEAD.replace("*=in existence\t", "").replace("prior to 1996\t", "") if medicaid else PTP_HEAD
    rows = [
        "\t".join([a, b, *([] if medicaid else [""]), start, end, kind, RATIONALE]) for a, b, start, end, kind in pairs
    ]
    path.write_bytes((head + "\r\n".join(rows) + "\r\n").replace("\r\n", eol).encode("latin-1"))
    return path


def ptp_workbook(path: Path, pairs: Sequence[Pair]) -> Path:
    head = [
        "Column 1",
        "Column 2",
        "*=in existence prior to 1996",
        "Effective Date",
        "Deletion Date *=no data",
        "Modifier",
        "PTP Edit Rationale",
    ]
    return workbook(
        path,
        [
            ["CPT only copyright"],
            ["Column1/Column2 Edits"],
            head,
            *([a, b, "", int(s), e, int(k), RATIONALE] for a, b, s, e, k in pairs),
        ],
    )


MUE_NOTICE = '"CPT codes only are copyright American Medical Association.\n\nCPT® is a registered trademark.",,,\n'


def mue_csv(path: Path, limits: Sequence[tuple[str, int, str]], service: str = "Practitioner Services") -> Path:
    head = f'"HCPCS/\nCPT Code",{service} MUE Values,MUE Adjudication Indicator,MUE Rationale\n'
    rows = "".join(
        f"{code},{limit},{kind} Date of Service Edit: Clinical,Nature of Service/Procedure\n"
        for code, limit, kind in limits
    )
    path.write_bytes((MUE_NOTICE + head + rows).encode("latin-1"))
    return path


AOC_HEAD = [
    "AOC_Edit_Type",
    "Add-On_Code",
    "AOC_DelDT",
    "Primary_Code",
    "Primary_Code_DelDT",
    "AOC_Edit_EffDT",
    "AOC_Edit_DelDT",
    "Special_Instruction_Notes",
]


def aoc_workbook(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    return workbook(path, [["CPT only copyright 2025 American Medical Association"], AOC_HEAD, *rows])


def aoc_text(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    path.write_text("\n".join("\t".join(str(cell) for cell in row) for row in [AOC_HEAD, *rows]) + "\n", "latin-1")
    return path


def pprrvu_csv(
    path: Path, rows: Sequence[Mapping[str, str]], *, year: int = 2026, release: str = "July", columns: int = 32
) -> Path:
    """The relative value file as CSV; `columns` 31 before 2026."""
    words = (
        "HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,TOTAL,IND,DAYS,OP,OP,OP,PROC,SURG,SURG,SURG,SURG,"
        "BASE,FACTOR,PROCEDURES,FLAG,INDICATOR,AMOUNT,AMOUNT,AMOUNT"
    ).split(",")
    if columns == 32:
        words.insert(23, "IND")
    blank = ["," * (columns - 1)]
    title = f",,{year} National Physician Fee Schedule Relative Value File {release} Release" + "," * (columns - 3)
    lines = [
        title,
        ",,CPT codes only are copyright" + "," * (columns - 3),
        *blank * 2,
        f",,RELEASED 06/30/{year}" + "," * (columns - 3),
        *blank * 4,
        ",".join(words),
    ]
    for row in rows:
        cells = ["0.00"] * columns
        given = {
            0: "code",
            1: "mod",
            3: "status",
            5: "work",
            6: "pe",
            8: "pe_facility",
            10: "mp",
            13: "pctc",
            14: "global",
            18: "multiple",
            19: "bilateral",
        }
        for at, name in given.items():
            cells[at] = row.get(name, "")
        cells[2], cells[columns - 7] = "Therapy", row.get("factor", "33.4009")
        lines.append(",".join(cells))
    path.write_text("\r\n".join(lines) + "\r\n", "latin-1")
    return path


def pprrvu_fixed(path: Path, rows: Sequence[Mapping[str, str]], *, year: int = 2026, release: str = "July") -> Path:
    places = {
        "code": (1, 5), "mod": (6, 7), "status": (58, 58), "work": (60, 65), "pe": (67, 72), "pe_facility": (76, 81), "mp": (85, 89),
        "pctc": (103, 103), "global": (104, 106), "multiple": (116, 116), "bilateral": (117, 117), "factor": (133, 140),
    }  # fmt: skip
    lines = [
        f"HDR   {year} National Physician Fee Schedule Relative Value File {release} Release".ljust(173),
        f"HDR   RELEASED 06/30/{year}".ljust(173),
    ]
    for row in rows:
        cells = [" "] * 173
        for name, (low, high) in places.items():
            cells[low - 1 : high] = list(row.get(name, "33.4009" if name == "factor" else "").rjust(high - low + 1))
        cells[5:7] = list(row.get("mod", "").ljust(2))
        lines.append("".join(cells))
    path.write_text("\r\n".join(lines) + "\r\n", "latin-1")
    return path


def icd_order(path: Path, codes: Sequence[tuple[str, int]]) -> Path:
    rows = [
        f"{number:05} {code:<7} {flag} {'Title':<60} Long title of {code}"
        for number, (code, flag) in enumerate(codes, start=1)
    ]
    path.write_text("\r\n".join(rows) + "\r\n", "latin-1")
    return path


def icd_tabular(path: Path, notes: Mapping[str, str], year: int = 2026) -> Path:
    """`notes`: Excludes1 text by the code that carries it."""
    diags = "".join(
        f"<diag><name>{code}</name><desc>x</desc><excludes1><note>{note}</note></excludes1></diag>"
        for code, note in notes.items()
    )
    path.write_text(
        f'<?xml version="1.0" encoding="utf-8"?>\n<ICD10CM.tabular>\n<version>{year}</version>\n<chapter><name>13</name>'
        f'<desc>Diseases (M00-M99)</desc><section id="M50-M54"><desc>Back (M50-M54)</desc>{diags}</section></chapter>\n</ICD10CM.tabular>\n',
        "utf-8",
    )
    return path


def workbook(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path


def zipped(path: Path, members: Sequence[Path]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            archive.write(member, member.name)
    return path


def gpci_csv(path: Path, rows: Sequence[tuple[str, str, str, str, str]], year: int = 2026) -> Path:
    """State, locality name and the three factors of each locality."""
    lines = [
        f"ADDENDUM E. FINAL CY {year} GEOGRAPHIC PRACTICE COST INDICES (GPCIs) BY STATE AND MEDICARE LOCALITY,,,,,,",
        ",,,,,,",
        "Medicare Administrative Contractor (MAC),State,Locality Number,Locality Name,"
        f"{year} PW GPCI (with 1.0 Floor)***,{year} PE GPCI,{year} MP GPCI",
        *(f"{10000 + n},{state},{n:02},{name},{work},{pe},{mp}" for n, (state, name, work, pe, mp) in enumerate(rows)),
        '"MAC Assignments as of November 22, 2023",,,,,,',
        "*Work GPCI reflects a 1.5 floor in Alaska established by the MIPPA.,,,,,,",
    ]
    path.write_text("\r\n".join(lines) + "\r\n", "latin-1")
    return path


ASP_HEAD = [
    "HCPCS Code",
    "Short Description",
    "HCPCS Code Dosage",
    "Payment Limit",
    "Co-insurance Percentage",
    "Vaccine AWP%",
    "Notes",
]


def asp_csv(path: Path, rows: Sequence[Sequence[str]], title: str) -> Path:
    lines = [
        title + "," * 6,
        "Note: this file may be corrected" + "," * 6,
        ",".join(ASP_HEAD),
        *(",".join(row) for row in rows),
    ]
    path.write_text("\r\n".join(lines) + "\r\n", "latin-1")
    return path


HCPCS_HEAD = [
    "HCPC",
    "SEQNUM",
    "RECID",
    "LONG DESCRIPTION",
    "SHORT DESCRIPTION",
    "COV",
    "BETOS",
    "TOS1",
    "ADD DT",
    "ACT EFF DT",
    "TERM DT",
    "ACTION CD",
]


def hcpcs_workbook(path: Path, rows: Sequence[tuple[str, str, str, str]]) -> Path:
    """Code, coverage, first day, last day."""
    return workbook(
        path,
        [
            HCPCS_HEAD,
            *(
                [c, "00100", "3", "long", "short", cov, "Z2", "9", int(a), int(a), int(t) if t else "", "N"]
                for c, cov, a, t in rows
            ),
        ],
    )


LEIE_HEAD = "LASTNAME,FIRSTNAME,MIDNAME,BUSNAME,GENERAL,SPECIALTY,UPIN,NPI,DOB,ADDRESS,CITY,STATE,ZIP,EXCLTYPE,EXCLDATE,REINDATE,WAIVERDATE,WVRSTATE"


def leie_csv(path: Path, rows: Sequence[tuple[str, str, str]]) -> Path:
    """NPI, first day, day of reinstatement."""
    lines = [
        f'DOE,JANE,,,"PHYSICIAN, OTHER",,,{npi},19600101,1 MAIN,TOWN,NY,10001,1128a1,{start},{back},00000000,'
        for npi, start, back in rows
    ]
    path.write_text("\r\n".join([LEIE_HEAD, *lines]) + "\r\n", "latin-1")
    return path


def nppes_csv(path: Path, rows: Sequence[tuple[str, Sequence[tuple[str, str]], str]]) -> Path:
    """NPI, taxonomies with their primary switch, last update; quoted as the file is."""
    names = [
        f"Healthcare Provider {what}_{n}" for n in range(1, 16) for what in ("Taxonomy Code", "Primary Taxonomy Switch")
    ]
    lines = [["NPI", "Entity Type Code", "Last Update Date", *names]]
    for npi, taxonomies, updated in rows:
        cells = [cell for pair in taxonomies for cell in pair]
        lines.append([npi, "1", updated, *cells, *[""] * (30 - len(cells))])
    path.write_text("".join(",".join(f'"{cell}"' for cell in line) + "\n" for line in lines), "utf-8")
    return path


def mcd_zip(path: Path, articles: Sequence[Mapping[str, Any]]) -> Path:
    """The database of articles: an outer zip with an inner one, codes and diagnoses of each article in tables of their own."""
    folder = path.parent / "mcd"
    folder.mkdir()
    tables: dict[str, list[list[str]]] = {
        "article": [["article_id", "article_version", "title", "article_pub_date", "article_eff_date", "article_end_date", "date_retired", "status", "last_updated", "description"]],
        "article_x_hcpc_code": [["article_id", "article_version", "hcpc_code_id", "hcpc_code_version", "hcpc_code_group", "range"]],
        "article_x_icd10_covered": [["article_id", "article_version", "icd10_code_id", "icd10_code_version", "icd10_covered_group", "range", "sort_order", "asterisk"]],
        "article_x_icd10_noncovered": [["article_id", "article_version", "icd10_code_id", "icd10_code_version", "icd10_noncovered_group", "range"]],
        "article_x_contractor": [["article_id", "article_version", "contractor_id", "contractor_type_id", "contractor_version"]],
        "contractor": [["contractor_id", "contractor_bus_name", "contractor_number"], ["1", "First of all", "06102"], ["2", "Second", "09102"]],
        "contractor_jurisdiction": [
            ["contractor_id", "contractor_type_id", "contractor_version", "state_id", "term_date"],
            ["1", "9", "1", "14", ""], ["1", "9", "1", "50", "2019-01-01 00:00:00"], ["2", "9", "1", "10", ""],
        ],
        "state_lookup": [["state_id", "state_abbrev"], ["14", "IL"], ["50", "WI"], ["10", "FL"]],
    }  # fmt: skip
    for one in articles:
        key = [str(one["id"]), str(one.get("version", 5))]
        tables["article"].append(
            [*key, "Billing", str(one.get("published", "2025-06-01 00:00:00")), "2019-10-01 00:00:00", "", str(one.get("retired", "")), str(one.get("status", "A")), "2025-07-01 00:00:00", f"<p>long\n\"html\" {'x' * 200_000}</p>"]
        )  # fmt: skip
        tables["article_x_hcpc_code"] += [[*key, code, "1", group, ""] for code, group in one["codes"]]
        for role in ("covered", "noncovered"):
            tables[f"article_x_icd10_{role}"] += [[*key, code, "1", group, ""] for code, group in one.get(role, ())]
        tables["article_x_contractor"].append([*key, str(one.get("contractor", 1)), "9", "1"])
    members = []
    for name, rows in tables.items():
        member = folder / f"{name}.csv"
        with member.open("w", encoding="latin-1", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
        members.append(member)
    inner = zipped(folder / "current_article_csv.zip", members)
    (folder / "current_article_schema.txt").write_text("schema")
    return zipped(path, [inner, folder / "current_article_schema.txt"])
