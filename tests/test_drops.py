"""Folder drops: archives, mixed formats, the same content twice, names that lie, and archives that would fill the disk."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import zipfile
from pathlib import Path

import pytest

from claimaudit import catalog
from claimaudit.engine import Engine
from claimaudit.errors import InputError
from claimaudit.ingest import IngestSummary, ingest
from claimaudit.readers import archive

from . import formats
from .conftest import CLAIM_LINES
from .test_fhir import claim, ndjson
from .test_flat import TUVA, write

PATIENTS = "patient_id,birth_date\nP1,1950-01-02\n"


def packed(path: Path, members: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as drop:
        for name, content in members.items():
            drop.writestr(name, content)
    return path


def read(*paths: Path, folders: list[Path] | None = None, need_lines: bool = True) -> tuple[Engine, IngestSummary]:
    engine = Engine(threads=1, folders=folders or ())
    return engine, ingest(engine, list(paths), need_lines=need_lines)


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as error:
        read(path)
    return str(error.value)


def test_a_drop_is_its_files_whatever_packs_and_names_them(tmp_path):
    folder = tmp_path / "drop"
    folder.mkdir()
    write(tmp_path / "t", [TUVA])
    packed(
        folder / "claims.pdf",
        {
            "2025/lines.txt": CLAIM_LINES,
            "2025\\tuva.bin": (tmp_path / "t").read_bytes(),
            "eob.xml": ndjson(claim()),
            "__MACOSX/._lines.txt": b"\0\5\x16\7",
            ".hidden": b"x",
            "letter.docx": b"dear all",
        },
    )
    (folder / "patients").write_text(PATIENTS, "utf-8")
    (folder / "again.csv.gz").write_bytes(gzip.compress(CLAIM_LINES.encode()))
    results = []
    for inputs in ([folder], sorted(folder.iterdir(), reverse=True)):
        # a locked engine may read them too, and nothing is left behind
        engine, summary = read(*inputs, folders=[folder])
        results.append(engine.rows("select * exclude (file_name) from raw.file order by file_id"))
        assert sorted((file.file_name, file.status, file.records) for file in summary.files if file.format) == [
            ("again.csv.gz", "read", 3),
            ("eob.xml", "read", 1),
            ("lines.txt", "repeated", 3),
            ("patients", "read", 1),
            ("tuva.bin", "read", 1),
        ]
        assert summary.lines_read == 5
        assert [file.file_name for file in summary.files if not file.format] == ["letter.docx"]
        assert not [path.name for path in folder.iterdir() if path.name.startswith(".")]
    assert results[0] == results[1]


def test_member_names_in_latin_1_and_of_other_places(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as drop:
        drop.writestr("relev__.csv", CLAIM_LINES)
        drop.writestr("../../../escape.csv", PATIENTS)
    path = tmp_path / "a.zip"
    path.write_bytes(buffer.getvalue().replace(b"relev__", b"relev\xe9s"))
    _, summary = read(path)
    assert sorted(file.file_name for file in summary.files) == ["escape.csv", "relevés.csv"]
    assert not (tmp_path.parent / "escape.csv").exists()


def test_an_archive_in_an_archive_is_refused_by_name(tmp_path):
    inner = packed(tmp_path / "inner.zip", {"lines.csv": CLAIM_LINES}).read_bytes()
    path = packed(tmp_path / "drop.zip", {"march.csv": inner})
    assert refusal(path) == "drop.zip: march.csv is an archive itself. Unpack it and add the files."


def test_a_bomb_is_refused_before_it_fills_the_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "_SMALL", 1 << 20)
    path = packed(tmp_path / "drop.zip", {"lines.csv": bytes(20 << 20)})
    assert refusal(path) == (
        "drop.zip: lines.csv unpacks to more than 250 times its size, as no export does. "
        "Ask where the file comes from; if it is right, unpack it and add the file."
    )


def test_locked_and_empty_archives(tmp_path):
    path = packed(tmp_path / "drop.zip", {"lines.csv": CLAIM_LINES}, zipfile.ZIP_STORED)
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    path.write_bytes(content)
    assert refusal(path) == "drop.zip: lines.csv is locked with a password. Unpack it and add the files."
    assert refusal(packed(tmp_path / "empty.zip", {})).startswith("The input holds no claim lines.")


def test_damaged_archives_are_refused_in_a_sentence(tmp_path):
    whole = packed(tmp_path / "w", {"lines.csv": CLAIM_LINES, "eob": json.dumps(claim())}).read_bytes()
    rng = random.Random(5)
    damaged = [whole[:cut] for cut in range(1, len(whole), 97)]
    for _ in range(20):
        flipped = bytearray(whole)
        flipped[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        damaged.append(bytes(flipped))
    damaged.append(b"PK\x03\x04" + rng.randbytes(500))
    engine = Engine(threads=1)
    path = tmp_path / "drop.zip"
    for one in damaged:
        path.write_bytes(one)
        try:
            ingest(engine, [path])
        except InputError as error:
            assert "\n" not in str(error)


def test_gzip_that_goes_on_after_its_end(tmp_path):
    path = tmp_path / "lines.csv.gz"
    path.write_bytes(gzip.compress(CLAIM_LINES.encode()) + b"and more")
    assert refusal(path) == "lines.csv.gz goes on after the end of its gzip data. Pack the file again."
    path.write_bytes(gzip.compress(CLAIM_LINES[:200].encode()) + gzip.compress(CLAIM_LINES[200:].encode()))
    assert read(path)[1].lines_read == 3


def test_names_of_files_and_folders_that_are_no_utf_8_are_taken_for_latin_1(tmp_path):
    drop = tmp_path / "drop"
    place = os.path.join(os.fsencode(drop), b"caf\xe9")
    os.makedirs(place)
    for name, content in (
        (b"relev\xe9s.csv", CLAIM_LINES),
        (b"eob \xff.json", ndjson(claim())),
        (b"plain.csv", PATIENTS),
    ):
        with open(os.path.join(place, name), "w", encoding="utf-8") as stream:
            stream.write(content)
    with Engine(tmp_path / "a.duckdb", folders=[tmp_path, Path(os.fsdecode(place))]) as engine:
        summary = ingest(engine, [drop])
        assert [row[0] for row in engine.rows("select file_name from raw.file order by all")] == [
            "eob ÿ.json",
            "plain.csv",
            "relevés.csv",
        ]
    assert (summary.lines_read, summary.lines_rejected) == (4, 0)


def test_a_workbook_that_is_locked_is_refused_by_what_it_is(tmp_path):
    """Locked workbooks are no zip archives but compound files, as the old form is: 512 bytes of header, then sectors."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0"
    names = "".join(name.ljust(32, "\0") for name in ("Root Entry", "EncryptionInfo", "EncryptedPackage"))
    path = tmp_path / "claims.xlsx"
    path.write_bytes(header.ljust(512, b"\0") + names.encode("utf-16-le").ljust(512, b"\0") + bytes(512))
    assert refusal(path) == (
        "claims.xlsx is a workbook that is locked with a password, or one of the old form (.xls). "
        "Save it without a password as .xlsx, or as CSV."
    )
    (tmp_path / "lines.csv").write_text(CLAIM_LINES, "utf-8")
    files = read(tmp_path)[1].files  # in a folder it may be anything: a letter of the old form is no error
    assert [(file.file_name, file.status) for file in files] == [
        ("lines.csv", "read"),
        ("claims.xlsx", "not-recognised"),
    ]


def _as_837p(records: formats.Records) -> str:
    return formats.professional(records)


def _as_835(records: formats.Records) -> str:
    return formats.remittances([row for row in records["claim_lines"] if row["paid_amount"] and row["allowed_amount"]])


@pytest.mark.parametrize("write_as", [_as_837p, _as_835, formats.explanations])
def test_what_is_staged_of_a_file_hangs_on_it_alone(tmp_path: Path, write_as) -> None:
    """A run that goes on keeps it; though another file names the same payers, providers and patients, and otherwise."""
    paths = []
    for seed in (1, 2):
        records = formats.source(seed, 6)
        for row in records["providers"]:
            row["taxonomy_code"] = "225100000X" if seed == 1 else "225X00000X"
        paths.append(tmp_path / str(seed))
        paths[-1].write_text(write_as(records), "utf-8")
    together, _ = read(*paths, need_lines=False)
    alone = [read(path, need_lines=False)[0] for path in paths]
    for table in catalog.tables().values():
        if table.schema == "stg" and "file_id" in [column.name for column in table.columns]:
            both = [str(row) for engine in alone for row in engine.rows(f"from {table.name}")]
            assert sorted(map(str, together.rows(f"from {table.name}"))) == sorted(both), table.name
    assert together.value("select count(*) from stg.payer") + together.value("select count(*) from stg.remittance_line")
