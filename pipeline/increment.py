"""A run that goes on from the finished run before it: what the files that came or went can change is judged again, the rest stays.

The patients whose records came, went or changed their meaning are *touched*. Their core tables are built in a layer in memory by the same
statements as in a full run, and the checks of patients are judged over them as they are and as they were: the coverage and the findings of the run
before, less what was, and with what is. A check that asks for the as-of date is judged in the same way over patients with a day that has come of age
since (`Check.ripens_after`). What was found and nothing has touched is said once more as `unchanged`. What is known of providers and practices is
made anew over everything, and so are the checks that compare them. Where something cannot be told apart in this way, `build_on`
returns None: the whole run follows, which builds everything anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from . import __version__, catalog
from .audit import Carried, judge, not_enabled
from .build import reconcile
from .engine import DuckDBError, Engine
from .errors import DefinitionError, InputError
from .ingest import layouts_of_exports
from .model import Check, Table
from .resources import sql_root
from .settings import Settings

# Touched patients are at most one in so many, and there are so many lines: otherwise the whole is not dearer. Where files have to be taken apart again, a
# tenth of the lines is enough.
LEAST_PART = 3
LEAST_LINES = 500_000
TAKEN_APART = ("x12-837p", "x12-835", "fhir")

# What is not of one patient, or is cheap: built from all records.
FACTS = {
    "core.run", "core.payer", "core.provider", "core.source_file", "core.check_enabled", "core.code_span", "core.coverage_policy", "core.exclusion",
    "core.plan_of_care", "core.progress_report", "core.patient", "core.therapy_accumulator", "core.provider_activity", "core.provider_day",
}  # fmt: skip
STAFF = "core.note_staff"
# What lines have in common, each under a number: what is new gets new numbers, and the rest keeps its own.
NUMBERED = {
    "core.account": ("patient_id", "billing_npi", "payer_id"),
    "core.modifier_set": ("modifier_text",),
    "core.diagnosis_set": ("diagnosis_text", "has_pointers"),
}
SHARED = {**NUMBERED, "core.diagnosis": ("diagnosis_set",), "core.diagnosis_state": ("code",)}
# What sees all lines of a provider or a practice, and is read by nothing that is of one patient.
AFTER = {
    "core.authorization_recorded", "core.certification", "core.cloned_days", "core.pattern_period", "core.pattern_provider", "core.provider_metric",
    "core.provider_patient", "core.provider_shift", "core.provider_visit", "core.visit_loading",
}  # fmt: skip
# A check that reads one of these asks about the run, a provider or a practice, and is judged whole.
ASKS_WIDER = AFTER | {
    "core.run",
    "core.exclusion",
    "core.plan_of_care",
    "core.progress_report",
    "core.provider_day",
    "core.source_file",
}
# What is known of someone who renders or bills.
BY_NPI = ("core.provider", "core.provider_activity", "core.exclusion")
# Numbers that join tables of one patient, and the table where they begin.
JOINED_BY = {
    "episode_id": "core.episode", "period_id": "core.threshold_period", "total_id": "core.threshold_period", "group_id": "core.repeated_line",
    "drug_day": "core.drug_line",
}  # fmt: skip
# What a check of a provider's day may read: of all patients of the day.
OF_DAYS = {"core.claim_line", "core.visit_service", "core.provider_day"}
# What is empty where this is empty: a practice that exports no plans of care has no certifications.
EMPTY_WITH = {"core.certification": "core.plan_of_care"}
_FACTS, _PART, _OLD, _BLEND = "layer_facts", "layer_part", "layer_old", "layer_blend"
_DAYS, _OLD_DAYS, _RIPE, _UNRIPE, _ANEW = "layer_days", "layer_old_days", "layer_ripe", "layer_unripe", "layer_anew"
# where verdicts stand of what was, and of what is
_WAS, _IS = (_OLD, _OLD_DAYS, _UNRIPE), (_PART, _DAYS, _RIPE)
_DATED = ("claim_line", "visit", "visit_service")


@dataclass(frozen=True)
class Standing:
    """The finished run that the tables are of."""

    run_key: str
    reference: str


def rules(settings: Settings, checks: Sequence[Check]) -> str:
    """By what a run of these settings judges; empty where nothing may go on from it."""
    if settings.date_from or settings.date_to or settings.format:
        return ""
    parts = [__version__, (sql_root() / "macros.sql").read_text("utf-8")]
    parts += [f"{table.name} {table.columns} {table.sql}" for table in catalog.tables().values()]
    parts += [check.digest for check in checks]
    parts += [str(layout) for layout in layouts_of_exports(settings.layouts)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def standing(engine: Engine, rule: str) -> Standing | None:
    """The finished run of the same rules that the tables are of; None where there is none, or so few lines that the whole is not dearer."""
    if (
        not rule
        or "audit.standing" not in _stand(engine, engine.own_name)
        or engine.value(
            "select count(*) * if(exists (from raw.file where list_contains(?, format)), 10, 1) from core.claim_line",
            [list(TAKEN_APART)],
        )
        < LEAST_LINES
    ):
        return None
    rows = engine.rows("select run_key, reference from audit.standing where rules = ?", [rule])
    return Standing(*rows[0]) if rows else None


def remember(engine: Engine, rule: str) -> None:
    """Note that the tables are of the run that has just been audited whole."""
    if rule:
        with engine.transaction():
            engine.create(catalog.tables()["audit.standing"])
            engine.execute("insert into audit.standing select run_key, ?, ? from core.run", [rule, _reference(engine)])


def _reference(engine: Engine) -> str:
    return str(engine.value("select concat_ws('|', digest, known_as_of) from ref.edition"))


def _stand(engine: Engine, database: str) -> set[str]:
    """The tables and views of the database, or of a layer, by name."""
    return {
        row[0]
        for row in engine.rows(
            """select schema_name || '.' || table_name from duckdb_tables() where database_name = $1
            union all select schema_name || '.' || view_name from duckdb_views() where database_name = $1""",
            [database],
        )
    }


def is_of_patients(check: Check, settled: Collection[str] = ()) -> bool:
    """Whether the check says of touched patients, judged alone, what it says of them among all; what `settled` tables say of others is as it was."""
    asked = ASKS_WIDER - ({"core.run"} if check.ripens_after else set())
    return check.partition_by != "provider_npi" and not (asked & set(check.reads)) - set(settled)


def is_of_days(check: Check) -> bool:
    """Whether the check says of a provider's day, judged alone, what it says of it among all."""
    asked = {name for name in check.reads if name.startswith("core.")}
    return check.partition_by == "provider_npi" and check.subject in ("provider_day", "visit_day") and asked <= OF_DAYS


def build_on(
    engine: Engine,
    before: Standing,
    added: Sequence[int],
    checks: Sequence[Check],
    run_key: str,
    as_of: date,
    wanted: set[str],
    on_progress: Callable[[str], None] = lambda name: None,
) -> Carried | None:
    """Bring the core tables from the run `before` to the staged records, of which those of the files `added` are new.

    Returns what `audit` takes of the checks that are judged; None where the whole has to be built.
    """
    tables = [table for table in catalog.build_order("core", wanted) if table.sql]
    if before.reference != _reference(engine) or {table.name for table in tables} - _stand(engine, engine.own_name):
        return None
    part = _Part(engine, tables, added, checks, on_progress)
    carried = None
    try:
        if part.build(run_key, as_of) and (codes := part.judge(before.run_key)) is not None:
            part.merge()
            reconcile(engine)
            carried = Carried(codes, _ANEW, before.run_key)
    except (InputError, DuckDBError):  # it does not add up, or cannot be done: what is built from everything decides
        pass
    finally:
        engine.forget(_BLEND, _RIPE, _UNRIPE, _OLD_DAYS, _DAYS, _OLD, _PART, _FACTS, *(() if carried else (_ANEW,)))
    return carried


class _Part:
    """The touched patients: their tables as they are and as they were."""

    def __init__(
        self,
        engine: Engine,
        tables: Sequence[Table],
        added: Sequence[int],
        checks: Sequence[Check],
        on_progress: Callable[[str], None],
    ) -> None:
        self.engine, self.tables, self.checks, self.on_progress = engine, tables, checks, on_progress
        self.own = f'"{engine.own_name}"'
        self.added = ", ".join(map(str, added)) or "-1"  # not null, of which nothing is known to differ
        self.names = {table.name for table in tables}
        self.of_patients = [table for table in tables if table.name not in FACTS | AFTER | {STAFF}]

    # What is touched ----------------------------------------------------------------------------------------------------

    def build(self, run_key: str, as_of: date) -> bool:
        """Build the tables of the touched patients, and what is not of one patient, in layers; False where the whole has to be built."""
        engine = self.engine
        known = catalog.tables()
        with engine.above(_FACTS):
            engine.create(known["core.run"])
            engine.execute("insert into core.run values (?, ?, null, null)", [run_key, as_of])
            engine.execute("create table core.touched (patient_id varchar)")
            for table in self.tables:
                if table.name in FACTS:
                    self.on_progress(table.name)
                    engine.build(table)
        self.on_progress("touched patients")
        if any(self._differ(name) for name in ("core.check_enabled", "core.coverage_policy") if name in self.names):
            return False
        self._touch_records(as_of)
        self._touch_by_facts()
        if not self._close():
            return False
        self._build_part({"core.claim_line"})
        if STAFF in self.names:
            self._build_staff()
            if self._touch_by_staff():
                if not self._close():
                    return False
                engine.forget(_PART)
                self._build_part({"core.claim_line"})
        self._build_part(self.names)
        return True

    def _touch(self, patients: str) -> int:
        """Add patients to those that are touched; how many were not yet."""
        touched = f"{_FACTS}.core.touched"
        count = f"select count(*) from {touched}"
        before: int = self.engine.value(count)
        self.engine.execute(
            f"""insert into {touched} select distinct patient_id from ({patients})
            where patient_id is not null and patient_id not in (from {touched})"""
        )
        return int(self.engine.value(count)) - before

    def _touch_records(self, as_of: date) -> None:
        """Patients with records that came or went, of whose claims other files say something else now, and with days on which the as-of date has
        passed or that it has left."""
        read = {name for table in self.tables for name in table.reads if name.startswith("stg.")}
        for name in sorted(name for name in read if "patient_id" in _columns(catalog.tables()[name])):
            self._touch(f"from {self.own}.{name} where file_id in ({self.added})")
            self._touch(f"from temp.gone_{name.removeprefix('stg.')}")
        self._touch("from temp.told_otherwise")
        first, last = sorted((as_of, self.engine.value(f"select as_of from {self.own}.core.run")))
        for name in _DATED:
            self._touch(
                f"from {self.own}.stg.{name} where problem_mask = 0 and service_date > date '{first}' and service_date <= date '{last}'"
            )

    def _differ(self, name: str, columns: str = "*") -> bool:
        return bool(self.engine.value(f"select count(*) from ({self._difference(name, columns)})"))

    def _difference(self, name: str, columns: str = "*") -> str:
        """Rows of a table that were there and are not any more, or the other way round."""
        old, new = (f"select {columns} from {place}.{name}" for place in (self.own, _FACTS))
        return f"(({old}) except ({new})) union all (({new}) except ({old}))"

    def _touch_by_facts(self) -> None:
        """Patients of a payer or a provider of whom something else is known now."""
        own = self.own
        if self._differ("core.payer"):
            payers = f"select payer_id from ({self._difference('core.payer')})"
            self._touch(f"from {own}.stg.claim_line where problem_mask = 0 and payer_id in ({payers})")
        known = [name for name in BY_NPI if name in self.names and self._differ(name)]
        if known:
            providers = " union all ".join(f"select npi from ({self._difference(name)})" for name in known)
            self._touch(
                f"from {own}.stg.claim_line where problem_mask = 0 and (rendering_npi in ({providers}) or billing_npi in ({providers}))"
            )
            self._touch_by_notes(providers)

    def _touch_by_notes(self, providers: str) -> int:
        return sum(
            self._touch(f"from {self.own}.stg.{name} where problem_mask = 0 and rendering_npi in ({providers})")
            for name in ("visit", "visit_service")
        )

    def _touch_by_staff(self) -> int:
        """Patients with notes of someone who is new to a practice or has left it, and those of a practice that exports something else now."""
        lines = f"from {self.own}.core.claim_line"
        return (
            self._touch_by_notes(
                f"select staff_npi from ({self._difference(STAFF, 'billing_npi, discipline, staff_npi')})"
            )
            + self._touch(
                f"{lines} where billing_npi in (select billing_npi from ({self._difference(STAFF, 'billing_npi, assistants_recorded, signature_recorded')}))"
            )
            # whether the start of an episode is known hangs on the first loaded day for 60 days after it
            + self._touch(
                f"""select l.patient_id {lines} l join (
                  select billing_npi, max(loaded_from) + 60 as last_day from ({self._difference(STAFF, "billing_npi, loaded_from")})
                  group by billing_npi) b on b.billing_npi = l.billing_npi and l.service_date <= b.last_day"""
            )
        )

    def _close(self) -> bool:
        """Touch who shares a claim number with a touched patient; False where the touched are so many that the whole is not dearer."""
        touched = f"(from {_FACTS}.core.touched)"
        claims = " union ".join(
            f"select claim_id from {place} where problem_mask = 0 and patient_id in {touched}"
            for place in (f"{self.own}.stg.claim_line", "temp.gone_claim_line")
        )
        while True:
            few = self.engine.value(
                f"select (select count(*) from {_FACTS}.core.touched) * {LEAST_PART} <= count(distinct patient_no) from {self.own}.core.account"
            )
            if not few:
                return False
            if not self._touch(f"from {self.own}.stg.claim_line where problem_mask = 0 and claim_id in ({claims})"):
                return True

    # Tables of the touched ----------------------------------------------------------------------------------------------

    def _build_part(self, wanted: Collection[str]) -> None:
        """Build what `wanted` needs of the tables of patients, and is not there yet, over the records of the touched alone."""
        engine = self.engine
        names = {table.name for table in catalog.build_order("core", set(wanted))}
        with engine.above(_PART, _FACTS):
            there = _stand(engine, _PART)
            if "stg.claim_line" not in there:
                for name in _DATED:
                    engine.execute(
                        f"create table stg.{name} as from {self.own}.stg.{name} where patient_id in (from core.touched)"
                    )
            for table in self.of_patients:
                if table.name in names and table.name not in there:
                    self.on_progress(table.name)
                    engine.build(table)
                    if table.name in NUMBERED:
                        self._renumber(table)

    def _renumber(self, table: Table) -> None:
        """Give what the database has a number for that number, and what is new the next ones."""
        engine, own = self.engine, self.own
        key = NUMBERED[table.name]
        number = table.columns[0].name
        others = ", ".join(f"n.{name}" for name in _columns(table) if name not in (number, "patient_no"))
        patient = ""
        if "patient_no" in _columns(table):
            patient = f""", coalesce(p.patient_no, (select coalesce(max(patient_no), 0) from {own}.{table.name})
              + dense_rank() over (partition by p.patient_no is null order by n.patient_id)) as patient_no"""
        engine.execute(
            f"""create or replace temp table numbered as
            select coalesce(o.{number}, (select coalesce(max({number}), 0) from {own}.{table.name})
                + row_number() over (partition by o.{number} is null order by n.{number})) as {number}{patient}, {others}
            from {table.name} n
            left join {own}.{table.name} o on {" and ".join(f"o.{name} = n.{name}" for name in key)}
            {f"left join (select distinct patient_id, patient_no from {own}.{table.name}) p on p.patient_id = n.patient_id" if patient else ""}"""
        )
        engine.create(table)
        engine.execute(f"insert into {table.name} by name from temp.numbered")
        engine.execute("drop table temp.numbered")

    def _build_staff(self) -> None:
        """core.note_staff over all lines: those of the touched as they are now."""
        engine = self.engine
        known = catalog.tables()
        columns = "select billing_npi, discipline, rendering_npi, service_date"
        self.on_progress(STAFF)
        with engine.above(_BLEND, _FACTS):
            engine.execute(
                f"""create view core.claim_line as {columns} from {self.own}.core.claim_line where patient_id not in (from {_FACTS}.core.touched)
                union all {columns} from {_PART}.core.claim_line"""
            )
            for name in ("core.visit", "core.visit_service", STAFF):
                engine.build(known[name])
            engine.execute(f"create table {_FACTS}.{STAFF} as from {_BLEND}.{STAFF}")
        engine.forget(_BLEND)

    # Verdicts -----------------------------------------------------------------------------------------------------------

    def judge(self, run_before: str) -> frozenset[str] | None:
        """Judge the touched as they were and as they are, and carry the verdicts on; the codes of the checks, None where what was is not what the run before said."""
        engine, own = self.engine, self.own
        self._build_old()
        again, all_patients = self.engine.rows(
            f"select (select count(*) from {_FACTS}.core.touched), count(distinct patient_no) from {own}.core.account"
        )[0]
        self.on_progress(f"{again} of {all_patients} patients are judged again")
        settled = self._settled()
        of_patients = [check for check in self.checks if is_of_patients(check, settled)]
        of_days = [check for check in self.checks if is_of_days(check)]
        self._build_days(of_days)
        ripening = [check for check in of_patients if check.ripens_after]
        self._show_ripening(ripening)
        disabled = not_enabled(engine, self.checks)
        try:
            for layers, checks in (
                ((_OLD,), of_patients),
                ((_PART, _FACTS), of_patients),
                ((_OLD_DAYS,), of_days),
                ((_DAYS, _FACTS), of_days),
                ((_UNRIPE,), ripening),
                ((_RIPE, _FACTS), ripening),
            ):
                self._create_verdicts(layers)
                with engine.above(*layers):
                    for check in checks:
                        self.on_progress(check.code)
                        judge(engine, check, "", disabled.get(check.code, ()))
        except (DuckDBError, DefinitionError):  # the whole run will say which check it is
            return None
        self.on_progress("carried verdicts")
        codes = frozenset(check.code for check in (*of_patients, *of_days))
        self._create_verdicts((_ANEW,))
        adds_up = self._carry_coverage(run_before, codes) and self._carry_findings(run_before, codes)
        return codes if adds_up else None

    def _create_verdicts(self, layers: Sequence[str]) -> None:
        with self.engine.above(*layers):
            for name in ("audit.judged", "audit.coverage", "audit.found"):
                self.engine.create(catalog.tables()[name])

    def _carry_coverage(self, run_before: str, codes: Collection[str]) -> bool:
        """The coverage of the run before, less that of the touched as they were and with that of the touched as they are; whether nothing is below nought."""
        engine = self.engine
        was, now = (
            " union all ".join(f"select * exclude (run_key) from {layer}.audit.coverage" for layer in layers)
            for layers in (_WAS, _IS)
        )
        engine.execute(f"insert into {_ANEW}.audit.judged select unnest(?)", [sorted(codes)])
        engine.execute(
            f"""insert into {_ANEW}.audit.coverage by name
            select r.run_key, check_code, provider_npi, payer_id, verdict, reason, sum(subjects) as subjects, sum(amount) as amount
            from (
              select * exclude (run_key) from {self.own}.audit.coverage
              where run_key = ? and check_code in (from {_ANEW}.audit.judged)
              union all select * replace (-subjects as subjects, -amount as amount) from ({was})
              union all from ({now})
            ) cross join {_FACTS}.core.run r
            group by r.run_key, check_code, provider_npi, payer_id, verdict, reason having sum(subjects) <> 0 or sum(amount) <> 0""",
            [run_before],
        )
        return not engine.value(f"select count(*) from {_ANEW}.audit.coverage where subjects <= 0")

    def _carry_findings(self, run_before: str, codes: Collection[str]) -> bool:
        """Leave in audit.found what is as it was and put what is found anew into the layer; whether all that was found of the touched stood there."""
        engine, own = self.engine, self.own
        key = "concat_ws('|', check_code, subject_key, list_sort(list_transform(line_shares, lambda s: s.line_id)))"
        was = f"({' union all '.join(f'from {layer}.audit.found' for layer in _WAS)})"
        judged = f"check_code in (from {_ANEW}.audit.judged)"
        count = f"select count(*) from {own}.audit.found"
        stay = engine.value(f"{count} where {judged}") - engine.value(f"select count(*) from {was}")
        engine.execute(f"delete from {own}.audit.found where not {judged} or {key} in (select {key} from {was})")
        for layer in _IS:
            engine.execute(f"insert into {_ANEW}.audit.found from {layer}.audit.found")
        # where another run spoke last before this one, or this one is that run again, each finding is compared with what was said of it
        last_run = engine.value(
            f"""select arg_max(p.run_key, (p.as_of, p.run_key)) from {own}.audit.run p cross join {_FACTS}.core.run r
            where (p.as_of, p.run_key) < (r.as_of, r.run_key) and p.run_key <> r.run_key"""
        )
        said = f"select finding_id from {own}.audit.observation where run_key = ? and {judged} and state <> 'resolved'"
        touched = f"""select distinct finding_id(f.check_code, coalesce(f.subject_key, i.identity)) as finding_id
            from {was} f left join {own}.audit.line_identity i on i.line_id = f.line_shares[1].line_id"""
        engine.execute(
            f"create table {_ANEW}.audit.unchanged as from ({said}) anti join ({touched}) using (finding_id)",
            [run_before],
        )
        unchanged = engine.value(f"select count(*) from {_ANEW}.audit.unchanged")
        adds_up = (
            stay == engine.value(count)
            and engine.value(f"select count(*) from ({said})", [run_before])
            == engine.value(f"select count(*) from ({touched})") + unchanged
        )
        if last_run != run_before:
            engine.execute(f"insert into {_ANEW}.audit.found from {own}.audit.found")
            engine.execute(f"delete from {own}.audit.found")
            engine.execute(f"delete from {_ANEW}.audit.unchanged")
        engine.execute(f"delete from {own}.audit.line_identity where patient_id in (from {_FACTS}.core.touched)")
        return bool(adds_up)

    def _settled(self) -> set[str]:
        """Tables that reach beyond a patient, and of which no check can tell another than the touched that they are others now.

        They are and were empty; or they tell of the same NPI as before to whoever is not touched, and whether there is an exclusion list is as it was.
        """
        settled = set()
        for name in ASKS_WIDER & (FACTS | EMPTY_WITH.keys()) & self.names:
            was, now = (self._is_empty(EMPTY_WITH.get(name, name), place) for place in (self.own, _FACTS))
            if was == now and (now or name == "core.exclusion"):
                settled.add(name)
        return settled

    def _is_empty(self, name: str, place: str) -> bool:
        return not self.engine.rows(f"select 1 from {place}.{name} limit 1")

    def _build_days(self, checks: Sequence[Check]) -> None:
        """What `checks` read of the days of providers on which a touched patient has, or had, a line or a service: all patients of theirs, as they were
        and as they are."""
        engine, own = self.engine, self.own
        read = {name for check in checks for name in check.reads} & OF_DAYS
        engine.execute(f"create table {_FACTS}.core.touched_day (rendering_npi varchar, service_date date)")
        for layers in ((_OLD,), (_PART, _FACTS)):
            with engine.above(*layers):
                for name in sorted(read - {"core.provider_day"}):
                    engine.execute(
                        f"insert into {_FACTS}.core.touched_day select distinct rendering_npi, service_date from {name}"
                    )
        if "core.provider_day" in read:
            engine.execute(
                f"insert into {_FACTS}.core.touched_day select npi, date from ({self._difference('core.provider_day')})"
            )
        days = f"semi join {_FACTS}.core.touched_day using (rendering_npi, service_date)"
        untouched = f"where patient_id not in (from {_FACTS}.core.touched)"
        for layer, lines, services in (
            (
                _OLD_DAYS,
                f"from {own}.core.claim_line {days}",
                f"from {own}.stg.visit_service {days} where file_id not in ({self.added}) union all from temp.gone_visit_service {days}",
            ),
            (
                _DAYS,
                f"from {own}.core.claim_line {days} {untouched} union all by name from {_PART}.core.claim_line",
                f"from {own}.stg.visit_service {days}",
            ),
        ):
            with engine.above(layer):
                if "core.claim_line" in read:
                    engine.execute(f"create table core.claim_line as {lines}")
                if "core.visit_service" in read:
                    engine.execute(f"create table stg.visit_service as {services}")
                    engine.build(catalog.tables()["core.visit_service"])

    def _show_ripening(self, checks: Sequence[Check]) -> None:
        """What `checks` read of patients who are not touched and have a day that was not old enough for them and is now, or the other way round."""
        engine, own = self.engine, self.own
        first, last = engine.rows(
            f"select least(o.as_of, n.as_of), greatest(o.as_of, n.as_of) from {own}.core.run o cross join {_FACTS}.core.run n"
        )[0]
        engine.execute(f"create table {_FACTS}.core.ripening (patient_id varchar)")
        for check in checks:
            least, most = engine.rows(_days_to_ripen(check))[0]
            for name in _DATED:
                engine.execute(
                    f"""insert into {_FACTS}.core.ripening select distinct patient_id from {own}.stg.{name}
                    where problem_mask = 0 and service_date between date '{first}' - {most} - 1 and date '{last}' - {least} + 1
                      and patient_id not in (from {_FACTS}.core.touched)"""
                )
        engine.execute(
            f"create table {_FACTS}.core.ripening_account as select account_no from {own}.core.account where patient_id in (from {_FACTS}.core.ripening)"
        )
        read = {name for check in checks for name in check.reads}
        for layer in (_UNRIPE, _RIPE):
            with engine.above(layer):
                for name in ("visit", "visit_service"):
                    engine.execute(
                        f"create view stg.{name} as from {own}.stg.{name} where patient_id in (from {_FACTS}.core.ripening)"
                    )
                for table in self.of_patients:
                    if table.name in read and table.is_view:
                        engine.build(table)
                    elif table.name in read:
                        engine.execute(
                            f"create view {table.name} as from {own}.{table.name} where {of_ripening(table)}"
                        )

    def _build_old(self) -> None:
        """The tables of the touched as the run before left them."""
        engine, own = self.engine, self.own
        touched = f"(from {_FACTS}.core.touched)"
        engine.execute(
            f"""create table {_FACTS}.core.old_line as
            select (cast(file_id as bigint) << 40) | record_number as line_id from {own}.stg.claim_line
            where patient_id in {touched} and file_id not in ({self.added})
            union all select (cast(file_id as bigint) << 40) | record_number from temp.gone_claim_line where patient_id in {touched}"""
        )
        engine.execute(
            f"create table {_FACTS}.core.old_account as select account_no from {own}.core.account where patient_id in {touched}"
        )
        if "core.drug_line" in self.names:
            engine.execute(
                f"create table {_FACTS}.core.old_drug_day as select distinct drug_day from {own}.core.drug_line where patient_id in {touched}"
            )
        with engine.above(_OLD):
            for name in ("visit", "visit_service"):
                engine.execute(
                    f"""create table stg.{name} as
                    from {own}.stg.{name} where patient_id in {touched} and file_id not in ({self.added})
                    union all from temp.gone_{name} where patient_id in {touched}"""
                )
            for table in self.of_patients:
                if table.is_view:
                    engine.build(table)
                elif table.name not in SHARED:
                    engine.execute(f"create table {table.name} as from {own}.{table.name} where {of_touched(table)}")

    # The database -------------------------------------------------------------------------------------------------------

    def merge(self) -> None:
        """Put the tables of the touched in the place of what the database has of them, and build anew what sees all lines."""
        engine = self.engine
        self.on_progress("merged tables")
        least = {
            name: engine.value(f"select coalesce(max({name}), 0) from {table}")
            for name, table in JOINED_BY.items()
            if table in self.names
        }
        for table in (catalog.tables()["core.run"], *self.tables):
            if table.name in FACTS | {STAFF}:
                if table.is_view:
                    engine.build(table)
                    continue
                engine.create(table)
                engine.execute(f"insert into {table.name} by name from {_FACTS}.{table.name}")
        for table in self.of_patients:
            if table.is_view:
                engine.build(table)
            elif key := SHARED.get(table.name):
                same = " and ".join(f"o.{name} = n.{name}" for name in key)
                engine.execute(
                    f"insert into {table.name} by name select n.* from {_PART}.{table.name} n anti join {table.name} o on {same}"
                )
            else:
                moved = ", ".join(f"{name} + {least[name]} as {name}" for name in _columns(table) if name in JOINED_BY)
                engine.execute(f"delete from {table.name} where {of_touched(table)}")
                engine.execute(
                    f"insert into {table.name} by name select *{f' replace ({moved})' if moved else ''} from {_PART}.{table.name}"
                )
        for table in catalog.build_order("core"):
            if table.name in self.names and table.name in AFTER:
                self.on_progress(table.name)
                engine.build(table)
            elif table.name not in self.names and table.name != "core.run":
                engine.drop(table)


def of_touched(table: Table) -> str:
    """SQL of the rows of a table that are of touched patients, by what names them there."""
    columns = _columns(table)
    if "line_id" in columns:  # before the patient, whom core.superseded_line names of some lines only
        return f"line_id in (from {_FACTS}.core.old_line)"
    if "patient_id" in columns:
        return f"patient_id in (from {_FACTS}.core.touched)"
    if "day_id" in columns:
        return f"account_of_day(day_id) in (from {_FACTS}.core.old_account)"
    if "drug_day" in columns:
        return f"drug_day in (from {_FACTS}.core.old_drug_day)"
    raise DefinitionError(f"{table.name} does not say of which patient its rows are.")


def _days_to_ripen(check: Check) -> str:
    """SQL of the least and the most days after which the check says something else of a day that has come of age."""
    table, _, column = check.ripens_after.rpartition(".")
    if table:
        return f"select min({column}), max({column}) from {table}"
    return f"select min(cast(value as integer)), max(cast(value as integer)) from ref.param where check_code = '{check.code}' and param = '{column}'"


def of_ripening(table: Table) -> str:
    """SQL of the rows of a table that are of ripening patients, by what names them there."""
    columns = _columns(table)
    if "patient_id" in columns:
        return f"patient_id in (from {_FACTS}.core.ripening)"
    return f"account_of_day(day_id) in (from {_FACTS}.core.ripening_account)"


def _columns(table: Table) -> list[str]:
    return [column.name for column in table.columns]
