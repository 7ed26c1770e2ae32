"""Pictures: numbers to positions. Every x is in percent of the width, so that a figure fits any page.

The macros of `charts.svg.jinja` draw what is reckoned here.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from . import templating
from .templating import count, money, month

Row = dict[str, Any]

DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")


def spark(months: list[Row]) -> Row | None:
    """Error findings per 100 lines of the last 24 months as an SVG path in a box of 96 by 22, with its reading."""
    known = [(row["month"], 100 * row["errors"] / row["lines"]) for row in months[-24:] if row["lines"]]
    if len(known) < 2:
        return None
    top = max(max(rate for _, rate in known), 1.0)
    step = 92 / (len(known) - 1)
    path = " ".join(f"{2 + i * step:.1f},{20 - 18 * rate / top:.1f}" for i, (_, rate) in enumerate(known))
    when, peak = max(known, key=lambda item: (item[1], item[0]))
    reading = f"highest {peak:.1f} in {month(when)}, last {known[-1][1]:.1f}" if peak else "none in any month"
    return {"path": path, "reading": reading, "end": path.rsplit(" ", 1)[1].split(",")}


def picture(card: Row, evidence: Row, stair: list[Row]) -> tuple[str, Row]:
    code = card["check_code"]
    if code in ("UNT101", "UNT102", "UNT103") and evidence.get("units_billed") is not None:
        codes = [entry for entry in evidence.get("codes") or () if entry.get("minutes")]
        if evidence.get("method") == "cpt" and codes:
            return "rulers", _rulers(evidence)
        if evidence.get("timed_minutes") is not None:
            return "ruler", _ruler(evidence, codes)
    if code in ("UNT111", "UNT112") and evidence.get("implied_minutes") is not None:
        return "clock", _clock(evidence)
    if evidence.get("strip"):
        return "strip", _strip(evidence["strip"], code)
    if stair:
        return "stair", _stair(stair)
    if code in ("MOD105", "MOD106") and evidence.get("therapist_minutes") is not None:
        return ("split", split) if (split := _split(evidence)) else ("", {})
    if code in ("NCC101", "NCC102", "NCC103"):
        return "pair", _pair(evidence, code)
    if code in ("INJ106", "INJ107", "INJ109"):
        return "vial", _vial(evidence)
    timeline = _timeline(card, evidence)
    return ("timeline", timeline) if timeline else ("", {})


def _bands(top: int, total: float) -> list[Row]:
    """Bands of minutes that earn 0, 1, ... `top` units: one from 8 minutes, then one each 15."""
    every = 1 if top <= 8 else 2 if top <= 16 else 8
    return [
        {
            "units": units,
            "x": round(100 * max(0, 15 * units - 7) / total, 2),
            "width": round(100 * (min(15 * units + 8, total) - max(0, 15 * units - 7)) / total, 2),
            "mid": round(50 * (max(0, 15 * units - 7) + min(15 * units + 8, total)) / total, 2),
            "starts": 15 * units - 7 if units else 0,
            "labelled": units % every == 0,
        }
        for units in range(top + 1)
    ]


def _ruler(evidence: Row, codes: list[Row]) -> Row:
    """The day's minutes against the bands of units; segments by code where they add up to the total."""
    minutes, billed, supported = (
        int(evidence[key] or 0) for key in ("timed_minutes", "units_billed", "units_supported")
    )
    top = max(billed, supported) + 1
    total = max(15 * top + 8, minutes + 8)
    if sum(entry["minutes"] for entry in codes) != minutes:
        codes = [{"code": "", "minutes": minutes}]
    segments, start = [], 0
    for entry in sorted(codes, key=lambda entry: -entry["minutes"]):
        segments.append(
            {
                "code": entry["code"],
                "minutes": entry["minutes"],
                "x": round(100 * start / total, 2),
                "width": round(100 * entry["minutes"] / total, 2),
            }
        )
        start += entry["minutes"]
    return {
        "bands": _bands(top, total), "segments": segments, "minutes": minutes, "billed": billed, "supported": supported,
        "now": round(100 * minutes / total, 2),
    }  # fmt: skip


def _rulers(evidence: Row) -> Row:
    """One short ruler per code, on one scale."""
    codes = evidence["codes"]
    top = max(max(int(entry["units"] or 0), ((entry["minutes"] or 0) + 7) // 15) for entry in codes) + 1
    total = max(15 * top + 8, max((entry["minutes"] or 0) for entry in codes) + 8)
    return {
        "bands": _bands(top, total),
        "codes": [{**entry, "width": round(100 * (entry["minutes"] or 0) / total, 2)} for entry in codes],
    }


def _clock(evidence: Row) -> Row:
    """A provider's day against its hours."""
    implied, limit = float(evidence["implied_minutes"]), float(evidence.get("limit_minutes") or 1440)
    total = max(1440.0, implied * 1.05)
    step = 3 if total <= 1500 else 6
    return {
        "implied": round(100 * implied / total, 2),
        "limit": round(100 * limit / total, 2),
        "implied_hours": count(Decimal(str(round(implied / 60, 1)))),
        "limit_hours": count(Decimal(str(round(limit / 60, 1)))),
        "hours": [
            {"hour": hour, "x": round(100 * hour * 60 / total, 2)} for hour in range(0, int(total // 60) + 1, step)
        ],
    }


def _strip(strip: Row, code: str) -> Row:
    """A provider with its interval against single peers, what they are together and their median."""
    dots = sorted(float(value) for value in strip["values"] or ())
    value, low, high = (float(strip[key]) for key in ("value", "low", "high"))
    peer = float(strip["peer"]) if strip["peer"] is not None else None
    everything = [*dots, value, low, high, *([peer] if peer is not None else [])]
    first, last = min(everything), max(everything)
    pad = 0.04 * (last - first) or 1.0

    def x(number: float) -> float:
        return round(100 * (number - first + pad) / (last - first + 2 * pad), 2)

    def shown(number: float) -> str:
        exact = Decimal(str(number))
        return money(exact.quantize(Decimal("0.01"))) if code == "PRV103" else f"{exact.quantize(Decimal('0.1'))}"

    middle = len(dots) // 2
    median = (dots[middle] if len(dots) % 2 else (dots[middle - 1] + dots[middle]) / 2) if dots else None
    return {
        "dots": [x(dot) for dot in dots], "value": x(value), "value_text": shown(value),
        "low": x(low), "high": x(high), "low_text": shown(low), "high_text": shown(high),
        "peer": None if peer is None else x(peer), "peer_text": "" if peer is None else shown(peer),
        "median": None if median is None else x(median), "median_text": "" if median is None else shown(median),
        "least": shown(dots[0]) if dots else "", "most": shown(dots[-1]) if dots else "",
        "unit": {"PRV101": "minutes by visit", "PRV103": "allowed for each patient"}.get(code, "percent"),
    }  # fmt: skip


def _stair(steps: list[Row]) -> Row:
    """The running total of a patient's year in a box of 100 % by 150 pixels."""
    year, threshold, review = steps[0]["year"], steps[0]["threshold"], steps[0]["review_amount"]
    first = date(year, 1, 1)
    span: int = max((date(year, 12, 31) - first).days, max((step["order_date"] - first).days for step in steps))
    peak = max(max(step["running_after"] for step in steps), threshold or 0, review or 0)
    scale = 140 / float(peak or 1)

    def x(when: date) -> float:
        return round(10 + 88 * max(0, (when - first).days) / span, 2)

    def y(amount: Decimal) -> float:
        return round(158 - scale * float(amount), 1)

    path = [f"M0,{y(steps[0]['running_before'])}"]
    marks = []
    for step in steps:
        across = round(1000 * max(0, (step["order_date"] - first).days) / span, 1)
        path += [f"H{across}", f"V{y(step['running_after'])}"]
        if step["flagged"] or step["has_kx"]:
            marks.append(
                {"x": x(step["order_date"]), "y": y(step["running_after"]), "kind": "flag" if step["flagged"] else "kx"}
            )
    marks.sort(key=lambda mark: mark["kind"] == "flag")
    unit = 500 if peak <= 3000 else 1000 if peak <= 8000 else 5000
    return {
        "year": year, "bucket": "PT and SLP together" if steps[0]["bucket"] == "PTSLP" else steps[0]["bucket"],
        "path": "".join(path), "marks": marks, "threshold": threshold, "review": review,
        "threshold_y": y(threshold) if threshold is not None else None,
        "review_y": y(review) if review is not None else None,
        "close": review is not None and threshold is not None and abs(y(review) - y(threshold)) < 16,
        "end": steps[-1]["running_after"], "flagged": sum(1 for step in steps if step["flagged"]), "count": len(steps),
        "elsewhere": steps[0]["running_before"],
        "grid": [{"amount": f"{amount:,}", "y": y(Decimal(amount))} for amount in range(0, int(peak) + 1, unit)],
        "months": [
            {"label": month(when, short=True), "x": x(when)}
            for when in (date(year, number, 1) for number in (1, 3, 5, 7, 9, 11))
        ],
    }  # fmt: skip


def rates(rows: list[Row], provider: Row) -> Row | None:
    """Error rates as dots with intervals; x in percent of the width, the labels left of 38."""
    if len(rows) < 2:
        return None
    # a row of few lines has an interval that would press all others together: it runs out of the figure
    most = max(max(row["error_rate"] for row in rows) * 1.6, rows[0]["rate_high"] * 1.1, 0.01)
    unit = next(u for u in (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5) if most / u <= 5 or u == 0.5)
    label = {
        "own": "This provider, all of the run",
        "clinic": f"Others of clinic {templating.clipped(provider['clinic_id'])}",
        "discipline": f"Other {provider['discipline']} providers",
    }

    def x(rate: float) -> float:
        return round(38 + 61 * min(rate / most, 1), 2)

    return {
        "rows": [
            {
                "label": label.get(row["beside"]) or f"{'Since' if row['beside'] == 'recent' else 'Before'} {month(row['since'])}",
                "rate": templating.percent(row["error_rate"]), "lines": row["lines"], "apart": row["apart"],
                "low_text": templating.percent(row["rate_low"]), "high_text": templating.percent(row["rate_high"]),
                "x": x(row["error_rate"]), "low": x(row["rate_low"]), "high": x(row["rate_high"]),
            }
            for row in rows
        ],
        "grid": [{"x": x(n * unit), "label": f"{100 * n * unit:g} %"} for n in range(int(min(most, 1) / unit + 1e-9) + 1)],
    }  # fmt: skip


def mix(rows: list[Row]) -> list[Row]:
    """Codes with the lengths of their bars, the longest 100."""
    longest = max((max(row["rate"], row["peer_rate"] or 0) for row in rows), default=1)
    for row in rows:
        row["x"] = round(100 * row["rate"] / longest, 1)
        row["peer_x"] = None if row["peer_rate"] is None else round(min(98.5, 100 * row["peer_rate"] / longest), 1)
    return rows


def _split(evidence: Row) -> Row | None:
    """A code's minutes by who gave them, in blocks of fifteen."""
    therapist, assistant = (int(evidence[key] or 0) for key in ("therapist_minutes", "assistant_minutes"))
    if not therapist + assistant:
        return None
    total = 15 * max(-(-(therapist + assistant) // 15), int(evidence["units_billed"] or 0), 1)
    step = 15 if total <= 120 else 60
    return {
        "therapist": therapist, "assistant": assistant, "modifier": evidence["modifier"],
        "therapist_w": round(100 * therapist / total, 2), "assistant_w": round(100 * assistant / total, 2),
        "blocks": [{"minute": minute, "x": round(100 * minute / total, 2)} for minute in range(0, total + 1, step)],
        "billed": evidence["units_billed"], "with": evidence["units_with"], "required": evidence["units_required"],
    }  # fmt: skip


def _pair(evidence: Row, code: str) -> Row:
    """Two codes of a day and the edit between them; the modifiers of the first stand before the stroke, those of the second after it."""
    first, _, second = str(evidence.get("modifiers_seen") or "").partition("/")
    return {
        "first": evidence["column_1"], "first_modifiers": first.strip(), "second": evidence["procedure_code"],
        "second_modifiers": second.strip(),
        "edit": {
            "NCC101": "no modifier lifts this pair", "NCC102": "a modifier may lift this pair: none stands",
            "NCC103": f"lifted by {evidence.get('bypass')}",
        }[code],
        "broken": code == "NCC103",
    }  # fmt: skip


def _vial(evidence: Row) -> Row:
    """What was given and billed as discarded, against the smallest sum of vials that holds what was given."""
    given, waste = (Decimal(str(evidence.get(key) or 0)) for key in ("given_units", "waste_units"))
    rest = Decimal(str(evidence.get("rest_units") or evidence.get("unused_units") or 0))
    total = float(max(given + rest, given + waste)) or 1.0
    return {
        "given": given, "waste": waste, "rest": rest, "holds": given + rest, "vials": evidence["vials"],
        "given_w": round(100 * float(given) / total, 2), "waste_w": round(100 * float(waste) / total, 2),
        "holds_x": round(100 * float(given + rest) / total, 2),
    }  # fmt: skip


def _timeline(card: Row, evidence: Row) -> Row | None:
    """Days that a rule counts between: what is covered as a bar, what happened as marks."""
    code = card["check_code"]

    def known(key: str) -> date | None:
        value = evidence.get(key)
        return date.fromisoformat(value) if isinstance(value, str) and DAY.match(value) else None

    covered: tuple[date | None, date | None, str] = (None, None, "")
    marks: list[tuple[date | None, str]] = []
    if code == "DOC103":
        covered = known("last_plan_from"), known("last_plan_to"), "certified plan"
        marks = [(known("service_date"), "service")]
    elif code == "DOC102" and known("first_day") and evidence.get("timely_days") is not None:
        first = known("first_day")
        covered = first, first + timedelta(int(evidence["timely_days"])) if first else None, "timely"
        marks = [(known("certified_date"), "certified")]
    elif code == "BIL103":
        covered = known("service_date"), known("last_day"), "may be filed"
        marks = [(known("received_date"), "received")]
    elif code == "INJ103":
        covered = known("previous_date"), known("earliest_date"), "interval expected"
        marks = [(card["service_date"], "injected again")]
    elif code == "DOC105":
        covered = known("run_from"), known("run_to"), "assistant alone"
        marks = [(known("first_day"), "episode begins")]
    elif code == "BIL110":
        covered = known("active_from"), known("active_to"), "active"
        marks = [(card["service_date"], "service")]
    start, end, word = covered
    shown = [(when, label) for when, label in marks if when]
    if not start or not end or not shown:
        return None
    first, last = min([start, *(when for when, _ in shown)]), max([end, *(when for when, _ in shown)])
    days = max((last - first).days, 1)

    def x(when: date) -> float:
        return round(2 + 96 * (when - first).days / days, 2)

    return {
        "from": x(start), "width": round(x(end) - x(start), 2), "word": word, "start": start, "end": end,
        "marks": [{"x": x(when), "label": label, "when": when} for when, label in shown],
    }  # fmt: skip


def months(months: list[Row]) -> Row | None:
    """Findings per 100 lines by month, the last 24 months, in a box of 100 % by 130 pixels."""
    shown = months[-24:]
    if not any(row["lines"] for row in shown):
        return None
    rates = [
        (100 * row["errors"] / row["lines"], 100 * row["reviews"] / row["lines"]) if row["lines"] else (0.0, 0.0)
        for row in shown
    ]
    peak = max(max(e + r for e, r in rates), 1.0)
    unit = next(u for u in (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10000) if peak / u <= 4)
    scale = 100 / peak
    slot = 93 / len(shown)
    every = 1 if len(shown) <= 12 else 3
    bars = []
    for i, (row, (error, review)) in enumerate(zip(shown, rates, strict=True)):
        bars.append(
            {
                "x": round(7 + i * slot + slot * 0.12, 2), "mid": round(7 + (i + 0.5) * slot, 2),
                "width": round(slot * 0.76, 2),
                "error_y": round(112 - scale * error, 1), "error_h": round(scale * error, 1),
                "review_y": round(112 - scale * (error + review), 1), "review_h": round(scale * review, 1),
                "label": month(row["month"], short=True) if i % every == 0 else "",
                # on a narrow page the year of a first month would run into that of a January soon after it
                "year": str(row["month"].year) if row["month"].month <= (9 if i == 0 else 1) else "",
                "month": month(row["month"]), "lines": row["lines"], "errors": row["errors"], "reviews": row["reviews"],
                "stands_out": row["stands_out"],
            }
        )  # fmt: skip
    return {
        "bars": bars,
        "grid": [
            {"label": count(Decimal(str(n * unit))), "y": round(112 - scale * n * unit, 1)}
            for n in range(int(peak / unit) + 1)
        ],
        "earlier": len(months) - len(shown),
        "from": month(shown[0]["month"]),
        "to": month(shown[-1]["month"]),
        "none": not any(e + r for e, r in rates),
    }
