"""Invented audit results for the report tests: the tables that the pages read, without a run.

Providers: one clean, one with a handful of findings of every kind of picture, one with 3,000, one that only a finding names.
"""

# ruff: noqa: E501  (tables read better with a row on a line)
from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from claimaudit import catalog
from claimaudit.causes import find_causes
from claimaudit.decisions import marts
from claimaudit.engine import Engine
from claimaudit.model import Case, Check
from claimaudit.report import build_marts, report

CLEAN, FEW, MANY, NAMED = "1000000012", "1000000020", "1000000038", "10-0/../46"
HOSTILE = "<script>alert('x')</script> & Söhne"
RUN = "2026-10"

_EXTERNAL = """
create schema if not exists raw;
create table raw.file (file_id integer, file_name varchar, digest varchar, format varchar, record_type varchar, records bigint,
  units decimal(18,3), charge decimal(18,2), status varchar, notes varchar[]);
insert into raw.file values
  (1, 'claims-<b>2026</b>.csv', 'a1', 'claimaudit', 'claim_lines', 9620, 14000, 612000.50, 'read', []),
  (2, 'visits.csv', 'a2', 'claimaudit', 'visits', 4100, null, null, 'read', []),
  (3, 'claims copy.csv', 'a1', 'claimaudit', 'claim_lines', 9620, null, null, 'repeated', []),
  (4, 'letter.pdf', 'a4', null, null, null, null, null, 'not-recognised', []),
  (5, 'hospital.837', 'a5', 'x12-other', null, 0, null, null, 'skipped', ['Skipped: 2 transactions with 7 claims that are institutional claims (837I); they are not audited.']);
create table audit.reject (file_id integer, file_name varchar, record_number bigint, record_type varchar, column_name varchar,
  reason varchar, remedy varchar, record varchar, used boolean);
insert into audit.reject by name
  select 1 as file_id, 'claims-<b>2026</b>.csv' as file_name, 100 + n as record_number, 'claim_lines' as record_type, 'units' as column_name,
    'not-a-number' as reason, 'Write units as a number, for example 2.' as remedy, '{}' as record
  from range(11) t(n) union all
  select 1, 'claims-<b>2026</b>.csv', 500, 'claim_lines', 'service_date', 'not-a-date', 'Write dates as YYYY-MM-DD.', '{}';
create table audit.control_total (step varchar, record_type varchar, records bigint, units decimal(18,3), charge_amount decimal(18,2));
insert into audit.control_total values ('read', 'claim_lines', 9620, 14000, 612000.50), ('rejected', 'claim_lines', 12, 20, 800),
  ('accepted', 'claim_lines', 9608, 13980, 611200.50), ('superseded', 'claim_lines', 88, 130, 5200.5), ('audited', 'claim_lines', 9520, 13850, 606000),
  ('read', 'visits', 4100, null, null), ('accepted', 'visits', 4100, null, null);
create table audit.file_total (file_id integer, record_type varchar, step varchar, place integer, records bigint, units decimal(18,3),
  charge_amount decimal(18,2), paid_amount decimal(18,2));
insert into audit.file_total values (1, 'claim_lines', 'read', 1, 9620, 14000, 612000.50, 400000), (1, 'claim_lines', 'rejected', 2, 12, 20, 800, 0),
  (1, 'claim_lines', 'accepted', 3, 9608, 13980, 611200.50, 400000), (1, 'claim_lines', 'superseded', 4, 88, 130, 5200.5, 3000),
  (1, 'claim_lines', 'after-as-of', 5, 0, 0, 0, 0), (1, 'claim_lines', 'audited', 6, 9520, 13850, 606000, 397000),
  (2, 'visits', 'read', 1, 4100, null, null, null);
"""

_TABLES = (
    "core.run", "core.claim_line", "core.provider", "core.payer", "core.threshold_line", "core.threshold_period", "core.modifier_set", "core.visit_day", "core.provider_metric", "core.pattern_period", "audit.run", "audit.coverage",
    "audit.finding", "audit.observation", "audit.observation_line", "audit.disposition", "audit.overpayment_event", "audit.run_check", "ref.param", "ref.precision_rule", "ref.release",
    "stg.remittance_line", "stg.remittance_match", "stg.remittance_result", "stg.claim_line",
)  # fmt: skip

_CHECKS = {
    "UNT101": ("timed-units-over-minutes", "error", "visit_day", "over"),
    "UNT102": ("timed-units-under-minutes", "opportunity", "visit_day", "under"),
    "UNT103": ("timed-units-misallocated", "error", "visit_day", "over"),
    "UNT112": ("provider-day-implausible", "review", "provider_day", "none"),
    "CAP101": ("threshold-exceeded-without-kx", "error", "claim_line", "over"),
    "CAP104": ("review-threshold-exposure", "info", "claim_line", "none"),
    "MOD101": ("discipline-modifier-missing", "error", "claim_line", "over"),
    "DOC102": ("plan-certified-late", "review", "episode", "none"),
    "BIL105": ("npi-check-digit", "error", "claim_line", "none"),
}


def checks() -> list[Check]:
    """Checks with invented prose under the codes of the catalogue."""
    return [
        Check(
            code=code, name=name, status="stable", since="0.1.0", severity=severity, subject=subject, partition_by="patient_id",
            payers="all", direction=direction, needs=(), reads=(),
            params={}, ripens_after="", denial_codes=({"carc": "119", "rarc": "N362", "note": "as one payer shows it"}, {"carc": "96"}) if code == "CAP101" else (),
            references=(
                {"title": "Medicare Claims Processing Manual, chapter 5", "section": "20.2 C", "url": "https://example.org/manual"},
                {"title": "House rule <1>"},
            ),
            message="", fix="",
            sections={
                "What it checks": "Every visit day with a **timed** code.\n\n- minutes `a < b` together;\n- each code alone,\n  the "
                "midpoint counts.\n\n1. first\n2. second",
                "Why it matters": "A reviewer counts the minutes first.",
                "Known limits": "Whole minutes only.",
                "How to answer it": "Show the signed note with its timed minutes.\n\nOr attest.",
            },
            sql="", path=f"sql/checks/{code[:3].lower()}/{code}.sql", digest="0",
        )
        for code, (name, severity, subject, direction) in _CHECKS.items()
    ]  # fmt: skip


def cases(check: Check) -> list[Case]:
    """Two worked cases for UNT101, none for the others."""
    if check.code != "UNT101":
        return []
    given: dict[str, list[dict[str, str | None]]] = {
        "claim_lines": [
            {
                "claim_id": "C1",
                "service_date": "2026-03-18",
                "procedure_code": "97110",
                "units": "2",
                "modifier_1": "GP",
            },
            {
                "claim_id": "C1",
                "service_date": "2026-03-18",
                "procedure_code": "97140",
                "units": "2",
                "modifier_1": None,
            },
        ],
        "visits": [{"service_date": "2026-03-18", "timed_minutes": "52"}],
    }
    return [
        Case(
            "UNT101",
            "flag_one_unit_above",
            "52 minutes earn three units.",
            given,
            [{"verdict": "finding", "message": "4 > 3"}],
        ),
        Case("UNT101", "silent_untimed_only", "No timed code, nothing to examine.", given, [], "2026-10-31"),
    ]


def _insert(engine: Engine, table: str, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        names = ", ".join(row)
        engine.execute(f"insert into {table} ({names}) values ({', '.join('?' * len(row))})", list(row.values()))


def build(many: int = 3000) -> Engine:
    """An in-memory engine with the fixture; `many` findings for the provider that has most."""
    engine = Engine(threads=1)
    engine.execute("create schema audit")
    for name in _TABLES:
        engine.create(catalog.tables()[name])
    engine.execute(_EXTERNAL)
    engine.execute(f"insert into core.run values ('{RUN}', date '2026-10-31', date '2025-11-01', date '2026-10-31')")
    engine.execute(
        f"""insert into audit.run by name select '{RUN}' as run_key, date '2026-10-31' as as_of, date '2025-11-01' as window_from,
        date '2026-10-31' as window_to, '0.1.0' as version, repeat('a1', 32) as input_digest, repeat('b2', 32) as checks_digest,
        repeat('c3', 32) as reference_digest, ['BIL105', 'CAP101', 'CAP104', 'DOC102', 'MOD101', 'UNT101', 'UNT102', 'UNT103'] as checks,
        ['UNT112'] as checks_failed, 8 as errors_caught, 9620 as lines_read, 12 as lines_rejected, 88 as lines_superseded, 0 as lines_after,
        9520 as lines_audited"""
    )
    _insert(engine, "core.provider", [
        {"npi": CLEAN, "provider_name": "Amy Sample", "discipline": "OT", "clinic_id": "Hill"},
        {"npi": FEW, "provider_name": HOSTILE, "discipline": "PT", "clinic_id": "Riverside"},
        {"npi": MANY, "provider_name": "Carla Sample", "discipline": "PT", "clinic_id": "Riverside"},
        {"npi": NAMED, "provider_name": None, "discipline": None, "clinic_id": None},
    ])  # fmt: skip
    _insert(engine, "core.payer", [
        {"payer_id": "MCR", "payer_name": "Medicare", "payer_class": "medicare_b", "units_method": "cms"},
        {"payer_id": "COM", "payer_name": "Blue & Co", "payer_class": "commercial", "units_method": "cpt"},
    ])  # fmt: skip
    # lines: 400 clean, 1,120 of FEW, 8,000 of MANY
    engine.execute(
        f"""insert into core.claim_line by name
        select n as line_id, 'C' || (n // 4) as claim_id, n % 4 + 1 as line_number, 'P' || lpad((n // 4 % 700 + 10000)::varchar, 8, '0') as patient_id,
          case when n % 5 = 0 then 'COM' else 'MCR' end as payer_id, '1999999984' as billing_npi,
          case when n < 400 then '{CLEAN}' when n < 1520 then '{FEW}' else '{MANY}' end as rendering_npi,
          date '2025-11-01' + ((n // 4 * 7) % 364)::integer as service_date, date '2026-11-10' as received_date,
          ['97110', '97140', '97116', '97035'][n % 4 + 1] as procedure_code, case when n % 9 = 0 then ['GP', 'KX'] else ['GP'] end as modifiers,
          1 as units, 29.06 - n % 4 as amount, 'allowed' as amount_basis, n % 97 = 0 as is_denied
        from range(9520) t(n)"""
    )
    _observe_few(engine)
    _observe_many(engine, many)
    engine.execute(
        f"""insert into audit.observation by name
        select '{RUN}' as run_key, 'e0000000000000' || lpad(n::varchar, 2, '0') as finding_id, 'DOC102' as check_code,
          'plan-certified-late' as check_name, 'review' as severity, case when n < 2 then 'new' else 'resolved' end as state,
          'episode' as subject, 'none' as direction, '1999999984' as billing_npi,
          case n when 0 then '{NAMED}' when 1 then null else '{FEW}' end as provider_npi, 'MCR' as payer_id, 'P00010001' as patient_id,
          0 as amount_at_risk, 'none' as amount_basis, 'The plan was certified 41 days after the first visit.' as message,
          '' as fix, '{{"first_day": "2026-01-05", "certified": "2026-02-15", "days": 41, "exception": false}}' as evidence
        from range(7) t(n)"""
    )
    engine.execute(
        f"""insert into audit.coverage values
        ('{RUN}', 'UNT101', '{CLEAN}', 'MCR', 'pass', null, 101, 0), ('{RUN}', 'UNT101', '{CLEAN}', 'MCR', 'cannot_tell', 'minutes-not-recorded', 9, 0),
        ('{RUN}', 'UNT101', '{FEW}', 'MCR', 'pass', null, 270, 0), ('{RUN}', 'UNT101', '{FEW}', 'MCR', 'finding', null, 1, 29.06),
        ('{RUN}', 'UNT101', '{FEW}', 'COM', 'cannot_tell', 'units-method-unknown', 14, 0),
        ('{RUN}', 'UNT102', '{FEW}', 'MCR', 'finding', null, 1, 26.06), ('{RUN}', 'UNT102', '{FEW}', 'MCR', 'pass', null, 270, 0),
        ('{RUN}', 'UNT103', '{FEW}', 'COM', 'finding', null, 1, 3), ('{RUN}', 'UNT103', '{FEW}', 'COM', 'pass', null, 40, 0),
        ('{RUN}', 'CAP101', '{FEW}', 'MCR', 'finding', null, 3, 87.18), ('{RUN}', 'CAP101', '{FEW}', 'MCR', 'pass', null, 900, 0),
        ('{RUN}', 'CAP101', '{FEW}', 'MCR', 'cannot_tell', 'spending-elsewhere-undated', 1, 0),
        ('{RUN}', 'DOC102', '{NAMED}', 'MCR', 'finding', null, 1, 0), ('{RUN}', 'DOC102', null, 'MCR', 'cannot_tell', 'a-new-reason', 2, 0),
        ('{RUN}', 'BIL105', '{CLEAN}', 'MCR', 'pass', null, 400, 0), ('{RUN}', 'MOD101', '{CLEAN}', 'MCR', 'pass', null, 400, 0),
        ('{RUN}', 'UNT101', '{MANY}', 'MCR', 'finding', null, {many * 4 // 5}, 20000), ('{RUN}', 'UNT101', '{MANY}', 'MCR', 'pass', null, 1600, 0),
        ('{RUN}', 'MOD101', '{MANY}', 'MCR', 'finding', null, {many // 5}, 9000), ('{RUN}', 'MOD101', '{MANY}', 'MCR', 'pass', null, 7400, 0)"""
    )
    _insert(engine, "ref.param", [
        {"check_code": "UNT101", "param": "tolerance_units", "valid_from": "1900-01-01", "valid_to": "2026-01-01", "value": 0,
         "citation": "house rule"},
        {"check_code": "UNT101", "param": "tolerance_units", "valid_from": "2026-01-01", "value": 1.5, "citation": "contract"},
    ])  # fmt: skip
    _insert(engine, "ref.release", [
        {"release": "MUE-2024Q3", "publisher": "CMS", "published_on": "2024-07-01", "valid_from": "2024-07-01", "valid_to": "2024-10-01",
         "starter": True},
        {"release": "RVU26A", "publisher": "CMS", "published_on": "2026-01-01", "valid_from": "2026-01-01", "starter": False},
    ])  # fmt: skip
    return engine


def _observe(engine: Engine, code: str, finding_id: str, line_ids: list[int], **values: Any) -> None:
    name, severity, subject, direction = _CHECKS[code]
    row = {
        "run_key": RUN, "finding_id": finding_id, "check_code": code, "check_name": name, "severity": severity, "state": "new",
        "subject": subject, "direction": direction, "billing_npi": "1999999984", "provider_npi": FEW, "payer_id": "MCR",
        "amount_basis": "allowed", "fix": "", **values,
    }  # fmt: skip
    row["evidence"] = json.dumps(row["evidence"])
    _insert(engine, "audit.observation", [row])
    for line_id in line_ids:
        engine.execute(
            f"""insert into audit.observation_line by name
            select '{RUN}' as run_key, '{finding_id}' as finding_id, line_id, claim_id, line_number, service_date, procedure_code,
              {row["amount_at_risk"] / len(line_ids):.2f} as amount_at_risk from core.claim_line where line_id = {line_id}"""
        )


def _visit(engine: Engine, line_id: int) -> dict[str, Any]:
    return engine.dicts(f"select patient_id, service_date, payer_id from core.claim_line where line_id = {line_id}")[0]


def _observe_few(engine: Engine) -> None:
    codes = ["97110", "97140", "97116", "97035"]
    visit = _visit(engine, 802)
    engine.execute("update core.claim_line set payer_id = 'MCR' where line_id between 800 and 803")
    _observe(
        engine, "UNT101", "a0000000000000a1", [803], **{**visit, "payer_id": "MCR"}, amount_at_risk=26.06, state="updated",
        message="4 timed units are billed; the record of the day, 49 timed minutes, supports at most 3.",
        fix="Correct the timed units to 3, unless the therapist can attest to further timed minutes from the record of that day.",
        evidence={"timed_minutes": 49, "units_billed": 4, "units_supported": 3, "method": "cms", "codes": [
            {"code": code, "minutes": minutes, "units": 1, "supported": None} for code, minutes in zip(codes, (18, 13, 10, 8), strict=True)
        ]},
    )  # fmt: skip
    visit = _visit(engine, 844)
    _observe(
        engine, "UNT102", "a0000000000000a2", [844, 846], **visit, amount_at_risk=26.06, message="2 timed units are billed; the minutes support 4.",
        fix="Bill 4 timed units.",
        evidence={"timed_minutes": 55, "units_billed": 2, "units_supported": 4, "method": "cms", "codes": []},
    )  # fmt: skip
    engine.execute("update core.claim_line set payer_id = 'COM', units = 2 where line_id between 880 and 882")
    _observe(
        engine, "UNT103", "a0000000000000a3", [880, 881, 882], **{**_visit(engine, 880), "payer_id": "COM"}, amount_at_risk=3.0,
        message="The units are not among the splits that the minutes allow.", fix="Bill 97110 x3, 97140 x2, 97116 x1.",
        evidence={"timed_minutes": 93, "units_billed": 6, "units_supported": 6, "method": "cpt", "valid": "97110 x3 + 97140 x2 + 97116 x1", "codes": [
            {"code": "97110", "minutes": 45, "units": 2, "supported": 3}, {"code": "97140", "minutes": 33, "units": 2, "supported": 2},
            {"code": "97116", "minutes": 15, "units": 2, "supported": 1},
        ]},
    )  # fmt: skip
    _observe(
        engine, "UNT112", "a0000000000000a4", [], service_date="2026-03-18", payer_id=None, patient_id=None, amount_at_risk=0, amount_basis="none",
        message="The timed units of the day imply at least 735 minutes of one-on-one time.",
        evidence={"implied_minutes": 735, "limit_minutes": 600, "patients": 17, "timed_units": 49},
    )  # fmt: skip
    engine.execute(
        """insert into core.threshold_period by name
        select 1 as period_id, 1 as total_id, 'P00010555' as patient_id, 'MCR' as payer_id, 2026 as year, 'PTSLP' as bucket, 'received' as order_basis,
          2480 as threshold, 3000 as review_amount"""
    )
    engine.execute(
        """insert into core.threshold_line by name
        select line_id, 1 as period_id, n + 1 as position,
          date '2026-01-05' + (n * 6)::integer as order_date, 412.50 + n * 46.2 as running_before, 412.50 + (n + 1) * 46.2 as running_after,
          412.50 as spending_elsewhere, 46.2 as allowed_amount
        from (select line_id, row_number() over (order by line_id) - 1 as n from core.claim_line where line_id between 1000 and 1057)"""
    )
    for i, line_id in enumerate((1046, 1047, 1049)):
        _observe(
            engine, "CAP101", f"a0000000000000c{i}", [line_id], patient_id="P00010555", service_date=f"2026-10-0{i + 2}", amount_at_risk=29.06,
            message="The known allowed total of the year is above $2,480.00 and the line has no KX.", fix="97110 GP KX, if the record justifies it.",
            evidence={"year": 2026, "bucket": "PTSLP", "threshold": 2480.0, "running_before": 2490.3 + i, "running_after": 2519.36 + i,
                      "excess": 39.36 + i, "citation": "CY 2026 fee schedule rule"},
        )  # fmt: skip


def _observe_many(engine: Engine, many: int) -> None:
    """Four fifths on UNT101, one fifth on MOD101; three months of 2026 hold most of the first."""
    engine.execute(
        f"""create temp table chosen as
        select l.*, row_number() over (order by l.line_id) as k from core.claim_line l where rendering_npi = '{MANY}'
        order by case when service_date between date '2026-03-01' and date '2026-03-31' then 0 else 1 end, line_id limit {many}"""
    )
    engine.execute(
        f"""insert into audit.observation by name
        select '{RUN}' as run_key, 'b' || lpad(to_hex(k), 15, '0') as finding_id, case when k % 5 = 0 then 'MOD101' else 'UNT101' end as check_code,
          case when k % 5 = 0 then 'discipline-modifier-missing' else 'timed-units-over-minutes' end as check_name, 'error' as severity,
          case when k % 3 = 0 then 'new' else 'unchanged' end as state,
          case when k % 5 = 0 then 'claim_line' else 'visit_day' end as subject, 'over' as direction, billing_npi, '{MANY}' as provider_npi,
          payer_id, patient_id, service_date, amount as amount_at_risk, 'allowed' as amount_basis,
          case when k % 5 = 0 then 'The line has none of GP, GO and GN.' else '4 timed units are billed; 49 timed minutes support at most 3.' end as message,
          'Add GP.' as fix,
          case when k % 5 = 0 then '{{"therapy_status": "always"}}' else
            '{{"timed_minutes": 49, "units_billed": 4, "units_supported": 3, "method": "cms", "codes": [{{"code": "97110", "minutes": 20, "units": 2, "supported": null}}, {{"code": "97140", "minutes": 29, "units": 2, "supported": null}}]}}'
            end as evidence
        from chosen"""
    )
    engine.execute(
        f"""insert into audit.observation_line by name
        select '{RUN}' as run_key, 'b' || lpad(to_hex(k), 15, '0') as finding_id, line_id, claim_id, line_number, service_date, procedure_code,
          amount as amount_at_risk from chosen"""
    )
    engine.execute("drop table chosen")


def pages(engine: Engine, folder: Path) -> list[Path]:
    """Every page of the run, as the report step writes them."""
    build_marts(engine)
    find_causes(engine)
    engine.create(catalog.tables()["mart.correction"])
    marts.prepare(engine, RUN)
    return report(engine, RUN, folder, checks(), cases)
