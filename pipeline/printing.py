"""Pages to PDF by a Chromium that is on the machine: no network, a profile of its own that is thrown away, a time limit.

Chromium tags what it prints. It writes the moment of printing into the file; the as-of day of the run is put in its place, so that
a file does not say when it was made. The same page nearly always gives the same bytes, but that is Chromium's affair and no promise of ours.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from pathlib import Path

from .errors import IncompleteError, UsageError
from .files import private_file

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = (
    "--headless", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-extensions", "--disable-dev-shm-usage", "--no-first-run", "--no-default-browser-check", "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer", "--export-tagged-pdf", "--generate-pdf-document-outline",
)  # fmt: skip
_MOMENT = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}")
SECONDS = 60.0  # for one page; a page of two megabytes takes a few
_AT_ONCE = 2


def chromium() -> str:
    """Path of a Chromium or Chrome; UsageError when there is none."""
    for name in _NAMES:
        if path := shutil.which(name):
            return path
    raise UsageError(
        "--pdf needs Chromium, and none is installed.",
        f"Install one of {', '.join(_NAMES)}; the pages themselves print from any browser.",
    )


def print_pages(
    program: str, pages: Sequence[Path], as_of: date, on_progress: Callable[[str], None] = lambda name: None
) -> list[Path]:
    """`page.pdf` beside each `page.html`; IncompleteError, after all others were made, names the first that was not."""
    with tempfile.TemporaryDirectory(prefix="claimaudit-print-") as scratch, ThreadPoolExecutor(_AT_ONCE) as pool:
        jobs = [
            pool.submit(_print, program, page, as_of, Path(scratch) / str(number)) for number, page in enumerate(pages)
        ]
        written, failed = [], []
        for page, job in zip(pages, jobs, strict=True):
            on_progress(page.name)
            why = job.result()
            if why:
                failed.append(f"{page.name} ({why})")
            else:
                written.append(page.with_suffix(".pdf"))
    if failed:
        raise IncompleteError(
            f"{len(failed)} of {len(pages)} pages could not be printed, the first {failed[0]}.",
            "The pages and all other files are complete; print again with `claimaudit report --pdf`.",
        )
    return written


_LINK = re.compile(r'<a [^>]*?href="(?!#)([^"#]*)(?:#[^"]*)?"[^>]*>(.*?)</a>', re.S)


def unlinked(page: str, folder: Path | None = None) -> str:
    """A page with links to files as plain text, but for those that are in the `folder` in which it lies; links within it and to the web stay."""

    def kept(link: re.Match[str]) -> str:
        there = link[1].startswith(("https://", "http://")) or (folder is not None and (folder / link[1]).is_file())
        return link[0] if there else link[2]

    return _LINK.sub(kept, page)


def _print(program: str, page: Path, as_of: date, profile: Path) -> str:
    """Print one page; returns what went wrong, or nothing. The file appears whole or not at all."""
    profile.mkdir(mode=0o700)
    made, source = profile / "page.pdf", profile / "page.html"
    # a link to a file would stand in the print with the whole path of this machine, and lead nowhere on any other
    source.write_text(unlinked(page.read_text("utf-8")), "utf-8")
    # Chromium's own sandbox cannot be had by root
    arguments = [
        *_ARGUMENTS,
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
        f"--user-data-dir={profile}",
        f"--print-to-pdf={made}",
    ]
    # of its own group, so that its helpers end with it; HOME too is thrown away
    process = subprocess.Popen(
        [program, *arguments, source.as_uri()],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        env={**os.environ, "HOME": str(profile), "XDG_CONFIG_HOME": str(profile), "XDG_CACHE_HOME": str(profile)},
    )  # fmt: skip
    code = _ended(process)
    if code is None:
        return f"not done after {SECONDS:.0f} seconds"
    if code or not made.is_file():
        return f"Chromium ended with {code}"
    content = made.read_bytes()
    shutil.rmtree(profile, ignore_errors=True)
    if not content.startswith(b"%PDF-") or not content.rstrip().endswith(b"%%EOF"):
        return "the file is not whole"
    content = _MOMENT.sub(lambda found: b"/" + found[1] + f" (D:{as_of:%Y%m%d}000000".encode(), content)
    with private_file(page.with_suffix(".pdf")) as part:
        part.write_bytes(content)
    return ""


def _ended(process: subprocess.Popen[bytes]) -> int | None:
    """Exit code of the browser, None when it took too long; whatever it started is ended with it.

    The group is ended before the process is reaped: until then its number can be nobody else's.
    """
    last = time.monotonic() + SECONDS
    try:
        while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
            if time.monotonic() > last:
                return None
            time.sleep(0.02)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        code = process.wait()
    return code
