"""Seeds faults into the SQL of checks and asks whether their cases notice: `python -m tests.mutation [CODE...] [--show]`; no code: all checks.

A fault is one change to the parsed statement: a boundary moved, a condition dropped, a constant off by one, a null no longer handled,
a branch or a filter gone, an outer join made inner. What only feeds the evidence is left alone. A fault is killed when a case gives other rows, or
the statement cannot run. Some faults change nothing that could be seen; tests/data/mutation_explained.yml names them with the reason. Printed are per check
how many were killed, how many explained, and the share of both; with `--show` the other survivors. A share of killed faults below 95 % in all ends with status 1,
and so does an explanation of a fault that is killed or that is not there.
"""

from __future__ import annotations

import argparse
import copy
import dataclasses
import json
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from claimaudit import casekit, registry, worked
from claimaudit.audit import verdict_columns
from claimaudit.engine import DuckDBError
from claimaudit.model import Case, Check
from claimaudit.reference import set_parameters

Node = dict[str, Any]
WANTED = 0.95
BOUNDARIES = {
    "COMPARE_LESSTHAN": "COMPARE_LESSTHANOREQUALTO",
    "COMPARE_LESSTHANOREQUALTO": "COMPARE_LESSTHAN",
    "COMPARE_GREATERTHAN": "COMPARE_GREATERTHANOREQUALTO",
    "COMPARE_GREATERTHANOREQUALTO": "COMPARE_GREATERTHAN",
    "COMPARE_EQUAL": "COMPARE_NOTEQUAL",
    "COMPARE_NOT_DISTINCT_FROM": "COMPARE_EQUAL",
    "COMPARE_DISTINCT_FROM": "COMPARE_NOTEQUAL",
    "OPERATOR_IS_NULL": "OPERATOR_IS_NOT_NULL",
    "OPERATOR_IS_NOT_NULL": "OPERATOR_IS_NULL",
    "CONJUNCTION_OR": "CONJUNCTION_AND",
}


@dataclasses.dataclass(frozen=True)
class Fault:
    """One seeded fault: what was changed, and the statement with it."""

    what: str
    sql: str


def _nodes(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Node]]:
    """Every object of the parsed statement with its path, in order; the evidence and the types of casts are left out."""
    if isinstance(node, dict):
        if node.get("alias") == "evidence":
            return
        yield path, node
        for key in node:
            if key not in ("cast_type", "type_expr"):
                yield from _nodes(node[key], (*path, key))
    elif isinstance(node, list):
        for index, entry in enumerate(node):
            yield from _nodes(entry, (*path, index))


def _changes(node: Node) -> Iterator[tuple[str, Callable[[Node], None]]]:
    """The faults that can be seeded into one node, as edits in place."""
    kind = node.get("type")
    if kind in BOUNDARIES:
        yield f"{kind} -> {BOUNDARIES[kind]}", lambda n: n.update(type=BOUNDARIES[kind])
    if kind == "COMPARE_BETWEEN":
        for edge in ("lower", "upper"):
            yield f"between without its {edge} end", lambda n, edge=edge: n.update({edge: copy.deepcopy(n["input"])})
    if kind == "CONJUNCTION_AND":
        for index in range(len(node["children"])):
            yield f"condition {index + 1} dropped", lambda n, index=index: n["children"].pop(index)
    if kind == "OPERATOR_COALESCE":
        yield "coalesce without its default", lambda n: n.update(children=n["children"][:1])
    if kind == "CASE_EXPR":
        for index in range(len(node["case_checks"]) if len(node["case_checks"]) > 1 else 0):
            yield f"branch {index + 1} dropped", lambda n, index=index: n["case_checks"].pop(index)
    if kind in ("COMPARE_IN", "COMPARE_NOT_IN") and len(node["children"]) > 2:
        for index in range(1, len(node["children"])):
            yield f"member {index} of the list dropped", lambda n, index=index: n["children"].pop(index)
    if kind == "VALUE_CONSTANT" and node["literal"]["kind"] == "INTEGER":
        number = str(int(node["literal"]["text"]) + 1)
        yield f"{node['literal']['text']} -> {number}", lambda n: n["literal"].update(text=number)
    if node.get("filter") and node.get("class") == "FUNCTION":
        yield f"{node['function_name']} without its filter", lambda n: n.update(filter=None)
    if node.get("join_type") == "LEFT":
        yield "left join -> inner join", lambda n: n.update(join_type="INNER")
    if node.get("join_type") in ("ANTI", "SEMI"):
        other = {"ANTI": "SEMI", "SEMI": "ANTI"}[node["join_type"]]
        yield f"{node['join_type']} join -> {other} join", lambda n: n.update(join_type=other)
    if node.get("using_columns") and len(node["using_columns"]) > 1:
        for index, name in enumerate(node["using_columns"]):
            yield f"join without {name}", lambda n, index=index: n["using_columns"].pop(index)


def faults(engine: worked.Engine, check: Check) -> list[Fault]:
    """Every fault that can be seeded into a check, in the order of its statement."""
    parsed = json.loads(engine.value("select json_serialize_sql(?)", [check.sql]))
    found = []
    for path, node in _nodes(parsed):
        for number, (what, _) in enumerate(_changes(node)):
            mutant = copy.deepcopy(parsed)
            target: Any = mutant
            for step in path:
                target = target[step]
            list(_changes(target))[number][1](target)
            where = check.sql[max(0, node.get("query_location") or 0) :][:60].replace("\n", " ")
            try:
                sql = engine.value("select json_deserialize_sql(cast(? as json))", [json.dumps(mutant)])
            except DuckDBError:  # the change has no statement: nothing to test
                continue
            found.append(Fault(f"{what} at: {where}" if node.get("query_location") else what, sql))
    return found


def _rows(engine: worked.Engine, check: Check, case: Case, columns: set[str]) -> list[list[str]]:
    drawn = sorted({name for row in case.expect for name in row})
    return sorted([[str(row.get(name)) for name in drawn] for row in worked.shown_rows(engine, check, columns)])


def survivors(engine: worked.Engine, check: Check) -> tuple[int, list[Fault]]:
    """How many faults were seeded into `check`, and those that no case of it noticed."""
    found = faults(engine, check)
    columns: set[str] = set()
    alive = {number: dataclasses.replace(check, sql=fault.sql) for number, fault in enumerate(found)}
    for case in casekit.cases(check):
        worked.prepare_case(engine, check, case)
        columns = columns or verdict_columns(engine, check)
        want = sorted([[str(row[name]) for name in sorted(row)] for row in case.expect])
        for number, mutant in list(alive.items()):
            try:
                killed = _rows(engine, mutant, case, columns) != want
            except DuckDBError:
                killed = True
            if killed:
                del alive[number]
    if check.params:
        set_parameters(engine, check, [])  # a fault of another check may read them
    return len(found), [found[number] for number in alive]


@cache
def explained() -> dict[str, dict[str, str]]:
    """By check: faults that nothing can notice, as they are printed, with the reason."""
    text = (Path(__file__).parent / "data" / "mutation_explained.yml").read_text("utf-8")
    return {
        code: {fault: reason for reason, faults in by_reason.items() for fault in faults}
        for code, by_reason in (yaml.safe_load(text) or {}).items()
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("codes", nargs="*")
    parser.add_argument("--show", action="store_true", help="print the survivors that are not explained")
    arguments = parser.parse_args()
    checks = registry.checks().values()
    totals = [0, 0, 0]
    stale = []
    print("check   seeded  killed  explained   left  killed  with explained")
    with worked.new_engine(checks) as engine:
        for check in checks:
            if arguments.codes and not check.code.startswith(tuple(arguments.codes)):
                continue
            seeded, alive = survivors(engine, check)
            known = explained().get(check.code, {})
            left = [fault for fault in alive if fault.what not in known]
            counts = [seeded, seeded - len(alive), len(alive) - len(left)]
            totals = [one + other for one, other in zip(totals, counts, strict=True)]
            print(_line(check.code, *counts), flush=True)
            for fault in left if arguments.show else []:
                print(f"    {fault.what}", flush=True)
            stale += [f"{check.code}: {what}" for what in known if what not in {fault.what for fault in alive}]
    print(_line("all", *totals))
    for what in stale:
        print(f"explained, but not a survivor: {what}")
    return 0 if totals[1] >= WANTED * totals[0] and not stale else 1


def _line(name: str, seeded: int, killed: int, known: int) -> str:
    share, both = killed / max(seeded, 1), (killed + known) / max(seeded, 1)
    return f"{name:6}  {seeded:6}  {killed:6}  {known:9}  {seeded - killed - known:5}  {share:6.1%}  {both:6.1%}"


if __name__ == "__main__":
    sys.exit(main())
