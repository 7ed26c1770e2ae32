"""Writes the sample data: claims and notes of four invented clinics, and the answer key of the errors planted in them.

    python sample_data/generate.py [--out DIR]

Needs the standard library alone and nothing of claimaudit; the same bytes on every run. See README.md beside this file.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import part_codes
import part_episodes
import part_medical
from clean_world import (
    AS_OF,
    CLINICS,
    EVALUATIONS,
    FIRST_DAY,
    LOCUM,
    MEDICARE,
    PAYERS,
    PROVIDERS,
    THRESHOLD,
    Claim,
    Clinic,
    Episode,
    Line,
    World,
    build_clean_world,
    npi_is_valid,
)
from part import KEY_COLUMNS, Part, Row
from planted_errors import CHECKS, KeyRow, plant_all

SEED = 20261031
LEAST_PLANTS = 3  # findings per check
UNBILLED_AFTER = timedelta(days=45)

CLAIM_COLUMNS = (
    "claim_id line_number claim_frequency original_claim_id patient_id payer_id billing_npi rendering_npi "
    "place_of_service service_date service_date_to received_date processed_date procedure_code "
    "modifier_1 modifier_2 modifier_3 modifier_4 units "
    "diagnosis_1 diagnosis_2 diagnosis_pointers charge_amount allowed_amount paid_amount line_status carc_codes "
    "clinic_id state"
).split()
# what only parts write: in their claim files, where a line of theirs has it
MORE_CLAIM_COLUMNS = [
    *(f"diagnosis_{place}" for place in range(3, 13)),
    *"rarc_codes ndc ndc_quantity ndc_unit prior_authorization".split(),
]
COLUMNS = {
    "visits": "patient_id service_date rendering_npi discipline timed_minutes total_minutes start_time end_time "
    "note_signed_date note_author_npi",
    "visit_services": "patient_id service_date rendering_npi procedure_code minutes assistant_minutes start_time end_time "
    "group_size",
    "plans_of_care": "patient_id discipline billing_npi evaluation_date plan_to plan_sent_date order_signed_date "
    "certified_date certifier_npi",
    "progress_reports": "patient_id discipline report_date author_npi author_role",
    "providers": "npi provider_name discipline specialty_code taxonomy_code clinic_id role active_from active_to",
    "payers": "payer_id payer_name payer_class units_method uses_ncci uses_therapy_threshold requires_discipline_modifier "
    "requires_assistant_modifier requires_certified_plan bilateral_form wants_97014 timely_filing_days mac ncci_setting same_provider "
    "requires_rehabilitative_modifier",
    "patients": "patient_id patient_name birth_date zip",
    "therapy_accumulators": "patient_id year bucket amount_used as_of_date",
    "provider_days": "npi date clinicians",
    "coverage_policies": "payer_id mac region policy_id policy_version code_low code_high dx_low dx_high group_no role "
    "pair_group_no dos_from dos_to",
    "exclusions": "npi from_date to_date source",
}
SPECIALTY = {"PT": ("65", "225100000X"), "OT": ("67", "225X00000X"), "SLP": ("15", "235Z00000X")}

# Practices beside the four clinics, each for a group of checks: part_<name>.py with a function `build`.
PARTS: list[Callable[[], Part]] = [part_codes.build, part_episodes.build, part_medical.build]


def number(value: Decimal | None) -> str:
    """A decimal in plain digits; blank where unknown."""
    return "" if value is None else format(value, "f")


def day(value: date | None) -> str:
    return value.isoformat() if value else ""


# --- rows of the files --------------------------------------------------------------------------------------------


def claim_row(claim: Claim, line: Line) -> Row:
    row = {
        "claim_id": claim.claim_id, "line_number": str(line.number), "claim_frequency": claim.frequency,
        "original_claim_id": claim.original_id, "patient_id": claim.patient.patient_id, "payer_id": claim.payer,
        "billing_npi": claim.billing_npi, "rendering_npi": line.provider.npi, "place_of_service": "11",
        "service_date": day(line.day), "received_date": day(claim.received), "processed_date": day(claim.processed),
        "service_date_to": day(line.service_date_to or (line.day if claim.clinic.writes_end_date else None)),
        "procedure_code": line.code, "units": number(line.units),
        "diagnosis_pointers": ":".join("12"[: len(claim.diagnoses)]), "charge_amount": number(line.charge),
        "allowed_amount": number(line.allowed), "paid_amount": number(line.paid),
        "line_status": line.status, "carc_codes": line.carc,
        "clinic_id": claim.clinic.clinic_id, "state": claim.clinic.state,
    }  # fmt: skip
    row |= {f"modifier_{place}": modifier for place, modifier in enumerate(line.modifiers, start=1)}
    row |= {f"diagnosis_{place}": code for place, code in enumerate(claim.diagnoses, start=1)}
    return row


def visit_rows(world: World) -> tuple[list[Row], list[Row]]:
    """Rows of visits.csv and of visit_services.csv."""
    visits, services = [], []
    for visit in sorted(world.visits, key=lambda v: (v.day, v.patient.patient_id, v.discipline, v.provider.npi)):
        if visit.note == "absent":
            continue
        head = {
            "patient_id": visit.patient.patient_id,
            "service_date": day(visit.day),
            "rendering_npi": visit.provider.npi,
        }
        silent = visit.note == "none"
        visits.append(
            head | {
                "discipline": visit.discipline, "timed_minutes": "" if silent else str(visit.timed_minutes),
                "total_minutes": "" if silent else str(visit.total_minutes),
                "note_signed_date": day(visit.day), "note_author_npi": visit.provider.npi,
            }
        )  # fmt: skip
        for service in visit.services if visit.note == "full" else []:
            services.append(
                head | {
                    "procedure_code": service.code, "minutes": str(service.minutes),
                    "assistant_minutes": str(service.assistant or ""), "group_size": str(service.group_size or ""),
                }
            )  # fmt: skip
    return visits, services


def plan_rows(episodes: list[Episode]) -> tuple[list[Row], list[Row]]:
    """Rows of plans_of_care.csv and progress_reports.csv: a certified plan for every 80 days of an episode, and a
    clinician's report at least every ninth treatment day."""
    authors = {(p.clinic.clinic_id, p.discipline): p.npi for p in reversed(PROVIDERS)}
    plans, reports = [], []
    for episode in episodes:
        head = {"patient_id": episode.patient.patient_id, "discipline": episode.discipline}
        start = episode.days[0]
        while start <= episode.days[-1]:
            certified = start + timedelta(days=12)
            plans.append(
                head | {
                    "billing_npi": episode.patient.clinic.npi, "evaluation_date": day(start),
                    "plan_to": day(start + timedelta(days=85)),
                    "plan_sent_date": day(min(start + timedelta(days=2), AS_OF)),
                    "certified_date": day(certified) if certified <= AS_OF else "",
                }
            )  # fmt: skip
            start += timedelta(days=80)
        for reported in episode.days[8::9]:
            author = authors[(episode.patient.clinic.clinic_id, episode.discipline)]
            reports.append(head | {"report_date": day(reported), "author_npi": author, "author_role": "clinician"})
    return plans, reports


def provider_rows() -> list[Row]:
    rows = []
    for provider in [*PROVIDERS, LOCUM]:
        specialty, taxonomy = SPECIALTY[provider.discipline]
        rows.append({
            "npi": provider.npi, "provider_name": provider.name, "discipline": provider.discipline,
            "specialty_code": specialty, "taxonomy_code": taxonomy, "clinic_id": provider.clinic.clinic_id,
            "role": "locum" if provider is LOCUM else "therapist",
            "active_from": "2026-07-27" if provider is LOCUM else "2020-01-06",
        })  # fmt: skip
    return rows + [{"npi": c.npi, "provider_name": c.name, "clinic_id": c.clinic_id, "role": "group"} for c in CLINICS]


def patient_rows(world: World) -> list[Row]:
    return [
        {"patient_id": p.patient_id, "patient_name": p.name, "birth_date": day(p.birth_date)} for p in world.patients
    ]


def accumulator_rows(world: World) -> list[Row]:
    return [
        {
            "patient_id": patient,
            "year": str(year),
            "bucket": bucket,
            "amount_used": number(amount),
            "as_of_date": day(since),
        }
        for patient, (year, bucket, amount, since) in sorted(world.spent_elsewhere.items())
    ]


def provider_day_rows(world: World) -> list[Row]:
    """The crowded days whose staffing is known, and a few ordinary ones."""
    ordinary = [(PROVIDERS[i].npi, date(2026, 5, 4) + timedelta(days=i), 1 + i % 2) for i in range(5)]
    return [{"npi": npi, "date": day(d), "clinicians": str(n)} for npi, d, n in sorted(world.provider_days + ordinary)]


def key_rows(key: list[KeyRow], parts: list[Part]) -> list[Row]:
    rows = [row.cells() for row in key] + [row for part in parts for row in part.key]
    return sorted(rows, key=lambda row: [row[c] for c in KEY_COLUMNS])


# --- writing ------------------------------------------------------------------------------------------------------


def write_csv(path: Path, columns: list[str], rows: Iterable[Row]) -> None:
    """One CSV file; a name that ends in .gz is compressed, without name or time so that its bytes stay the same."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)


def claim_file_name(clinic: Clinic) -> str:
    return f"claim_lines_{clinic.file_stem}.csv" + (".gz" if clinic.compressed else "")


def write_all(world: World, key: list[KeyRow], parts: list[Part], out: Path) -> None:
    """claims/*.csv and expected_findings.csv under `out`."""
    folder = out / "claims"
    folder.mkdir(parents=True, exist_ok=True)
    for clinic in CLINICS:
        claims = sorted((c for c in world.claims if c.clinic is clinic), key=lambda c: (c.received, c.claim_id))
        write_csv(folder / claim_file_name(clinic), CLAIM_COLUMNS, (claim_row(c, x) for c in claims for x in c.lines))
    visits, services = visit_rows(world)
    plans, reports = plan_rows(world.episodes)
    rows = {
        "visits": visits, "visit_services": services, "plans_of_care": plans, "progress_reports": reports,
        "providers": provider_rows(), "payers": PAYERS, "patients": patient_rows(world),
        "therapy_accumulators": accumulator_rows(world), "provider_days": provider_day_rows(world),
    }  # fmt: skip
    for part in parts:
        lines = part.records["claim_lines"]
        more = [name for name in MORE_CLAIM_COLUMNS if any(line.get(name) for line in lines)]
        write_csv(folder / f"claim_lines_{part.name}.csv", CLAIM_COLUMNS + more, lines)
    for record, columns in COLUMNS.items():
        found = rows.get(record, []) + [row for part in parts for row in part.records.get(record, [])]
        if found:
            named = [name for name in columns.split() if any(name in row for row in found)]
            write_csv(folder / f"{record}.csv", named, found)
    write_csv(out / "expected_findings.csv", KEY_COLUMNS, key_rows(key, parts))


# --- the generator looks at its own work --------------------------------------------------------------------------


def check_claims(world: World) -> None:
    lines = [(c, x) for c in world.claims for x in c.lines]
    assert 15_000 <= len(lines) <= 18_000, f"{len(lines)} claim lines"
    identity = Counter((c.claim_id, c.received, x.number) for c, x in lines)
    assert max(identity.values()) == 1, "a claim line number comes twice"
    owner: dict[str, tuple[object, str]] = {}
    for claim, line in lines:
        assert owner.setdefault(claim.claim_id, (claim.patient, claim.payer)) == (claim.patient, claim.payer), (
            claim.claim_id
        )
        assert FIRST_DAY <= line.day <= AS_OF and claim.received <= AS_OF, claim.claim_id
        assert claim.processed is None or claim.received <= claim.processed <= AS_OF, claim.claim_id
        assert claim.payer != MEDICARE or claim.processed, claim.claim_id
        assert len(line.modifiers) <= 4 and len(claim.diagnoses) <= 2, claim.claim_id
    assert max(x.day for _, x in lines) == AS_OF


def check_npis(world: World) -> None:
    assert all(npi_is_valid(p.npi) for p in PROVIDERS) and all(npi_is_valid(c.npi) for c in CLINICS)
    assert not npi_is_valid(LOCUM.npi)
    assert len({p.npi for p in [*PROVIDERS, LOCUM]} | {c.npi for c in CLINICS}) == len(PROVIDERS) + 1 + len(CLINICS)


def check_threshold(world: World, key: list[KeyRow]) -> None:
    """KX is where the running total asks for it, and nowhere else, but for the lines in the key."""
    missing = {row.line for row in key if row.check == "CAP101"}
    early = {row.line for row in key if row.check == "CAP102"}
    crossing: dict[tuple[Claim, str | None], bool] = defaultdict(bool)
    walk = list(world.threshold_walk())
    for line, _, after, accrues in walk:
        crossing[(line.claim, line.bucket)] |= accrues and after > THRESHOLD[line.day.year]
    for line, _, after, accrues in walk:
        above, has_kx = after > THRESHOLD[line.day.year], "KX" in line.modifiers
        if line in missing:
            assert above and not has_kx, line.claim.claim_id
        elif line in early:
            assert not crossing[(line.claim, line.bucket)] and has_kx, line.claim.claim_id
        elif accrues:
            assert has_kx or not above, f"KX missing on {line.claim.claim_id}"
            assert not has_kx or crossing[(line.claim, line.bucket)], f"KX too early on {line.claim.claim_id}"


def check_visits(world: World, key: list[KeyRow]) -> None:
    """Every visit that earns a unit and is old enough has a claim, but for those in the key."""
    unbilled = {row.visit for row in key if row.check == "UNT106"}
    billed = {(c.patient, x.day, x.provider.npi) for c in world.claims for x in c.lines}
    for visit in world.visits:
        billable = visit.timed_minutes >= 8 or any(s.code in EVALUATIONS for s in visit.services)
        if billable and visit.day < AS_OF - UNBILLED_AFTER:
            has_claim = (visit.patient, visit.day, visit.provider.npi) in billed
            assert has_claim != (visit in unbilled), (visit.patient.patient_id, visit.day)


def check_key(key: list[KeyRow], parts: list[Part]) -> None:
    rows = key_rows(key, parts)
    planted = Counter(row["check_code"] for row in rows if not row["why"].startswith("follows:"))
    assert set(CHECKS) <= set(planted), set(CHECKS) - set(planted)
    assert min(planted[check] for check in CHECKS) >= LEAST_PLANTS, planted
    assert len({tuple(row[c] for c in KEY_COLUMNS[:8]) for row in rows}) == len(rows), "a key row comes twice"


def check_parts(world: World, parts: list[Part]) -> None:
    """No patient, claim or NPI of a part is another's."""
    owner: dict[tuple[str, str], str] = {("patient_id", p.patient_id): "clinics" for p in world.patients}
    owner |= {("claim_id", c.claim_id): "clinics" for c in world.claims}
    owner |= {("npi", p.npi): "clinics" for p in [*PROVIDERS, *CLINICS, LOCUM]}
    for part in parts:
        named = {(name, line[name]) for line in part.records["claim_lines"] for name in ("patient_id", "claim_id")}
        named |= {("npi", row["npi"]) for row in part.records.get("providers", [])}
        for name in sorted(named):
            assert owner.setdefault(name, part.name) == part.name, name


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the sample claims and their answer key.")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent, help="folder to write into")
    out = parser.parse_args().out
    world = build_clean_world(SEED)
    key = plant_all(world)
    check_claims(world)
    check_npis(world)
    check_threshold(world, key)
    check_visits(world, key)
    parts = [build() for build in PARTS]
    check_key(key, parts)
    check_parts(world, parts)
    write_all(world, key, parts, out)
    lines = sum(len(c.lines) for c in world.claims) + sum(len(part.records["claim_lines"]) for part in parts)
    print(
        f"{lines} claim lines, {len(world.visits)} visits, {len(world.patients)} patients of the clinics, "
        f"{len(key_rows(key, parts))} rows in the key"
    )


if __name__ == "__main__":
    main()
