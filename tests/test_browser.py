"""The pages in a real browser: nothing is requested, nothing overflows, axe-core finds nothing serious.

axe-core comes with the package axe-playwright-python of the test environment.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from claimaudit import Settings, cli, jobs, report
from tests import report_fixture as fixture

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is missing: make install-test-tools")
pytestmark = pytest.mark.browser

PAGES = (
    "index.html",
    f"providers/{fixture.FEW}.html",
    f"providers/{fixture.CLEAN}.html",
    "checks/UNT101.html",
    "clinics/Riverside.html",
    "trends.html",
)
axe_playwright = pytest.importorskip("axe_playwright_python", reason="axe-core is missing: make install-test-tools")
AXE = Path(axe_playwright.__file__).with_name("axe.min.js")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    with fixture.build(many=300) as engine:
        fixture.pages(engine, folder)
    return folder


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        launched = playwright.chromium.launch(executable_path=chromium_path, args=arguments)
        yield launched
        launched.close()


@pytest.fixture
def open_page(browser: Any, out: Path) -> Iterator[Any]:
    """Opens a page of the report; when the test ends, a console message, an error or a request beyond it fails."""
    contexts: list[Any] = []
    trouble: list[str] = []

    def opener(name: str, *, javascript: bool = True, **options: Any) -> Any:
        context = browser.new_context(java_script_enabled=javascript, **options)
        contexts.append(context)
        tab = context.new_page()
        tab.on("console", lambda message: trouble.append(f"{name}: {message.text}"))
        tab.on("pageerror", lambda error: trouble.append(f"{name}: {error}"))
        tab.on("request", lambda request: None if request.url.startswith("file:") else trouble.append(request.url))
        tab.goto((out / name).as_uri())
        return tab

    yield opener
    for context in contexts:
        context.close()
    assert trouble == []


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [360, 768, 1400])
def test_no_sideways_scroll(open_page: Any, name: str, width: int) -> None:
    tab = open_page(name, viewport={"width": width, "height": 900})
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    assert tab.screenshot(full_page=True)


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Any, out: Path, name: str, scheme: str) -> None:
    # The policy of the pages forbids any script but their own, so axe comes in past it.
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    tab = context.new_page()
    tab.goto((out / name).as_uri())
    tab.evaluate(AXE.read_text("utf-8"))
    result = tab.evaluate("axe.run()")
    context.close()
    bad = [(v["id"], v["nodes"][0]["html"]) for v in result["violations"] if v["impact"] in ("serious", "critical")]
    assert bad == []


def test_sort_and_filter(open_page: Any) -> None:
    tab = open_page("index.html")
    first = tab.locator("#providers tbody tr >> nth=0")
    tab.get_by_role("button", name="Lines").click()
    assert "Carla Sample" in first.inner_text()
    assert tab.locator("#providers th[aria-sort=descending]").inner_text().startswith("Lines")
    tab.get_by_role("button", name="Provider").click()
    assert fixture.HOSTILE in first.inner_text()
    tab.get_by_label("Show only rows with").fill("amy")
    assert tab.locator("#providers tbody tr:visible").count() == 1
    assert tab.locator("#tools output").inner_text() == "1 of 4"


def test_many_providers_fold_and_nothing_is_lost(browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With more providers than a table lists, sort and filter work over those that are folded as well."""
    monkeypatch.setattr(report, "_LISTED", 2)
    with fixture.build(many=3) as engine:
        fixture.pages(engine, tmp_path)
    page = (tmp_path / "index.html").as_uri()
    tab = browser.new_page()
    tab.goto(page)
    visible = tab.locator("#providers tbody tr")
    assert visible.count() == 2 and tab.locator("#further tbody tr").count() == 2
    tab.get_by_role("button", name="Provider").first.click()
    assert fixture.HOSTILE in visible.first.inner_text()
    tab.get_by_label("Show only rows with").fill("amy")
    assert visible.count() == 1 and "Amy" in visible.first.inner_text()
    assert not tab.locator("#further").is_visible() and tab.locator("#tools output").inner_text() == "1 of 4"
    tab.get_by_label("Show only rows with").fill("")
    assert visible.count() == 2 and tab.locator("#further summary").inner_text() == "2 further providers"
    tab.close()
    plain = browser.new_context(java_script_enabled=False).new_page()
    plain.goto(page)
    plain.locator("#further summary").click()
    assert plain.locator("#further tbody tr:visible").count() == 2
    plain.emulate_media(media="print")
    assert not plain.locator(".onpaper").is_visible(), "unfolded rows print"


def test_complete_without_script(open_page: Any) -> None:
    tab = open_page("index.html", javascript=False)
    assert tab.locator("#providers tbody tr:visible").count() == 4
    assert not tab.locator("#tools").is_visible()


def test_keyboard_reaches_the_content(open_page: Any) -> None:
    tab = open_page(PAGES[1])
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Skip to the content"
    assert tab.evaluate("document.activeElement.getBoundingClientRect().left") >= 0


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_printed(open_page: Any, tmp_path: Path, paper: str) -> None:
    tab = open_page(PAGES[1])
    tab.emulate_media(media="print")
    pdf = tab.pdf(format=paper, print_background=True, path=tmp_path / "page.pdf")
    assert 3 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 12
    background = tab.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert background == "rgb(255, 255, 255)"


HOSTILE = {
    "script": "</title><script>window.bad=1</script><img src=x onerror='window.bad=1'>",
    "formula": '=HYPERLINK("http://x.invalid","click")',
    "turning": "Anna \u202egnihtyna\u2066 \u200f",
    "long": "x" * 10_000,
    "words": "Long name " * 1_000,
}


def test_hostile_text_stays_text(browser: Any, tmp_path: Path) -> None:
    """In every text field of every record that may hold it: nothing runs, nothing turns, nothing spills over the page."""
    claims = tmp_path / "claims"
    claims.mkdir()

    def put(name: str, rows: list[dict[str, str]]) -> None:
        with (claims / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    usual = {"line_number": "1", "billing_npi": "1234567893", "rendering_npi": "1234567893", "service_date": "2026-09-03", "procedure_code": "97161",
             "modifier_1": "GP", "units": "2", "diagnosis_1": "M54.50", "allowed_amount": "90.00"}  # fmt: skip
    free = (
        "claim_id",
        "patient_id",
        "payer_id",
        "clinic_id",
        "prior_authorization",
        "state",
        "place_of_service",
        "ndc",
        "rarc_codes",
    )
    evils = list(HOSTILE.values())
    put(
        "claim_lines.csv",
        [
            usual | dict.fromkeys(free, evil) | other
            for evil in evils
            for other in (
                {},
                {"line_number": "2", "rendering_npi": evil, "procedure_code": "97110", "diagnosis_1": evil},
            )
        ],
    )
    names = ("provider_name", "clinic_id", "specialty_code", "taxonomy_code", "role")
    put("providers.csv", [{"npi": evil, "discipline": "PT"} | dict.fromkeys(names, evil) for evil in evils])
    put(
        "payers.csv",
        [{"payer_id": evil, "payer_name": evil, "payer_class": "medicare_b", "mac": evil} for evil in evils],
    )
    put("patients.csv", [{"patient_id": evil, "patient_name": evil, "zip": evil} for evil in evils])
    put(
        "visits.csv",
        [
            {"patient_id": evil, "service_date": "2026-09-03", "rendering_npi": evil, "total_minutes": evil}
            for evil in evils
        ],
    )
    summary = jobs.run(
        Settings(
            inputs=[claims], out=tmp_path / "out", db=tmp_path / "db", run_key="hostile", select=["UNT", "DXC", "BIL"]
        )
    )
    assert summary.findings >= 10
    out = tmp_path / "out" / "hostile"
    context = browser.new_context(viewport={"width": 390, "height": 800})
    tab = context.new_page()
    trouble: list[str] = []
    tab.on("console", lambda message: trouble.append(message.text))
    tab.on("pageerror", lambda error: trouble.append(str(error)))
    seen = 0
    for path in sorted(out.rglob("*.html")):
        text = path.read_text("utf-8")
        assert "window.bad=1</script>" not in text and "<img" not in text
        assert not re.search("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", text)
        if path.parent.name == "checks" and path.stem not in ("UNT108", "DXC101"):
            continue
        seen += 1
        tab.goto(path.as_uri())
        assert tab.evaluate("window.bad === undefined")
        assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path.name
    assert seen >= 14 and trouble == []
    context.close()
    with (out / "findings.csv").open(encoding="utf-8", newline="") as file:
        assert not [value for row in csv.DictReader(file) for value in row.values() if value[:1] in ("=", "+", "@")]


def test_pages_beside_the_run(browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The ledger of overpayments, the board's page, a provider's own page and an estimate, made by the commands: as the pages of the run, at three widths."""
    monkeypatch.chdir(tmp_path)
    claims = Path(__file__).resolve().parent.parent / "sample_data" / "claims"

    def call(*arguments: str) -> None:
        with pytest.raises(SystemExit) as stopped:
            cli.main(list(arguments))
        assert not stopped.value.code, arguments

    call("run", str(claims), "--run-key", "k", "--select", "UNT108,MOD101", "--quiet")
    call("overpayment", "open", "CASE-1", "--person", "A. Reviewer", "--on", "2026-10-05", "--amount", "120.00")
    call("overpayment", "record", "CASE-1", "identified", "--person", "C. Officer", "--on", "2026-10-20")
    call("report")
    call("share", "--audience", "board", "--to", "board")
    npi = next(Path("out/k/providers").glob("*.html")).stem
    call("share", "--audience", "provider", "--provider", npi, "--to", "one")
    call("sample", "draw", "probe", "--size", "30", "--seed", "7")
    with open("probe/sample.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for number, row in enumerate(rows):
        row["audited_amount"] = "0.00" if number % 7 == 0 else row["examined_amount"]
        row["error"] = "no" if row["audited_amount"] == row["examined_amount"] else "yes"
    with open("probe/sample.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    call("sample", "estimate", "probe")
    pages = [
        Path("out/k/overpayments.html"),
        Path("probe/estimate.html"),
        *Path("board").glob("*.html"),
        *Path("one").rglob("*.html"),
    ]
    assert len(pages) == 4, pages
    # on paper nothing may be cut off: A4 less its margins is 688 pixels wide
    paper = browser.new_page(viewport={"width": 688, "height": 1000})
    paper.emulate_media(media="print")
    for page in [*Path("out/k").rglob("*.html"), *pages]:
        paper.goto(page.resolve().as_uri())
        assert paper.evaluate("document.documentElement.scrollWidth") <= 688, page
    paper.close()
    for page in pages:
        for width in (360, 768, 1280):
            context = browser.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
            tab = context.new_page()
            trouble: list[str] = []
            tab.on("console", lambda message, trouble=trouble: trouble.append(message.text))
            tab.on("request", lambda request, trouble=trouble: trouble.append(request.url))
            tab.goto(page.resolve().as_uri())
            assert trouble == [page.resolve().as_uri()]
            assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (page, width)
            if width == 1280:
                tab.evaluate(AXE.read_text("utf-8"))
                bad = [
                    v["id"] for v in tab.evaluate("axe.run()")["violations"] if v["impact"] in ("serious", "critical")
                ]
                assert bad == [], (page, bad)
                tab.emulate_media(media="print")
                assert re.findall(rb"/Type\s*/Page\b", tab.pdf(format="A4"))
            context.close()
