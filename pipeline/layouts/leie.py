"""The exclusion list of the Office of Inspector General (LEIE): persons and firms excluded now; rows without an NPI cannot be matched."""

from __future__ import annotations

import re
from datetime import date, timedelta

from . import Document, Hints, OneFile, Part, day, text_table, wrong

_HEADER = ["LASTNAME", "FIRSTNAME", "MIDNAME", "BUSNAME"]
_NONE = "00000000"


class Leie(OneFile):
    name = "list of excluded persons (LEIE)"

    def recognises(self, document: Document) -> bool:
        first = [cell.strip().upper() for cell in (document.first or [[]])[0]]
        return first[:4] == _HEADER and {"NPI", "EXCLTYPE", "EXCLDATE", "REINDATE"} <= set(first)

    def read(self, documents: tuple[Document, ...], hints: Hints) -> Part:
        (document,) = documents
        records = document.records()
        place = {name.strip().upper(): at for at, name in enumerate(next(records))}
        rows: dict[tuple[str, str], str] = {}
        skipped = without = count = 0
        newest = date(1900, 1, 1)
        for record in records:
            if not any(record):
                continue
            count += 1
            npi, start_text, end_text = (
                record[place[name]].strip() if place[name] < len(record) else ""
                for name in ("NPI", "EXCLDATE", "REINDATE")
            )
            start, back = day(start_text), day(end_text)
            if start is None or (back is None and end_text not in ("", _NONE)):
                skipped += 1
                continue
            newest = max(newest, start)
            if not re.fullmatch(r"[1-9]\d{9}", npi):
                without += 1
                continue
            last = str(back - timedelta(days=1)) if back else ""
            # of two exclusions from one day the one that holds longer stays
            key = (npi, str(start))
            rows[key] = "" if key in rows and not rows[key] else max(rows.get(key, ""), last) if last else ""
        if not rows or 20 * skipped > count:
            raise wrong(document, f"has {skipped} of {count} records without a date of exclusion")
        published = hints.published or hints.effective or newest
        keys = sorted(rows)
        return Part(
            layout=self.name,
            set="exclusion",
            name=f"LEIE-{published}",
            publisher="HHS-OIG",
            licence_note="US government data: NPI and dates, no names",
            valid_from=min(date.fromisoformat(start) for _, start in keys),
            published_on=published,
            rows=text_table(
                {
                    "npi": [npi for npi, _ in keys],
                    "from_date": [start for _, start in keys],
                    "to_date": [rows[key] for key in keys],
                    "source": ["LEIE"] * len(keys),
                }
            ),
            citation=f"HHS-OIG list of excluded individuals and entities, exclusions to {newest}",
            skipped=skipped + without,
        )
