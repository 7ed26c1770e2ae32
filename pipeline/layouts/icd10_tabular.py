"""The ICD-10-CM tabular list in XML: its Excludes1 notes, which name codes that are not reported together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from xml.etree import ElementTree

from . import Document, Hints, OneFile, Part, month_named, text_table, wrong
from .icd10 import LICENCE

# QA0- is the only category with two letters; other words of three capitals in brackets are abbreviations
_CODE = r"(?:[A-Z][0-9]|QA)[0-9A-Z](?:\.[0-9A-Z]{0,4})?"
_GROUP = re.compile(rf"\(((?:{_CODE}-?(?:\s*-\s*{_CODE}-?)?)(?:\s*,\s*{_CODE}-?(?:\s*-\s*{_CODE}-?)?)*)[^()]*\)")
_RANGE = re.compile(rf"({_CODE})-?(?:\s*-\s*({_CODE})-?)?")
_SPAN = re.compile(r"([A-Z][0-9A][0-9A-Z])-([A-Z][0-9A][0-9A-Z])")


class Icd10Tabular(OneFile):
    name = "ICD-10-CM tabular list"

    def recognises(self, document: Document) -> bool:
        return "<ICD10CM.tabular" in document.start[:500]

    def read(self, documents: tuple[Document, ...], hints: Hints) -> Part:
        (document,) = documents
        data = document.bytes()
        if (
            b"<!DOCTYPE" in data[:2000] or b"<!ENTITY" in data
        ):  # entities could grow without end, and no official file has any
            raise wrong(document, "declares a document type, which no official list does")
        try:
            root = ElementTree.fromstring(data)
        except ElementTree.ParseError as error:
            raise wrong(document, "is not well-formed XML") from error
        version = root.findtext("version", "").strip()
        if not re.fullmatch(r"20\d\d", version):
            raise wrong(document, "does not say of which fiscal year it is")
        year = int(version)
        first, until = date(year - 1, 10, 1), date(year, 10, 1)
        if hints.effective and not first <= hints.effective < until:
            raise wrong(
                document, f"is of fiscal year {year}, which does not hold {hints.effective}", "Leave --effective out."
            )
        found = sorted(set(_notes(root)))
        if not found:
            raise wrong(document, "holds no Excludes1 note")
        month = month_named(document.name)
        columns = list(zip(*found, strict=True))
        return Part(
            layout=self.name,
            set="icd10_excludes1",
            name=f"ICD10CM-tabular-{year}" + (f"-{month:%m}" if month and first < month < until else ""),
            publisher="NCHS and CMS",
            licence_note=LICENCE,
            valid_from=first,
            valid_to=until,
            published_on=month if month and first < month < until else None,
            rows=text_table(
                dict(zip(("code_low", "code_high", "excluded_low", "excluded_high"), columns, strict=True))
                | {"valid_from": [str(first)] * len(found), "valid_to": [str(until)] * len(found)}
            ),
            citation=f"ICD-10-CM tabular list of fiscal year {year}, Excludes1",
        )


def _notes(root: ElementTree.Element) -> Iterator[tuple[str, str, str, str]]:
    """Low and high code of who carries the note and of what it excludes; a note of a chapter or section holds for all its codes."""
    for chapter in root.iter("chapter"):
        for element in (chapter, *chapter.findall("section")):
            span = _SPAN.search(element.get("id") or element.findtext("desc", ""))
            if span:
                yield from ((span[1], span[2], *excluded) for excluded in _excluded(element))
        for diag in chapter.iter("diag"):
            code = diag.findtext("name", "").replace(".", "")
            yield from ((code, code, *excluded) for excluded in _excluded(diag))


def _excluded(element: ElementTree.Element) -> Iterator[tuple[str, str]]:
    for note in element.findall("./excludes1/note"):
        for group in _GROUP.finditer(note.text or ""):
            for low, high in _RANGE.findall(group[1]):
                yield low.replace(".", ""), (high or low).replace(".", "")
