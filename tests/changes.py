"""What may happen to the input of a practice from one run to the next, at random: files that come, go, change, are cut otherwise or renamed, late mail of every
kind, other facts of payers, providers and patients, another day; and what people do between two runs.

`Life` lives one such life twice, going on from the run before and doing everything, and compares after each run. The same seed gives the same life.
Run by hand over many seeds: `python -m tests.changes FIRST LAST`.
"""

from __future__ import annotations

import random
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from claimaudit import increment, ingest, jobs, reference, registry
from claimaudit.decisions import intake
from claimaudit.errors import ClaimAuditError
from claimaudit.layouts import Hints
from claimaudit.settings import Settings
from tests import formats, worlds
from tests.worlds import Records, Row

# a file: its record, its rows, and in how many lines its rows are drawn up otherwise
Files = dict[str, tuple[str, list[Row]]]
PATIENTS = 24
SERVICES = ("visits", "visit_services")
DIAGNOSES = ("M54.50", "M25.561", "S93.401A", "M54.5", "Z99", "123456789", "M25.511")
POLICIES: list[Row] = [
    {"policy_id": "L1", "payer_id": payer, "code_low": "97110", "code_high": "97140", "dx_low": code, "role": role, "dos_from": "2026-01-01"}
    for payer, code, role in (("MEDB", "M54", "covered"), ("ADVANT", "M25.511", "noncovered"), ("MEDB", "S93", "covered"))
]  # fmt: skip


class Differs(AssertionError):
    """What was written by going on is not what a whole run writes."""


class Life:
    def __init__(self, seed: int, folder: Path, checks: list[str], patients: int = PATIENTS) -> None:
        # imported here, because that module runs this one
        from tests.test_increment import Practice

        self.seed, self.folder, self.chance = seed, folder, random.Random(f"{seed} life")
        self.on, self.whole = Practice(folder / "on", checks), Practice(folder / "whole", checks)
        self.inputs = folder / "in"
        for place in (self.on.folder, self.whole.folder, self.inputs):
            place.mkdir(parents=True)
        self.files: Files = {}
        self.other: formats.Contents = {}
        self.spare: Files = {}
        self.as_of: date | None = worlds.AS_OF
        self.keys, self.number, self.told = 0, 0, Counter[str]()
        self.log: list[str] = []
        records = self._world(seed, patients)
        chance = self.chance
        for row in records["claim_lines"]:
            if chance.random() < 0.3:
                row |= {"diagnosis_1": chance.choice(DIAGNOSES), "diagnosis_2": chance.choice(DIAGNOSES)}
            if chance.random() < 0.1:
                row["prior_authorization"] = "A1"
        self.records = records
        self.patients = sorted({row["patient_id"] for row in records["claim_lines"] if row["patient_id"]})
        self._cut(records)

    def _world(self, seed: int, patients: int) -> Records:
        return worlds.world(seed, patients)

    def _cut(self, records: Records) -> None:
        """The records as files: by date, by patient or by chance; some are kept back and come later."""
        chance = self.chance
        for record, rows in records.items():
            if record not in ("claim_lines", *SERVICES):
                self.files[f"{record}.csv"] = (record, list(rows))
                continue
            way = chance.choice(("date", "date", "patient", "chance", "whole"))
            parts: dict[str, list[Row]] = {}
            for row in rows:
                part = {
                    "date": row["service_date"][:7].replace("/", "-"),
                    "patient": row["patient_id"][-1:],
                    "chance": str(chance.randrange(4)),
                    "whole": "",
                }[way]
                parts.setdefault(part, []).append(row)
            for number, part in enumerate(sorted(parts)):
                late = number and chance.random() < 0.3
                (self.spare if late else self.files)[f"{record}_{part}.csv"] = (record, parts[part])
        for name, rows in formats._papers(
            [row | {"claim_frequency": ""} for row in records["claim_lines"][:60]], chance
        ).items():
            self.files[f"{name}.csv"] = (name, rows)

    # Changes ----------------------------------------------------------------------------------------------------------

    def _new(self, record: str, rows: list[Row]) -> None:
        self.number += 1
        self.files[f"{self.chance.choice('amz')}{self.number}_{record}.csv"] = (record, rows)

    def _names(self, *records: str) -> list[str]:
        return sorted(
            name for name, (record, rows) in self.files.items() if rows and (not records or record in records)
        )

    def _pick(self, *records: str) -> str | None:
        names = self._names(*records)
        return self.chance.choice(names) if names else None

    def _lines(self, few: int = 3) -> list[Row]:
        """Claim lines of few patients."""
        of = set(self.chance.sample(self.patients, min(few, len(self.patients))))
        rows = [
            row
            for name in self._names("claim_lines")
            for row in self.files[name][1]
            if row["patient_id"] in of and row["claim_id"]
        ]
        return self.chance.sample(rows, min(len(rows), 6))

    def file_comes(self) -> None:
        if self.spare:
            name = self.chance.choice(sorted(self.spare))
            self.files[name] = self.spare.pop(name)

    def file_goes(self) -> None:
        name = self._pick()
        if name and not (self.files[name][0] == "claim_lines" and len(self._names("claim_lines")) == 1):
            self.spare[name] = self.files.pop(name)

    def rows_change(self) -> None:
        name = self._pick("claim_lines", *SERVICES)
        if not name:
            return
        record, rows = self.files[name]
        rows = [dict(row) for row in rows]
        for row in self.chance.sample(rows, min(3, len(rows))):
            if record == "claim_lines":
                row |= self.chance.choice((
                    {"units": "2"}, {"line_status": "denied"}, {"payer_id": "BYDAY"}, {"rendering_npi": worlds.npi(self.chance.choice((1, 2, 4, 40)))},
                    {"patient_id": self.chance.choice(self.patients)}, {"diagnosis_pointers": ""}, {"received_date": ""}, {"service_date": "2026-03-03"},
                    {"billing_npi": self.chance.choice(worlds.GROUPS)}, {"modifier_1": "GO"}, {"units": "none"}, {"procedure_code": "97530"},
                ))  # fmt: skip
            elif record == "visits":
                row |= self.chance.choice(
                    (
                        {"timed_minutes": "23"},
                        {"rendering_npi": worlds.npi(3)},
                        {"note_signed_date": "2026-06-01"},
                        {"discipline": ""},
                    )
                )
            else:
                row |= self.chance.choice(
                    (
                        {"minutes": "20"},
                        {"assistant_minutes": ""},
                        {"rendering_npi": worlds.npi(2)},
                        {"assistant_minutes": "15"},
                    )
                )
        self.files[name] = (record, rows)

    def column_goes(self) -> None:
        """What a file records at all."""
        name = self._pick("claim_lines", *SERVICES)
        if name:
            record, rows = self.files[name]
            column = {
                "claim_lines": ("diagnosis_pointers", "received_date", "processed_date"),
                "visits": ("total_minutes",),
            }.get(record, ("assistant_minutes",))
            gone = self.chance.choice(column)
            self.files[name] = (record, [{key: value for key, value in row.items() if key != gone} for row in rows])

    def shuffled(self) -> None:
        if name := self._pick():
            self.chance.shuffle(self.files[name][1])

    def split(self) -> None:
        if name := self._pick():
            record, rows = self.files.pop(name)
            self._new(record, rows[::2])
            self._new(record, rows[1::2])

    def merged(self) -> None:
        if (one := self._pick()) and len(names := self._names(self.files[one][0])) > 1:
            other = self.chance.choice([name for name in names if name != one])
            self.files[one] = (self.files[one][0], [*self.files[one][1], *self.files.pop(other)[1]])

    def renamed(self) -> None:
        if name := self._pick():
            self.files[f"r_{name}"] = self.files.pop(name)

    def twice(self) -> None:
        """The same content under another name, before or after the first."""
        if name := self._pick():
            self.files[f"{self.chance.choice('0z')}_{name}"] = self.files[name]

    def late_mail(self) -> None:
        late = []
        for row in self._lines():
            new = row | {"claim_id": f"L{self.number}{row['claim_id']}", "received_date": "2026-06-20"}
            late.append(self.chance.choice((
                new | {"claim_frequency": "7", "original_claim_id": row["claim_id"]}, new | {"claim_frequency": "8", "original_claim_id": row["claim_id"]},
                new, dict(row), new | {"service_date": "2026-02-16", "units": "3"}, row | {"line_number": "9", "units": "1"},
                row | {"line_status": "denied", "carc_codes": "CO-16"}, new | {"line_status": "paid", "processed_date": "2026-07-01"},
                new | {"units": f"-{row['units']}"}, row | {"claim_frequency": "7", "original_claim_id": row["claim_id"], "received_date": "2026-06-28"},
                row | {"processed_date": "2026-06-30", "paid_amount": "1.00"}, new | {"service_date": "2025-07-01"}, new | {"service_date": "2026-08-15"},
            )))  # fmt: skip
        if late:
            self._new("claim_lines", late)

    def strangers(self) -> None:
        """Claims that touch those of another patient: the same number, or an original of someone else."""
        rows = self._lines(2)
        if rows:
            other = rows[-1]["claim_id"]
            self._new("claim_lines", [rows[0] | self.chance.choice((
                {"claim_id": other, "line_number": "8"}, {"claim_id": other, "line_number": rows[-1]["line_number"]},
                {"claim_id": "S1", "claim_frequency": "7", "original_claim_id": other}, {"claim_id": other, "claim_frequency": "8", "original_claim_id": other},
            ))])  # fmt: skip

    def new_patient(self) -> None:
        self.number += 1
        name = f"N{self.number}"
        rows = [row | {"patient_id": name, "claim_id": f"{name}{row['claim_id']}"} for row in self._lines(1)]
        if rows:
            rows[0] |= self.chance.choice(
                ({}, {"billing_npi": worlds.npi(93)}, {"rendering_npi": worlds.npi(41)}, {"payer_id": "NEWPAYER"})
            )
            self.patients.append(name)
            self._new("claim_lines", rows)

    def payers_change(self) -> None:
        row = dict(self.chance.choice(worlds.PAYERS))
        row |= self.chance.choice(({"units_method": "cpt"}, {"uses_ncci": "false"}, {"payer_name": "Other"}, {"uses_therapy_threshold": "false"}, {"timely_filing_days": "5"},
            {"payer_class": "medicaid"}, {"mac": "JK"}, {"same_provider": "billing"}, {"payer_class": "nonsense"}))  # fmt: skip
        self._new("payers", [row, {"payer_id": "NEWPAYER", "payer_class": "medicare_b"}])

    def providers_change(self) -> None:
        number = worlds.npi(self.chance.choice((1, 2, 4, 6, 7, 40, 91)))
        self._new("providers", [{"npi": number, "provider_name": f"Z{self.number}", "discipline": self.chance.choice(("PT", "OT", "SLP", "")), "clinic_id": self.chance.choice(("", "K1")),
            "active_from": self.chance.choice(("", "2026-02-01")), "specialty_code": self.chance.choice(("65", "67", "08", ""))}])  # fmt: skip

    def patients_change(self) -> None:
        self._new(
            "patients",
            [
                {"patient_id": patient, "patient_name": f"Name {self.number}", "birth_date": "1950-01-01"}
                for patient in self.chance.sample(self.patients, 2)
            ],
        )

    def papers(self) -> None:
        """Plans, reports, spending elsewhere, staffing, exclusions."""
        patient = self.chance.choice(self.patients)
        number, day = (
            worlds.npi(self.chance.choice((1, 2, 4))),
            (date(2026, 1, 1) + timedelta(self.chance.randrange(150))).isoformat(),
        )
        self._new(*self.chance.choice((
            ("plans_of_care", [{"patient_id": patient, "discipline": "PT", "billing_npi": self.chance.choice(("", *worlds.GROUPS)), "evaluation_date": day,
                "plan_to": "2026-05-05", "certified_date": self.chance.choice(("", "2026-02-20")), "order_signed_date": self.chance.choice(("", "2026-01-02"))}]),
            ("progress_reports", [{"patient_id": patient, "discipline": "PT", "report_date": day, "author_npi": number, "author_role": "therapist"}]),
            ("therapy_accumulators", [{"patient_id": patient, "year": "2026", "bucket": "PTSLP", "amount_used": "2600.00", "as_of_date": self.chance.choice(("", day))}]),
            ("provider_days", [{"npi": worlds.npi(self.chance.choice((2, 3))), "date": self.chance.choice(("2026-05-04", "2026-05-06")), "clinicians": self.chance.choice("123")}]),
            ("exclusions", [{"npi": number, "from_date": day, "source": "LIST"}]),
        )))  # fmt: skip

    def notes(self) -> None:
        """Notes of someone who may be new to the practice, of a patient who may have no claim."""
        number, day = (
            worlds.npi(self.chance.choice((1, 4, 40))),
            (date(2026, 1, 5) + timedelta(self.chance.randrange(150))).isoformat(),
        )
        row = self.chance.choice(self._lines(1) or [{"patient_id": "NONE", "service_date": day}])
        same = {
            "patient_id": row["patient_id"],
            "service_date": self.chance.choice((day, row["service_date"])),
            "rendering_npi": number,
        }
        self._new(*self.chance.choice((
            ("visits", [same | {"discipline": self.chance.choice(("", "PT")), "timed_minutes": "30", "total_minutes": "35", "note_signed_date": self.chance.choice(("", day))}]),
            ("visit_services", [same | {"procedure_code": "97110", "minutes": "15", "assistant_minutes": self.chance.choice(("", "8")), "start_time": "09:00", "end_time": "09:15"}]),
        )))  # fmt: skip

    def policies(self) -> None:
        if self.files.pop("policies.csv", None) is None:
            self.files["policies.csv"] = ("coverage_policies", self.chance.sample(POLICIES, 2))

    def day_moves(self) -> None:
        self.as_of = self.chance.choice(
            (None, date(2026, 3, 31), date(2026, 5, 31), worlds.AS_OF, date(2026, 7, 31), date(2027, 1, 31))
        )

    def other_format(self) -> None:
        """Claims of another format that come and go."""
        if self.other:
            self.other = {}
            return
        source = formats.source(1, 4)
        self.other = self.chance.choice((
            {"more.837": formats.professional(source)}, {"more.json": formats.explanations(source)}, {"notes.txt": "read me\n"},
            {"paid.835": formats.remittances([row | {"rarc_codes": ""} for row in self.records["claim_lines"] if row.get("paid_amount") and row.get("allowed_amount")][:1])},
        ))  # fmt: skip

    CHANGES: tuple[Callable[[Life], None], ...] = (
        file_comes, file_comes, file_goes, rows_change, rows_change, column_goes, shuffled, split, merged, renamed, twice, late_mail, late_mail, late_mail,
        strangers, strangers, new_patient, new_patient, payers_change, providers_change, patients_change, papers, papers, notes, notes, policies, day_moves, day_moves,
        other_format,
    )  # fmt: skip

    # Between two runs -------------------------------------------------------------------------------------------------

    def _settings(self, practice: Any, **other: Any) -> Settings:
        return Settings(
            inputs=[self.inputs],
            out=practice.folder / "out",
            db=practice.folder / "practice.duckdb",
            select=practice.checks,
            threads=1,
            **other,
        )

    def between(self) -> None:
        what = self.chance.choice(("decide", "decide", "killed", "step", "release", "window", "pages", "other checks"))
        self.log.append(what)
        where = self.chance.choice(("merge", "judge", "build"))
        for practice in (self.on, self.whole):
            settings = self._settings(practice)
            if what == "decide":
                with practice.engine() as engine:
                    found = engine.rows(
                        "select finding_id, run_key, as_of from audit.observation join audit.run using (run_key) where state <> 'resolved' order by all"
                    )
                    chance = random.Random(f"{self.seed} {self.number}")
                    file = practice.folder.parent / "decided.csv"
                    rows = [{"finding_id": finding, "run_key": key, "decision": chance.choice(("not_an_error", "confirmed", "suppressed", "corrected")), "reviewer": "Ann",
                        "decided_on": "2027-02-01", "reason_code": "why", "expiry": "2027-12-31", "approver": "Bob"}
                        for finding, key, _ in chance.sample(found, min(len(found), 8))]  # fmt: skip
                    for row in rows:
                        if row["decision"] != "suppressed":
                            row |= {"expiry": "", "approver": ""}
                    file.write_text(formats.table(rows), "utf-8")
                    if rows:
                        self.told["decided"] += intake.take_in(engine, file, None).recorded
            elif what == "killed":
                kept = getattr(increment._Part, where)

                def killed(*_: Any) -> None:
                    raise KeyboardInterrupt

                setattr(increment._Part, where, killed)
                try:
                    jobs.run(settings.model_copy(update={"run_key": "killed", "as_of": self.as_of}))
                except (KeyboardInterrupt, ClaimAuditError):
                    pass
                finally:
                    setattr(increment._Part, where, kept)
            elif what == "release":
                file = practice.folder.parent / "exclusions_list.csv"
                file.write_text(
                    f"npi,from_date,to_date,source,citation\n{worlds.npi(1)},2026-02-0{1 + self.keys % 8},,LIST,letter\n",
                    "utf-8",
                )
                store = reference.store_of(settings.db)
                jobs.make_folder(store, "of the reference releases")
                try:
                    reference.add(store, [file], Hints(published=date(2026, 2, 1 + self.keys % 8)))
                except ClaimAuditError as error:
                    self.told[f"release: {error.cause}"] += 1
            else:
                try:
                    if what == "step":
                        with jobs.open_engine(settings) as engine:
                            (jobs.build_step if where == "build" else jobs.reference_step)(engine, settings)
                    elif what == "pages":
                        with jobs.open_engine(settings) as engine:
                            jobs.prepare_pages(engine)
                    elif what == "window":
                        jobs.run(settings.model_copy(update={"run_key": "window", "date_from": date(2026, 3, 1)}))
                    else:
                        jobs.run(settings.model_copy(update={"run_key": "other", "select": ["UNT", "PRV"]}))
                except ClaimAuditError as error:
                    self.told[f"{what}: {type(error).__name__}"] += 1

    # Runs -------------------------------------------------------------------------------------------------------------

    def _write(self) -> None:
        shutil.rmtree(self.inputs)
        self.inputs.mkdir()
        for name, (record, rows) in self.files.items():
            if rows:
                (self.inputs / name).write_text(self._drawn(name, record, rows), "utf-8")
        for name, content in self.other.items():
            (self.inputs / name).write_text(str(content), "utf-8")

    def _drawn(self, name: str, record: str, rows: list[Row]) -> str:
        return formats.table(rows)

    def _run(self, practice: Any, run_key: str, threads: int) -> str:
        """What it ended with: nothing, or the error."""
        practice.again = None
        told: list[str] = []
        ended = ""
        try:
            jobs.run(
                self._settings(practice, run_key=run_key, as_of=self.as_of).model_copy(update={"threads": threads}),
                lambda step, detail: (
                    told.append(detail) if "judged again" in detail or detail == "merged tables" else None
                ),
            )
        except ClaimAuditError as error:
            ended = f"{type(error).__name__}: {error.cause}"
        if "merged tables" in told:
            practice.again = int(told[0].split()[0])
        elif told:
            self.told["given up"] += 1
            self.log.append("given up")
        return ended

    def step(self, joined: bool = False) -> None:
        """A few changes, perhaps something in between, and a run both ways."""
        from tests.test_increment import HISTORY, assert_joined, written

        changes = self.chance.choices(self.CHANGES, k=self.chance.choice((0, 1, 1, 1, 2, 2, 3))) if self.keys else []
        self.log.append(" + ".join(change.__name__ for change in changes) or "nothing")
        for change in changes:
            change(self)
        self._write()
        if self.keys and self.chance.random() < 0.2:
            self.between()
        if not self.keys or self.chance.random() < 0.8:
            self.keys += 1
        run_key = f"{self.chance.choice('ab')}{self.keys}"
        threads = self.chance.choice((1, 1, 2))
        with self.whole.engine() as engine:
            engine.execute("drop table if exists audit.standing")
        ended, wanted = self._run(self.on, run_key, threads), self._run(self.whole, run_key, 1)
        self.told["steps"] += 1
        if self.whole.again is not None:
            raise Differs("the whole run went on")
        self.told["went on"] += self.on.again is not None
        self.told["nobody touched"] += self.on.again == 0
        self.log.append(f"-> {run_key} as of {self.as_of}, {self.on.again} again {ended}")
        if ended != wanted:
            raise Differs(f"{ended or 'ended well'} / {wanted or 'ended well'}")
        if ended:
            self.told["errors"] += 1
            return
        with self.on.engine() as one, self.whole.engine() as other:
            for table in (*HISTORY, "audit.control_total", "audit.file_total", "audit.reject", "raw.file"):
                rows = f"select * from {table} order by all"
                if one.rows(rows) != other.rows(rows):
                    raise Differs(table)
        files, others = written(self.on.folder / "out" / run_key), written(self.whole.folder / "out" / run_key)
        if odd := [name for name in sorted(files.keys() | others.keys()) if files.get(name) != others.get(name)]:
            raise Differs(f"{len(odd)} files: {odd[:6]}")
        if joined:
            copy = type(self.on)(self.folder / "copy", self.on.checks)
            copy.folder.mkdir()
            shutil.copy(self.on.folder / "practice.duckdb", copy.folder)
            try:
                assert_joined(copy)
            except AssertionError as error:
                raise Differs(f"core: {str(error)[:300]}") from error
            finally:
                shutil.rmtree(copy.folder)


class Post(Life):
    """The same for a practice whose claims come in X12 and FHIR, and whose remittances come when they come."""

    def _world(self, seed: int, patients: int) -> Records:
        return formats.source(seed, patients)

    def _drawn(self, name: str, record: str, rows: list[Row]) -> str:
        """Claim lines in a format of the file; those of which no claim can be made stay a table."""
        way = random.Random(f"{self.seed} {name}").choice(("837", "837", "837", "fhir", "table"))
        if record != "claim_lines" or way == "table":
            return super()._drawn(name, record, rows)
        known = {"patients.csv": "patients", "payers.csv": "payers", "providers.csv": "providers"}
        rows = _with_one_header(rows)
        about = {what: self.files[file][1] for file, what in known.items() if file in self.files}
        try:
            text = (formats.professional if way == "837" else formats.explanations)({**about, "claim_lines": rows})
        except (ArithmeticError, KeyError, ValueError):
            way, text = "table of messy rows", super()._drawn(name, record, rows)
        self.told[way] += 1
        return text

    def other_format(self) -> None:
        """Remittances of some claims come, go, take back, or decide again."""
        chance = self.chance
        if self.other and chance.random() < 0.25:
            self.other.pop(chance.choice(sorted(self.other)))
            return
        self.number += 1
        name = self._pick("claim_lines")
        rows = (
            [row for row in self.files[name][1] if row.get("paid_amount") and row.get("allowed_amount")] if name else []
        )
        claims = sorted({row["claim_id"] for row in rows})
        some = set(chance.sample(claims, min(len(claims), chance.choice((2, 5, 1000)))))
        rows = [
            row | chance.choice(({}, {}, {"paid_amount": "1.00"}, {"line_status": "denied"}))
            for row in rows
            if row["claim_id"] in some
        ]
        try:
            text = formats.remittances(_with_one_header(rows), reversed_on=chance.choice(("", "", "", "2026-06-29")))
        except (ArithmeticError, KeyError, ValueError):
            return
        self.told["remittances"] += 1
        self.other[f"{chance.choice('az')}{self.number}.835"] = text

    CHANGES = (*Life.CHANGES, *(other_format,) * 8)


def _with_one_header(lines: list[Row]) -> list[Row]:
    """Each claim as it was sent says of all its lines what it says of the first."""
    first: dict[tuple[str, ...], Row] = {}
    return [
        row
        | first.setdefault(
            (row["claim_id"], row.get("claim_frequency") or "1", row.get("received_date", "")),
            {name: row.get(name, "") for name in formats.HEADER},
        )
        for row in lines
    ]


def _without_pages(engine: Any, out: Path) -> None:
    """Pages are a function of tables."""


def main(first: int, last: int, steps: int, work: Path, pages: int = 0, numbers: int = 0, post: int = 2) -> None:
    """Lives of many seeds, every so many of claims that come as `Post`; what differed stays in its folder."""
    import time

    increment.LEAST_PART, increment.LEAST_LINES = 1, 0
    told: Counter[str] = Counter()
    for seed in range(first, last):
        if numbers:
            ingest._NUMBERS = 1 << 23 if seed % numbers else 1 << 13
        folder, started = work / str(seed), time.monotonic()
        shutil.rmtree(folder, ignore_errors=True)
        chance = random.Random(seed)
        checks = chance.sample(sorted(registry.checks()), 30) if seed % 3 else []
        life = (Post if post and seed % post == 0 else Life)(seed, folder, checks, 16 + seed % 3 * 8)
        try:
            with pytest.MonkeyPatch.context() as patch:
                if not pages or seed % pages:
                    patch.setattr(jobs, "render", _without_pages)
                for number in range(steps):
                    life.step(joined=number == steps - 1)
        except Exception as error:
            told["differed"] += 1
            print(f"seed {seed}: {type(error).__name__} {str(error)[:600]}\n  " + "\n  ".join(life.log), flush=True)
        else:
            shutil.rmtree(folder)
        told += life.told
        print(seed, f"{time.monotonic() - started:.0f} s", dict(told), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]), Path(sys.argv[4]), *map(int, sys.argv[5:]))
