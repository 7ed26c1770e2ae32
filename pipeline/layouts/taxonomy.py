"""The crosswalk of Medicare specialty codes and provider taxonomies: which of them make a provider a therapist, and of which discipline."""

from __future__ import annotations

import re
from datetime import date

from . import Document, Hints, OneFile, Part, effective_date, text_table, wrong

_DISCIPLINES = {"65": "PT", "67": "OT", "15": "SLP"}
_DATE = re.compile(r"(20\d\d)-(\d\d)-(\d\d)")


class Taxonomy(OneFile):
    name = "crosswalk of Medicare specialties and taxonomies"

    def recognises(self, document: Document) -> bool:
        first = [" ".join(cell.split()).upper() for cell in (document.first or [[]])[0]]
        return "MEDICARE SPECIALTY CODE" in first and "PROVIDER TAXONOMY CODE" in first

    def read(self, documents: tuple[Document, ...], hints: Hints) -> Part:
        (document,) = documents
        records = document.records(encoding="utf-8")
        header = [" ".join(cell.split()).upper() for cell in next(records)]
        specialty, taxonomy = header.index("MEDICARE SPECIALTY CODE"), header.index("PROVIDER TAXONOMY CODE")
        found: dict[tuple[str, str], str] = {}
        for record in records:
            if len(record) <= max(specialty, taxonomy):
                continue
            number = re.match(r"\d{0,2}", record[specialty].strip())
            code = number[0].zfill(2) if number else ""
            if discipline := _DISCIPLINES.get(code):
                found["specialty", code] = discipline
                if re.fullmatch(r"[0-9A-Z]{10}", record[taxonomy].strip()):
                    found["taxonomy", record[taxonomy].strip()[:4]] = discipline
        if {code for kind, code in found if kind == "specialty"} != set(_DISCIPLINES):
            raise wrong(document, "does not hold the specialties 15, 65 and 67")
        named = _DATE.search(document.names)
        first = effective_date(document, date(*map(int, named.groups())) if named else None, hints, "its list")
        keys = sorted(found)
        return Part(
            layout=self.name,
            set="specialty",
            name=f"taxonomy-crosswalk-{first}",
            publisher="CMS",
            licence_note="US government data: codes, no descriptions",
            valid_from=first,
            rows=text_table(
                {
                    "kind": [kind for kind, _ in keys],
                    "code": [code for _, code in keys],
                    "discipline": [found[key] for key in keys],
                }
            ),
            citation=f"CMS crosswalk of Medicare provider types and taxonomies of {first}",
        )
