"""Runs the checks: the wrapper around each check's SELECT, coverage, findings and what this run observed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext
from dataclasses import dataclass

from . import catalog, registry
from .engine import DuckDBError, Engine, quoted
from .errors import DefinitionError
from .model import Check, Table

HISTORY = (
    "audit.run", "audit.run_check", "audit.run_payer", "audit.coverage", "audit.finding", "audit.observation", "audit.observation_line",
    "audit.disposition", "audit.overpayment_event",
)  # fmt: skip
_OF_A_RUN = (
    "audit.run", "audit.run_check", "audit.run_payer", "audit.coverage", "audit.observation", "audit.observation_line",
)  # fmt: skip
_PLACEHOLDER = re.compile(r"\{([a-z_0-9]+)\}")


@dataclass(frozen=True)
class Carried:
    """What a run that goes on takes over from the run before it (see `increment`).

    The layer has `audit.judged`, `audit.coverage` and `audit.found` of the checks `codes`, the last of what they found anew, and in `audit.unchanged` the
    `finding_id` of what they had found and nothing has touched since; that stands in `audit.found` of the database.
    """

    codes: frozenset[str]
    layer: str
    run_before: str


@dataclass(frozen=True)
class Failure:
    """A check that could not run, and why (one line, no data in it)."""

    check_code: str
    why: str


def template_sql(template: str) -> str:
    """SQL that fills a message template from the `evidence` struct; a missing value reads as "unknown"."""
    parts: list[str] = []
    position = 0
    for match in _PLACEHOLDER.finditer(template):
        parts += [quoted(template[position : match.start()])] * (match.start() > position)
        parts.append(f"coalesce(cast(evidence.{match[1]} as varchar), 'unknown')")
        position = match.end()
    parts += [quoted(template[position:])] * (position < len(template))
    return " || ".join(parts) or "''"


def placeholders(template: str) -> list[str]:
    """The evidence fields that a message template names."""
    return _PLACEHOLDER.findall(template)


def verdict_columns(engine: Engine, check: Check) -> frozenset[str]:
    """The columns that the check's SELECT returns: asked once in a process, as they do not hang on the data."""
    key = (check.code, check.sql)
    if key not in _COLUMNS:
        _COLUMNS[key] = frozenset(row[0] for row in engine.rows(f"describe {check.sql}"))
    return _COLUMNS[key]


_COLUMNS: dict[tuple[str, str], frozenset[str]] = {}


def subject_key(columns: Collection[str]) -> str | None:
    """SQL of the key of a finding over what the check returns; None for a finding that one claim line is.

    A check of whole visit days names the day by its columns, and the text is made for its findings only: days are many.
    """
    if "subject_key" in columns:
        return "subject_key"
    day = ("patient_id", "service_date", "billing_npi", "discipline", "payer_id")
    return f"concat_ws('|', {', '.join(day)})" if "discipline" in columns else None


def _evaluate(engine: Engine, check: Check, disabled_for: Sequence[str]) -> frozenset[str]:
    """Evaluate the check once, within the run's window, into the temporary table `verdict`; returns the check's columns.

    One row per provider, payer, verdict and reason: `subjects`, `amount`, and `found`, the findings as a list of structs. What
    passes is only counted, because writing down every subject would cost more than judging it. A check with so many findings
    that the lists do not fit into memory is evaluated again with one row per subject.
    """
    columns = verdict_columns(engine, check)
    needed = {
        "provider_npi",
        "payer_id",
        "service_date",
        "verdict",
        "reason",
        "amount_at_risk",
        "amount_basis",
        "evidence",
    }
    key = subject_key(columns)
    if check.subject == "claim_line":
        needed.add("line_id")
    else:
        needed |= {"billing_npi", "patient_id", "line_shares"} | (set() if key else {"subject_key"})
    missing = sorted(needed - columns)
    if missing:
        raise DefinitionError(f"{check.path}: the SELECT does not return {', '.join(missing)}.")
    kept = {name: name for name in sorted(columns - {"provider_npi", "payer_id", "verdict", "reason", "discipline"})}
    if key:
        kept["subject_key"] = key if key == "subject_key" else f"case when verdict = 'finding' then {key} end"
    finding = f"{{{', '.join(f'{name}: {sql}' for name, sql in kept.items())}}}"
    judged = f"""from ({_only_enabled(check, columns, disabled_for)}) v cross join core.run r
      where (r.window_from is null or v.service_date >= r.window_from) and (r.window_to is null or v.service_date <= r.window_to)"""
    into = "create or replace temp table verdict as select provider_npi, payer_id, verdict, reason"
    with engine.as_written():
        _count(engine, into, finding, judged)
    return columns


def _count(engine: Engine, into: str, finding: str, judged: str) -> None:
    """Fill `verdict`: subjects counted and findings listed by group, or, where the lists do not fit into memory, a row per subject."""
    try:
        engine.execute(
            f"""{into}, count(*) as subjects, sum(amount_at_risk) filter (verdict = 'finding') as amount,
              list({finding}) filter (verdict = 'finding') as found
            {judged} group by provider_npi, payer_id, verdict, reason"""
        )
    except DuckDBError:
        engine.execute(
            f"""{into}, 1 as subjects, case when verdict = 'finding' then amount_at_risk end as amount,
              case when verdict = 'finding' then [{finding}] end as found
            {judged}"""
        )


def _needs_unknown(engine: Engine, check: Check) -> bool:
    """Whether a reference table that the check needs is empty because no release of it was known on the day of the run's `known_as_of`."""
    not_known = engine.value("select not_known from ref.edition") or []
    return any(f"ref.{name}" in check.needs for name in not_known)


def _nothing_told(engine: Engine, check: Check, run_key: str) -> None:
    """Every line of a payer to whom the rule applies, or may apply, is `cannot_tell`: the table would have said which of them it is about."""
    applies = {"all": "true", "medicare_b": "p.payer_class = 'medicare_b'"}.get(
        check.payers, f"coalesce(p.{check.payers}, true)"
    )
    engine.execute(
        f"""insert into audit.coverage
        select ?, ?, l.rendering_npi, l.payer_id, 'cannot_tell', 'reference-not-known', count(*), 0
        from core.claim_line l join core.payer p on p.payer_id = l.payer_id and {applies} cross join core.run r
        where (r.window_from is null or l.service_date >= r.window_from) and (r.window_to is null or l.service_date <= r.window_to)
        group by l.rendering_npi, l.payer_id""",
        [run_key, check.code],
    )


def not_enabled(engine: Engine, checks: Sequence[Check]) -> dict[str, list[str]]:
    """The payers for which a switch disables a check, by its code; what is said of a check outweighs what is said of its family."""
    said: dict[str, dict[str, bool]] = {}
    for code, payer, enabled in engine.rows(
        "select check_code, payer_id, is_enabled from core.check_enabled order by all"
    ):
        said.setdefault(code, {})[payer] = enabled
    answer = {
        check.code: sorted(
            payer for payer, on in (said.get(check.family, {}) | said.get(check.code, {})).items() if not on
        )
        for check in checks
    }
    return {code: payers for code, payers in answer.items() if payers}


def _only_enabled(check: Check, columns: frozenset[str], payers: Sequence[str]) -> str:
    """The check's SELECT; what it says of `payers`, for whom it is disabled, becomes `cannot_tell`, so that it stays in the coverage."""
    if not payers:
        return check.sql
    kept = ", ".join(name for name in sorted(columns) if name not in ("verdict", "reason"))
    off = f"payer_id in ({', '.join(map(quoted, payers))})"
    return f"""select {kept}, case when {off} then 'cannot_tell' else verdict end as verdict,
        case when {off} then 'check-not-enabled' else reason end as reason
      from ({check.sql})"""


def judge(engine: Engine, check: Check, run_key: str, disabled_for: Sequence[str] = ()) -> None:
    """Run one check: add it to audit.judged, its rows to audit.coverage and its findings to audit.found.

    `disabled_for` are the payers for whom a switch disables it.
    """
    if _needs_unknown(engine, check):
        with engine.transaction():
            engine.execute("insert into audit.judged values (?)", [check.code])
            _nothing_told(engine, check, run_key)
        return
    columns = _evaluate(engine, check, disabled_for)
    per_line = check.subject == "claim_line"
    severity = "coalesce(f.severity, ?)" if "severity" in columns else "?"
    share = "[{line_id: f.line_id, amount: cast(f.amount_at_risk as decimal(12, 2))}]"
    with engine.transaction():
        engine.execute("insert into audit.judged values (?)", [check.code])
        engine.execute(
            """insert into audit.coverage
            select ?, ?, provider_npi, payer_id, verdict, reason, sum(subjects), coalesce(sum(amount), 0)
            from verdict group by provider_npi, payer_id, verdict, reason""",
            [run_key, check.code],
        )
        engine.execute(
            f"""insert into audit.found
            select ?, ?, {severity}, ?, ?,
              {"f.subject_key" if subject_key(columns) else "null"},
              {"null" if per_line else "f.billing_npi"}, provider_npi, payer_id, {"null" if per_line else "f.patient_id"}, f.service_date,
              f.amount_at_risk, f.amount_basis, {template_sql(check.message)}, {template_sql(check.fix)}, to_json(evidence), reason,
              {share if per_line else "coalesce(f.line_shares, [])"}
            from (select provider_npi, payer_id, reason, f, f.evidence as evidence
              from (select provider_npi, payer_id, reason, unnest(found) as f from verdict))""",
            [check.code, check.name, check.severity, check.subject, check.direction],
        )


def prepare_history(engine: Engine) -> None:
    """Create the tables that outlive a run, where they do not exist yet."""
    for name in HISTORY:
        engine.create(catalog.tables()[name], keep=True)


def audit(
    engine: Engine,
    run_key: str,
    checks: Sequence[Check],
    on_progress: Callable[[str], None] = lambda name: None,
    carried: Carried | None = None,
) -> list[Failure]:
    """Run `checks` over the built core tables and record what the run `run_key` observed.

    Earlier rows of the same run key are replaced. A run that is killed has no row in audit.run: later runs take no notice of
    what it left, and the same key runs again. Returns the checks that could not run; their rows are not in the coverage, and
    the run is incomplete. Checks that are `carried` are not run.
    """
    engine.drop(catalog.tables()["audit.standing"])
    prepare_history(engine)
    known = catalog.tables()
    engine.create(known["audit.judged"])
    if carried:
        # what is judged anew has its own in the layer; these are of the run before
        for name in ("audit.former", "audit.former_line"):
            engine.drop(known[name])
    else:
        engine.create(known["audit.found"])
    with engine.transaction():
        for name in _OF_A_RUN:
            engine.execute(f"delete from {name} where run_key = ?", [run_key])
    with engine.above(carried.layer) if carried else nullcontext():
        failures = _judge_all(engine, run_key, checks, on_progress, carried.codes if carried else ())
        on_progress("findings")
        engine.execute("drop table if exists temp.verdict")
        _record_rules(engine, run_key, checks)
        _observe(engine, "anti join audit.unchanged using (finding_id)" if carried else "")
    if carried:
        _carry_on(engine, run_key, carried)
    return failures


def _judge_all(
    engine: Engine, run_key: str, checks: Sequence[Check], on_progress: Callable[[str], None], carried: Collection[str]
) -> list[Failure]:
    failures: list[Failure] = []
    disabled = not_enabled(engine, checks)
    for check in checks:
        on_progress(check.code)
        if check.code not in carried:
            try:
                judge(engine, check, run_key, disabled.get(check.code, ()))
            except (DuckDBError, DefinitionError) as error:
                failures.append(Failure(check.code, str(error).splitlines()[0]))
    return failures


def _observe(engine: Engine, but: str) -> None:
    """Write down what was found against what was last said of it; `but` leaves out findings of which nothing is to be said anew."""
    known = catalog.tables()
    former = known["audit.former"]
    engine.create(former)
    engine.execute(f"insert into {former.name} by name select * from ({former.sql}) {but}")
    for name in ("audit.line_identity", "audit.former_line"):
        engine.build(known[name])
    with engine.transaction():
        for name in ("audit.observation", "audit.observation_line"):
            engine.execute(f"insert into {name} by name {known[name].sql}")
        engine.execute(
            """insert into audit.finding
            select o.finding_id, o.check_code, o.subject, r.run_key, r.as_of
            from audit.observation o cross join core.run r
            anti join audit.finding f on f.finding_id = o.finding_id
            where o.run_key = r.run_key and o.state <> 'resolved'"""
        )


def _carry_on(engine: Engine, run_key: str, carried: Carried) -> None:
    """Put what was judged and found into the database, and say once more what the run before said of what is unchanged."""
    anew = f"{carried.layer}.audit"
    with engine.transaction():
        for name in ("judged", "coverage", "found"):
            engine.execute(f"insert into audit.{name} by name from {anew}.{name}")
        engine.execute(
            f"insert into audit.line_identity by name from {anew}.line_identity anti join audit.line_identity using (line_id)"
        )
        for name, state in (("observation", ", 'unchanged' as state"), ("observation_line", "")):
            engine.execute(
                f"""insert into audit.{name} by name select * replace (? as run_key{state})
                from audit.{name} semi join {anew}.unchanged using (finding_id) where run_key = ?""",
                [run_key, carried.run_before],
            )
    engine.forget(carried.layer)


# What says whether, or why, a payer denied a line; in the first three tables it is a column that others read or not.
_DENIAL = re.compile(r"\b(is_denied|line_status|maximum_reached|carc_codes)\b")
_BESIDE = {"core.claim_line", "core.superseded_line", "core.claim_version"}


def _record_rules(engine: Engine, run_key: str, checks: Sequence[Check]) -> None:
    """Write the rule by which each check of this run judged, and the checks that this version no longer runs, to audit.run_check; and what each
    payer was taken to want to audit.run_payer."""
    switches = [column.name for column in catalog.tables()["core.payer"].columns[2:]]
    values = ", ".join(f"cast({name} as varchar)" for name in switches)
    engine.execute(
        f"insert into audit.run_payer select ?, payer_id, map(?, [{values}]) from core.payer", [run_key, switches]
    )
    ran = {row[0] for row in engine.rows("select check_code from audit.judged")}
    removed = [check for check in registry.checks().values() if check.status == "removed"]
    parameters = dict(
        engine.rows(
            """select check_code, md5(string_agg(concat_ws('|', param, valid_from, valid_to, value), chr(10) order by param, valid_from))
            from ref.param group by check_code"""
        )
    )
    releases: dict[str, list[str]] = {}
    for row in engine.rows("select set, release, digest from ref.release order by all"):
        releases.setdefault(f"ref.{row[0]}", []).append("|".join(map(str, row)))
    known_as_of = str(engine.value("select known_as_of from ref.edition"))
    feeds: dict[str, list[str]] = {}
    for table in catalog.tables().values():
        feeds.setdefault(table.feeds or "", []).append(table.name)
    for check in [*(check for check in checks if check.code in ran), *removed]:
        tables = _read_by(check)
        macros = frozenset[str]().union(*(catalog.macros_of(part.sql) for part in (check, *tables)))
        reads = {name for part in (check, *tables) for name in part.reads}
        reads |= {name for read in reads for name in feeds.get(read, ())}
        engine.execute(
            "insert into audit.run_check values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                run_key,
                check.code,
                check.status,
                _sha256([check.sql, *(f"{table.name}\n{table.sql}" for table in tables), *sorted(macros)]),
                parameters.get(check.code, ""),
                _sha256([known_as_of, *(text for name in sorted(reads) for text in releases.get(name, ()))]),
                any(_DENIAL.search(sql) for sql in (check.sql, *(t.sql for t in tables if t.name not in _BESIDE))),
                [{"carc": entry.get("carc"), "rarc": entry.get("rarc")} for entry in check.denial_codes],
                [name for name in switches if _names(name, check, tables)],
            ],
        )


def _names(switch: str, check: Check, tables: Sequence[Table]) -> bool:
    """Whether a check asks for a switch of the payer; in core.payer and the tables of lines it is a column that others read or not."""
    statements = (check.sql, *(table.sql for table in tables if table.name not in _BESIDE | {"core.payer"}))
    return any(re.search(rf"\b{switch}\b", sql) for sql in statements)


def _read_by(check: Check) -> list[Table]:
    """The core tables that a check reads, by itself or through others, in the order in which they are built."""
    return catalog.build_order("core", {name for name in check.reads if name.startswith("core.")})


def _sha256(parts: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def record_run(
    engine: Engine,
    version: str,
    digests: tuple[str, str, str],
    checks: Sequence[Check],
    failures: Sequence[Failure],
    errors_caught: int,
) -> None:
    """Write the run's row, from the control totals; `digests` are those of input, checks and reference data.

    `errors_caught` is the number of checks that found the error planted for them.
    """
    failed = sorted(failure.check_code for failure in failures)
    ran = sorted(check.code for check in checks if check.code not in failed)
    engine.execute(
        """insert into audit.run by name
        select r.run_key, r.as_of, (select greatest(max(received_date), max(processed_date), max(service_date)) from stg.claim_line where problem_mask = 0) as data_to, r.window_from, r.window_to, ? as version, ? as input_digest, ? as checks_digest, ? as reference_digest,
          ? as checks, ? as checks_failed, ? as errors_caught,
          coalesce(sum(records) filter (step = 'read'), 0) as lines_read,
          coalesce(sum(records) filter (step = 'rejected'), 0) as lines_rejected,
          coalesce(sum(records) filter (step = 'superseded'), 0) as lines_superseded,
          coalesce(sum(records) filter (step = 'after-as-of'), 0) as lines_after,
          coalesce(sum(records) filter (step = 'audited'), 0) as lines_audited
        from core.run r cross join audit.control_total t where t.record_type = 'claim_lines'
        group by all""",
        [version, *digests, ran, failed, errors_caught],
    )
