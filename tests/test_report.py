"""The pages: what they say, what they never say, and that the same tables give the same bytes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jinja2 import nodes

from claimaudit import pictures, templating
from claimaudit import report as report_module
from claimaudit.engine import Engine
from claimaudit.errors import UsageError
from claimaudit.report import report
from claimaudit.resources import template_root
from tests import report_fixture as fixture

FORBIDDEN = re.compile(r"fraud|abus|violat|guilty|overpayment\s+identified", re.I)
FEW, MANY, CLEAN = (f"providers/{npi}.html" for npi in (fixture.FEW, fixture.MANY, fixture.CLEAN))


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with fixture.build() as built:
        yield built


@pytest.fixture(scope="module")
def out(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the fixture's run; the files that the export step would add are empty."""
    folder = tmp_path_factory.mktemp("report")
    fixture.pages(engine, folder)
    for name in ("findings.csv", "coverage.csv", "rejects.csv", "files.csv"):
        (folder / name).touch()
    return folder


def page(out: Path, name: str) -> str:
    return (out / name).read_text("utf-8")


def words_of(out: Path, name: str) -> str:
    """The text of a page without tags, spaces run together."""
    body = re.sub(r"<(style|script)>.*?</\1>", " ", page(out, name), flags=re.S)
    body = re.sub(r"</?(td|th|dt|dd|div|li|h\d|p|br)\b[^>]*>", " ", body)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", body)).replace("\u00a0", " ").split())


def pages(out: Path) -> list[Path]:
    return sorted(out.rglob("*.html"))


class Links(HTMLParser):
    """The ids, links, and anything that could make a request or run."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.suspect: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name == "href" and tag == "a":
                self.links.append(value or "")
            elif name in ("src", "srcset", "href", "style", "data", "action") or name.startswith("on"):
                self.suspect.append(f"<{tag} {name}={value!r}>")


def parsed(path: Path) -> Links:
    links = Links()
    links.feed(path.read_text("utf-8"))
    return links


def test_files_written(out: Path) -> None:
    names = {path.relative_to(out).as_posix() for path in pages(out)}
    assert {"index.html", "trends.html", FEW, MANY, CLEAN, "checks/UNT101.html"} <= names
    assert {name for name in names if name.startswith("clinics/")} == {
        "clinics/Hill.html",
        "clinics/Riverside.html",
        "clinics/-.html",
    }
    assert len(names) == 2 + 3 + 4 + len(fixture.checks())
    assert "providers/10-2d0-2f-2e-2e-2f46.html" in names, "an identifier never leaves the folder of the providers"


def test_same_tables_same_bytes(out: Path, tmp_path: Path) -> None:
    with fixture.build() as again:
        written = fixture.pages(again, tmp_path)
    assert len(written) == len(pages(out))
    for path in written:
        assert path.read_bytes() == (out / path.relative_to(tmp_path)).read_bytes(), path.name


def test_batches_do_not_show(engine: Engine, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_module, "_BATCH", 1)
    for path in fixture.pages(engine, tmp_path):
        assert path.read_bytes() == (out / path.relative_to(tmp_path)).read_bytes(), path.name


def test_another_run_is_refused(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="2026-10"):
        report(engine, "2026-09", tmp_path, fixture.checks(), fixture.cases)


def test_no_accusing_word(out: Path) -> None:
    for path in pages(out):
        assert not FORBIDDEN.search(path.read_text("utf-8")), path.name


def test_hostile_names_stay_text(out: Path) -> None:
    assert fixture.HOSTILE in words_of(out, FEW)
    for path in pages(out):
        text = path.read_text("utf-8")
        assert text.count("<script>") == (1 if path.name == "index.html" else 0), path.name
        assert "<b>2026</b>" not in text


def test_nothing_is_requested_and_no_style_attribute(out: Path) -> None:
    for path in pages(out):
        assert parsed(path).suspect == [], path.name


def test_policy_names_the_inline_blocks(out: Path) -> None:
    for path in pages(out):
        text = html.unescape(path.read_text("utf-8"))
        policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
        assert policy and "default-src 'none'" in policy[1] and "unsafe" not in policy[1]
        for tag in ("style", "script"):
            for block in re.findall(rf"<{tag}>(.*?)</{tag}>", path.read_text("utf-8"), re.S):
                assert templating.digest(block) in policy[1], (path.name, tag)


def test_links_and_ids(out: Path) -> None:
    ids = {path: parsed(path).ids for path in pages(out)}
    for path, own in ids.items():
        assert len(own) == len(set(own)), path.name
        for link in parsed(path).links:
            if link.startswith("https://"):
                continue
            target, _, fragment = link.partition("#")
            file = (path.parent / target).resolve() if target else path.resolve()
            assert file.is_relative_to(out.resolve()) and file.exists(), (path.name, link)
            if fragment:
                assert fragment in ids[next(known for known in ids if known.resolve() == file)], (path.name, link)


def test_page_sizes(out: Path) -> None:
    assert all(path.stat().st_size < 2_000_000 for path in pages(out))
    assert (out / CLEAN).stat().st_size < 40_000


def accounted(text: str, code: str) -> int:
    """Findings of a check that a provider page shows, plus those it says it leaves to the CSV."""
    section = next(part for part in text.split("<section ") if f'aria-labelledby="{code}"' in part)
    left = re.search(r"<b>([\d,]+) further finding", section)
    return section.count('id="f-') + (int(left[1].replace(",", "")) if left else 0)


def wanted(engine: Engine) -> list[tuple[str, str, int]]:
    return engine.rows(
        """select npi, check_code, count(*) from mart.finding_page join mart.provider using (provider_no)
           group by all order by all"""
    )


def test_every_finding_is_shown_or_counted(engine: Engine, out: Path) -> None:
    for npi, code, findings in wanted(engine):
        assert accounted(page(out, f"providers/{templating.page_name(npi)}.html"), code) == findings, (npi, code)
    assert page(out, MANY).count('class="visit"') == 24


def test_a_page_stays_small_with_many_checks(tmp_path: Path) -> None:
    """3,000 findings over 50 checks: the caps of the page hold, and still nothing is lost."""
    with fixture.build() as engine:
        engine.execute(
            """update audit.observation set check_code = 'UNT2' || lpad((hash(finding_id) % 50)::varchar, 2, '0')
               where finding_id like 'b%'"""
        )
        fixture.pages(engine, tmp_path)
        text = page(tmp_path, MANY)
        assert text.count('class="visit"') == 150 and text.count('<tr id="f-') == 2000
        assert len(text.encode()) < 2_000_000
        for npi, code, findings in wanted(engine):
            assert npi != fixture.MANY or accounted(text, code) == findings


def test_lede_counts_lines_and_names_the_month(out: Path) -> None:
    assert (
        "Of 1,120 lines audited, 7 have a finding that contradicts a published rule (0.6 %, 95 % interval 0.3 to 1.3)."
        in words_of(out, FEW)
    )
    assert "Of 400 lines audited, none has a finding." in words_of(out, CLEAN)
    assert "March 2026 stands out" in words_of(out, MANY)


def test_wilson_interval(engine: Engine) -> None:
    row = engine.dicts(
        "select error_rate, rate_low, rate_high from mart.provider_summary where npi = ?", [fixture.FEW]
    )[0]
    assert [round(row[key], 5) for key in ("error_rate", "rate_low", "rate_high")] == [0.00625, 0.00303, 0.01284]


def test_money_counts_a_line_once_and_is_not_netted(engine: Engine, out: Path) -> None:
    row = engine.dicts("select over_amount, under_amount from mart.provider_summary where npi = ?", [fixture.FEW])[0]
    assert row == {"over_amount": Decimal("116.24"), "under_amount": Decimal("26.06")}
    assert "$116.24" in page(out, FEW) and "$90.18" not in page(out, FEW)


def test_a_row_of_the_index_says_what_is_new_and_what_is_resolved(engine: Engine, out: Path) -> None:
    table = re.search(r'<table id="providers">.*?</table>', (out / "index.html").read_text(), re.S)
    assert table
    heads = re.findall(r"<th scope=\"col\"[^>]*>([^<]*)", table[0])
    told = {}
    for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", table[0], re.S):
        cells = dict(zip(heads[1:], re.findall(r"<td[^>]*>(.*?)</td>", row, re.S), strict=True))
        npi = re.search(r"providers/([^\"]+)\.html", row)
        assert npi
        told[npi[1]] = (cells["Findings"], cells["New"], cells["Resolved"])
    sql = "select npi, findings, new_findings, resolved from mart.provider_summary"
    known = {
        templating.page_name(npi): tuple(f"{number:,}" for number in numbers) for npi, *numbers in engine.rows(sql)
    }
    assert told and all(told[npi] == known[npi] for npi in told)
    assert any(resolved != "0" for _, _, resolved in told.values())


def test_patients_are_masked(engine: Engine, out: Path) -> None:
    patients = [row[0] for row in engine.rows("select distinct patient_id from core.claim_line")]
    text = "".join(path.read_text("utf-8") for path in pages(out))
    assert not [patient for patient in patients if patient in text]
    assert "…\u20600555" in text


def test_each_picture_is_drawn(out: Path) -> None:
    text = page(out, FEW)
    for title in (
        "Minutes of the day against the units they earn",
        "Minutes of each code against the units they earn",
        "The provider's day against the clock",
        "Running allowed total of 2026 against the yearly threshold",
        "Findings per 100 lines by month",
    ):
        assert f">{title}" in html.unescape(text), title
    assert text.count('<path class="run"') == 1, "one staircase for three lines of one patient's year"
    assert len(re.findall("is drawn with finding", text)) == 2


def test_what_was_not_tested(out: Path) -> None:
    index = words_of(out, "index.html")
    for said in (
        "1 check could not run, or missed the error planted to test it, so this run is incomplete: UNT112 provider day implausible",
        "9 visit days no minutes are on file: load the visit records of the clinic",
        "2 episodes of care a new reason",
        "Nothing in the data to examine CAP104",
        "not read: the same content as another file",
        "not read: the layout is not recognised",
        "MUE-2024Q3 CMS 1 July 2024",
        "starter table; ends before the last service date",
        "1 finding names no provider",
        "replaced, voided, cancelled, repeated or resubmitted 88 130 $5,200.50",
        "Visits 4,100 0 4,100",
        "12 $800.00 charged $0.00 paid 88 $5,200.50 charged $3,000.00 paid 0 9,520 $606,000.00 charged $397,000.00 paid",
    ):
        assert said in index, said
    assert "14 visit days the payer's way of counting units is not on file" in words_of(out, FEW)


def test_evidence_needs_no_template(out: Path) -> None:
    text = words_of(out, "providers/10-2d0-2f-2e-2e-2f46.html")
    assert "First day 5 January 2026 Certified 15 February 2026 Days 41 Exception no" in text
    assert "No line with this NPI as rendering provider was audited; 1 finding names it nevertheless." in text


def test_check_page(out: Path) -> None:
    text = words_of(out, "checks/UNT101.html")
    assert "Flag one unit above" in text and "Expected: not examined." in text
    assert "Tolerance units 1.5 from 1 January 2026 contract" in text
    assert "<code>a &lt; b</code>" in page(out, "checks/UNT101.html")


def test_tables_have_captions_and_scopes(out: Path) -> None:
    for path in pages(out):
        text = path.read_text("utf-8")
        assert text.count("<table") == text.count("<caption>"), path.name
        assert not re.search(r"<th(?! scope=)[ >]", text), path.name
        assert len(re.findall(r"<h1", text)) == 1


@pytest.mark.parametrize(
    ("value", "shown"),
    [(Decimal("1702"), "$1,702.00"), (None, "unknown"), (Decimal("-0.5"), "−$0.50"), (Decimal("0.005"), "$0.01")],
)
def test_money(value: Decimal | None, shown: str) -> None:
    assert templating.money(value) == shown


def test_filters() -> None:
    assert templating.day(date(2026, 3, 18)) == "18 March 2026"
    assert [templating.percent(share) for share in (0.0324, 0.0004, 0.0, None)] == [
        "3.2\u00a0%",
        "0.04\u00a0%",
        "0.0\u00a0%",
        "none",
    ]
    assert templating.count(4040) == "4,040"
    assert [templating.count(Decimal(units)) for units in ("2.000", "1.500", "100")] == ["2", "1.5", "100"]
    assert [templating.masked(name) for name in ("P00014471", "AB", "X", "", None)] == [
        "…\u20604471",
        "…\u2060B",
        "…\u2060X",
        "not named",
        "not named",
    ]
    assert templating.words("threshold-exceeded-without-kx") == "Threshold exceeded without KX"
    assert [templating.inner(text) for text in ("A reason", "NPI check digit")] == ["a reason", "NPI check digit"]
    assert [templating.page_name(npi) for npi in ("1000000012", "a/b", "..", "")] == [
        "1000000012",
        "a-2fb",
        "-2e-2e",
        "-",
    ]


def test_prose_is_a_small_markdown_and_escapes() -> None:
    assert templating.prose("One\ntwo `a < b` **bold**\n\n- x\n  y\n- <i>\n\n1. n") == (
        "<p>One two <code>a &lt; b</code> <b>bold</b></p><ul><li>x y</li><li>&lt;i&gt;</li></ul><ol><li>n</li></ol>"
    )


def test_every_link_between_pages_leads_somewhere(out: Path) -> None:
    """From a file system and from a web server: links are relative and their targets are pages or files of the run."""
    exports = {"findings.csv", "coverage.csv", "rejects.csv", "files.csv", "remittances.csv"}
    for path in sorted(out.rglob("*.html")):
        for target in re.findall(r'href="([^"#][^"]*)"', path.read_text("utf-8")):
            if target.startswith("https://"):
                continue
            file = (path.parent / target.split("#")[0]).resolve()
            assert file.is_file() or file.name in exports and file.parent == out.resolve(), (path.name, target)


def test_clinic_pages_add_up(out: Path) -> None:
    text = words_of(out, "clinics/Riverside.html")
    assert fixture.HOSTILE in text and "Carla Sample" in text and "Amy Sample" not in text
    assert "in the rest of the practice" in text


def test_trends_follow_the_runs(out: Path) -> None:
    text = words_of(out, "trends.html")
    assert fixture.RUN in text and "this run" in text and "Findings per 100 audited lines by month" in text


@pytest.mark.parametrize(
    ("code", "evidence", "picture", "says"),
    [
        (
            "MOD105",
            {"procedure_code": "97530", "modifier": "CO", "therapist_minutes": 10, "assistant_minutes": 20, "units_billed": 2,
             "units_with": 0, "units_required": 1},
            "split",
            {"therapist_w": 33.33, "assistant_w": 66.67},
        ),
        (
            "NCC103",
            {"procedure_code": "97750", "column_1": "97530", "bypass": "59", "modifiers_seen": "GP / GP 59"},
            "pair",
            {"first_modifiers": "GP", "second_modifiers": "GP 59", "edit": "lifted by 59"},
        ),
        (
            "INJ107",
            {"given_units": 155, "waste_units": 60, "rest_units": 45, "vials": "100, 200"},
            "vial",
            {"holds": 200, "given_w": 72.09, "holds_x": 93.02},
        ),
        ("INJ106", {"given_units": 155, "unused_units": 45, "vials": "100, 200"}, "vial", {"waste": 0, "holds_x": 100.0}),
        (
            "BIL103",
            {"service_date": "2025-03-17", "last_day": "2026-03-17", "received_date": "2026-03-18"},
            "timeline",
            {"from": 2.0, "width": 95.74, "word": "may be filed"},
        ),
        ("DOC103", {"service_date": "2025-05-04", "last_plan_from": "2025-03-05", "last_plan_to": None}, "", {}),
        ("MOD105", {"therapist_minutes": 0, "assistant_minutes": 0, "units_billed": 0, "modifier": "CQ"}, "", {}),
    ],
)  # fmt: skip
def test_a_picture_from_its_evidence(code: str, evidence: dict[str, Any], picture: str, says: dict[str, Any]) -> None:
    """What is missing from the evidence is not drawn, and nothing leaves the figure."""
    card = {"check_code": code, "service_date": date(2025, 5, 4)}
    drawn, figure = pictures.picture(card, evidence, [])
    assert drawn == picture
    assert {key: figure.get(key) for key in says} == says
    for mark in figure.get("marks", []):
        assert 2 <= mark["x"] <= 98


def test_findings_are_laid_out_by_cause_and_then_by_check() -> None:
    def found(number: int, cause: int | None) -> dict[str, Any]:
        return {"finding_id": f"{number:016x}", "cause": cause}

    def section(code: str, findings: int, cards: list[dict[str, Any]], rows: list[dict[str, Any]]) -> dict[str, Any]:
        return {"check": {"code": code}, "row": {"findings": findings}, "cards": cards, "rows": rows}

    sections = [
        section("UNT101", 4, [found(1, None), found(2, None)], [found(3, None)]),
        section("MOD101", 9, [found(4, 2), found(5, 1), found(6, None)], [found(7, 2), found(8, 3)]),
        section("BIL101", 2, [found(9, 1), found(10, 1)], []),
    ]
    common_to = [
        ({"check_code": "MOD101", "round": 2, "n": "b"}, 3),
        ({"check_code": "MOD101", "round": 1, "n": "a"}, 1),
        ({"check_code": "BIL101", "round": 1, "n": "c"}, 2),
    ]
    groups = report_module._groups(sections, common_to)
    told = [
        (
            group["check"]["code"],
            group["cause"] and group["cause"]["n"],
            group["findings"],
            [int(row["finding_id"], 16) for row in group["cards"] + group["rows"]],
            group["left"],
        )
        for group in groups
    ]
    assert told == [
        ("MOD101", "b", 3, [4, 7], 1),
        ("BIL101", "c", 2, [9, 10], 0),
        ("MOD101", "a", 1, [5], 0),
        ("UNT101", None, 4, [1, 2, 3], 1),
        # the third cause is not told on this page (it is of others too): its finding is among the rest of its check
        ("MOD101", None, 5, [6, 8], 3),
    ]
    assert sum(group["findings"] for group in groups) == 15
    assert [(group["anchor"], group["first"]) for group in groups] == [
        ("MOD101", True),
        ("BIL101", True),
        ("MOD101-2", False),
        ("UNT101", True),
        ("MOD101-4", False),
    ]


def test_no_template_takes_a_name_from_what_it_imports() -> None:
    """A `set` outside a loop and an import share one space of names: the later one wins, and only where the page gets there."""
    env = templating.environment()
    taken = []
    for path in sorted(Path(str(template_root())).rglob("*.jinja")):
        tree = env.parse(path.read_text("utf-8"))
        imported = {node.target for node in tree.find_all(nodes.Import)}
        stored = {node.name for node in tree.find_all(nodes.Name) if node.ctx in ("store", "param")}
        taken += [f"{path.name}: {name}" for name in sorted(imported & stored)]
        assert not list(tree.find_all(nodes.FromImport)), "the test would have to look at its names too"
    assert taken == []


def test_denials_are_named_with_their_note_in_brackets(out: Path) -> None:
    page = (out / "checks" / "CAP101.html").read_text("utf-8")
    assert "Denials that may follow: CARC 119, RARC N362 (as one payer shows it), CARC 96." in page
