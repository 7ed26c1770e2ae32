"""NPPES: the national provider file, whole or an extract with its header; kept is the primary taxonomy of each NPI."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from . import Document, Hints, OneFile, Part, american_day, effective_date, wrong

_TAXONOMY, _PRIMARY = "Healthcare Provider Taxonomy Code_", "Healthcare Provider Primary Taxonomy Switch_"
_MOST = 15


class Nppes(OneFile):
    name = "NPPES provider file"

    def recognises(self, document: Document) -> bool:
        first = (document.first or [[]])[0]
        return "NPI" in [cell.strip() for cell in first[:2]] and f"{_TAXONOMY}1" in [cell.strip() for cell in first]

    def read(self, documents: tuple[Document, ...], hints: Hints) -> Part:
        (document,) = documents
        header = [cell.strip() for cell in document.first[0]]
        codes = [name for n in range(1, _MOST + 1) if (name := f"{_TAXONOMY}{n}") in header]
        switches = [name for n in range(1, _MOST + 1) if (name := f"{_PRIMARY}{n}") in header]
        dates = [name for name in ("Last Update Date",) if name in header]
        found: list[pa.Table] = []
        newest = date(1900, 1, 1)
        try:
            with document.open() as stream:
                batches = csv.open_csv(
                    stream,
                    parse_options=csv.ParseOptions(newlines_in_values=True),
                    convert_options=csv.ConvertOptions(
                        include_columns=["NPI", *codes, *switches, *dates],
                        column_types=dict.fromkeys(["NPI", *codes, *switches, *dates], pa.string()),
                    ),
                )
                for batch in batches:
                    found.append(_primary(pa.table(batch), codes, switches))
                    for name in dates:
                        days = [american_day(text) for text in pc.unique(batch[name]).to_pylist() if text]
                        newest = max([newest, *(day for day in days if day)])
        except (pa.ArrowInvalid, KeyError) as error:
            raise wrong(document, "is not a table of providers separated by commas") from error
        rows = pa.concat_tables(found)
        if not rows.num_rows:
            raise wrong(document, "holds no NPI with a taxonomy")
        first = effective_date(document, newest if newest.year > 1900 else None, hints, "its list")
        return Part(
            layout=self.name,
            set="provider_taxonomy",
            name=f"NPPES-{first}",
            publisher="CMS",
            licence_note="US government data: NPI and taxonomy, no names",
            valid_from=first,
            rows=rows,
            citation=f"NPPES provider file, updates to {first}",
            clean="select npi, min(taxonomy_code) as taxonomy_code from incoming group by npi",
        )


def _primary(table: pa.Table, codes: list[str], switches: list[str]) -> pa.Table:
    """NPI and the taxonomy marked Y, else the first."""
    chosen = pa.nulls(table.num_rows, pa.string())
    for code, switch in zip(codes, switches, strict=False):
        chosen = pc.if_else(pc.and_(pc.is_null(chosen), pc.equal(table[switch], "Y")), table[code], chosen)
    chosen = pc.coalesce(pc.if_else(pc.equal(chosen, ""), None, chosen), table[codes[0]])
    whole = pc.and_(
        pc.match_substring_regex(table["NPI"], r"^[12]\d{9}$"),
        pc.match_substring_regex(pc.fill_null(chosen, ""), r"^[0-9A-Z]{10}$"),
    )
    return pa.table({"npi": table["NPI"], "taxonomy_code": chosen}).filter(whole)
