"""Dates: a calendar date read from a header's value or from an address, or None; nothing is guessed.

No result depends on today's date: the same text gives the same date in every year.
"""

from __future__ import annotations

import datetime
import re

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun",
            "july jul", "august aug", "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(_MONTHS)
_CLOCK = r"(?:(?:[T,]|at\b|at\s)?\s*\d{1,2}[:h]\d{2}\b)"
# After the date: the end, white space, or a sign that a date ends with, but no further digit.
_END = r"(?!\d)"
_YEAR_FIRST = re.compile(
    rf"(?P<y>\d{{4}})(?:(?P<s>[-/.])(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}})"
    rf"|\.\s(?P<m3>\d{{1,2}})\.\s(?P<d3>\d{{1,2}})"
    rf"|\s?[年년]\s?(?P<m2>\d{{1,2}})\s?[月월]\s?(?P<d2>\d{{1,2}})\s?[日号號일]?){_END}",
)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:T?\d{6}Z?|T?\d{4}|\s.*)?$", re.DOTALL)
_WEEKDAY = r"(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?[.,]*\s+)?"
_DAY_FIRST = re.compile(
    rf"{_WEEKDAY}(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.)?[-\s]\s*(?:of\s+)?(?P<month>{_MONTH})\b[.,]?[-\s]\s*(?P<y>\d{{4}}){_END}",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"{_WEEKDAY}(?P<month>{_MONTH})\b\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}}){_END}",
    re.IGNORECASE,
)
# Another year behind the date makes a range of it; the `2023` of a clock or of a time zone is none.
_OTHER_YEAR = re.compile(r"(?<![\d:.+-])(?:1[89]|20)\d{2}(?![\d:])|\d[-/.]\d{1,2}[-/.]\d")
_LONGEST_VALUE = 80
_YEARS = range(1700, 2101)


def date_in_value(value: str) -> datetime.date | None:
    """The date that a header's value starts with, or None; None also for `03/04/2023`, which reads two ways, and for ranges."""
    value = value.strip()
    if len(value) > _LONGEST_VALUE or not any(map(str.isdigit, value)):
        return None
    for form in (_YEAR_FIRST, _COMPACT, _DAY_FIRST, _MONTH_FIRST):
        match = form.match(value)
        if match is not None:
            return None if _OTHER_YEAR.search(value, match.end()) else _calendar_date(match)
    return _worded_date(value)


def _calendar_date(match: re.Match[str]) -> datetime.date | None:
    """The date of a match's year, month and day, or None where the calendar has no such day."""
    found = {name: text for name, text in match.groupdict().items() if text is not None}
    month = _MONTHS[found["month"].lower()] if "month" in found else int(found.get("m") or found.get("m2") or found["m3"])
    day = int(found.get("d") or found.get("d2") or found["d3"])
    return _valid(int(found["y"]), month, day, _YEARS)


def _valid(year: int, month: int, day: int, years: range) -> datetime.date | None:
    """The date, or None where the calendar has no such day or the year is not among `years`."""
    try:
        return datetime.date(year, month, day) if year in years else None
    except ValueError:
        return None


_WORDED = re.compile(r"(?:[^\W\d_]+[.,]*\s+)?\d{1,2}(?:er|\.|º)?\s+(?:de\s+)?[^\W\d_]{3,}\.?\s+(?:de\s+)?(?:19|20)\d{2}(?!\d)")


def _worded_date(value: str) -> datetime.date | None:
    """The date in a value such as `10. Dezember 2023`, by htmldate's names of months, or None."""
    match = _WORDED.match(value)
    if match is None or _OTHER_YEAR.search(value, match.end()):
        return None
    from htmldate.extractors import regex_parse  # costs a tenth of a second and is seldom needed

    found = regex_parse(match[0])
    return None if found is None else _valid(found.year, found.month, found.day, _YEARS)


# An address: what looks like a year at all, so that htmldate is loaded only where it can help.
_YEAR = r"(?:199\d|20[0-3]\d)"
_MAYBE = re.compile(rf"(?<!\d){_YEAR}[-_/]?\d")
# `/2023/10/5-things` and `2023-10-5-things` count the things, not the days.
_COUNT = re.compile(r"(?<=/)\d{1,2}(?=-[^\W\d_])|(?<=-)\d(?=-[^\W\d_])")
# `/20231210/`, `t20231210_123.html`, `20231210083000`, `/202312/10/`, `/2023/1210/`.
_PACKED = re.compile(
    rf"(?:(?<=[/_.=-])|(?<=/[a-zA-Z]))(?P<y>{_YEAR})(?P<m>\d{{2}})(?P<d>\d{{2}})(?:\d{{4}}|\d{{6}})?(?=[/_.?#&-]|$)"
    rf"|(?<=/)(?P<y2>{_YEAR})(?P<m2>\d{{2}})/(?P<d2>\d{{2}})(?=[/_.?#]|$)"
    rf"|(?<=/)(?P<y3>{_YEAR})/(?P<m3>\d{{2}})(?P<d3>\d{{2}})(?=[/_.?#]|$)",
)
_LONGEST_URL = 4_096
_URL_YEARS = range(1990, 2040)


def date_in_url(url: str) -> datetime.date | None:
    """The date that an address carries, by htmldate's rule first, then in the packed forms that it does not know; or None."""
    if len(url) > _LONGEST_URL or _MAYBE.search(url) is None:
        return None
    from htmldate.extractors import extract_url_date  # costs a tenth of a second: only for addresses with a year in them
    from htmldate.utils import Extractor

    options = Extractor(False, datetime.datetime(2039, 12, 31), datetime.datetime(1990, 1, 1), True, "%Y-%m-%d")
    found = extract_url_date(_COUNT.sub("", url), options)
    if found is not None:
        return datetime.date.fromisoformat(found)
    for match in _PACKED.finditer(url):
        year, month, day = (int(part) for part in match.groups() if part is not None)
        if (date := _valid(year, month, day, _URL_YEARS)) is not None:
            return date
    return None
