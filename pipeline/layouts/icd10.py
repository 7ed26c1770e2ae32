"""ICD-10-CM order files (fixed width, headers flagged) and code lists (codes alone, or codes with titles)."""

from __future__ import annotations

import re
from datetime import date

from . import Document, Hints, OneFile, Part, effective_date, month_named, text_table, wrong

_ORDER = re.compile(r"\d{5} [A-Z][0-9A][0-9A-Z][0-9A-Z ]{4} [01] \S")
_LISTED = re.compile(r"([A-Z][0-9A][0-9A-Z](?:\.?[0-9A-Z]{1,4})?)(?:\s+\S.*)?\Z")
_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_CODE = re.compile(r"[A-Z][0-9A][0-9A-Z]{1,5}\Z")
LICENCE = "public domain (NCHS and CMS): codes and flags, no titles"


class Icd10(OneFile):
    name = "ICD-10-CM codes"

    def recognises(self, document: Document) -> bool:
        lines = [line for line in document.lines if line.strip()]
        if not lines or "," in lines[0] or "\t" in lines[0]:
            return False
        if sum(bool(_ORDER.match(line)) for line in lines) > len(lines) // 2:
            return True
        # a list of codes alone begins with chapters and blocks (1, A00-A09)
        codes = sum(bool(_LISTED.match(line.strip())) for line in lines)
        others = sum(
            bool(re.fullmatch(r"\d{1,2}|[A-Z][0-9A][0-9A-Z]-[A-Z][0-9A][0-9A-Z]", line.strip())) for line in lines
        )
        return codes > len(lines) // 2 and codes + others == len(lines)

    def read(self, documents: tuple[Document, ...], hints: Hints) -> Part:
        (document,) = documents
        first = effective_date(document, _effective(document), hints, "its list")
        text = document.bytes().removeprefix(b"\xef\xbb\xbf").decode("latin-1")
        lines = [line for line in text.splitlines() if line.strip()]
        is_order = bool(_ORDER.match(lines[0]))
        found, skipped = _order(lines) if is_order else _list(lines)
        if not found or 20 * skipped > len(found):
            raise wrong(document, f"has {skipped} lines that are no code, and {len(found)} that are")
        codes = sorted(found)
        fiscal = first.year + (first.month >= 10)
        return Part(
            layout=self.name,
            set="icd10",
            name=f"ICD10CM-{fiscal}" + ("" if (first.month, first.day) == (10, 1) else f"-from-{first}"),
            publisher="NCHS and CMS",
            licence_note=LICENCE,
            valid_from=first,
            rows=text_table(
                {
                    "code": codes,
                    "billable": [str(found[code]).lower() for code in codes],
                    "valid_from": [str(first)] * len(codes),
                }
            ),
            citation=f"ICD-10-CM {'order file' if is_order else 'code list'} of fiscal year {fiscal}, from {first}",
            skipped=skipped,
        )


def _order(lines: list[str]) -> tuple[dict[str, bool], int]:
    found: dict[str, bool] = {}
    skipped = 0
    for line in lines:
        code, flag = line[6:13].strip(), line[14:15]
        if _CODE.match(code) and flag in "01" and flag and code not in found:
            found[code] = flag == "1"
        else:
            skipped += 1
    return found, skipped


def _list(lines: list[str]) -> tuple[dict[str, bool], int]:
    """A list does not flag its headers: a code with codes below it is one; headers that it leaves out are added."""
    listed: set[str] = set()
    skipped = 0
    for line in lines:
        match = _LISTED.match(line.strip())
        if match:
            listed.add(match[1].replace(".", ""))
        elif not re.fullmatch(r"\d{1,2}|[A-Z][0-9A][0-9A-Z]-[A-Z][0-9A][0-9A-Z]", line.strip()):
            skipped += 1
    stems = {code[:length] for code in listed for length in range(3, len(code))}
    # placeholders (S01.00X) are stems and no codes: only a list without any header needs its stems
    codes = listed if listed & stems else listed | stems
    return {code: code not in stems for code in codes}, skipped


def _effective(document: Document) -> date | None:
    """From the name, as the content never says it: a month, else the fiscal year."""
    named = month_named(document.name) or month_named(document.container)
    if named:
        return named
    year = _YEAR.search(document.name) or _YEAR.search(document.container)
    return date(int(year[1]) - 1, 10, 1) if year else None
