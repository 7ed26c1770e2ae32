"""Patterns of providers (PRV101 to PRV107) worked out from all rows of the sample, in plain Python.

Who stands out depends on everybody: a provider is compared with all others of the discipline, those of the four clinics and of the parts alike. So these rows
of the key are not written down beside each plant; they are calculated at the end from what the files say. The parts say which providers are meant to stand out,
and `expected` fails when one of them does not.

The patient is the unit of every comparison. A measure is a ratio of two sums over patients (minutes by visits, lines by lines); its variance comes from the
residuals of the patients. Welch's t test asks whether the provider is above the peers together. A share must be above by the chi-square test of the 2x2 table,
too, without a correction for continuity. Benjamini and Hochberg hold the rate of false discoveries at 5 % over all providers and measures.
"""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from part import Row

RATE = 0.05
LEAST_PATIENTS, LEAST_PEERS = 30, 5
CLONE_DAYS, CLONE_SHARE, CLONE_PATIENTS = 20, Decimal("0.9"), 3
LEAST_MONTHS, SIDE_MONTHS, MONTH_VISITS, CODE_SHARE = 8, 3, 10, Decimal("0.1")
PERMUTATIONS, ENOUGH_REACHED = 4999, 30  # no more orders once so many part as well as the true one

# codes of the sample that are therapy, by how they are counted; codes that had ended, drugs, supplies and reporting codes are not here
TIMED = set(
    "97032 97033 97034 97035 97036 97110 97112 97113 97116 97124 97129 97130 97140 97530 97533 97535 97537 97542 97750 97755 97760 97761 97763".split()
)
UNTIMED = set(
    "92507 92508 92523 92524 92526 97010 97012 97014 97016 97018 97022 97150 97161 97162 97163 97164 97165 97166 97167 97168 97597 97598 97602 G0283 "
    "96105 96125 97545 97546 97550 97551 98979 98980 98981".split()
)
LEVELLED, HIGH = set("97161 97162 97163 97165 97166 97167".split()), {"97163", "97167"}
DISTINCT = {"59", "XE", "XP", "XS", "XU"}
DISCIPLINE = {"GP": "PT", "GO": "OT", "GN": "SLP"}
THRESHOLD_BY_CLASS = {"medicare_b": "true"}


# --- the lines that stand ---------------------------------------------------------------------------------------------


def modifiers(line: Row) -> list[str]:
    return [line[f"modifier_{n}"] for n in range(1, 5) if line.get(f"modifier_{n}")]


def standing(lines: Iterable[Row]) -> list[Row]:
    """What is left of the claims: the last version of each chain unless it is a void, without lines and their mirror images."""
    claims: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for line in lines:
        claims[line["claim_id"], line["patient_id"], line["payer_id"]].append(line)
    chains: dict[tuple[str, str, str], list[tuple[str, str, list[Row]]]] = defaultdict(list)
    for (claim_id, patient, payer), rows in claims.items():
        sent_again = len({row["line_number"] for row in rows}) < len(rows)
        versions: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            versions[row["received_date"] if sent_again else ""].append(row)
        for version in versions.values():
            frequency = version[0].get("claim_frequency") or "1"
            root = claim_id
            while frequency in "78":  # to the claim that was sent first
                before = claims.get((root, patient, payer), [{}])[0].get("original_claim_id") or root
                if before == root:
                    break
                root = before
            chains[root, patient, payer].append((version[0]["received_date"], frequency, version))
    left = []
    for found in chains.values():
        _, frequency, version = max(found, key=lambda v: v[:2])
        if frequency != "8":
            left += version
    service = "patient_id payer_id billing_npi rendering_npi service_date procedure_code".split()

    def mirror(line: Row, sign: int) -> tuple[object, ...]:
        return *(line[name] for name in service), *sorted(modifiers(line)), sign * Decimal(line["units"])

    free: dict[tuple[object, ...], list[Row]] = defaultdict(list)
    for line in left:
        free[mirror(line, 1)].append(line)
    cancelled: set[int] = set()
    for line in left:
        if Decimal(line["units"]) < 0 and free[mirror(line, -1)]:
            cancelled |= {id(line), id(free[mirror(line, -1)].pop(0))}
    return [line for line in left if id(line) not in cancelled]


# --- what is known of a provider's patient ----------------------------------------------------------------------------


@dataclass
class Seen:
    """One patient of one provider."""

    days: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    lines: list[Row] = field(default_factory=list)

    def minutes_on(self, day: str) -> Decimal:
        """15 for each timed unit; a service that stands for several payers counts once."""
        payers: dict[str, Counter[tuple[Decimal | str, ...]]] = defaultdict(Counter)
        for line in self.days[day]:
            if line["procedure_code"] in TIMED and Decimal(line["units"]) > 0:
                service = (Decimal(line["units"]), line["procedure_code"], *sorted(modifiers(line)))
                payers[line["payer_id"]][service] += 1
        once: Counter[tuple[Decimal | str, ...]] = Counter()
        for services in payers.values():
            once |= services
        return 15 * sum((Decimal(units) * count for (units, *_), count in once.items()), Decimal(0))


@dataclass
class Provider:
    npi: str
    discipline: str | None
    patients: dict[str, Seen] = field(default_factory=lambda: defaultdict(Seen))

    @property
    def last_day(self) -> str:
        return max(line["service_date"] for seen in self.patients.values() for line in seen.lines)

    def lines(self) -> list[Row]:
        return [line for seen in self.patients.values() for line in seen.lines]


def read_providers(lines: Iterable[Row], people: Iterable[Row]) -> dict[str, Provider]:
    """Rendering NPIs with therapy lines that were not denied, in the last 24 calendar months of these lines."""
    known = {row["npi"]: row.get("discipline") or None for row in people}
    therapy = [
        x for x in standing(lines) if x["procedure_code"] in TIMED | UNTIMED and x.get("line_status") != "denied"
    ]
    last = max(line["service_date"] for line in therapy)
    month = int(last[:4]) * 12 + int(last[5:7]) - 1 - 23
    first = f"{month // 12:04d}-{month % 12 + 1:02d}-01"
    providers: dict[str, Provider] = {}
    of_lines: dict[str, set[str]] = defaultdict(set)
    for line in therapy:
        if line["service_date"] < first:
            continue
        npi = line["rendering_npi"]
        seen = providers.setdefault(npi, Provider(npi, known.get(npi))).patients[line["patient_id"]]
        seen.lines.append(line)
        of_lines[npi] |= {DISCIPLINE[m] for m in modifiers(line) if m in DISCIPLINE}
        if (line.get("service_date_to") or line["service_date"]) <= line["service_date"]:
            seen.days[line["service_date"]].append(line)
    for npi, provider in providers.items():
        if npi not in known and len(of_lines[npi]) == 1:
            provider.discipline = min(of_lines[npi])
    return providers


# --- tests ------------------------------------------------------------------------------------------------------------


def beta_tail(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function by its continued fraction (the modified method of Lentz)."""
    if x <= 0 or x >= 1:
        return min(max(x, 0.0), 1.0)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_tail(1 - x, b, a)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) / a
    tiny = 1e-300
    value, c, d = 1.0, 1.0, 0.0
    for step in range(400):
        m = step // 2
        if step == 0:
            term = 1.0
        elif step % 2 == 0:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        else:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / ((1 + term * d) or tiny)
        c = (1 + term / c) or tiny
        value *= c * d
        if step and abs(c * d - 1) < 1e-14:
            break
    return front * (value - 1)


def t_tail(t: float, freedom: float) -> float:
    """Chance of a t above `t`."""
    half = beta_tail(freedom / (freedom + t * t), freedom / 2, 0.5) / 2
    return half if t > 0 else 1 - half


def chi_square_tail(chi_square: float) -> float:
    """Chance of a chi-square of one degree of freedom above `chi_square`."""
    return math.erfc(math.sqrt(chi_square / 2))


def ratio(rows: Sequence[tuple[float, int]]) -> tuple[float, float, int]:
    """Sum by sum, its variance from the patients' residuals, and the number of patients."""
    n, below = len(rows), sum(v for _, v in rows)
    value = sum(m for m, _ in rows) / below
    residuals = math.fsum((m - value * v) ** 2 for m, v in rows)
    return value, residuals * n / ((n - 1) * below**2), n


def welch(own: Sequence[tuple[float, int]], peers: Sequence[tuple[float, int]]) -> float:
    (a, var_a, n_a), (b, var_b, n_b) = ratio(own), ratio(peers)
    if var_a + var_b == 0:
        return 0.0 if a > b else 1.0
    freedom = (var_a + var_b) ** 2 / (var_a**2 / (n_a - 1) + var_b**2 / (n_b - 1))
    return t_tail((a - b) / math.sqrt(var_a + var_b), freedom)


def above_by_chi_square(own: Sequence[tuple[float, int]], peers: Sequence[tuple[float, int]]) -> float:
    """One-sided: half of the tail where the provider's share is the higher one."""
    a, n = sum(m for m, _ in own), sum(v for _, v in own)
    b, k = sum(m for m, _ in peers), sum(v for _, v in peers)
    if a + b in (0, n + k):
        return 1.0
    chi_square = (n + k) * (a * (k - b) - b * (n - a)) ** 2 / (n * k * (a + b) * (n + k - a - b))
    half = chi_square_tail(chi_square) / 2
    return half if a * k > b * n else 1 - half


def discoveries(p_values: dict[tuple[str, str], float]) -> set[tuple[str, str]]:
    """Benjamini and Hochberg: all tests up to the last whose p-value is at or below its rank's share of the rate."""
    ranked = sorted(p_values.items(), key=lambda item: item[1])
    last = max((place for place, (_, p) in enumerate(ranked, start=1) if p <= RATE * place / len(ranked)), default=0)
    return {key for key, _ in ranked[:last]}


# --- measures ---------------------------------------------------------------------------------------------------------


def measures(provider: Provider, has_threshold: dict[str, bool | None]) -> dict[str, list[tuple[float, int]]]:
    """For each check the patients' shares in numerator and denominator."""
    found: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for seen in provider.patients.values():
        if seen.days:
            found["PRV101"].append((float(sum(map(seen.minutes_on, seen.days))), len(seen.days)))
        with_threshold = [line for line in seen.lines if has_threshold[line["payer_id"]]]
        if with_threshold:
            found["PRV102"].append((int(any("KX" in modifiers(line) for line in with_threshold)), 1))
        if all(line["allowed_amount"] for line in seen.lines):
            found["PRV103"].append((int(100 * sum(Decimal(line["allowed_amount"]) for line in seen.lines)), 1))
        found["PRV104"].append((sum(bool(DISTINCT & set(modifiers(line))) for line in seen.lines), len(seen.lines)))
        levels = [line["procedure_code"] for line in seen.lines if line["procedure_code"] in LEVELLED]
        if levels:
            found["PRV106"].append((sum(code in HIGH for code in levels), len(levels)))
    return found


def compared(providers: dict[str, Provider], payers: Iterable[Row]) -> dict[tuple[str, str], float]:
    """p-values by check and NPI, where there are enough patients and peers."""
    threshold: dict[str, bool | None] = {}
    for row in payers:
        switch = row.get("uses_therapy_threshold") or THRESHOLD_BY_CLASS.get(row["payer_class"], "")
        threshold[row["payer_id"]] = {"true": True, "false": False}.get(switch)
    measured = {npi: measures(provider, threshold) for npi, provider in providers.items()}
    p_values = {}
    for check in ("PRV101", "PRV102", "PRV103", "PRV104", "PRV106"):
        for npi, provider in providers.items():
            own = measured[npi][check]
            others = [
                measured[other][check]
                for other in providers
                if other != npi and providers[other].discipline == provider.discipline and measured[other][check]
            ]
            peers = [row for rows in others for row in rows]
            if not provider.discipline or min(len(own), len(peers)) < LEAST_PATIENTS or len(others) < LEAST_PEERS:
                continue
            p = welch(own, peers)
            if check in ("PRV102", "PRV104", "PRV106"):
                p = max(p, above_by_chi_square(own, peers))
            p_values[check, npi] = p
    return p_values


def cloned(providers: dict[str, Provider], visits: Iterable[Row], services: Iterable[Row]) -> set[str]:
    """Providers of whose patients three or more have days like each other: codes, units and recorded minutes."""
    notes: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in visits:
        if row.get("timed_minutes") or row.get("total_minutes"):
            key = row["rendering_npi"], row["patient_id"], row["service_date"]
            notes[key].append(f"{row.get('timed_minutes')} {row.get('total_minutes')}")
    for row in services:
        if row.get("minutes") or row.get("assistant_minutes"):
            key = row["rendering_npi"], row["patient_id"], row["service_date"]
            notes[key].append(f"{row['procedure_code']} {row.get('minutes')} {row.get('assistant_minutes') or ''}")
    found = set()
    for npi, provider in providers.items():
        alike = 0
        for patient, seen in provider.patients.items():
            days = Counter(
                (
                    tuple(sorted((x["procedure_code"], Decimal(x["units"])) for x in lines)),
                    *sorted(notes[npi, patient, day]),
                )
                for day, lines in seen.days.items()
            )
            most = max((n for day, n in days.items() if len(day) > 1), default=0)
            alike += len(seen.days) >= CLONE_DAYS and most >= CLONE_SHARE * len(seen.days)
        if alike >= CLONE_PATIENTS:
            found.add(npi)
    return found


def explained(values: Sequence[float]) -> float:
    """The largest part of the variation of a series that one split into before and after explains."""
    n, mean = len(values), math.fsum(values) / len(values)
    whole = math.fsum((x - mean) ** 2 for x in values)
    if whole < 1e-12:
        return 0.0
    best = before = 0.0
    for place, value in enumerate(values[: n - SIDE_MONTHS], start=1):
        before += value - mean
        if place >= SIDE_MONTHS:
            best = max(best, before**2 * n / (place * (n - place)))
    return best / whole


def shifts(providers: dict[str, Provider]) -> dict[tuple[str, str], float]:
    """Permutation p-values of the best split of each provider's months, over all its series."""
    p_values = {}
    for npi, provider in providers.items():
        visits: dict[str, list[Decimal]] = defaultdict(list)
        codes: dict[str, Counter[str]] = defaultdict(Counter)
        for seen in provider.patients.values():
            for day, lines in seen.days.items():
                visits[day[:7]].append(seen.minutes_on(day))
                codes[day[:7]].update(line["procedure_code"] for line in lines)
        months = sorted(month for month, found in visits.items() if len(found) >= MONTH_VISITS)
        if len(provider.patients) < LEAST_PATIENTS or len(months) < LEAST_MONTHS:
            continue
        series = [[float(sum(visits[month]) / len(visits[month])) for month in months]]
        for code in sorted({code for month in months for code in codes[month]}):
            shares = [Decimal(codes[month][code]) / codes[month].total() for month in months]
            if sum(share >= CODE_SHARE for share in shares) >= SIDE_MONTHS:
                series.append([float(share) for share in shares])
        seen_split = max(map(explained, series))
        rng = random.Random(npi)
        order = list(range(len(months)))
        reached = number = 0
        while number < PERMUTATIONS and reached < ENOUGH_REACHED:
            number += 1
            rng.shuffle(order)
            reached += any(explained([values[place] for place in order]) >= seen_split - 1e-9 for values in series)
        p_values["PRV107", npi] = reached / number if reached == ENOUGH_REACHED else (1 + reached) / (1 + number)
    return p_values


# --- rows of the key --------------------------------------------------------------------------------------------------

WHY = {
    "PRV101": "more timed minutes per visit than the peers",
    "PRV102": "KX for more of the patients than the peers",
    "PRV103": "more allowed for each patient than the peers",
    "PRV104": "59 or an X modifier on more of the lines than the peers",
    "PRV105": "patients whose days are all alike",
    "PRV106": "more of the evaluations of high complexity than the peers",
    "PRV107": "billing that changed from one month on",
}


def findings(rows: dict[str, list[Row]]) -> dict[tuple[str, str], str]:
    """Check and NPI of each pattern in these canonical rows, with the provider's last day of therapy."""
    providers = read_providers(rows["claim_lines"], rows["providers"])
    found = discoveries(compared(providers, rows["payers"])) | discoveries(shifts(providers))
    found |= {("PRV105", npi) for npi in cloned(providers, rows["visits"], rows["visit_services"])}
    return {(check, npi): providers[npi].last_day for check, npi in sorted(found)}
