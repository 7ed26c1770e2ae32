"""What each audience gets, and that nothing else is in it: a marker in every identifier of the input, searched for in the bytes of every file.

One small practice is run once and shared in every way. `PERMITTED` says where a marker may stand; everywhere else is a leak.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import os
import re
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from claimaudit import accesslog, cli, report, sharing
from claimaudit.engine import Engine
from claimaudit.errors import UsageError

NPIS = ("1000000012", "1000000020", "1000000038", "1000000046", "1000000053")
BILLING = "1000000061"
OWN, OTHER = NPIS[0], NPIS[1]
SHARES = ("compliance", "provider", "board", "deidentified", "own_deidentified")

# Marker of each identifier of the input -> where it may stand: folders of the run and of the audiences, the key file, stderr.
# The file names of the input are in the control totals, and on stderr when a file is spoken of; a folder of the run holds what the work needs.
WORK = {"run", "compliance"}
PERMITTED = {
    "claim_id": ("CLMMARK", {*WORK, "provider", "key"}),
    "original_claim_id": ("ORGMARK", set()),
    "patient_id": ("PATMARK", {*WORK, "provider", "key"}),
    "patient_name": ("NAMMARK", set()),
    "zip": ("48217", set()),
    "restricted zip": ("05901", set()),
    "birth_date": ("1931-07-23", set()),
    "prior_authorization": ("AUTMARK", set()),
    "ndc": ("99887766554", set()),
    "payer_id": ("PAYMARK", {*WORK, "provider"}),
    "payer_name": ("PNMMARK", {*WORK, "provider"}),
    "clinic_id": ("CLIMARK", {*WORK, "provider", "board"}),
    "provider_name of the one": ("OWNMARK", {*WORK, "provider"}),
    "provider_name of another": ("OTHMARK", WORK),
    "npi of the one": (OWN, {*WORK, "provider", "key", "log"}),
    "npi of another": (OTHER, {*WORK, "key"}),
    "billing npi": (BILLING, {*WORK, "provider", "key"}),
    "certifier_npi": ("1000000079", set()),
    "author_npi": ("1000000087", WORK),
    "note_author_npi": ("1000000095", set()),
    "exclusions source": ("SRCMARK", WORK),
    "policy_id": ("POLMARK", {*WORK, "provider"}),
    "file name": ("FILMARK", WORK),
    "text of a bad record": ("BADMARK", set()),
}  # fmt: skip


def practice(folder: Path) -> Path:
    """Forty patients of five providers in two clinics, three months; every third line without GP, some with two units of an untimed code."""
    folder.mkdir()
    lines, visits, services = [], [], []
    number = 0
    for patient in range(40):
        npi = NPIS[patient % 5]
        for month in ("07", "08", "09"):
            number += 1
            day = f"2026-{month}-{patient % 27 + 1:02}"
            claim, who = f"CLMMARK{number:04}", f"PATMARK{patient:03}"
            for line, (code, units) in enumerate(
                (("97110", 2), ("97140", 1), ("97161", 2 if patient % 4 == 0 else 1)), 1
            ):
                modifier = "" if (patient + line) % 3 == 0 else "GP"
                payer = "PAYMARK" if patient % 3 == 0 else "MEDICARE"
                original = "ORGMARK9" if line == 3 and patient == 7 else ""
                lines.append([claim, line, original, who, payer, BILLING, npi, "11", day, code, modifier, units, "M54.50", "1", "90.00", f"{40 + patient}.25", "30.00", "paid", "99887766554", "AUTMARK1", f"CLIMARK{patient % 5 // 3}"])  # fmt: skip
            visits.append([who, day, npi, "PT", 45, 60, day, "1000000095"])
            services.append([who, day, npi, "97110", 20])
    lines.append(
        [
            "CLMMARKX",
            1,
            "",
            "PATMARK001",
            "MEDICARE",
            BILLING,
            OWN,
            "11",
            "BADMARK",
            "97110",
            "GP",
            1,
            "M54.50",
            "1",
            "1.00",
            "1.00",
            "1.00",
            "paid",
            "",
            "",
            "",
        ]
    )

    def write(name: str, columns: str, rows: list[list[object]]) -> None:
        with open(folder / name, "w", newline="") as file:
            csv.writer(file).writerows([columns.split(","), *rows])

    write("FILMARK claim_lines.csv", "claim_id,line_number,original_claim_id,patient_id,payer_id,billing_npi,rendering_npi,place_of_service,service_date,procedure_code,modifier_1,units,diagnosis_1,diagnosis_pointers,charge_amount,allowed_amount,paid_amount,line_status,ndc,prior_authorization,clinic_id", lines)  # fmt: skip
    write(
        "visits.csv",
        "patient_id,service_date,rendering_npi,discipline,timed_minutes,total_minutes,note_signed_date,note_author_npi",
        visits,
    )
    write("visit_services.csv", "patient_id,service_date,rendering_npi,procedure_code,minutes", services)
    write("patients.csv", "patient_id,patient_name,birth_date,zip", [[f"PATMARK{n:03}", f"NAMMARK{n:03}", "1931-07-23" if n % 2 else "1990-02-03", "05901" if n % 5 == 0 else "48217-1234"] for n in range(40)])  # fmt: skip
    write("providers.csv", "npi,provider_name,discipline,specialty_code,clinic_id", [[npi, f"{'OWNMARK' if npi == OWN else 'OTHMARK'} {n}", "PT", "65", f"CLIMARK{n // 3}"] for n, npi in enumerate(NPIS)])  # fmt: skip
    write(
        "payers.csv",
        "payer_id,payer_name,payer_class",
        [["PAYMARK", "PNMMARK", "medicare_b"], ["MEDICARE", "Part B", "medicare_b"]],
    )
    write("plans_of_care.csv", "patient_id,discipline,billing_npi,evaluation_date,certified_date,certifier_npi", [[f"PATMARK{n:03}", "PT", BILLING, "2026-07-01", "2026-07-05", "1000000079"] for n in range(40)])  # fmt: skip
    write(
        "progress_reports.csv",
        "patient_id,discipline,report_date,author_npi,author_role",
        [["PATMARK001", "PT", "2026-08-01", "1000000087", "clinician"]],
    )
    write("exclusions.csv", "npi,from_date,source", [[NPIS[4], "2026-08-01", "SRCMARK"]])
    write(
        "coverage_policies.csv",
        "payer_id,policy_id,code_low,dx_low,role,dos_from",
        [["PAYMARK", "POLMARK", "97110", "M00", "covered", "2020-01-01"]],
    )
    return folder


def call(*arguments: str | Path) -> tuple[int, str, str]:
    """Exit code and output of the command, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as ended:
        cli.main([str(argument) for argument in arguments])
    return int(str(ended.value.code)), out.getvalue(), err.getvalue()


class World:
    """The run and its folders, what was printed, and what is left in the folder for temporary files."""

    def __init__(self, root: Path) -> None:
        self.root, self.said = root, {}
        self.folders = {"run": root / "out" / "2026-09", **{name: root / "given" / name for name in SHARES}}
        self.key = root / "keys" / "key.csv"
        self.db = root / "practice.duckdb"

    def do(self, name: str, *arguments: str | Path) -> None:
        code, out, err = call(*arguments)
        assert code == 0, err
        self.said[name] = out + err

    def share(self, name: str, *arguments: str | Path) -> None:
        self.do(name, "share", "--to", self.folders[name], "--db", self.db, "--out", self.root / "out", *arguments)


CHECKS = "MOD101,UNT108,BIL101,BIL104,BIL105,BIL110,COV101"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    root = tmp_path_factory.mktemp("sharing")
    made = World(root)
    temporary = root / "temporary"
    temporary.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("CLAIMAUDIT_")]:
            patch.delenv(name)
        patch.setenv("TMPDIR", str(temporary))
        patch.setattr(tempfile, "tempdir", None)
        made.do(
            "run",
            "run",
            practice(root / "inbox"),
            "--db",
            made.db,
            "--out",
            root / "out",
            "--xlsx",
            "--select",
            CHECKS,
            "--as-of",
            "2026-09-30",
        )
        made.share("compliance", "--audience", "compliance")
        made.share("provider", "--audience", "provider", "--provider", OWN)
        made.share("board", "--audience", "board")
        made.share("deidentified", "--audience", "compliance", "--deidentify", "--key-file", made.key)
        made.share(
            "own_deidentified", "--audience", "provider", "--provider", OWN, "--deidentify", "--key-file", made.key
        )
        assert list(temporary.iterdir()) == [], "nothing temporary is left"
    yield made


def readable(path: Path) -> bytes:
    """The bytes of a file, and those of what is packed in it."""
    found = [path.name.encode(), path.read_bytes()]
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as parts:
            found += [parts.read(name) for name in parts.namelist()]
    elif path.suffix == ".parquet":
        found.append(json.dumps(pq.read_table(path).to_pylist(), default=str).encode())
    return b"\n".join(found)


def places(world: World) -> dict[str, bytes]:
    """Everything that is written but the database itself, by place."""
    found = {
        name: b"\n".join(readable(path) for path in sorted(folder.rglob("*")) if path.is_file())
        for name, folder in world.folders.items()
    }
    found["key"] = world.key.read_bytes()
    for name in ("key", "deidentified", "own_deidentified"):
        for code in re.findall(
            rb"\b[0-9a-f]{16}\b", world.key.read_bytes()
        ):  # a random code may hold the five digits of a ZIP code
            found[name] = found[name].replace(code, b"")
    found["log"] = accesslog.path_of(world.db).read_bytes()
    found |= {f"said of {name}": said.encode() for name, said in world.said.items()}
    beside = [
        path
        for path in world.root.glob("practice.duckdb*")
        if path not in (world.db, accesslog.path_of(world.db)) and path.is_file()
    ]
    found["beside the database"] = b"\n".join(readable(path) for path in beside)
    return found


def test_a_marker_stands_only_where_it_may(world: World) -> None:
    found = places(world)
    leaks = {
        (what, place)
        for what, (marker, permitted) in PERMITTED.items()
        for place, content in found.items()
        if place not in permitted and marker.encode() in content
    }
    assert leaks == set()


def test_the_search_would_find_a_leak(world: World) -> None:
    """What may stand somewhere does stand there, packed files included; so its absence elsewhere says something."""
    found = places(world)
    for what in ("claim_id", "patient_id", "payer_id", "clinic_id", "npi of the one", "billing npi"):
        marker, permitted = PERMITTED[what]
        assert {place for place in found if marker.encode() in found[place]} >= permitted - {"log", "board"}, what
    assert PERMITTED["provider_name of another"][0].encode() in found["compliance"]
    assert PERMITTED["file name"][0].encode() in found["compliance"]
    book = readable(world.folders["run"] / "findings.xlsx")
    assert b"PATMARK" in book and b"PATMARK" in readable(world.folders["run"] / "findings.parquet")


def test_names_of_files_tell_nothing_of_a_patient(world: World) -> None:
    for path in world.root.rglob("*"):
        if "inbox" not in path.parts:
            clinic = path.parent.name == "clinics" and re.fullmatch(r"CLIMARK\d\.html", path.name)
            assert clinic or not re.search("MARK|48217", path.name), path


def test_the_manifest_names_files_and_nobody(world: World) -> None:
    content = (world.folders["run"] / "manifest.json").read_bytes()
    assert b"FILMARK" in content
    assert not [marker for marker, _ in PERMITTED.values() if marker != "FILMARK" and marker.encode() in content]


def test_everything_given_out_is_private(world: World) -> None:
    for path in [*world.root.joinpath("given").rglob("*"), world.key, accesslog.path_of(world.db)]:
        assert path.stat().st_mode & 0o777 == (0o700 if path.is_dir() else 0o600), path


def test_compliance_gets_the_run_with_patients_masked_on_pages(world: World) -> None:
    run, given = world.folders["run"], world.folders["compliance"]
    names = {path.relative_to(run) for path in run.rglob("*") if path.is_file()}
    assert {path.relative_to(given) for path in given.rglob("*") if path.is_file()} == names
    for page in given.rglob("*.html"):
        assert b"PATMARK" not in page.read_bytes(), page.name
    assert b"PATMARK" in (given / "findings.csv").read_bytes()


def test_a_provider_gets_own_rows_and_links_that_work(world: World) -> None:
    given = world.folders["provider"]
    assert {path.relative_to(given).as_posix() for path in given.rglob("*") if path.is_file()} == {
        f"providers/{OWN}.html", f"providers/{OWN}.xlsx", "findings.csv", "coverage.csv",
    }  # fmt: skip
    whole = list(csv.DictReader(open(world.folders["run"] / "findings.csv")))
    own = list(csv.DictReader(open(given / "findings.csv")))
    assert own == [row for row in whole if row["provider_npi"] == OWN] and 0 < len(own) < len(whole)
    page = given / "providers" / f"{OWN}.html"
    for link in re.findall(r'href="([^"#]+)', page.read_text()):
        assert link.startswith("https://") or (page.parent / link).is_file(), link
    assert '"../index.html"' not in page.read_text() and "All providers of this run" in page.read_text()
    for npi in NPIS[1:]:
        assert npi.encode() not in readable(page) + readable(given / "providers" / f"{OWN}.xlsx") + readable(
            given / "findings.csv"
        )


def test_single_peers_are_shown_among_many_only() -> None:
    def evidence(peers: int) -> str:
        return json.dumps(
            {"visits": 40, "strip": {"value": 50.5, "low": 45, "high": 60, "peer": 41.25, "values": [40.0] * peers}}
        )

    assert json.loads(str(report._without_few_peers(evidence(10)))) == {"visits": 40, "strip": None}
    assert report._without_few_peers(evidence(11)) == evidence(11)
    assert report._without_few_peers(None) is None


def board(world: World) -> list[dict[str, str]]:
    return list(csv.DictReader(open(world.folders["board"] / "board.csv")))


def test_a_board_gets_no_small_cell_and_every_table_adds_up(world: World) -> None:
    rows = board(world)
    counts = [row for row in rows if not row["measure"].endswith("_amount")]
    assert all(int(row["value"]) == 0 or int(row["value"]) >= 11 for row in counts)
    total = {row["measure"]: row["value"] for row in rows if row["division"] == "all"}
    assert total["lines"] == "360" and int(total["error_lines"]) > 11
    for division in ("clinic", "month", "payer_class"):
        for measure in ("lines", "error_lines", "over_lines"):
            assert sum(
                int(row["value"]) for row in rows if (row["division"], row["measure"]) == (division, measure)
            ) == int(total[measure]), (division, measure)
    shown = (world.folders["board"] / "index.html").read_text()
    assert "<script" not in shown and not re.findall(r'href="(?!#)', shown)
    cells = [int(cell) for cell in re.findall(r'<td class="n">(\d+)</td>', shown)]
    assert cells and all(cell == 0 or cell >= 11 for cell in cells)
    assert not re.search(r"\d{4}-\d{2}-\d{2}", (world.folders["board"] / "board.csv").read_text())


def test_a_board_of_two_providers_names_no_clinic_of_them(world: World) -> None:
    """Clinic 1 has two providers, clinic 0 three: they are told together."""
    assert {row["items"] for row in board(world) if row["division"] == "clinic"} == {"CLIMARK0; CLIMARK1"}


def after_another(world: World, tmp_path: Path, *changes: str) -> tuple[int, str, list[dict[str, str]]]:
    """The board that is given out after one that told something else: exit code, stderr and board.csv."""
    db = tmp_path / "practice.duckdb"
    db.write_bytes(world.db.read_bytes())
    with Engine(db) as engine:
        for change in changes:
            engine.execute(f"update audit.board set {change}")
    code, _, err = call("share", "--audience", "board", "--db", db, "--to", tmp_path / "board", "--quiet")
    assert accesslog.path_of(db).exists() == (tmp_path / "board").exists() == (code == 0)
    return code, err, list(csv.DictReader(open(tmp_path / "board" / "board.csv"))) if code == 0 else []


def test_a_board_that_is_a_small_step_from_another_is_refused(world: World, tmp_path: Path) -> None:
    code, err, _ = after_another(
        world, tmp_path, "number = number - 3 where division = 'all' and count_name in ('lines', 'lines_without_error')"
    )
    assert code == 2 and "the difference would tell of single ones" in err


def test_a_small_step_of_one_month_is_told_together_with_another(world: World, tmp_path: Path) -> None:
    lines = "count_name in ('lines', 'lines_without_error', 'lines_not_over')"
    steps = {
        "items = ['2026-07']": 5,
        "items = ['2026-08']": 11,
        "division = 'all'": 16,
        "division in ('clinic', 'payer_class')": 16,
    }
    code, err, rows = after_another(
        world, tmp_path, *(f"number = number - {step} where {where} and {lines}" for where, step in steps.items())
    )
    assert code == 0, err
    assert [row["items"] for row in rows if row["division"] == "month" and row["measure"] == "lines"] == [
        "2026-07; 2026-08",
        "2026-09",
    ]
    assert [row["items"] for row in board(world) if row["division"] == "month" and row["measure"] == "lines"] == [
        "2026-07",
        "2026-08",
        "2026-09",
    ]


def test_a_count_that_is_a_small_step_from_another_board_is_withheld(world: World, tmp_path: Path) -> None:
    where = "where division = 'all' and count_name = 'error_lines'"
    code, err, rows = after_another(world, tmp_path, f"number = number + 4 {where}")
    assert code == 0, err
    assert not [row for row in rows if "error" in row["measure"]] and [
        row for row in rows if row["measure"] == "over_lines"
    ]
    assert ">withheld<" in (tmp_path / "board" / "index.html").read_text()


def test_money_of_as_many_lines_is_not_told_anew(world: World, tmp_path: Path) -> None:
    """The same count and another amount: what has changed is the money of lines that may be as few as one."""
    told = {row["measure"] for row in board(world)}
    assert {"over_lines", "over_amount"} <= told
    code, err, rows = after_another(
        world, tmp_path, "amount = amount + 5 where count_name = 'over_lines' and division <> 'check'"
    )
    assert code == 0, err
    assert told - {row["measure"] for row in rows if row["division"] != "check"} >= {
        "over_lines",
        "lines_not_over",
        "over_amount",
    }
    assert any(row["measure"] == "over_amount" for row in rows if row["division"] == "check"), (
        "that money is of the checks alone"
    )


def test_money_that_was_told_and_not_recorded_is_not_told_anew(world: World, tmp_path: Path) -> None:
    code, err, rows = after_another(world, tmp_path, "amount = null")
    assert code == 0, err
    assert not [row for row in rows if row["measure"] == "over_amount"]


def test_a_board_of_other_days_is_no_step(world: World, tmp_path: Path) -> None:
    code, _, rows = after_another(
        world, tmp_path, "number = number - 3", "first_day = '2025-01-01', last_day = '2025-12-31'"
    )
    assert code == 0 and rows == board(world)


def test_the_same_board_twice_is_the_same(world: World, tmp_path: Path) -> None:
    code, _, err = call(
        "share",
        "--audience",
        "board",
        "--db",
        world.db,
        "--out",
        world.root / "out",
        "--to",
        tmp_path / "board",
        "--quiet",
    )
    assert code == 0, err
    for name in ("board.csv", "index.html"):
        assert (tmp_path / "board" / name).read_bytes() == (world.folders["board"] / name).read_bytes()


DAY = re.compile(
    rb"(?:19|20)\d\d-\d\d|\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)


def test_without_identifiers_by_safe_harbor(world: World) -> None:
    given = world.folders["deidentified"]
    assert {path.name for path in given.iterdir()} == {
        "findings.csv",
        "findings.parquet",
        "coverage.csv",
        "coverage.parquet",
    }
    for path in given.iterdir():
        content = readable(path)
        assert not DAY.search(content) and b"MARK" not in content, path.name
        assert not any(npi.encode() in content for npi in (*NPIS, BILLING))
    rows = list(csv.DictReader(open(given / "findings.csv")))
    whole = list(csv.DictReader(open(world.folders["run"] / "findings.csv")))
    assert len(rows) == len(whole)
    assert {row["year"] for row in rows} == {"2026"} and {row["age"] for row in rows if row["patient"]} == {"90+", "36"}
    assert {row["zip3"] for row in rows if row["patient"]} == {"000", "482"}
    assert sorted(row["amount_at_risk"] for row in rows) == sorted(row["amount_at_risk"] for row in whole)
    assert "message" not in rows[0] and "fix" not in rows[0]
    hashed = {row["finding_id"] for row in whole}
    assert not hashed & {row["finding"] for row in rows}, "the finding's own number is made of identifiers"


def test_providers_are_named_when_that_is_asked_for(world: World, tmp_path: Path) -> None:
    arguments = (
        "--audience",
        "compliance",
        "--deidentify",
        "--name-providers",
        "--key-file",
        tmp_path / "key.csv",
        "--db",
        world.db,
        "--to",
        tmp_path / "given",
    )
    assert call("share", *arguments, "--quiet") == (0, "", "")
    assert {row["provider"] for row in csv.DictReader(open(tmp_path / "given" / "findings.csv"))} <= set(NPIS)
    assert {row["kind"] for row in csv.DictReader(open(tmp_path / "key.csv"))} == {"patient", "claim", "finding"}


@pytest.mark.browser
def test_a_provider_gets_the_page_on_paper(world: World, tmp_path: Path, chromium_path: str) -> None:
    code, _, err = call(
        "share", "--audience", "provider", "--provider", OWN, "--pdf", "--db", world.db, "--to", tmp_path / "given"
    )
    assert code == 0, err
    content = (tmp_path / "given" / "providers" / f"{OWN}.pdf").read_bytes()
    assert b"/StructTreeRoot" in content and b"file:" not in content


def test_codes_are_random_and_the_key_gives_them_back(world: World, tmp_path: Path) -> None:
    keys = list(csv.DictReader(open(world.key)))
    assert len({row["code"] for row in keys}) == len(keys) and {row["kind"] for row in keys} == {
        "patient",
        "claim",
        "finding",
        "provider",
    }
    back = {row["code"]: row["identifier"] for row in keys}
    rows = list(csv.DictReader(open(world.folders["deidentified"] / "findings.csv")))
    whole = list(csv.DictReader(open(world.folders["run"] / "findings.csv")))
    assert sorted(
        (back[r["finding"]], back.get(r["patient"], ""), back.get(r["claim"], ""), back[r["provider"]]) for r in rows
    ) == sorted((r["finding_id"], r["patient_id"], r["claim_id"], r["provider_npi"]) for r in whole)

    def again(name: str, key: Path) -> bytes:
        code, _, err = call(
            "share",
            "--audience",
            "compliance",
            "--deidentify",
            "--key-file",
            key,
            "--db",
            world.db,
            "--to",
            tmp_path / name,
            "--quiet",
        )
        assert code == 0, err
        return (tmp_path / name / "findings.csv").read_bytes()

    same = (world.folders["deidentified"] / "findings.csv").read_bytes()
    assert again("same", world.key) == same, "the same key file, the same bytes"
    assert again("new", tmp_path / "new.csv") != same and not set(back) & {
        row["code"] for row in csv.DictReader(open(tmp_path / "new.csv"))
    }


def test_lists_of_restricted_areas() -> None:
    assert (
        len(set(sharing.ZIP3_2000)) == 17
        and len(set(sharing.ZIP3_2010)) == 14
        and set(sharing.ZIP3_2010) - set(sharing.ZIP3_2000) == {"205", "369"}
    )


def test_the_access_log_is_a_chain(world: World, tmp_path: Path) -> None:
    entries = accesslog.entries(world.db)
    assert [entry["audience"] for entry in entries][:5] == ["compliance", "provider", "board", "compliance", "provider"]
    assert entries[1]["provider"] == OWN and entries[3]["deidentified"] is True
    code, out, _ = call("access", "verify", "--db", world.db)
    assert code == 0 and out.startswith(f"{len(entries)} entries, the last with digest {entries[-1]['digest']}")
    assert call("access", "list", "--db", world.db)[1].count("\n") == len(entries)
    log = accesslog.path_of(world.db).read_text().splitlines()
    for changed in (
        [log[0].replace('"files": ', '"files": 1'), *log[1:]], [*log[:1], *log[2:]], log[1:], [log[1], log[0], *log[2:]], [*log, "{}"], [*log, "half a li"],
    ):  # fmt: skip
        db = tmp_path / "other.duckdb"
        accesslog.path_of(db).write_text("\n".join(changed) + "\n")
        code, _, err = call("access", "verify", "--db", db)
        assert code == 3 and "does not follow from the one before it" in err
    assert call("access", "verify", "--db", tmp_path / "none.duckdb")[1] == "Nothing was given out.\n"


def test_a_broken_log_stops_the_giving_out(world: World, tmp_path: Path) -> None:
    db = tmp_path / "practice.duckdb"
    db.write_bytes(world.db.read_bytes())
    accesslog.path_of(db).write_text("{}\n")
    code, _, err = call("share", "--audience", "board", "--db", db, "--to", tmp_path / "board")
    assert code == 3 and "access log" in err and not (tmp_path / "board").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--audience", "press"], "There is no audience 'press'. It is compliance, provider or board."),
        (["--audience", "provider"], "--provider goes with --audience provider"),
        (["--audience", "board", "--provider", OWN], "--provider goes with --audience provider"),
        (["--audience", "provider", "--provider", "1999999984"], "has no provider 1999999984"),
        (["--audience", "board", "--deidentify", "--key-file", "k"], "and of no person"),
        (["--audience", "compliance", "--deidentify"], "--deidentify goes with --key-file"),
        (["--audience", "compliance", "--key-file", "k"], "--deidentify goes with --key-file"),
        (["--audience", "compliance", "--pdf"], "--pdf goes with the pages of a provider or a board."),
        (["--audience", "compliance", "--name-providers"], "--name-providers goes with --deidentify"),
        (
            ["--audience", "compliance", "--deidentify", "--key-file", "given/k.csv"],
            "The key file would lie in the folder",
        ),
        (
            ["--audience", "compliance", "--deidentify", "--key-file", "inbox/patients.csv"],
            "patients.csv is no key file",
        ),
        (["--audience", "compliance", "--out", "elsewhere"], "There is no folder elsewhere"),
    ],
)
def test_wrong_arguments_leave_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(world.root)
    before = accesslog.path_of(world.db).read_bytes()
    to = "given/new" if "given/k.csv" not in arguments else "given"
    arguments = ["--out", "out", *arguments] if "--out" not in arguments else arguments
    if to == "given":
        with pytest.raises(UsageError, match=says):
            sharing.Share("compliance", Path("given"), deidentify=True, key_file=Path("given/k.csv"))
        return
    code, out, err = call("share", *arguments, "--db", world.db, "--to", to)
    assert (code, out) == (2, "") and says in err and err.count("\n") == 1
    assert (
        not Path(to).exists()
        and not list(Path("given").glob(".*"))
        and accesslog.path_of(world.db).read_bytes() == before
    )


def test_a_folder_that_holds_something_is_left_alone(world: World) -> None:
    code, _, err = call("share", "--audience", "board", "--db", world.db, "--to", world.folders["provider"])
    assert code == 2 and "exists and is no empty folder" in err
    inside = world.folders["run"] / "given"
    code, _, err = call(
        "share", "--audience", "compliance", "--db", world.db, "--out", world.root / "out", "--to", inside
    )
    assert code == 2 and "lies in the folder of the run" in err and not inside.exists()
