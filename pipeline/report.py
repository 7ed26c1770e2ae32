"""The pages of a run: index, one per provider, one per check. Each is a pure function of tables.

The `mart` tables do the counting; here rows become what a template draws. Provider pages are made in ranges of
providers, so that memory does not grow with the practice and no query is asked per page.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from . import catalog, pictures, templating
from .engine import Engine
from .errors import UsageError
from .model import Case, Check
from .templating import count, day, inner, masked, money, page_name, words

Row = dict[str, Any]

_MARTS = {
    "mart.run_summary", "mart.provider_summary", "mart.provider_money", "mart.provider_check", "mart.provider_month",
    "mart.finding_page", "mart.finding_line", "mart.threshold_stair", "mart.untold", "mart.clinic_summary",
    "mart.check_summary", "mart.reference_age", "mart.remittances", "mart.scorecard", "mart.provider_peer", "mart.provider_code",
    "mart.clinic_check", "mart.clinic_month", "mart.check_month", "mart.run_history",
}  # fmt: skip
_BATCH = 200
_LISTED = 250  # providers of a table before it folds
_SEVERITY = {"error": 0, "review": 1, "opportunity": 2, "info": 3}
_SUBJECT = {
    "claim_line": ("line", "lines"),
    "claim": ("claim", "claims"),
    "visit_day": ("visit day", "visit days"),
    "episode": ("episode of care", "episodes of care"),
    "patient": ("patient", "patients"),
    "provider_day": ("provider day", "provider days"),
    "provider": ("provider", "providers"),
}
_DISCIPLINE = {"PT": "physical therapy", "OT": "occupational therapy", "SLP": "speech-language pathology"}
_BASIS = {"allowed": "allowed amounts", "paid": "paid amounts", "fee-schedule": "fee schedule"}

# What is missing, in words, and who has it.
_REASON = {
    "allotment-tied": "several ways to place the units are right, and they differ in the assistant's part: the therapist decides",
    "allowed-amount-missing": "the allowed amount is missing: it is on the remittance",
    "assistant-methods-disagree": "the two published ways to measure the assistant's tenth disagree: the therapist decides",
    "assistant-minutes-not-recorded": "the practice's notes never state the minutes that assistants worked alone: export them with the visits",
    "assistant-not-marked": "the payer does not ask for the assistant modifiers, so that their absence says nothing",
    "authorization-not-recorded": "the source carries no authorization numbers: export them with the claims",
    "certification-not-recorded": "the plans carry no dates of certification: export them with the plans of care",
    "charge-amount-missing": "the charge is missing: the claim has it",
    "check-not-enabled": "the check is turned off for this payer by a cited switch",
    "date-span": "the line covers several days, so no single day can be judged: bill each day on its own line",
    "diagnoses-not-recorded": "the source carries no diagnoses: export them with the claims",
    "diagnosis-not-recorded": "an evaluation has no diagnosis in the data: the claim has it",
    "discipline-unknown": "neither the line nor the provider names a discipline: add it to providers.csv",
    "drug-unclassified": "a drug without a code of its own stands beside the procedure: the drug record says which",
    "edit-start-unknown": "the day lies in the span in which the code pair began: load the official quarterly release",
    "episode-start-unknown": "the start of the episode is not in the data: load earlier claims or the plan of care",
    "evaluation-may-follow": "the evaluation may still come: the next run will tell",
    "first-treatment-day-unclear": "the certification is late only by one way of counting the first treatment day: the record decides",
    "functional-codes-denied": "functional codes stand on denied lines only, which does not say that the report was refused",
    "group-size-not-recorded": "the number of patients in the group is not on file: the visit record has it",
    "last-day-unclear": "the rule does not say whether the 90th day after the first is still covered",
    "limb-not-known": "no diagnosis names the side, so that the limb is not known: the procedure note has it",
    "minutes-not-recorded": "no minutes are on file: load the visit records of the clinic",
    "minutes-per-code-not-recorded": "minutes are known for the day but not by code: the visit note has them",
    "minutes-shared": "the minutes belong to lines under two billing providers and cannot be shared out",
    "no-reference-for-date": "no reference data covers the date: load the release of that time",
    "not-stated": "no reason is given",
    "note-minutes-inconsistent": "the note's total and its minutes by code disagree: ask the therapist which holds",
    "note-not-recorded": "no note of the day is on file: load the visit records of the clinic",
    "order-not-recorded": "the plans carry no dates of the signed order: export them with the plans of care",
    "original-not-loaded": "the claim that this one replaces is not loaded: load its export",
    "pair-table-partial": "the loaded pair table does not hold every code of the day: load the full quarterly release",
    "payer-rule-unknown": "the payer's rule is not on file: ask the payer and set it in payers.csv",
    "place-of-service-missing": "the place of service is missing or does not decide: the claim has it",
    "plan-not-loaded": "no plan of care of the patient begins on or before the day: load it",
    "plans-not-loaded": "no plans of care of the billing provider are loaded: load them",
    "pointers-not-recorded": "the source does not carry diagnosis pointers: export them with the claims",
    "policy-version-not-loaded": "the loaded policy has no version for the date: load the one of that time",
    "provider-discipline-unknown": "the provider's discipline is not on file: add it to providers.csv",
    "provider-not-loaded": "neither the provider nor an exclusion list is loaded: add providers.csv or the list",
    "received-date-missing": "the date of receipt is missing: the clearinghouse or remittance has it",
    "recertifications-not-loaded": "no recertification was ever loaded for the billing provider: load plans of care",
    "region-missing": "neither the payer's contractor nor the line's state is known: add mac to payers.csv",
    "reference-not-known": "no release of the reference table was published by the day of --known-as-of: what reads it was not judged",
    "reports-not-loaded": "no progress reports are loaded for the billing provider: load them",
    "signature-not-recorded": "the notes carry no dates of signature: export them with the visits",
    "specialty-missing": "the provider's specialty is not on file: add it to providers.csv",
    "spending-elsewhere-undated": "spending at other providers is known without its date: add the date",
    "state-missing": "the line's state is missing, and the fee depends on it: the claim has it",
    "times-not-recorded": "start and end of the services are not on file: the visit record has them",
    "too-few-days": "too few days to speak of a pattern",
    "too-few-months": "too few months with enough visits for a change to be told from chance",
    "too-few-patients": "too few patients to be compared with peers",
    "too-few-peers": "too few peers of the discipline in the data: load a table of peer values",
    "too-few-visit-days": "too few patients with enough visit days to be compared with each other",
    "total-minutes-not-recorded": "the note has no total minutes: the visit record has them",
    "two-units-left": "two units are left, and the rule for them does not reach these minutes: the therapist decides",
    "units-do-not-match-minutes": "the billed units are none of those the minutes allow, so the split cannot be judged",
    "units-method-unknown": "the payer's way of counting units is not on file, and the two ways disagree",
    "units-not-billable": "the units are not a positive whole number: correct the line first",
    "vial-size-unconfirmed": "the answer hangs on a vial size that no source confirms: the drug record has it",
    "visits-not-loaded": "visit records of that time are not loaded for the provider: load them",
    "waste-units": "only units of discarded drug pass the limit: the drug record decides",
}
_FACT_MONEY = re.compile(r"(amount|threshold|running|excess\Z|spending|fee\b|paid|allowed)")
_DRAWN = {
    "ruler": {"codes", "timed_minutes", "units_billed", "units_supported", "valid", "method"},
    "rulers": {"codes", "timed_minutes", "units_billed", "units_supported", "valid", "method"},
    "clock": {"implied_minutes"},
    "stair": {"year", "bucket"},
    "strip": {"strip"},
    "split": {"therapist_minutes", "assistant_minutes"},
    "pair": {"all_column_1", "modifiers_seen"},
    "timeline": set(),
    "vial": {"given_units", "waste_units", "rest_units", "unused_units"},
}
_METHOD = {
    "cms": "The payer counts the minutes of the day together.",
    "cpt": "The payer counts each code alone.",
    "unknown": "Which way the payer counts is not on file; the units are judged by both.",
}
_CITED = ("citation", "release", "edit_release")


def build_marts(engine: Engine) -> None:
    """Build the tables of the current run that the pages read, but for those of causes, corrections and decisions."""
    for table in catalog.build_order("mart", _MARTS):
        engine.build(table)


def report(
    engine: Engine, run_key: str, out: Path, checks: Sequence[Check], cases: Callable[[Check], Sequence[Case]]
) -> list[Path]:
    """Write index.html, trends.html, clinics/<clinic>.html, providers/<npi>.html and checks/<CODE>.html into the folder `out`; returns the files written.

    `checks` are the known checks, `cases` gives the worked examples of one. Raises UsageError when the built tables
    belong to another run than `run_key`.
    """
    run = engine.dicts("select * from mart.run_summary")[0]
    if run["run_key"] != run_key:
        raise UsageError(f"The built tables belong to run {run['run_key']}, not {run_key}.", "Build that run first.")
    book = _book(engine, checks)
    common = _Common(run)
    pages: list[tuple[str, bytes]] = [
        ("index.html", _index(engine, common, run, book)),
        ("trends.html", _trends(engine, common, book)),
    ]
    pages += _clinics(engine, common, book)
    pages += [(f"checks/{check.code}.html", _check_page(engine, common, book, check, cases(check))) for check in checks]
    written = _write(out, pages)
    last = engine.value("select coalesce(max(provider_no), 0) from mart.provider_summary")
    for first in range(1, last + 1, _BATCH):
        written += _write(out, _provider_pages(engine, common, book, first, first + _BATCH - 1))
    return sorted(written)


def own_page(engine: Engine, run_key: str, npi: str, checks: Sequence[Check]) -> tuple[str, bytes]:
    """Name and content of one provider's page as the provider may have it: no line of another, and single peers only among many.

    Raises UsageError when the run has no such provider.
    """
    run = engine.dicts("select * from mart.run_summary")[0]
    number = engine.value("select provider_no from mart.provider_summary where npi = ?", [npi])
    if run["run_key"] != run_key or number is None:
        raise UsageError(f"Run {run_key} has no provider {npi}.", "The index page lists them.")
    return next(iter(_provider_pages(engine, _Common(run), _book(engine, checks), number, number, own=True)))


def board_page(engine: Engine, **values: Any) -> bytes:
    """The page of a board: `values` is what it is told, and nothing else of the run is."""
    return templating.render(
        "board.html.jinja", **_Common(engine.dicts("select * from mart.run_summary")[0]).values, **values
    )


def _write(out: Path, pages: Iterable[tuple[str, bytes]]) -> list[Path]:
    written = []
    for name, content in pages:
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        written.append(path)
    return written


class _Common:
    """What every page of a run shares: the stylesheet with the run's running foot, and the policy of its hashes."""

    def __init__(self, run: Row) -> None:
        script = templating.inline("index.js")
        self.values = {"run": run, **templating.style(f"run {run['run_key']}")}
        self.index_values = {
            **self.values,
            "script": templating.trusted(script),
            "policy": f"{self.values['policy']}; script-src '{templating.digest(script)}'",
        }


# Checks ------------------------------------------------------------------------------------------------------------


def _linked(check: Row) -> Row:
    """A check with its link from the index (`link_here`) and from the pages in folders (`link`)."""
    link = templating.macro("macros/text.jinja", "check_link")
    return {**check, "link": link(check, "../"), "link_here": link(check, "")}


def _book(engine: Engine, checks: Sequence[Check]) -> dict[str, Row]:
    """The known checks, and those that found something and are known no more, by code."""
    book = {check.code: _check(check) for check in checks}
    for row in engine.dicts(
        "select distinct check_code, check_name, severity, subject from mart.finding_page order by all"
    ):
        book.setdefault(row["check_code"], _retired(row))
    return book


def _check(check: Check) -> Row:
    """What the pages say of a check, made once."""
    return _linked({
        "code": check.code,
        "title": words(check.name),
        "severity": check.severity,
        "status": check.status,
        "family": check.family,
        "one": _SUBJECT[check.subject][0],
        "many": _SUBJECT[check.subject][1],
        "page": True,
        "clears": templating.prose(templating.first_paragraph(check.sections["How to answer it"])),
        "source": "; ".join(", ".join(filter(None, (ref["title"], ref.get("section")))) for ref in check.references),
    })  # fmt: skip


def _retired(row: Row) -> Row:
    """A check that found something and is no longer known."""
    one, many = _SUBJECT.get(row["subject"], ("subject", "subjects"))
    return _linked({
        "code": row["check_code"], "title": words(row["check_name"]), "severity": row["severity"], "status": "removed",
        "family": row["check_code"][:3], "one": one, "many": many, "page": False, "clears": "", "source": "",
    })  # fmt: skip


def _check_page(engine: Engine, common: _Common, book: dict[str, Row], check: Check, worked: Sequence[Case]) -> bytes:
    summary = engine.dicts("select * from mart.check_summary where check_code = ?", [check.code])
    return templating.render(
        "check.html.jinja",
        **common.values,
        check=book[check.code],
        declared=check,
        params=engine.dicts(
            "select * from ref.param where check_code = ? order by param, valid_from",
            [check.code],
        ),
        cases=[
            {
                "title": words(case.name),
                "why": case.why,
                "as_of": case.as_of,
                "given": [(name, _columns(rows), rows) for name, rows in case.given.items() if rows],
                "expect": (_columns(case.expect), case.expect),
            }
            for case in _one_of_each(worked)
        ],
        more_cases=len(worked) - len(_one_of_each(worked)),
        summary=summary[0] if summary else None,
        precision=(engine.dicts("select * from mart.precision where check_code = ?", [check.code]) or [None])[0],
        untold=_reasons(
            engine.dicts(
                """select check_code, reason, sum(subjects) as subjects from mart.untold where check_code = ?
                   group by all order by subjects desc, reason""",
                [check.code],
            )
        ),
        providers=engine.dicts(
            """select s.npi, s.provider_name, c.*
               from mart.provider_check c join mart.provider_summary s using (provider_no)
               where c.check_code = ? and c.findings > 0 order by c.findings desc, s.npi""",
            [check.code],
        ),
    )


def _one_of_each(worked: Sequence[Case]) -> list[Case]:
    """The first case of each verdict: a finding, a pass, what cannot be told, what is not examined."""
    first: dict[str, Case] = {}
    for case in worked:
        first.setdefault(case.name.split("_")[0], case)
    return [first[verdict] for verdict in ("flag", "pass", "cannot", "silent") if verdict in first]


def _columns(rows: Sequence[dict[str, str | None]]) -> list[str]:
    """Every column of some rows, in the order in which they first appear."""
    return list(dict.fromkeys(name for row in rows for name in row))


def reason_words(reason: str) -> str:
    """A reason for not being able to tell, in words."""
    return _REASON.get(reason, templating.inner(words(reason)))


def _reasons(rows: list[Row]) -> list[Row]:
    for row in rows:
        row["words"] = reason_words(row["reason"])
    return rows


# Index -------------------------------------------------------------------------------------------------------------


def _providers(engine: Engine) -> list[Row]:
    """The providers as a table lists them, each with its curve."""
    providers = engine.dicts("select * from mart.provider_summary order by error_lines desc, errors desc, npi")
    months = _grouped(engine.dicts("select * from mart.provider_month order by provider_no, month"))
    for row in providers:
        row["spark"] = pictures.spark(months[row["provider_no"]])
    return providers


def _index(engine: Engine, common: _Common, run: Row, book: dict[str, Row]) -> bytes:
    providers = _providers(engine)
    by_no = {row["provider_no"]: row for row in providers}
    tested = engine.dicts("select * from mart.check_summary order by check_code")
    for row in tested:
        row["check"] = book.get(row["check_code"])
        row["top"] = by_no.get(row["top_provider_no"])
    tested = [row for row in tested if row["check"]]
    found = [row for row in tested if row["findings"]]
    found.sort(key=lambda row: (_SEVERITY[row["check"]["severity"]], -row["findings"], row["check_code"]))
    causes = sorted((row for row in found if row["errors"]), key=lambda row: (-row["errors"], row["check_code"]))
    seen = {row["check_code"] for row in tested}
    ran = set(run["checks"] or seen)
    return templating.render(
        "index.html.jinja",
        **common.index_values,
        providers=providers,
        listed=_LISTED,
        clinics=engine.dicts("select * from mart.clinic_summary order by error_lines desc, clinic_id nulls last"),
        found=found,
        clean=[row for row in tested if not row["findings"] and row["examined"]],
        statements=[row for row in _statements(engine, book) if row["needed"]],
        causes=causes[:3],
        causes_share=sum(row["errors"] for row in causes[:3]),
        error_checks=len(causes),
        untold=_untold_by_check(
            engine.dicts(
                """select check_code, reason, sum(subjects) as subjects from mart.untold
                   group by all order by check_code, subjects desc, reason"""
            ),
            book,
        ),
        failed=[book[code] for code in sorted(run["checks_failed"] or ()) if code in book],
        silent=[book[code] for code in sorted(ran - seen) if code in book],
        unselected=[
            c for code, c in sorted(book.items()) if c["page"] and code not in ran | set(run["checks_failed"] or ())
        ],
        files=engine.dicts("select * from raw.file order by status = 'read', file_name, record_type, digest"),
        totals=_totals(engine),
        followed=_followed(engine),
        fates=_FATES,
        rejects=engine.dicts(
            """select file_name, record_type, column_name, reason, remedy, count(*) as records from audit.reject
               group by all order by records desc, file_name, column_name, reason, remedy"""
        ),
        work=_work(engine),
        faults=engine.dicts(
            """select kind, is_baseline, count(*) as findings, sum(amount_at_risk) as amount, min(expires_on) as first_expiry
               from mart.suppression_fault group by all order by kind, is_baseline"""
        ),
        cases=engine.value("select count(distinct case_id) from audit.overpayment_event"),
        remitted=engine.dicts(
            """select outcome, count(*) as records, sum(charge_amount) as charge, sum(paid_amount) as paid
               from mart.remittances group by outcome order by records desc, outcome"""
        ),
        releases=engine.dicts("select * from mart.reference_age order by release, publisher, valid_from"),
    )


def _statements(engine: Engine, book: dict[str, Row]) -> list[Row]:
    """What findings have in common, most findings first."""
    rows = engine.dicts(
        """select s.*, coalesce(s.clinic_id, p.clinic_id) as of_clinic from mart.cause_statement s
        left join mart.provider p on p.npi = s.npi order by place"""
    )
    for row in rows:
        row["check"] = book[row["check_code"]]
        row["of_subjects"] = row["check"]["one"] in ("line", "visit day")
    return rows


def _work(engine: Engine) -> Row:
    """What people have decided on the findings of the run, and what is left to do."""
    rows = engine.dicts("select * from mart.work where is_total")
    return rows[0] if rows else {}


def _decided(row: Row) -> str:
    """A decision in words: what, by whom, on which day, and where it stands."""
    text = f"{inner(words(row['decision']))}, {row['reviewer']}, {day(row['decided_on'])}"
    if row["decision"] == "suppressed":
        text += f", until {day(row['expires_on'])}" if row["expires_on"] else ""
    return text if row["standing"] == "in-force" else f"{text} ({row['standing'].replace('-', ' ')})"


_STEPS = {
    "read": "read",
    "rejected": "rejected",
    "accepted": "accepted",
    "superseded": "replaced, voided, cancelled, repeated or resubmitted",
    "after-as-of": "after the as-of date",
    "audited": "audited",
}


def _totals(engine: Engine) -> Row:
    """The control totals: claim lines step by step with units and charge, other records in one row per kind."""
    rows = engine.dicts("select * from audit.control_total order by record_type, step")
    by_kind = _grouped(rows, "record_type")
    order = list(_STEPS)
    lines = sorted(
        (row for row in by_kind.pop("claim_lines", []) if row["step"] in _STEPS), key=lambda r: order.index(r["step"])
    )
    other = [{"kind": words(kind), **{row["step"]: row["records"] for row in steps}} for kind, steps in by_kind.items()]
    return {"lines": [{**row, "words": _STEPS[row["step"]]} for row in lines], "other": other}


# The steps shown for each file, by record layout: what was read is the sum of the others.
_FATES = {
    "claim_lines": {
        "read": "Read",
        "rejected": "Rejected",
        "superseded": "Superseded",
        "after-as-of": "After the as-of date",
        "audited": "Audited",
    },
    "remittance_lines": {
        "read": "Read",
        "rejected": "Rejected",
        "heading": "Claims, told by their lines",
        "unmatched": "No claim line found",
        "passed-over": "Passed over",
        "stands": "Decides a claim line",
    },
}


def _followed(engine: Engine) -> dict[str, list[Row]]:
    """The files of claim lines and of remittances, each with its records and money by step."""
    rows = engine.dicts(
        """select f.file_name, t.* from audit.file_total t join raw.file f using (file_id)
        where t.record_type in ('claim_lines', 'remittance_lines') order by f.file_name, f.digest, t.place"""
    )
    found: dict[str, list[Row]] = {}
    for steps in _grouped(rows, "file_id").values():
        kind = steps[0]["record_type"]
        fates = {step["step"]: step for step in steps}
        found.setdefault(kind, []).append(
            {"file_name": steps[0]["file_name"], "steps": [fates[s] for s in _FATES[kind]]}
        )
    return found


def _grouped(rows: Iterable[Row], key: str = "provider_no") -> dict[Any, list[Row]]:
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return groups


def _untold_by_check(rows: list[Row], book: dict[str, Row]) -> list[tuple[Row, list[Row]]]:
    """Reasons under their check, the checks in order of code."""
    groups = _grouped(_reasons(rows), "check_code")
    return [(book[code], reasons) for code, reasons in sorted(groups.items()) if code in book]


# Clinics and trends ------------------------------------------------------------------------------------------------


def _clinics(engine: Engine, common: _Common, book: dict[str, Row]) -> Iterable[tuple[str, bytes]]:
    """A page for each clinic, when there are several."""
    clinics = engine.dicts("select * from mart.clinic_summary order by clinic_id nulls last")
    if len(clinics) < 2:
        return
    providers = _grouped(_providers(engine), "clinic_id")
    months = _grouped(engine.dicts("select * from mart.clinic_month order by clinic_id, month"), "clinic_id")
    checks = _grouped(
        engine.dicts("select * from mart.clinic_check where findings > 0 order by check_code"), "clinic_id"
    )
    # causes that name the clinic, or one of its providers
    statements = _grouped(_statements(engine, book), "of_clinic")
    lines, error_lines = (sum(clinic[name] for clinic in clinics) for name in ("lines", "error_lines"))
    for clinic in clinics:
        found = [
            {**row, "check": book[row["check_code"]]}
            for row in checks[clinic["clinic_id"]]
            if row["check_code"] in book
        ]
        found.sort(key=lambda row: (_SEVERITY[row["check"]["severity"]], -row["findings"], row["check_code"]))
        yield (
            f"clinics/{page_name(clinic['clinic_id'] or '')}.html",
            templating.render(
                "clinic.html.jinja",
                **common.values,
                c=clinic,
                others={"lines": lines - clinic["lines"], "error_lines": error_lines - clinic["error_lines"]},
                statements=statements[clinic["clinic_id"]],
                chart=pictures.months(months[clinic["clinic_id"]]),
                providers=providers[clinic["clinic_id"]],
                listed=_LISTED,
                found=found,
            ),
        )


def _trends(engine: Engine, common: _Common, book: dict[str, Row]) -> bytes:
    rows = _grouped(engine.dicts("select * from mart.check_month order by check_code nulls first, month"), "check_code")
    whole = rows.pop(None, [])
    sizes = {code: sum(row["errors"] for row in months) for code, months in rows.items() if code in book}
    drawn = sorted((code for code, size in sizes.items() if size >= 5), key=lambda code: (-sizes[code], code))
    sparks = [(code, pictures.spark(rows[code])) for code in drawn]
    return templating.render(
        "trends.html.jinja",
        **common.values,
        history=engine.dicts("select * from mart.run_history order by as_of, this_run, run_key"),
        whole=pictures.spark(whole),
        multiples=[{"check": book[code], "findings": sizes[code], "spark": spark} for code, spark in sparks if spark],
        others=sum(1 for size in sizes.values() if 0 < size < 5),
        since=whole[-24:][0]["month"] if whole else None,
        until=whole[-1]["month"] if whole else None,
    )


# Providers ---------------------------------------------------------------------------------------------------------


def _provider_pages(
    engine: Engine, common: _Common, book: dict[str, Row], first: int, last: int, own: bool = False
) -> Iterable[tuple[str, bytes]]:
    """The pages of the providers numbered `first` to `last`; `own`: as the provider alone may have them."""
    span = [first, last]

    def fetch(table: str, order: str, where: str = "true", columns: str = "*") -> list[Row]:
        return engine.dicts(
            f"""select {columns} from mart.{table}
            where provider_no between ? and ? and {where} order by provider_no, {order}""",
            span,
        )

    statements = {(row["check_code"], row["round"]): row for row in _statements(engine, book)}
    shared = _grouped(
        engine.dicts(
            """select provider_no, check_code, round, count(*) as findings
            from mart.cause_member m join mart.provider p on p.npi = m.provider_npi
            where provider_no between ? and ? group by all order by provider_no, findings desc, check_code, round""",
            span,
        )
    )
    checks = _grouped(fetch("provider_check", "check_code"))
    months = _grouped(fetch("provider_month", "month"))
    moneys = _grouped(fetch("provider_money", "direction, amount desc, amount_basis"))
    untold = _grouped(fetch("untold", "check_code, subjects desc, reason"))
    cards = _grouped(fetch("finding_page", "check_code, position", "shown = 'card'"))
    corrected = engine.dicts(
        """select c.* from mart.correction c join mart.finding_page f using (finding_id)
        where f.provider_no between ? and ?""",
        span,
    )
    correction_of = {row["finding_id"]: row for row in corrected}
    for card in (card for several in cards.values() for card in several):
        card["correction"] = correction_of.get(card["finding_id"])
    lean = "provider_no, finding_id, check_code, severity, state, patient_id, service_date, codes, place, message"
    rows = _grouped(fetch("finding_page", "check_code, position", "shown = 'row'", f"{lean}, amount_at_risk"))
    beside = _grouped(fetch("scorecard", "place"))
    metrics = _grouped(fetch("provider_peer", "place"))
    mixes = _grouped(fetch("provider_code", "place"))
    compared = (engine.dicts("select period_from, period_to from core.pattern_period") or [None])[0]
    decisions = {
        row["finding_id"]: _decided(row)
        for row in engine.dicts(
            """select d.* from mart.decision d join mart.provider p on p.npi = d.provider_npi
            where p.provider_no between ? and ? and d.state <> 'resolved'""",
            span,
        )
    }
    shown = "own or listed" if own else "true"
    lines = _grouped(fetch("finding_line", "finding_id, position", shown), "finding_id")
    if own:
        for card in (card for several in cards.values() for card in several):
            card["evidence"] = _without_few_peers(card["evidence"])
        _without_others(beside, metrics, mixes)
        statements = {key: {**row, "other_subjects": 0} for key, row in statements.items()}
        shared = {
            number: [row for row in several if statements[row["check_code"], row["round"]]["npi"]]
            for number, several in shared.items()
        }
    stairs = _grouped(fetch("threshold_stair", "finding_id, position"), "finding_id")
    template = templating.environment().get_template("provider.html.jinja")
    cause_of = dict(
        (row["finding_id"], row["round"])
        for row in engine.dicts(
            """select finding_id, m.round from mart.cause_member m join mart.finding_page f using (finding_id)
            where f.provider_no between ? and ? and f.shown <> 'csv'""",
            span,
        )
    )
    for group in (*cards.values(), *rows.values()):
        for row in group:
            row["decision"] = decisions.get(row["finding_id"], "")
            row["cause"] = cause_of.get(row["finding_id"])
    for provider in fetch("provider_summary", "npi"):
        number = provider["provider_no"]
        sections = _sections(book, checks[number], cards[number], rows[number], lines, stairs)
        common_to = [(statements[row["check_code"], row["round"]], row["findings"]) for row in shared.get(number, [])]
        page = template.render(
            **common.values,
            p=provider,
            discipline=_DISCIPLINE.get(provider["discipline"] or "", ""),
            chart=pictures.months(months[number]),
            outstanding=[row for row in months[number] if row["stands_out"]],
            rates=pictures.rates(beside[number], provider),
            metrics=[_metric(row) for row in metrics[number]],
            compared=compared,
            mix=pictures.mix(mixes[number]),
            sections=sections,
            groups=_groups(sections, common_to),
            statements=common_to,
            causes=_causes(sections),
            error_checks=sum(1 for section in sections if section["row"]["errors"]),
            tested=[
                (book[row["check_code"]], row)
                for row in checks[number]
                if row["check_code"] in book and row["examined"]
            ],
            moneys=moneys[number],
            basis=_BASIS,
            untold=_untold_by_check(untold[number], book),
            usual=_usual_rate(months[number]),
        )
        yield f"providers/{page_name(provider['npi'])}.html", page.encode()


_PEERS = 11  # fewer single values could be told apart by who knows the practice


def _without_others(beside: dict[Any, list[Row]], metrics: dict[Any, list[Row]], mixes: dict[Any, list[Row]]) -> None:
    """Take away what would tell a provider of few others: a clinic's figures, and those of a discipline of fewer than eleven."""
    many = {number for number, rows in metrics.items() if rows and min(row["peers"] for row in rows) >= _PEERS}
    for number, rows in beside.items():
        rows[:] = [
            row
            for row in rows
            if row["beside"] not in ("clinic", "discipline") or row["beside"] == "discipline" and number in many
        ]
    for rows in metrics.values():
        for row in rows:
            row["clinic_value"] = None
            row["peer_value"] = row["peer_value"] if row["peers"] >= _PEERS else None
    for number, rows in mixes.items():
        for row in rows:
            row["peer_rate"] = row["peer_rate"] if number in many else None


def _without_few_peers(evidence: str | None) -> str | None:
    """Evidence without the values of single peers where they are few; what all of them are together stays, as it is what was compared with."""
    facts = json.loads(evidence or "{}")
    if not facts.get("strip") or len(facts["strip"].get("values") or ()) >= _PEERS:
        return evidence
    return json.dumps({**facts, "strip": None})


def _causes(sections: list[Row]) -> list[Row]:
    """The three checks with most error and review findings."""
    serious = [section for section in sections if section["row"]["errors"] + section["row"]["reviews"]]
    serious.sort(
        key=lambda s: (-s["row"]["errors"] - s["row"]["reviews"], -s["row"]["over_amount"], s["check"]["code"])
    )
    return serious[:3]


def _usual_rate(months: list[Row]) -> float:
    """Error findings per 100 lines over the months that do not stand out."""
    quiet = [row for row in months if not row["stands_out"]]
    lines = sum(row["lines"] for row in quiet)
    return 100 * sum(row["errors"] for row in quiet) / lines if lines else 0.0


def _sections(
    book: dict[str, Row],
    checks: list[Row],
    cards: list[Row],
    rows: list[Row],
    lines: dict[str, list[Row]],
    stairs: dict[str, list[Row]],
) -> list[Row]:
    """The findings of a provider under their check, errors first, then by number of findings."""
    card_of, row_of = _grouped(cards, "check_code"), _grouped(rows, "check_code")
    sections = []
    for row in checks:
        if not row["findings"]:
            continue
        code = row["check_code"]
        shown = card_of[code] + row_of[code]
        check = {
            **book[code],
            "severity": min((f["severity"] for f in shown), key=_SEVERITY.__getitem__, default=book[code]["severity"]),
        }
        drawn: dict[tuple[Any, ...], str] = {}
        sections.append(
            {
                "check": check,
                "row": row,
                "cards": [
                    _card(card, check, lines[card["finding_id"]], stairs[card["finding_id"]], drawn)
                    for card in card_of[code]
                ],
                "rows": row_of[code],
            }
        )
    sections.sort(key=lambda s: (_SEVERITY[s["check"]["severity"]], -s["row"]["findings"], s["check"]["code"]))
    return sections


def _groups(sections: list[Row], common_to: list[tuple[Row, int]]) -> list[Row]:
    """The findings of a provider as they are laid out: those of each cause together, most first, then what is left of each check."""
    causes: dict[str, dict[int | None, tuple[Row | None, int]]] = defaultdict(dict)
    for statement, findings in common_to:
        causes[statement["check_code"]][statement["round"]] = (statement, findings)
    groups = []
    for section in sections:
        of_check = causes[section["check"]["code"]]
        left = section["row"]["findings"] - sum(findings for _, findings in of_check.values())
        for cause, (statement, findings) in (*of_check.items(), (None, (None, left))):
            parts = {
                kind: [row for row in section[kind] if (row["cause"] if row["cause"] in of_check else None) == cause]
                for kind in ("cards", "rows")
            }
            if findings:
                shown = len(parts["cards"]) + len(parts["rows"])
                groups.append({**section, **parts, "cause": statement, "findings": findings, "left": findings - shown})
    groups.sort(key=lambda group: -group["findings"] if group["cause"] else 0)
    seen: set[str] = set()
    for place, group in enumerate(groups):
        code = group["check"]["code"]
        group["first"] = code not in seen
        group["anchor"] = f"{code}-{place}" if code in seen else code
        seen.add(code)
    return groups


def _card(card: Row, check: Row, lines: list[Row], stair: list[Row], drawn: dict[tuple[Any, ...], str]) -> Row:
    """A finding as the template draws it: evidence opened, picture chosen, lines joined with their minutes."""
    evidence = json.loads(card["evidence"] or "{}", parse_float=Decimal)
    picture, figure = pictures.picture(card, evidence, stair)
    same = None
    if card["check_code"][:3] == "CAP" and not picture:
        same = drawn.get((card["patient_id"], card["payer_id"], evidence.get("year"), evidence.get("bucket")))
    elif picture == "stair":
        drawn[(card["patient_id"], card["payer_id"], evidence.get("year"), evidence.get("bucket"))] = card["finding_id"]
    by_code = {
        entry["code"]: entry for entry in evidence.get("codes") or () if isinstance(entry, dict) and "code" in entry
    }
    for line in lines:
        entry = by_code.pop(line["procedure_code"], None)
        line["minutes"] = entry.get("minutes") if entry else None
        line["supported"] = entry.get("supported") if entry else None
    card["lines"] = lines
    card["hidden_lines"] = lines[0]["hidden"] if lines else 0
    card["days"] = len({line["service_date"] for line in lines}) > 1
    card["with_minutes"] = any(line["minutes"] is not None for line in lines)
    card["with_supported"] = any(line["supported"] is not None for line in lines)
    card["evidence"] = evidence
    card["picture"], card["figure"], card["same"] = picture, figure, same
    card["clears"] = _clears(card["check_code"], evidence)
    card["attests"] = "attest" in f"{card['fix']} {check['clears']}".lower()
    hidden = _DRAWN.get("stair" if same else picture, set()) | set(_CITED)
    if any(line["procedure_code"] == evidence.get("procedure_code") for line in lines):
        hidden = hidden | {"procedure_code"}  # the table of lines has it
    card["method"] = _METHOD.get(str(evidence.get("method")), "")
    # text that the message already quotes is not repeated; numbers stay, as they are the arithmetic
    said = card["message"] or ""
    card["facts"] = [
        (words(key), _fact(key, value))
        for key, value in evidence.items()
        if key not in hidden and value not in (None, "", []) and not (isinstance(value, str) and value in said)
    ]
    card["cited"] = [str(evidence[key]) for key in _CITED if evidence.get(key)]
    card["heading"] = check["title"] if card["subject"] == "provider" else " · ".join(filter(None, (
        day(card["service_date"]) if card["service_date"] else "",
        f"patient\u00a0{masked(card['patient_id'])}" if card["patient_id"] else "",
        card["payer_name"] or "",
    ))) or check["title"]  # fmt: skip
    return card


def _fact(key: str, value: Any) -> str:
    """One value of the evidence for reading."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(_fact(key, entry) for entry in value)
    if isinstance(value, dict):
        return "; ".join(
            f"{templating.inner(words(name))} {_fact(name, entry)}"
            for name, entry in value.items()
            if entry is not None
        )
    if isinstance(value, int | Decimal):
        return money(value) if _FACT_MONEY.search(key) else (str(value) if key == "year" else count(value))
    if pictures.DAY.match(str(value)):
        return day(date.fromisoformat(value))
    return str(value)


def _clears(code: str, evidence: Row) -> str:
    """What would clear this very finding, where the arithmetic says it; else the check's own answer is all there is."""
    if code == "UNT101" and evidence.get("method") == "cms" and evidence.get("units_billed"):
        return f"a record of that day that shows {15 * int(evidence['units_billed']) - 7} or more timed minutes"
    return ""


_METRIC = {
    "kx_patients": "Patients with KX",
    "minutes_per_visit": "Timed minutes by visit",
    "allowed_per_patient": "Allowed amount by patient",
    "distinct_lines": "Lines with 59 or an X modifier",
    "complex_evaluations": "Evaluations of high complexity",
}
_OUTCOME = {"above": "above its peers", "higher": "higher, within chance", "not-higher": "not higher than its peers"}
_OBSTACLE = {
    "discipline": "not compared: discipline unknown",
    "unknown": "not compared: unknown for too many patients",
    "patients": "not compared: too few patients",
    "peers": "not compared: too few peers",
}


def _metric(row: Row) -> Row:
    """A measure of the comparison in words and figures."""

    def shown(value: float | None) -> str:
        if value is None:
            return ""
        if row["metric"] == "allowed_per_patient":
            return money(Decimal(str(round(value, 2))))
        return f"{value:.1f}" if row["metric"] == "minutes_per_visit" else templating.percent(value)

    low, high = row["low"], row["high"]
    return {
        "label": _METRIC[row["metric"]], "patients": row["patients"], "own": shown(row["value"]),
        "interval": f"{shown(low)} to {shown(high)}" if low is not None and high is not None else "",
        "clinic": shown(row["clinic_value"]), "peer": shown(row["peer_value"]),
        "words": _OUTCOME.get(row["outcome"]) or _OBSTACLE.get(row["obstacle"] or "", "not compared"),
    }  # fmt: skip
