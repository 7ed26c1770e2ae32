"""Medicare Coverage Database: the weekly zip of billing and coding articles, as rows of coverage policies.

An article ties its lists of diagnoses to procedure codes in prose only, so that every covered diagnosis counts for every code of the article: it can leave a
line unquestioned, never question one wrongly. For the same reason a list of diagnoses that are not covered is kept only where the article has one group of codes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from . import Document, Hints, Part, american_day, text_table, wrong

_TABLES = (
    "article", "article_x_hcpc_code", "article_x_icd10_covered", "article_x_icd10_noncovered", "article_x_contractor", "contractor",
    "contractor_jurisdiction", "state_lookup",
)  # fmt: skip
_COLUMNS = "payer_id mac region policy_id policy_version code_low code_high dx_low dx_high group_no role dos_from dos_to".split()
_DATE = re.compile(r"(20\d\d|19\d\d)-(\d\d)-(\d\d)")


class Mcd:
    name = "Medicare Coverage Database articles"

    def __init__(self, codes: frozenset[str]) -> None:
        """`codes` are the procedure codes that the audit judges: articles about others are left out."""
        self._codes = codes

    def claims(self, documents: Sequence[Document]) -> Iterator[tuple[Document, ...]]:
        groups: dict[str, list[Document]] = defaultdict(list)
        for document in documents:
            if document.name.lower().endswith(".csv") and _stem(document) in _TABLES:
                groups[document.container].append(document)
        for group in groups.values():
            if {"article", "article_x_hcpc_code"} <= {_stem(document) for document in group}:
                yield tuple(group)

    def read(self, documents: tuple[Document, ...], hints: Hints) -> Part:
        by_name = {_stem(document): document for document in documents}
        if missing := [name for name in _TABLES if name not in by_name and name != "article_x_icd10_noncovered"]:
            raise wrong(
                documents[0], f"came without {', '.join(f'{name}.csv' for name in missing)}", "Add the whole zip file."
            )
        codes: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for row in _records(
            by_name["article_x_hcpc_code"], "article_id", "article_version", "hcpc_code_id", "hcpc_code_group"
        ):
            codes[row[0], row[1]][row[3]].add(row[2])
        articles = {}
        newest = date(1900, 1, 1)
        header = "article_id article_version status ?article_pub_date ?article_eff_date ?article_rev_eff_date ?article_end_date ?article_rev_end_date ?date_retired ?last_updated"
        for article, version, status, published, begins, revised, ends, revision_ends, retired, updated in _records(
            by_name["article"], *header.split()
        ):
            newest = max(newest, _day(updated) or _day(published) or newest)
            ours = {code for group in codes.get((article, version), {}).values() for code in group} & self._codes
            starts = [day for day in map(_day, (published, begins, revised)) if day]
            if status.upper()[:1] in ("A", "R") and ours and starts:
                # the list of this version says nothing of the time before it: older versions are not published
                last = min((day for day in map(_day, (ends, revision_ends, retired)) if day), default=None)
                articles[article, version] = (sorted(ours), max(starts), last, len(codes[article, version]))
        regions = _regions(by_name)
        columns: list[list[str]] = [[] for _ in _COLUMNS]
        for role in ("covered", "noncovered"):
            if f"article_x_icd10_{role}" not in by_name:
                continue
            found = _records(
                by_name[f"article_x_icd10_{role}"],
                "article_id",
                "article_version",
                "icd10_code_id",
                f"icd10_{role}_group",
            )
            for article, version, diagnosis, group in sorted(set(found)):
                if (article, version) not in articles or not re.match(r"[A-Z]\d", diagnosis):
                    continue
                ours, first, last, groups = articles[article, version]
                if role == "noncovered" and groups > 1 or last and last < first:
                    continue
                for mac, state in regions.get((article, version), regions.get((article, ""), ())):
                    for code in ours:
                        row = (
                            "",
                            mac,
                            state,
                            f"A{article}",
                            version,
                            code,
                            code,
                            diagnosis,
                            diagnosis,
                            group if group.isdigit() else "",
                            role,
                            str(first),
                            str(last or ""),
                        )
                        for column, cell in zip(columns, row, strict=True):
                            column.append(cell)
        if not columns[0]:
            raise wrong(by_name["article"], "holds no article with diagnoses for the codes that are audited")
        published_on = hints.published or newest
        return Part(
            layout=self.name,
            set="coverage_policy",
            name=f"MCD-{published_on}",
            publisher="CMS",
            licence_note="CMS coverage database: codes only; obtained under its click-through licence",
            valid_from=min(date.fromisoformat(text) for text in set(columns[-2])),
            published_on=published_on,
            rows=text_table(dict(zip(_COLUMNS, columns, strict=True))),
            citation=f"Medicare Coverage Database of {published_on}",
            clean="select distinct *, null::integer as pair_group_no from incoming",
        )


def _stem(document: Document) -> str:
    return document.name.lower().removesuffix(".csv")


def _records(document: Document, *names: str) -> Iterator[tuple[str, ...]]:
    """The named columns of each record; a name with a question mark may be absent and is then blank."""
    records = document.records()
    header = [cell.strip().strip('"').lower() for cell in next(records, [])]
    for name in names:
        if not name.startswith("?") and name not in header:
            raise wrong(document, f"has no column {name}")
    places = [header.index(name.removeprefix("?")) if name.removeprefix("?") in header else -1 for name in names]
    for record in records:
        yield tuple(record[place].strip() if 0 <= place < len(record) else "" for place in places)


def _regions(by_name: dict[str, Document]) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Contractor number and state of each article: from the jurisdictions, never from a contractor's name."""
    states = dict(_records(by_name["state_lookup"], "state_id", "state_abbrev"))
    numbers = dict(_records(by_name["contractor"], "contractor_id", "contractor_number"))
    where: dict[str, set[str]] = defaultdict(set)
    for contractor, state, ended in _records(
        by_name["contractor_jurisdiction"], "contractor_id", "state_id", "?term_date"
    ):
        if not ended and state in states:
            where[contractor].add(states[state])
    found: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for article, version, contractor in _records(
        by_name["article_x_contractor"], "article_id", "?article_version", "contractor_id"
    ):
        found[article, version] |= {(numbers.get(contractor, ""), state) for state in where.get(contractor, ())}
    return {key: sorted(pairs) for key, pairs in found.items()}


def _day(text: str) -> date | None:
    match = _DATE.search(text)
    try:
        return date(*map(int, match.groups())) if match else american_day(text)
    except ValueError:
        return None
