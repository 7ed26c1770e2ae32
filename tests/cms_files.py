"""Small files in the layouts of the publishers, with made-up or published rows, for the tests of the reference loaders."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

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
