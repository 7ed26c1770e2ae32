"""What every check file and every table file must keep to, read from the files themselves.

The statements are taken apart by DuckDB's own parser, and their columns come from describing them over empty tables.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest

from claimaudit import casekit, catalog, registry, report
from claimaudit.audit import placeholders
from claimaudit.engine import Engine
from claimaudit.errors import DefinitionError
from claimaudit.model import Check, Table
from claimaudit.reference import load_reference

# The codes and names of this release. A code is for ever: it may be deprecated, but never removed, renamed or given to
# another rule.
RELEASED = {
    "BIL101": "line-duplicated",
    "BIL102": "line-nearly-duplicated",
    "BIL103": "filed-late",
    "BIL104": "dates-impossible",
    "BIL105": "npi-check-digit",
    "BIL106": "frequency-code-not-accepted",
    "BIL107": "place-of-service-conflict",
    "BIL108": "procedure-not-valid-on-date",
    "BIL109": "code-system-wrong-for-payer",
    "BIL110": "provider-not-active",
    "BIL111": "paid-above-expected",
    "BIL112": "claim-header-inconsistent",
    "CAP101": "threshold-exceeded-without-kx",
    "CAP102": "kx-before-threshold",
    "CAP103": "kx-routine",
    "CAP104": "review-threshold-exposure",
    "CAP105": "kx-without-threshold",
    "COV101": "diagnosis-not-listed",
    "COV102": "diagnosis-listed-noncovered",
    "COV103": "second-diagnosis-missing",
    "COV104": "prior-authorization-missing",
    "DOC101": "plan-not-certified",
    "DOC102": "plan-certified-late",
    "DOC103": "service-after-plan-lapsed",
    "DOC104": "progress-report-overdue",
    "DOC105": "clinician-absent",
    "DOC106": "service-without-plan",
    "DOC107": "note-unsigned-or-late",
    "DXC101": "diagnosis-unknown",
    "DXC102": "diagnosis-not-valid-on-date",
    "DXC103": "diagnosis-not-billable",
    "DXC104": "diagnosis-incomplete",
    "DXC105": "diagnosis-side-unspecified",
    "DXC106": "diagnosis-side-conflicts",
    "DXC107": "diagnosis-pointer-broken",
    "DXC108": "diagnoses-mutually-exclusive",
    "DXC109": "active-treatment-on-later-visit",
    "DXC110": "diagnosis-repeated",
    "EVL101": "evaluation-repeated",
    "EVL102": "re-evaluation-routine",
    "EVL103": "episode-without-evaluation",
    "EVL104": "evaluation-and-re-evaluation-same-day",
    "EVL105": "group-code-single-patient",
    "FLR101": "functional-codes-missing",
    "FLR102": "functional-codes-overdue",
    "FLR103": "functional-severity-missing",
    "FLR104": "functional-codes-obsolete",
    "INJ101": "bilateral-modifier-not-allowed",
    "INJ102": "two-sides-on-two-lines",
    "INJ103": "injection-too-soon",
    "INJ104": "drug-waste-modifier-missing",
    "INJ105": "drug-waste-modifiers-both",
    "INJ106": "no-waste-claimed-but-vial-not-filled",
    "INJ107": "drug-waste-above-vial",
    "INJ108": "drug-total-unreconciled",
    "INJ109": "drug-waste-under-reported",
    "INJ110": "procedure-without-drug",
    "INJ111": "dose-above-label",
    "MOD101": "discipline-modifier-missing",
    "MOD102": "discipline-modifier-multiple",
    "MOD103": "discipline-modifier-wrong-for-code",
    "MOD104": "discipline-modifier-contradicts-provider",
    "MOD105": "assistant-modifier-missing",
    "MOD106": "assistant-modifier-unsupported",
    "MOD107": "assistant-modifier-unpaired",
    "MOD108": "assistant-modifier-on-evaluation",
    "MOD109": "modifiers-contradictory",
    "MOD110": "modifier-not-for-therapy-code",
    "MOD111": "distinct-service-modifier-without-pair",
    "MOD112": "modifier-not-valid-on-date",
    "MOD113": "rehabilitative-modifier-missing",
    "MOD114": "repeat-untimed-without-modifier",
    "NCC101": "pair-never-payable",
    "NCC102": "pair-without-bypass-modifier",
    "NCC103": "pair-bypassed",
    "NCC201": "line-units-over-limit",
    "NCC202": "day-units-over-limit",
    "NCC301": "add-on-without-primary",
    "NCC401": "code-not-payable-by-payer",
    "PRV101": "minutes-per-visit-above-peers",
    "PRV102": "kx-share-above-peers",
    "PRV103": "allowed-per-patient-above-peers",
    "PRV104": "distinct-service-modifier-share",
    "PRV105": "cloned-days",
    "PRV106": "high-complexity-share",
    "PRV107": "billing-shift",
    "UNT101": "timed-units-over-minutes",
    "UNT102": "timed-units-under-minutes",
    "UNT103": "timed-units-misallocated",
    "UNT104": "timed-code-without-minutes",
    "UNT105": "visit-without-note",
    "UNT106": "note-without-claim",
    "UNT107": "note-minutes-inconsistent",
    "UNT108": "untimed-code-multiple-units",
    "UNT109": "timed-code-split-lines",
    "UNT110": "units-not-billable",
    "UNT111": "provider-day-impossible",
    "UNT112": "provider-day-implausible",
    "UNT113": "one-on-one-overlap",
    "UNT114": "short-unit-pattern",
    "UNT115": "other-time-unit-mismatch",
}

CHECKS = list(registry.checks().values())
TABLES = list(catalog.tables().values())
WITH_SQL = [table for table in TABLES if table.sql]

SHARES = "STRUCT(line_id BIGINT, amount DECIMAL(12,2))[]"
ALWAYS = {
    "provider_npi": "VARCHAR",
    "payer_id": "VARCHAR",
    "service_date": "DATE",
    "verdict": "VARCHAR",
    "reason": "VARCHAR",
    "amount_at_risk": "DECIMAL(12,2)",
    "amount_basis": "VARCHAR",
}
PER_LINE = ALWAYS | {"line_id": "BIGINT"}
PER_SUBJECT = ALWAYS | {
    "subject_key": "VARCHAR",
    "billing_npi": "VARCHAR",
    "patient_id": "VARCHAR",
    "line_shares": SHARES,
}

# What is not given by the tables: functions, and words that SQL lets stand like columns.
OUTSIDE = set(
    "now today current_date current_time current_timestamp localtime localtimestamp get_current_time rowid random "
    "setseed get_current_timestamp transaction_timestamp uuid uuidv4 uuidv7 gen_random_uuid nextval currval getenv "
    "current_setting version read_csv read_csv_auto read_json read_parquet read_text read_blob glob".split()
)
# A name says what is seen. What is to be done about it, and who is to blame, are for a person to say.
NOT_IN_A_NAME = set(
    "add append attach bill charge correct delete fix pay rebill recoup refund remove repay replace resubmit return "
    "send use void must should abuse abusive cheat deceptive dishonest false fraud fraudulent guilty illegal improper "
    "inflated intentional knowing overpayment padded padding suspicious unbundled unbundling upcoded upcoding "
    "violation wilful wrongful".split()
)
NEVER_SAID = re.compile(
    r"\b(fraud\w*|abus\w+|violat\w+|guilt\w*|illegal\w*|overpayments? identified|crim\w+|cheat\w*)\b", re.I
)

by_code = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
by_table = pytest.mark.parametrize("table", WITH_SQL, ids=lambda table: table.name)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Every declared table, empty but for the reference data."""
    with Engine(threads=1) as engine:
        for table in TABLES:
            engine.create(table)
        load_reference(engine, CHECKS)
        yield engine


@pytest.fixture(scope="module")
def parser() -> Iterator[Engine]:
    with Engine(threads=1) as engine:
        yield engine


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object of a parsed statement."""
    if isinstance(tree, dict):
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for part in tree:
            yield from _nodes(part)


def _tree(parser: Engine, sql: str) -> Any:
    return json.loads(parser.value("select json_serialize_sql(?)", [sql]))


def _parse(parser: Engine, sql: str) -> list[dict[str, Any]]:
    tree = _tree(parser, sql)
    assert not tree["error"], tree.get("error_message")
    assert len(tree["statements"]) == 1
    return list(_nodes(tree))


def _read(nodes: list[dict[str, Any]]) -> set[str]:
    """The stored tables that a statement reads; a name without a schema is one of its own CTEs."""
    tables = [node for node in nodes if node.get("type") == "BASE_TABLE"]
    return {f"{node['schema_name']}.{node['table_name']}" for node in tables if node["schema_name"]}


def _outside(nodes: list[dict[str, Any]]) -> set[str]:
    """What a statement takes from elsewhere than its tables."""
    called = {node["function_name"].lower() for node in nodes if node.get("type") == "FUNCTION"}
    bare = {
        node["column_names"][-1].lower()
        for node in nodes
        if node.get("type") == "COLUMN_REF" and len(node["column_names"]) == 1
    }
    words = {word for word in OUTSIDE if word.startswith(("current_", "local", "rowid"))}
    return called & OUTSIDE | bare & words


# The checks' declarations ---------------------------------------------------------------------------------------


def test_released_codes_stay() -> None:
    assert {code: check.name for code, check in registry.checks().items()} == RELEASED


@by_code
def test_prose_is_there(check: Check) -> None:
    assert tuple(check.sections) == registry.HEADINGS
    assert all(len(text.split()) >= 5 for text in check.sections.values())
    assert check.message and check.fix and check.since
    assert all(reference.get("title") and reference.get("section") for reference in check.references)
    assert check.references


@by_code
def test_names_and_prose_accuse_nobody(check: Check) -> None:
    assert not NOT_IN_A_NAME & set(check.name.replace("add-on", "addition").split("-"))
    for text in (check.message, check.fix, *check.sections.values()):
        assert not NEVER_SAID.search(text)


@by_code
def test_payers_are_what_the_statement_asks_for(check: Check) -> None:
    switches = {column.name for column in catalog.tables()["core.payer"].columns if column.type == "BOOLEAN"}
    assert check.payers in {"all", "medicare_b", *switches}
    assert check.payers == "all" or re.search(rf"\b{check.payers}\b", check.sql)


@by_code
def test_params_declared_are_params_used(check: Check) -> None:
    statement = re.sub(r"--[^\n]*", "", check.sql)
    assert set(re.findall(r"\bparam = '(\w+)'", statement)) == set(check.params)
    assert ("ref.param" in check.reads) == bool(check.params)
    assert set(re.findall(r"\bcheck_code = '(\w+)'", statement)) == ({check.code} if check.params else set())
    for spec in check.params.values():
        assert spec.keys() == {"default", "why"} and str(spec["why"]).strip()


@by_code
def test_needs_are_columns_or_records_of_the_input_or_reference_tables(check: Check) -> None:
    layouts = {table.name.removeprefix("raw."): table for table in TABLES if table.schema == "raw" and not table.sql}
    columns = {column.name for layout in layouts.values() for column in layout.columns}
    assert set(check.needs) <= columns | set(layouts) | {table.name for table in TABLES if table.schema == "ref"}


# The checks' statements -----------------------------------------------------------------------------------------


@by_code
def test_a_check_reads_what_it_declares(parser: Engine, check: Check) -> None:
    assert _read(_parse(parser, check.sql)) == set(check.reads)
    assert len(check.reads) == len(set(check.reads))
    # never what a run before left behind, nor what was not cast yet
    assert {name.split(".")[0] for name in check.reads} <= {"core", "ref"}


@by_code
def test_a_check_depends_on_its_tables_alone(parser: Engine, check: Check) -> None:
    """No clock, no chance, no first so many rows; and no `*` of a stored table, which would change with its columns."""
    nodes = _parse(parser, check.sql)
    assert not _outside(nodes)
    assert not [node for node in nodes if str(node.get("type")).startswith("LIMIT")]
    assert not [node for node in nodes if node.get("sample")]
    assert _stars_over_tables(nodes) == []


def _stars_over_tables(nodes: list[dict[str, Any]]) -> list[str]:
    """The stored tables of whose columns a SELECT takes all; `* exclude (...)` says what it leaves, and may stand."""
    found = []
    for node in nodes:
        stars = [
            item for item in node.get("select_list", []) if item.get("type") == "STAR" and not item["exclude_list"]
        ]
        if node.get("type") == "SELECT_NODE" and stars:
            found += sorted(_read(_from(node["from_table"])))
    return found


def _from(tree: dict[str, Any]) -> list[dict[str, Any]]:
    """The relations that stand directly in a FROM, those in subqueries left out."""
    if tree.get("type") == "JOIN":
        return _from(tree["left"]) + _from(tree["right"])
    return [tree]


@by_code
def test_a_check_returns_the_columns_of_the_architecture(engine: Engine, check: Check) -> None:
    returned = {row[0]: row[1] for row in engine.rows(f"describe {check.sql}")}
    needed = PER_LINE if check.subject == "claim_line" else PER_SUBJECT
    if check.subject == "visit_day" and "discipline" in returned:  # the wrapper makes the key
        needed = {name: kind for name, kind in needed.items() if name != "subject_key"} | {"discipline": "VARCHAR"}
    optional = {"severity": "VARCHAR"} | ({"subject_key": "VARCHAR"} if check.subject == "claim_line" else {})
    assert returned.pop("evidence").startswith("STRUCT(")
    untyped = {name for name, kind in returned.items() if kind == '"NULL"'}
    assert untyped <= {"reason"}, "a column that is always null needs a cast"
    assert needed.keys() <= returned.keys() <= (needed | optional).keys()
    # a text of few values may be an ENUM
    assert {name: re.sub(r"^ENUM\(.*", "VARCHAR", kind) for name, kind in returned.items() if name not in untyped} == {
        name: kind for name, kind in (needed | optional).items() if name in returned and name not in untyped
    }


@by_code
def test_messages_name_fields_of_the_evidence(engine: Engine, check: Check) -> None:
    """They are scalars written as a reader expects them: whole numbers, money with two places, text."""
    evidence = engine.arrow(check.sql).schema.field("evidence").type
    named = {*placeholders(check.message), *placeholders(check.fix)}
    assert named <= {field.name for field in evidence}
    for name in named:
        kind = evidence.field(name).type
        assert (
            pa.types.is_string(kind)
            or pa.types.is_dictionary(kind)
            or pa.types.is_integer(kind)
            or pa.types.is_date(kind)
            or (pa.types.is_decimal(kind) and kind.scale == 2)
        )
    # what the pattern of a placeholder does not take is a typing error
    for template in (check.message, check.fix):
        assert not re.search(r"[{}]", re.sub(r"\{[a-z_0-9]+\}", "", template))


@by_code
def test_evidence_has_no_floating_point(engine: Engine, check: Check) -> None:
    assert not re.search(
        r"\b(DOUBLE|FLOAT|REAL)\b", next(row[1] for row in engine.rows(f"describe {check.sql}") if row[0] == "evidence")
    )


# The checks' cases ----------------------------------------------------------------------------------------------

# Words of a check's own between two steps of its statement; they are never a reason.
STEPS = {"no-kx", "first-above", "below-or-later"}
# Words of the evidence.
STEPS |= {"one-day-late"}


@by_code
def test_cases_say_why(check: Check) -> None:
    cases = casekit.cases(check)
    assert cases
    assert all(len(case.why.split()) >= 2 for case in cases)


@by_code
def test_every_reason_is_said_in_words(check: Check) -> None:
    """What a page says of a verdict `cannot_tell`, for each reason of the cases."""
    reasons = {
        row.get("reason") for case in casekit.cases(check) for row in case.expect if row.get("verdict") == "cannot_tell"
    }
    assert reasons - {None} <= set(report._REASON)


@by_code
def test_every_verdict_has_a_case(check: Check) -> None:
    expected = {row.get("verdict") for case in casekit.cases(check) for row in case.expect}
    assert set(re.findall(r"'(pass|finding|cannot_tell)'", check.sql)) == expected - {None}


@by_code
def test_every_reason_has_a_case(check: Check) -> None:
    expected = {row.get("reason") for case in casekit.cases(check) for row in case.expect} - {None}
    statement = re.sub(r"--[^\n]*", "", check.sql)
    words = set(re.findall(r"'([a-z]+(?:-[a-z]+)+)'", statement))
    reasons = words - STEPS - {"fee-schedule", "re-evaluation"}
    assert reasons == expected


def test_the_parser_sees_what_is_outside(parser: Engine) -> None:
    """The tests above could pass for want of sight."""
    sql = """with a as (select * from core.run)
        select current_date, now(), random() from a join ref.param p using (x) where y in (select y from core.visit)"""
    nodes = _parse(parser, sql)
    assert _outside(nodes) == {"current_date", "now", "random"}
    assert _read(nodes) == {"core.run", "ref.param", "core.visit"}
    assert _stars_over_tables(nodes) == ["core.run"]


# The tables -----------------------------------------------------------------------------------------------------


@by_table
def test_a_table_reads_what_it_declares(parser: Engine, table: Table) -> None:
    assert _read(_parse(parser, table.sql)) == set(table.reads)
    assert len(table.reads) == len(set(table.reads))


@by_table
def test_a_table_depends_on_its_tables_alone(parser: Engine, table: Table) -> None:
    nodes = _parse(parser, table.sql)
    assert not _outside(nodes)
    assert not [node for node in nodes if node.get("sample")]


def _quotients(tree: Any, within: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """For each division outside the evidence: the casts and the macro `cents` that it stands in, from the outermost on."""
    if isinstance(tree, list):
        for item in tree:
            yield from _quotients(item, within)
    elif isinstance(tree, dict) and tree.get("alias") != "evidence":
        if tree.get("class") == "CAST":
            kind = tree["type_expr"]
            sizes = [child["literal"]["text"] for child in kind.get("children", []) if "literal" in child]
            within = (*within, " ".join([kind.get("type_name", ""), *sizes]))
        if tree.get("function_name") == "cents":
            within = (*within, "cents")
        if tree.get("function_name") == "/":
            yield within
        for key, value in tree.items():
            if key != "type_expr":
                yield from _quotients(value, within)


def _inexact(tree: Any) -> list[tuple[str, ...]]:
    """Divisions that become money without `cents`."""
    return [found for found in _quotients(tree) if "DECIMAL 12 2" in found and "cents" not in found]


@by_code
def test_a_share_of_an_amount_is_rounded_exactly(parser: Engine, check: Check) -> None:
    """A division is a binary fraction: 2.01 / 2 cast to cents is 1.00."""
    assert not _inexact(_tree(parser, check.sql))


def test_the_parser_sees_a_share_that_is_not(parser: Engine) -> None:
    assert _inexact(
        _tree(parser, "select case when a then cast(round(b / 2, 2) as decimal(12, 2)) end as amount_at_risk")
    )
    assert not _inexact(_tree(parser, "select cents(b / 2) as amount_at_risk, b / 2 as rank"))


@pytest.mark.parametrize("table", [table for table in WITH_SQL if table.schema != "raw"], ids=lambda table: table.name)
def test_a_table_returns_its_columns(engine: Engine, table: Table) -> None:
    """By name; tables whose first columns another step adds are inserted by name as well."""
    returned = {row[0] for row in engine.rows(f"describe {table.sql}")}
    assert returned == {column.name for column in table.columns}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_table_is_described(table: Table) -> None:
    known = {known.name for known in TABLES}
    assert set(table.reads) <= known
    assert not table.reads or table.sql, "only a statement reads"
    assert table.grain.strip()
    assert all(column.meaning.strip() for column in table.columns)
    assert table.prose or table.schema in ("raw", "ref")
    assert not any(
        column.type in ("DOUBLE", "FLOAT", "REAL")
        for column in table.columns
        if re.search("amount|charge|units|share", column.name)
    )


@pytest.mark.parametrize("named", ["waiting_day", "ref.fee_schedule.work_rvu"])
def test_a_check_comes_of_age_by_what_it_reads(named: str) -> None:
    path = "sql/checks/unt/UNT106_note_without_claim.sql"
    text = registry.found_files()[path.removeprefix("sql/checks/")]
    assert registry.parse_check(path, text).ripens_after == "waiting_days"
    with pytest.raises(DefinitionError, match="ripens_after is"):
        registry.parse_check(path, text.replace("ripens_after: waiting_days", f"ripens_after: {named}"))
