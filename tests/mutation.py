"""Seeds faults into the SQL of checks and asks whether their cases notice: `python -m tests.mutation [CODE...] [--show]`.

A fault is one change to the parsed statement: a boundary moved, a condition dropped, a constant off by one, a null no longer handled,
a branch or a filter gone, an outer join made inner. What only feeds the evidence is left alone. A fault is killed when a case gives other rows, or
the statement cannot run. Printed are the share killed per check, and with `--show` the survivors. A share below 95 % ends with status 1.
"""

from __future__ import annotations

import argparse
import copy
import dataclasses
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

from claimaudit import casekit, registry, worked
from claimaudit.engine import DuckDBError
from claimaudit.model import Case, Check

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


def _rows(engine: worked.Engine, check: Check, case: Case) -> list[list[str]]:
    drawn = sorted({name for row in case.expect for name in row})
    return sorted([[str(row.get(name)) for name in drawn] for row in worked.shown_rows(engine, check)])


def survivors(engine: worked.Engine, check: Check) -> tuple[int, list[Fault]]:
    """How many faults were seeded into `check`, and those that no case of it noticed."""
    found = faults(engine, check)
    alive = {number: dataclasses.replace(check, sql=fault.sql) for number, fault in enumerate(found)}
    for case in casekit.cases(check):
        worked.prepare_case(engine, check, case)
        want = sorted([[str(row[name]) for name in sorted(row)] for row in case.expect])
        for number, mutant in list(alive.items()):
            try:
                killed = _rows(engine, mutant, case) != want
            except DuckDBError:
                killed = True
            if killed:
                del alive[number]
    return len(found), [found[number] for number in alive]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("codes", nargs="*")
    parser.add_argument("--show", action="store_true", help="print the survivors")
    arguments = parser.parse_args()
    checks = [
        c for code, c in registry.checks().items() if not arguments.codes or code.startswith(tuple(arguments.codes))
    ]
    seeded = killed = 0
    with worked.new_engine(checks) as engine:
        for check in checks:
            number, left = survivors(engine, check)
            seeded, killed = seeded + number, killed + number - len(left)
            print(
                f"{check.code}  {number - len(left):4} of {number:4} killed  {(number - len(left)) / max(number, 1):6.1%}",
                flush=True,
            )
            for fault in left if arguments.show else []:
                print(f"    {fault.what}")
    print(f"all     {killed:4} of {seeded:4} killed  {killed / max(seeded, 1):6.1%}")
    return 0 if killed >= WANTED * seeded else 1


if __name__ == "__main__":
    sys.exit(main())
