"""The layers of docs/architecture.md, read from its own table, against what the modules import."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "pipeline"
MODULES = {path.relative_to(PACKAGE).with_suffix("").as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}

# Third-party module -> the only module of ours that imports it.
SOLE_IMPORTER = {"duckdb": "engine", "jinja2": "templating"}
ONLY_INSIDE_FUNCTIONS = {"airflow", "pyspark"}


def _levels() -> dict[str, int]:
    """Level of each module that the table names; `readers/*` stands for the whole folder."""
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    section = text.split("## Python layers", 1)[1].split("\n## ", 1)[0]
    levels = {}
    for level, cell in re.findall(r"^\| (\d) \| (.*) \|$", section, re.MULTILINE):
        for part in cell.split(";"):
            for name in re.findall(r"`([^`]+)`", part.split(":")[0]):
                assert name not in levels, f"{name} is in the table twice"
                levels[name] = int(level)
    return levels


LEVELS = _levels()


def _named(module: str) -> str:
    """The name of a module in the table."""
    return f"{module.split('/')[0]}/*" if "/" in module else module


def _imports(module: str) -> list[tuple[str, bool, bool, int]]:
    """(imported module, is ours, stands inside a function, line), ours as a path below pipeline/."""
    tree = ast.parse(MODULES[module].read_text("utf-8"))
    inner = {
        id(node)
        for function in ast.walk(tree)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))
        for node in ast.walk(function)
    }
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(name.name, False, id(node) in inner, node.lineno) for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.append((str(node.module), False, id(node) in inner, node.lineno))
        elif isinstance(node, ast.ImportFrom):
            folder = list(Path(module).parts[: -node.level]) + (node.module or "").split(".") * bool(node.module)
            path = "/".join(folder)
            targets = [path] if path in MODULES else ["/".join([*folder, name.name]) for name in node.names]
            # what is no module is a name of the package's own __init__
            inits = ["/".join([*folder, "__init__"])]
            ours = [target for target in targets if target in MODULES] or inits
            found += [(target, True, id(node) in inner, node.lineno) for target in ours]
    return found


def test_the_table_names_every_module_and_no_other() -> None:
    assert {_named(module) for module in MODULES if module != "__init__"} == set(LEVELS)


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_down(module: str) -> None:
    """Strictly down, but within the two top levels and within `readers/`; the steps of level 4 talk through tables."""
    for target, ours, _, line in _imports(module):
        if not ours or "__init__" in (module, target):
            continue
        own, other = _named(module), _named(target)
        down = LEVELS[other] < LEVELS[own] or own == other or LEVELS[other] == LEVELS[own] >= 5
        assert down, f"pipeline/{module}.py:{line} imports {target}: level {LEVELS[own]} from level {LEVELS[other]}"


@pytest.mark.parametrize("module", MODULES)
def test_imports_from_outside(module: str) -> None:
    for target, ours, inside, line in _imports(module):
        place = f"pipeline/{module}.py:{line} imports {target}"
        top = target.split(".")[0]
        if ours:
            continue
        assert top != "claimaudit", f"{place}: inside the package imports are relative"
        assert SOLE_IMPORTER.get(top, module) == module, f"{place}: only {SOLE_IMPORTER[top]} may"
        assert inside or top not in ONLY_INSIDE_FUNCTIONS, f"{place} outside a function"


def test_what_is_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared = {re.split(r"[^\w-]", name, maxsplit=1)[0] for name in project["dependencies"]}
    declared |= {re.split(r"[^\w-]", name, maxsplit=1)[0] for name in project["optional-dependencies"]["spark"]}
    distributions = {"yaml": "pyyaml"}
    used = {target.split(".")[0] for module in MODULES for target, ours, _, _ in _imports(module) if not ours}
    third_party = used - set(sys.stdlib_module_names)
    assert {distributions.get(name, name.replace("_", "-")) for name in third_party} <= declared
