"""The ingest step: files of any known format become `stg.*`, and what cannot be used becomes `audit.reject`.

Every record that a file holds is counted by one pass over its bytes and must be found again, staged or rejected; if the
two counts differ nothing is audited. The numbers of files and records depend on content alone, never on names or order.
"""

from __future__ import annotations

import glob
import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import accumulate, chain, groupby, islice
from pathlib import Path

import pyarrow as pa

from . import across, catalog
from .engine import DuckDBError, Engine, quoted
from .errors import InputError, UsageError
from .model import Table
from .readers import Layout, Reader, Source, Unusable, archive, exports, readers, workbook
from .readers import text as files
from .resources import sql_root

_BATCH = 50_000
_BYTES = 1 << 30  # text of a decoder from which rows are made ready before they are staged
_NUMBERS = 1 << 23  # a line_id leaves so many numbers to files
_CHUNK = 256  # rows of a decoder that one thread takes at a time, where each is costly
_LAYOUT_OF = {
    "claim_lines": "claim_line",
    "visits": "visit",
    "visit_services": "visit_service",
    "plans_of_care": "plan_of_care",
    "progress_reports": "progress_report",
    "providers": "provider",
    "payers": "payer",
    "patients": "patient",
    "provider_days": "provider_day",
    "coverage_policies": "coverage_policy",
    "exclusions": "exclusion",
    "therapy_accumulators": "therapy_accumulator",
    "remittance_lines": "remittance_line",
    "remittance_payments": "remittance_payment",
    "provider_adjustments": "provider_adjustment",
    "line_controls": "line_control",
    "claim_notes": "claim_note",
    "other_payer_decisions": "other_payer_decision",
}


@dataclass(frozen=True)
class IngestedFile:
    """One row of `raw.file`.

    `status` is read, repeated (its content was read under another name), skipped (known, but nothing that is audited)
    or not-recognised.
    """

    file_id: int
    file_name: str
    status: str
    digest: str | None = None
    format: str | None = None
    record_type: str | None = None
    records: int = 0
    rejected: int = 0
    unknown_columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class IngestSummary:
    """What was read. `records` counts by record type; `input_digest` is a sha256 over the digests of the files read.

    `added` are the numbers of the files that were new where the records of the others stayed; None where all were read.
    """

    files: tuple[IngestedFile, ...]
    records: dict[str, int]
    lines_read: int
    lines_rejected: int
    input_digest: str
    added: tuple[int, ...] | None = None


@dataclass(frozen=True)
class _Found:
    """A file before its number is known."""

    head: files.Head
    source: Source | None = None
    scan: files.Scan | None = None


def expand(inputs: Sequence[Path | str]) -> list[Path]:
    """Every file that the inputs (files, folders, globs) name, once, sorted; InputError when one names nothing."""
    return sorted(_expand(inputs))


def _expand(inputs: Sequence[Path | str]) -> dict[Path, bool]:
    """The files, and whether each is named itself (not found in a folder or by a glob). Hidden files are left out."""
    found: dict[Path, bool] = {}
    for given in inputs:
        path = Path(given)
        if path.is_file():
            found[path.resolve()] = True
            continue
        roots = [path] if path.is_dir() else [Path(match) for match in glob.glob(str(given), recursive=True)]
        if not roots:
            raise InputError(
                f"{path.name or given} does not exist.", "Name a file, a folder or a glob that matches something."
            )
        for root in roots:
            for file in root.rglob("*") if root.is_dir() else [root]:
                hidden = any(part.startswith(".") for part in file.relative_to(root).parts)
                if file.is_file() and not hidden:
                    found.setdefault(file.resolve(), False)
    return found


def ingest(
    engine: Engine,
    inputs: Sequence[Path | str],
    *,
    format: str | None = None,
    export_layouts: Sequence[Path] = (),
    need_lines: bool = True,
    keep: bool = False,
    on_progress: Callable[[str], None] = lambda name: None,
) -> IngestSummary:
    """Read the inputs into `stg.*`, `raw.file`, `audit.reject` and `audit.control_total`, which are all built anew.

    `format` names the reader instead of asking each in turn; `export_layouts` are layout files, or folders of them, for
    exports of practice-management programs, asked before those that are shipped; without
    `need_lines` an input without claim lines is no error; with `keep` the records that a finished run left staged stay
    where each file is read for itself, those of files that are gone stand in `temp.gone_<record>`, and the patients of
    other lines of which the files say something else now in `temp.told_otherwise`; `on_progress` is called with each file's name. Raises
    InputError for a file that breaks its layout, and when the record counts do not tie. Call it outside a transaction:
    a file that the engine cannot parse is read a second time, record by record.
    """
    layouts = raw_layouts()
    known = (*readers(), exports.Exports(layouts_of_exports(export_layouts)))
    asked = _readers(known, format)
    with engine.scratch() as scratch:
        found = []
        for path, explicit in _unpacked(_expand(inputs), scratch):
            on_progress(path.name)
            found.append(_recognise(path, explicit, asked, layouts))
        numbered = list(_numbered(found, [reader.name for reader in known]))
        engine.drop(catalog.tables()["audit.standing"])
        kept, gone = _keep(engine, numbered) if keep else (None, ())
        if kept is None:
            for table in catalog.build_order("stg"):
                engine.create(table)
            engine.build(catalog.tables()["stg.problem"])
            engine.create(catalog.tables()["audit.reject"])
        for name in ("raw.file", "audit.control_total"):
            engine.create(catalog.tables()[name])
        stood = kept or {}
        new = [(file, one) for file, one in numbered if file.file_id not in stood]
        loaded = {file.file_id: file for file in _load_all(engine, new, layouts, on_progress)}
    done = [stood.get(file.file_id) or loaded[file.file_id] for file, _ in numbered]
    _reject_diagnoses(engine, list(loaded.values()), {file.file_id: one.source for file, one in new if one.source})
    _record_files(engine, done)
    _control_totals(engine, done, need_lines)
    added = None if kept is None else tuple(file.file_id for file, _ in new if file.status == "read")
    if added is None:
        across.tell(engine)
    else:
        across.tell_again(engine, added, gone)
    return replace(_summary(engine, done), added=added)


def _keep(
    engine: Engine, numbered: list[tuple[IngestedFile, _Found]]
) -> tuple[dict[int, IngestedFile] | None, tuple[int, ...]]:
    """The files whose staged records stay, as they were recorded, and the numbers of those that are gone: what is staged of these goes to
    `temp.gone_<record>`.

    None, and nothing is changed, where files are read with one another, or where the number or the name of one is another now.
    """
    if any(one.source and (one.source.joined or one.source.joins) for _, one in numbered):
        return None, ()
    names = list(IngestedFile.__dataclass_fields__)
    stood = {
        row["file_id"]: IngestedFile(**{**row, **{name: tuple(row[name]) for name in ("unknown_columns", "notes")}})
        for row in engine.dicts(f"select {', '.join(names)} from raw.file where status = 'read'")
    }
    read = {file.file_id: file for file, _ in numbered if file.status == "read"}
    former = {file.digest: (file.file_id, file.file_name) for file in stood.values()}
    if any(
        former.get(file.digest, (number, file.file_name)) != (number, file.file_name) for number, file in read.items()
    ):
        return None, ()
    kept = {number: file for number, file in stood.items() if number in read and read[number].digest == file.digest}
    gone = tuple(sorted(set(stood) - set(kept)))
    are_gone = f"file_id in ({', '.join(map(str, gone)) or 'null'})"
    for record, name in _LAYOUT_OF.items():
        table = _stg(record)
        engine.execute(f"create or replace temp table gone_{name} as from {table.name} where {are_gone}")
        # what reference releases feed (0) comes again when they are loaded
        engine.execute(f"delete from {table.name} where {are_gone} or file_id = 0")
    engine.execute(f"delete from audit.reject where {are_gone}")
    return kept, gone


def _unpacked(expanded: dict[Path, bool], scratch: Path) -> Iterator[tuple[Path, bool]]:
    """The files in order of their paths, and whether each must be known; an archive is its members, a workbook its sheets."""
    for number, (path, explicit) in enumerate(sorted(expanded.items())):
        folder = scratch / str(number)
        folder.mkdir()
        packed = archive.is_archive(path)
        yield from ((file, explicit and not packed) for file in single_files(path, folder))


def single_files(path: Path, folder: Path) -> Iterator[Path]:
    """The file itself, the members of an archive, the sheets of a workbook; what is unpacked goes into the folder."""
    path = _named_in_utf8(path, folder)
    if archive.is_archive(path):
        for number, member in enumerate(archive.unpack(path, folder)):
            place = folder / f"sheets {number}"
            place.mkdir()
            yield from workbook.sheets(member, place) if workbook.is_workbook(member) else [member]
    elif workbook.is_workbook(path):
        yield from workbook.sheets(path, folder)
    else:
        yield path


def _named_in_utf8(path: Path, folder: Path) -> Path:
    """The file under a path that every program can write down: names that are no UTF-8 are taken for Latin-1."""
    if files.is_utf8(os.fsencode(path)):
        return path
    raw = os.fsencode(path.name)
    link = folder / (path.name if files.is_utf8(raw) else raw.decode("latin-1"))
    link.symlink_to(path.resolve())
    return link


def _load_all(
    engine: Engine,
    numbered: list[tuple[IngestedFile, _Found]],
    layouts: dict[str, Layout],
    on_progress: Callable[[str], None],
) -> list[IngestedFile]:
    """The files as they were loaded, by number: first those that others are joined with, kept until all are read."""
    sources = [one.source for file, one in numbered if file.status == "read" and one.source]
    kept = {source.layout.name for source in sources if source.joined}.union(*(source.joins for source in sources))
    for name in sorted(kept):
        columns = ", ".join(f"{_column(column)} varchar" for column in layouts[name].columns)
        engine.execute(f"create or replace temp table joined_{name} (file_id integer, record_number bigint, {columns})")
    done = {file.file_id: file for file, _ in numbered}
    for joined in (True, False):
        due = [
            (file, one.source, one.scan)
            for file, one in numbered
            if file.status in ("read", "skipped") and one.source and one.scan and one.source.joined is joined
        ]
        for decoded, group in groupby(due, lambda one: one[1].reader if one[1].decoder else None):
            if decoded:
                loaded = _load_decoded(engine, [(file, source) for file, source, _ in group], on_progress)
            else:
                loaded = []
                for file, source, scan in group:
                    on_progress(file.file_name)
                    loaded.append(_load(engine, file, source, scan))
            done |= {file.file_id: file for file in loaded}
    for name in sorted(kept):
        engine.execute(f"drop table temp.joined_{name}")
    return list(done.values())


def _readers(known: tuple[Reader, ...], format: str | None) -> tuple[Reader, ...]:
    chosen = tuple(reader for reader in known if format in (None, reader.name))
    if not chosen:
        raise UsageError(f"There is no format {format}.", f"Known are {_names(known)}.")
    return chosen


def _names(asked: tuple[Reader, ...]) -> str:
    return ", ".join(dict.fromkeys(reader.name for reader in asked))


def raw_layouts() -> dict[str, Layout]:
    """The declared text records, without the two columns that ingest adds."""
    return {
        table.name.removeprefix("raw."): Layout(
            table.name.removeprefix("raw."),
            tuple(column.name for column in table.columns if column.name not in ("file_id", "record_number")),
            tuple(column.name for column in table.columns if column.required),
        )
        for table in catalog.tables().values()
        if table.schema == "raw" and not table.sql and table.name != "raw.file"
    }


def layouts_of_exports(own: Sequence[Path] = ()) -> tuple[exports.ExportLayout, ...]:
    """The user's layouts, then those that are shipped in `sql/raw/exports`."""
    layouts = raw_layouts()
    folder = sql_root() / "raw" / "exports"
    files = sorted((one for one in folder.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
    shipped = (exports.parse(file.read_text("utf-8"), file.name, layouts) for file in files)
    return (*exports.load(own, layouts), *shipped)


def _recognise(path: Path, explicit: bool, asked: tuple[Reader, ...], layouts: dict[str, Layout]) -> _Found:
    head = files.examine(path)
    for reader in asked:
        source = reader.recognise(head, layouts)
        if source is not None:
            if source.decoder:
                return _Found(head, source, source.decoder.scan())
            if head.form == "parquet":
                return _Found(head, source, files.parquet_scan(path))
            scan = files.scan(path, head.compression, bool(source.quote), header=not source.widths)
            return _Found(head, source, scan)
    if explicit and head.form == "office":
        raise InputError(
            f"{path.name} is a workbook that is locked with a password, or one of the old form (.xls).",
            "Save it without a password as .xlsx, or as CSV.",
        )
    if explicit:
        raise InputError(
            f"{path.name} is not in a known format.",
            f"Known are {_names(asked)}; the header must name the columns of the layout.",
        )
    return _Found(head)


def _numbered(found: list[_Found], order: list[str]) -> Iterator[tuple[IngestedFile, _Found]]:
    """Files with their numbers: by reader (stated before derived) and digest, then repeats, then the others.

    A file that is read has its number from its digest, so that it keeps it when others come or go, and the order of the numbers
    is that of the digests all the same.
    """

    def key(one: _Found) -> tuple[int, str, str]:
        rank = order.index(one.source.reader) if one.source else len(order)
        return rank, one.scan.digest if one.scan else "", one.head.name

    seen: set[str] = set()
    read, rest = [], []
    for one in sorted(found, key=key):
        if one.scan and one.scan.digest not in seen:
            seen.add(one.scan.digest)
            read.append((one, "read" if one.source and (one.source.views or one.source.joined) else "skipped"))
        else:
            rest.append((one, "repeated" if one.scan else "not-recognised"))
    span = _NUMBERS // (len(order) + 1)
    file_id = 0
    for one, status in read + rest:
        reader, digest, _ = key(one)
        least = 0
        # half of a reader's numbers are left for those that fall together
        if status == "read" and len(read) < span // 8:
            least = 1 + reader * span + (int(digest[:8], 16) * span >> 33)
        file_id = max(file_id + 1, least)
        file = IngestedFile(file_id, one.head.name, status)
        if one.source and one.scan:
            file = replace(
                file,
                digest=one.scan.digest,
                format=one.source.reader,
                record_type=one.source.record or None,
                records=one.scan.records,
                unknown_columns=one.source.unknown_columns,
            )
        yield file, one


# One file -------------------------------------------------------------------------------------------------------


def _load(engine: Engine, file: IngestedFile, source: Source, scan: files.Scan) -> IngestedFile:
    """Stage one file; the fast way if its text is clean and the engine finds every record, else record by record."""
    if source.head.form == "parquet":
        _view(engine, file, source, _parquet_relation(engine, source))
        try:
            found = _stage(engine, file, source)
        except DuckDBError as error:
            raise files.unreadable_parquet(file.file_name) from error
        unusable = 0
    else:
        found, unusable, exact = _load_text(engine, file, source, scan)
        file = replace(file, records=exact)
    left = _leave(engine, [file], source)
    for record in source.views:
        _reject_staged(engine, [file], source, record)
    _drop_views(engine, source)
    return _settled(engine, file, source, found, unusable, left.get(file.file_id))


@dataclass
class _Left:
    """Records that give no row of their source's record: how many cannot be used, and how many are left out by reason."""

    unusable: int = 0
    out: dict[str, int] = field(default_factory=dict)

    @property
    def notes(self) -> tuple[str, ...]:
        return tuple(f"{self.out[reason]:,} left out: {reason}" for reason in sorted(self.out))


def _settled(
    engine: Engine, file: IngestedFile, source: Source, found: int, unusable: int, left: _Left | None = None
) -> IngestedFile:
    """The file with its counts; InputError when what was read is not what the pass over the bytes counted.

    A file whose records hold several lines, or none, is counted by its lines.
    """
    left = left or _Left()
    if found + unusable != file.records:
        raise InputError(
            f"{file.file_name} holds {file.records} records, but {found + unusable} were read.",
            "Nothing was audited; please report this with the export program's name.",
        )
    if not source.views:
        return file
    rows, bad = engine.rows(
        f"select count(*), count(*) filter (problem_mask <> 0) from {_stg(source.record).name} "
        f"where file_id = {file.file_id}"
    )[0]
    unusable += left.unusable
    return replace(file, records=rows + unusable, rejected=bad + unusable, notes=file.notes + left.notes)


def _leave(
    engine: Engine, group: list[IngestedFile], source: Source, left: dict[int, _Left] | None = None
) -> dict[int, _Left]:
    """Count by file the records that the source leaves out, and list those of them that cannot be used."""
    left = {} if left is None else left
    if not source.left:
        return left
    rejects = 0
    for file_id, reason, is_reject, count in engine.rows(
        f"select file_id, reason, remedy is not null, count(*) from {source.left} group by all order by all"
    ):
        one = left.setdefault(file_id, _Left())
        if is_reject:
            one.unusable += count
            rejects += count
        else:
            one.out[reason] = one.out.get(reason, 0) + count
    if rejects:
        prepared = _prepared(source)
        number = f"(r.record_number - 1) // {source.lines} + 1" if prepared else "r.record_number"
        engine.execute(
            f"""insert into audit.reject by name
            select l.file_id, f.file_name, l.record_number, {quoted(source.record)} as record_type, null as column_name, l.reason, l.remedy,
              r.record
            from {source.left} l
            join {_named(group)} using (file_id)
            join ({_as_json(prepared or source.layout)}) r on r.file_id = l.file_id and {number} = l.record_number
            where l.remedy is not null order by l.file_id, l.record_number"""
        )
    return left


def _named(group: list[IngestedFile]) -> str:
    """The files and their names as a table in SQL."""
    return (
        f"(values {', '.join(f'({file.file_id}, {quoted(file.file_name)})' for file in group)}) f(file_id, file_name)"
    )


def _load_decoded(
    engine: Engine, group: list[tuple[IngestedFile, Source]], on_progress: Callable[[str], None]
) -> list[IngestedFile]:
    """Stage the files that one reader's decoders take apart, together, because many of them are small.

    The records that the files are counted as are staged as soon as there are many, those of other layouts at the end.
    """
    engine.execute("create schema if not exists raw")
    source = group[0][1]
    if source.prepared:
        return _load_prepared(engine, group, on_progress)
    layouts = source.decoder.layouts if source.decoder else ()
    for layout in layouts:
        _empty(engine, layout)
        engine.execute(f"create or replace view raw.{layout.name} as from temp.{layout.name}")
    own, files_ = list(source.views)[:1], [file for file, _ in group]
    waiting = 0
    read = []
    for file, one in group:
        on_progress(file.file_name)
        unusable = rows = 0
        for batch in one.decoder.batches() if one.decoder else ():
            if batch.rows is not None:
                numbers = pa.array([file.file_id] * batch.rows.num_rows, pa.int32())
                data = pa.Table.from_batches([batch.rows]).append_column("file_id", numbers)
                _insert(engine, f"temp.{batch.layout}", data)
                if batch.layout == source.layout.name:
                    rows, waiting = rows + data.num_rows, waiting + data.num_rows
            if waiting >= _BATCH:
                _stage_decoded(engine, files_, source, own)
                _empty(engine, source.layout)
                waiting = 0
            if batch.unusable:
                unusable += len(batch.unusable)
                _insert(engine, "audit.reject", _undecoded(file, one, batch.unusable))
        read.append((replace(file, notes=one.decoder.notes() if one.decoder else ()), one, rows, unusable))
    _stage_decoded(engine, files_, source, list(source.views))
    for layout in layouts:
        engine.execute(f"drop view raw.{layout.name}")
        engine.execute(f"drop table temp.{layout.name}")
    staged = 0
    for record in own:
        ids = ", ".join(str(file.file_id) for file in files_)
        staged = engine.value(f"select count(*) from {_stg(record).name} where file_id in ({ids})")
    if staged != sum(rows for _, _, rows, _ in read):
        raise InputError(
            f"The {source.reader} files do not add up: {staged} records were staged.", "Nothing was audited."
        )
    return [_settled(engine, file, one, rows, unusable) for file, one, rows, unusable in read]


def _load_prepared(
    engine: Engine, group: list[tuple[IngestedFile, Source]], on_progress: Callable[[str], None]
) -> list[IngestedFile]:
    """Like `_load_decoded`, for rows that are made ready once for all the records that are mapped from them.

    The engine takes the rows from the decoders while it works, so that no more than a few of them are held.
    """
    source = group[0][1]
    files_ = [file for file, _ in group]
    left: dict[int, _Left] = {}
    unusable = dict.fromkeys((file.file_id for file in files_), 0)
    rejects: list[pa.Table] = []
    failed: list[InputError] = []

    def rows() -> Iterator[pa.RecordBatch]:
        try:
            for file, one in group:
                on_progress(file.file_name)
                for batch in one.decoder.batches() if one.decoder else ():
                    if batch.rows is not None:
                        numbers = pa.array([file.file_id] * batch.rows.num_rows, pa.int32())
                        yield batch.rows.append_column("file_id", numbers)
                    if batch.unusable:
                        unusable[file.file_id] += len(batch.unusable)
                        rejects.append(_undecoded(file, one, batch.unusable))
        except InputError as error:  # it must not go through the engine, which would make an error of its own of it
            failed.append(error)

    waiting = rows()
    while (first := next(waiting, None)) is not None:
        _stage_prepared(engine, files_, source, first, waiting, left)
    if failed:
        raise failed[0]
    for table in rejects:
        _insert(engine, "audit.reject", table)
    _drop_repeats(engine, files_, list(source.views)[1:])
    what = f"distinct (record_number - 1) // {source.lines}"
    found = dict(engine.rows(f"select file_id, count({what}) from {_stg(source.record).name} group by file_id"))
    done = []
    for file, one in group:
        out = left.get(file.file_id, _Left())
        records = found.get(file.file_id, 0) + out.unusable + sum(out.out.values())
        noted = replace(file, notes=one.decoder.notes() if one.decoder else ())
        done.append(_settled(engine, noted, one, records, unusable[file.file_id], out))
    return done


def _slices(first: pa.RecordBatch, rest: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The rows by as many as one thread takes, until there are enough to be staged."""
    size = 0
    for batch in chain([first], rest):
        for start in range(0, batch.num_rows, _CHUNK):
            yield batch.slice(start, _CHUNK)
        size += batch.nbytes
        if size >= _BYTES:
            return


def _stage_prepared(
    engine: Engine,
    group: list[IngestedFile],
    source: Source,
    first: pa.RecordBatch,
    rest: Iterator[pa.RecordBatch],
    left: dict[int, _Left],
) -> None:
    """Make rows ready and map them into every record of the source."""
    with made_ready(engine, source, first, rest):
        _stage_decoded(engine, group, source, list(source.views))
        engine.execute(f"create or replace view {source.left} as {catalog.tables()[source.left].sql}")
        _leave(engine, group, source, left)
        engine.execute(f"drop view {source.left}")


@contextmanager
def made_ready(engine: Engine, source: Source, first: pa.RecordBatch, rest: Iterator[pa.RecordBatch]) -> Iterator[None]:
    """Rows of a decoder as the table that all mappings of the source read, made on all threads."""
    engine.register("_batch", pa.RecordBatchReader.from_batches(first.schema, _slices(first, rest)))
    engine.execute(f"create or replace view raw.{source.layout.name} as from _batch")
    engine.execute(f"create or replace temp table prepared as {catalog.tables()[source.prepared].sql}")
    engine.execute(f"drop view raw.{source.layout.name}")
    engine.unregister("_batch")
    engine.execute(f"create or replace view {source.prepared} as from temp.prepared")
    yield
    engine.execute(f"drop view {source.prepared}")
    engine.execute("drop table temp.prepared")


def _drop_repeats(engine: Engine, group: list[IngestedFile], records: list[str]) -> None:
    """What a mapping derives from several batches alike (a payer from its claims) is one record of its file."""
    ids = ", ".join(str(file.file_id) for file in group)
    for record in records:
        table = _stg(record)
        names = ", ".join(column.name for column in table.columns if column.name != "record_number")
        engine.execute(
            f"""delete from {table.name} where file_id in ({ids}) and (file_id, record_number) not in (
              select (file_id, min(record_number)) from {table.name} group by {names})"""
        )


def _empty(engine: Engine, layout: Layout) -> None:
    """The temporary table of decoders' rows, made anew because deleting rows would keep their memory."""
    columns = ", ".join(f"{_column(name)} varchar" for name in layout.columns)
    engine.execute(f"create or replace temp table {layout.name} (file_id integer, record_number bigint, {columns})")


def _stage_decoded(engine: Engine, group: list[IngestedFile], source: Source, records: list[str]) -> None:
    """Map what the decoders' layouts hold now into these records, cast it, and list what cannot be used."""
    for record in records:
        mapping = catalog.tables()[source.views[record]]
        engine.execute(f"create or replace view {mapping.name} as {mapping.sql}")
        views = dict.fromkeys([mapping.name, f"raw.{record}"])
        for view in list(views)[1:]:
            engine.execute(f"create or replace view {view} as from {mapping.name}")
        engine.execute(f"insert into {_stg(record).name} by name {_stg(record).sql}")
        _reject_staged(engine, group, source, record)
        for view in reversed(views):
            engine.execute(f"drop view {view}")


def _load_text(engine: Engine, file: IngestedFile, source: Source, scan: files.Scan) -> tuple[int, int, int]:
    """(records staged, records that could not be staged, records in the file)."""
    if scan.clean:
        _view(engine, file, source, _csv_relation(source))
        try:
            staged = _stage(engine, file, source)
        except DuckDBError:
            staged = -1
        if staged == scan.records:
            return staged, 0, scan.records
        for name in [f"temp.joined_{source.layout.name}"] if source.joined else [_stg(r).name for r in source.views]:
            engine.execute(f"delete from {name} where file_id = {file.file_id}")
    unusable, total = _read_slowly(engine, file, source)
    _view(engine, file, source, "temp.slow_record")
    # A quotation mark in the wrong place makes the pass over the bytes miscount; without any, its count stands.
    return _stage(engine, file, source), unusable, total if scan.quotes else scan.records


def _stg(record: str) -> Table:
    return catalog.tables()[f"stg.{_LAYOUT_OF[record]}"]


def _layout(source: Source, record: str) -> Layout:
    """The layout whose rows the records are numbered by: of several, the one that the mapping names first."""
    first = catalog.tables()[source.views[record]].reads[:1]
    layouts = source.decoder.layouts if source.decoder else ()
    return next((layout for layout in layouts if f"raw.{layout.name}" in first), source.layout)


def _prepared(source: Source) -> Layout | None:
    if not source.prepared:
        return None
    columns = catalog.tables()[source.prepared].columns
    names = tuple(column.name for column in columns if column.name not in ("file_id", "record_number"))
    return Layout(source.prepared.removeprefix("raw."), names, ())


def _column(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal_path(path: Path) -> str:
    """A path in SQL, its glob characters taken literally."""
    return quoted("".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path)))


def _view(engine: Engine, file: IngestedFile, source: Source, relation: str) -> None:
    """Make the file readable as its layout's view: columns by name, absent ones null, all text."""
    names = {name: f"c{position}" for position, name in enumerate(source.header)}
    columns = [
        f"{names[name]} as {_column(name)}" if name in names else f"null::varchar as {_column(name)}"
        for name in source.layout.columns
    ]
    number = (
        "record_number" if relation == "temp.slow_record" or source.head.form == "parquet" else "row_number() over ()"
    )
    engine.execute("create schema if not exists raw")
    engine.execute(
        f"create or replace view raw.{source.layout.name} as select {file.file_id}::integer as file_id, "
        f"{number} as record_number, {', '.join(columns)} from {relation}"
    )
    for layout in source.joins:
        engine.execute(f"create or replace view raw.{layout} as from temp.joined_{layout}")
    for record, select in source.selects.items():
        engine.execute(f"create or replace view {source.left if record == 'left' else f'raw.{record}'} as {select}")
    for record, name in source.views.items() if not source.selects else ():
        mapping = catalog.tables()[name]
        if mapping.sql:
            engine.execute(f"create or replace view {name} as {mapping.sql}")
            engine.execute(f"create or replace view raw.{record} as from {name}")
    if source.left and not source.selects:
        engine.execute(f"create or replace view {source.left} as {catalog.tables()[source.left].sql}")


def _drop_views(engine: Engine, source: Source) -> None:
    """The views name a file that need not outlive this run."""
    for name in dict.fromkeys(
        [
            *(f"raw.{record}" for record in source.views),
            *source.views.values(),
            *([source.left] if source.left else []),
            *(f"raw.{layout}" for layout in (source.layout.name, *source.joins)),
        ]
    ):
        engine.execute(f"drop view {name}")
    engine.execute("drop table if exists temp.slow_record")


def _stage(engine: Engine, file: IngestedFile, source: Source) -> int:
    """Cast the file's records into `stg.*`, or keep them for others; how many of the file's records were found."""
    if source.joined:
        name = source.layout.name
        engine.execute(f"insert into temp.joined_{name} by name from raw.{name}")
        return int(engine.value(f"select count(*) from temp.joined_{name} where file_id = {file.file_id}"))
    for record in source.views:
        table = _stg(record)
        engine.execute(f"insert into {table.name} by name {table.sql}")
    left = engine.value(f"select count(*) from {source.left}") if source.left else 0
    return _staged(engine, file, source) + int(left)


def _staged(engine: Engine, file: IngestedFile, source: Source) -> int:
    """How many records of the file have rows of the record that it is counted as."""
    what = "*" if source.lines == 1 else f"distinct (record_number - 1) // {source.lines}"
    return int(engine.value(f"select count({what}) from {_stg(source.record).name} where file_id = {file.file_id}"))


def _csv_relation(source: Source) -> str:
    """The engine's own CSV reader. Names are positions, because the engine takes names without regard to case."""
    if source.widths:
        starts = accumulate(source.widths, initial=1)
        columns = ", ".join(
            f"trim(substr(line, {start}, {width})) as c{position}"
            for position, (start, width) in enumerate(zip(starts, source.widths, strict=False))
        )
        return (
            f"(select {columns} from read_csv({_literal_path(source.head.path)}, auto_detect = false, header = false, "
            "columns = {line: 'VARCHAR'}, delim = '\x01', quote = '', escape = '', strict_mode = true, "
            f"compression = {quoted(source.head.compression)}))"
        )
    columns = ", ".join(f"c{position}: 'VARCHAR'" for position in range(len(source.header)))
    quote = quoted(source.quote)
    return (
        f"read_csv({_literal_path(source.head.path)}, auto_detect = false, header = true, columns = {{{columns}}}, "
        f"delim = {quoted(source.delimiter)}, quote = {quote}, escape = {quote}, strict_mode = true, "
        f"compression = {quoted(source.head.compression)})"
    )


def _parquet_relation(engine: Engine, source: Source) -> str:
    """A Parquet file as text, exactly: dates as ISO, whole numbers without a point, decimals plain."""
    path = _literal_path(source.head.path)
    described = [row[:2] for row in engine.rows(f"describe select * from read_parquet({path})")]
    columns = ", ".join(
        f"{_as_text(_column(own), type_name)} as c{position}"
        for position, ((own, type_name), name) in enumerate(zip(described, source.header, strict=True))
        if name in source.layout.columns
    )
    return f"(select file_row_number + 1 as record_number, {columns} from read_parquet({path}, file_row_number = true))"


def _as_text(column: str, type_name: str) -> str:
    plain = f"cast({column} as varchar)"
    if type_name.startswith("TIMESTAMP"):
        midnight = f"{column} = date_trunc('day', {column})"
        return f"case when {midnight} then strftime({column}, '%Y-%m-%d') else {plain} end"
    if type_name == "TIME":
        # Seconds and their fraction (microsecond() holds both) are kept, so that the strict cast refuses them.
        return f"case when microsecond({column}) = 0 then left({plain}, 5) else {plain} end"
    if type_name in ("DOUBLE", "FLOAT"):
        # Programs that know no whole number with gaps export 97110 as 97110.0; below 2^53 that is still exact.
        whole = f"{column} = trunc({column}) and abs({column}) < 9007199254740992"
        integer = f"cast(cast({column} as bigint) as varchar)"
        return f"case when {whole} then {integer} when not isnan({column}) then {plain} end"
    return column if type_name == "VARCHAR" else plain


def _read_slowly(engine: Engine, file: IngestedFile, source: Source) -> tuple[int, int]:
    """Read a text file record by record into `temp.slow_record`; (records rejected here, all records)."""
    names = [f"c{position}" for position in range(len(source.header))]
    columns = ", ".join(f"{name} varchar" for name in names)
    engine.execute(f"create or replace temp table slow_record (record_number bigint, {columns})")
    unusable = total = 0
    if source.widths:
        stream = files.fixed_records(source.head.path, source.head.compression, source.widths)
    else:
        stream = files.records(source.head.path, source.head.compression, source.delimiter, bool(source.quote))
    while batch := list(islice(stream, _BATCH)):
        total += len(batch)
        good = [record for record in batch if record.reason is None]
        bad = [record for record in batch if record.reason is not None]
        data = {"record_number": pa.array([record.number for record in good], pa.int64())}
        values = zip(*(record.values for record in good), strict=True) if good else iter([()] * len(names))
        data |= {name: pa.array(column, pa.string()) for name, column in zip(names, values, strict=True)}
        _insert(engine, "temp.slow_record", pa.table(data))
        if bad:
            unusable += len(bad)
            _insert(engine, "audit.reject", _unusable(file, source, bad))
    return unusable, total


def _unusable(file: IngestedFile, source: Source, bad: list[files.Record]) -> pa.Table:
    """Rows of audit.reject for records that never became columns."""

    def record_text(record: files.Record) -> str:
        if len(record.values) != len(source.header):
            return json.dumps(record.values, ensure_ascii=False)
        named = zip(source.header, record.values, strict=True)
        return json.dumps({name: value.strip(" ") for name, value in named if value.strip(" ")}, ensure_ascii=False)

    return _undecoded(
        file,
        source,
        [
            Unusable(record.number, str(record.reason), files.REMEDIES[str(record.reason)], record_text(record))
            for record in bad
        ],
    )


def _undecoded(file: IngestedFile, source: Source, bad: Sequence[Unusable]) -> pa.Table:
    """Rows of audit.reject for records of a source that could not be staged at all."""
    count = len(bad)
    return pa.table(
        {
            "file_id": pa.array([file.file_id] * count, pa.int32()),
            "file_name": pa.array([file.file_name] * count, pa.string()),
            "record_number": pa.array([record.number for record in bad], pa.int64()),
            "record_type": pa.array([source.record] * count, pa.string()),
            "column_name": pa.nulls(count, pa.string()),
            "reason": pa.array([record.reason for record in bad], pa.string()),
            "remedy": pa.array([record.remedy for record in bad], pa.string()),
            "record": pa.array([record.record for record in bad], pa.string()),
        }
    )


def _insert(engine: Engine, table: str, data: pa.Table) -> None:
    engine.register("_batch", data)
    engine.execute(f"insert into {table} by name from _batch")
    engine.unregister("_batch")


def _reject_staged(engine: Engine, group: list[IngestedFile], source: Source, record: str) -> None:
    """One row of audit.reject per problem of each staged record that cannot be used, with its source record as JSON."""
    table = _stg(record)
    number = f"(record_number - 1) // {source.lines} + 1" if record == source.record else "record_number"
    bad = f"""(select file_id, f.file_name, {number} as record_number, record_number as row_number, problem_mask
        from {table.name} join {_named(group)} using (file_id) where problem_mask <> 0)"""
    if not engine.value(f"select count(*) from {bad}"):
        return
    prepared = _prepared(source)
    key = "row_number" if prepared else "record_number"
    names = source.source_columns.get(record, {})
    own = " ".join(f"when {quoted(name)} then {quoted(column)}" for name, column in names.items())
    column_name = f"case p.column_name {own} else p.column_name end" if own else "p.column_name"
    engine.execute(
        f"""insert into audit.reject by name
        select b.file_id, b.file_name, b.record_number, p.record_type, {column_name} as column_name, p.reason, p.remedy, r.record
        from {bad} b
        join ({_as_json(prepared or _layout(source, record))}) r on r.file_id = b.file_id and r.record_number = b.{key}
        join stg.problem p on p.record_type = {quoted(record)} and (b.problem_mask >> p.bit) & 1 = 1
        order by b.file_id, b.row_number, p.bit"""
    )


def _reject_diagnoses(engine: Engine, done: list[IngestedFile], sources: dict[int, Source]) -> None:
    """List the diagnoses of these files that have not the form of an ICD code: their lines are audited without them."""
    ids = ", ".join(str(file.file_id) for file in done) or "null"
    engine.execute(
        f"""create or replace temp table foreign_diagnosis as
        select * from (
          select diagnosis_text, unnest(codes) as code, generate_subscripts(codes, 1) as position
          from (
            select distinct diagnosis_text, string_split(split_part(diagnosis_text, chr(30), 1), chr(31)) as codes
            from stg.claim_line where file_id in ({ids}) and diagnosis_text is not null and problem_mask = 0
          )
        ) where code <> '' and not is_icd(code)"""
    )
    if engine.value("select count(*) from temp.foreign_diagnosis"):
        for file in done:
            if file.record_type != "claim_lines":
                continue
            source = sources[file.file_id]
            names = source.source_columns.get("claim_lines", {})
            own = " ".join(f"when {quoted(name)} then {quoted(column)}" for name, column in names.items())
            column_name = "'diagnosis_' || d.position"
            engine.execute(
                f"""insert into audit.reject by name
                select l.file_id, ? as file_name, (l.record_number - 1) // {source.lines} + 1 as record_number,
                  'claim_lines' as record_type, {f"case {column_name} {own} else {column_name} end" if own else column_name} as column_name,
                  'not-an-icd-10-code' as reason, 'write the ICD-10-CM code; the line is audited without this one' as remedy,
                  to_json({{claim_id: l.claim_id, line_number: l.line_number, diagnosis: d.code}}) as record, true as used
                from stg.claim_line l join temp.foreign_diagnosis d using (diagnosis_text)
                where l.file_id = {file.file_id} and l.problem_mask = 0
                order by l.record_number, d.position""",
                [file.file_name],
            )
    engine.execute("drop table temp.foreign_diagnosis")


def _as_json(layout: Layout) -> str:
    """The records of a layout's view as JSON text, blank values left out."""
    values = ", ".join(f"{quoted(name)}: blank({_column(name)})" for name in layout.columns)
    return f"select file_id, record_number, json_merge_patch('{{}}', to_json({{{values}}})) as record from raw.{layout.name}"


# All files ------------------------------------------------------------------------------------------------------


def _record_files(engine: Engine, done: list[IngestedFile]) -> None:
    names = ("file_id", "file_name", "digest", "format", "record_type", "records", "rejected", "status")
    data = {name: pa.array([getattr(file, name) for file in done]) for name in names}
    for name in ("unknown_columns", "notes"):
        data[name] = pa.array([list(getattr(file, name)) for file in done], pa.list_(pa.string()))
    _insert(engine, "raw.file", pa.table(data))
    engine.execute(
        """update raw.file set units = t.units, charge = t.charge
        from (select file_id, sum(units) as units, sum(charge_amount) as charge from stg.claim_line group by file_id) t
        where raw.file.file_id = t.file_id and record_type = 'claim_lines'"""
    )


def _control_totals(engine: Engine, done: list[IngestedFile], need_lines: bool) -> None:
    """Records, units and charges read, rejected and accepted by record type; InputError when they do not tie."""
    for record, layout in _LAYOUT_OF.items():
        own = [file for file in done if file.status == "read" and file.record_type == record]
        counted = sum(file.records for file in own)
        ids = ", ".join(str(file.file_id) for file in own)
        sums = "sum(null), sum(null)"
        if record == "claim_lines":
            sums = "coalesce(sum(units), 0), coalesce(sum(charge_amount), 0)"
        # Records that a mapping derives from another record (a payer from its claims) exist only once they are staged.
        derived = f"(select count(*) from stg.{layout} where not list_contains([{ids}]::integer[], file_id))"
        unusable = f"(select count(*) from audit.reject where record_type = '{record}' and column_name is null)"
        engine.execute(
            f"""insert into audit.control_total
            select 'read', '{record}', {counted} + {derived}, {sums} from stg.{layout}
            union all
            select 'rejected', '{record}', count(*) + {unusable}, {sums} from stg.{layout} where problem_mask <> 0
            union all
            select 'accepted', '{record}', count(*), {sums} from stg.{layout} where problem_mask = 0"""
        )
    engine.execute(
        """delete from audit.control_total where record_type <> 'claim_lines' and record_type not in (
          select record_type from audit.control_total where step = 'read' and records > 0)"""
    )
    for record, left in engine.rows(
        """select record_type, sum(case when step = 'read' then records else -records end) as unaccounted
        from audit.control_total group by record_type order by record_type"""
    ):
        if left:
            raise InputError(
                f"The {record} do not add up: {left} records read are neither rejected nor accepted.",
                "Nothing was audited.",
            )
    lines = engine.value("select records from audit.control_total where step = 'read' and record_type = 'claim_lines'")
    if need_lines and not lines:
        skipped = "".join(
            f" {file.file_name}: {note}" for file in done if file.status == "skipped" for note in file.notes
        )
        raise InputError(f"The input holds no claim lines.{skipped}", "Add a file in the claim_lines layout.")


def _summary(engine: Engine, done: list[IngestedFile]) -> IngestSummary:
    rows = engine.rows("select step, record_type, records from audit.control_total")
    totals = {(step, record): count for step, record, count in rows}
    digests = sorted(str(file.digest) for file in done if file.status == "read")
    return IngestSummary(
        files=tuple(done),
        records={record: totals["read", record] for record in _LAYOUT_OF if ("read", record) in totals},
        lines_read=totals["read", "claim_lines"],
        lines_rejected=totals["rejected", "claim_lines"],
        input_digest=hashlib.sha256("\n".join(digests).encode()).hexdigest(),
    )
