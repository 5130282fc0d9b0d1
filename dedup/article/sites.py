"""Sites: the name of the site taken off a title, only where something says that it is one.

What says so is a name that the caller or the header gives, a name that ends many titles of the same
host, or the host itself. A dash alone says nothing: `Spider-Man - review` stays whole.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Sites = Mapping[str, frozenset[str]]
"""Host -> the names of the site that end several titles of that host."""


class Suffix(NamedTuple):
    """What may be a site's name at the end of a title: the title is title[:end], the name follows a separator."""

    end: int
    name: str


_SUBDOMAIN = re.compile(r"^(?:www\d?|m|mobile|amp)\.(?=.*\.)")  # of the same pages
_WORD = re.compile(r"[^\W_]+")
_LATIN = re.compile(r"[a-z0-9]+")
_LONGEST_NAME = 48
_MOST_SUFFIXES = 6
_DASH = r"\-\u2013\u2014\u2015"
# A bare dash separates only where a neighbour is no letter of an alphabet and no digit: `标题-新浪网`, never `Spider-Man`.
_SEPARATOR = re.compile(
    rf"\s+(?:[{_DASH}|·•»«:\uff5c\u2022]|::|>>?|\|\||<)\s+"
    rf"|\s*(?:[_|\uff5c»]+|::)\s*"
    rf"|(?<![A-Za-z0-9{_DASH}])[{_DASH}]{{1,2}}(?=[^\s{_DASH}])|(?<=[^\s{_DASH}])[{_DASH}]{{1,2}}(?![A-Za-z0-9{_DASH}\s])",
)


def suffixes(title: str) -> Iterator[Suffix]:
    """What may be a site's name at the end of the title, the shortest first."""
    from_here = max(0, len(title) - _LONGEST_NAME - 8)
    places = [match for match in _SEPARATOR.finditer(title, from_here) if match.end() < len(title)]
    for place in list(reversed(places))[:_MOST_SUFFIXES]:
        end, name = place.start(), title[place.end() :].strip()
        if len(name) <= _LONGEST_NAME and folded(name) and folded(title[:end]):
            yield Suffix(len(title[:end].rstrip()), name)


def split_site(title: str, given: str | None, host: str | None, sites: Sites | None) -> tuple[str, str | None]:
    """The title without its site's name, and that name; the title whole and None where nothing says so.

    The same name written twice goes twice.
    """
    name = next((suffix.name for suffix in suffixes(title) if is_name(suffix.name, given, host, sites)), None)
    return (title, None) if name is None else (without_site(title, name), name)


def is_name(text: str, given: str | None, host: str | None, sites: Sites | None) -> bool:
    """True when the text is the given name of the site; without one, when the host's titles teach it or the host spells it."""
    if given is not None:
        return folded(text) == folded(given)
    known = (sites or {}).get(host or "", frozenset())
    return folded(text) in map(folded, known) or (host is not None and spells_host(text, host))


def without_site(title: str, name: str) -> str:
    """The title without the site's name at its end, however often it stands there."""
    wanted = folded(name)
    while cut := next((suffix for suffix in suffixes(title) if folded(suffix.name) == wanted), None):
        title = title[: cut.end]
    return title


def learned_names(titles: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """The names that end at least three titles of a host and two thirds of them, from pairs of host and title."""
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for host, title in titles:
        seen[host].add(title)
    sites = {}
    for host, of_host in seen.items():
        counts = Counter(name for title in of_host for name in {suffix.name for suffix in suffixes(title)} if _is_proper(name))
        names = frozenset(name for name, count in counts.items() if count >= max(3, len(of_host) * 2 / 3))
        if names:
            sites[host] = names
    return sites


def host_of(url: str | None) -> str | None:
    """The host of an address in lower case, without `www.` and its like, or None."""
    if not url or len(url) > 4_096:
        return None
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname
    except ValueError:
        return None
    return _SUBDOMAIN.sub("", host.rstrip(".")) or None if host else None


def folded(name: str) -> str:
    """The letters and digits of a name in lower case and without accents, so that spellings of one name are equal."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", name.casefold())))


def _is_proper(name: str) -> bool:
    """True unless the words are all in lower case, as those of a phrase are: `review`, `live updates`."""
    return name != name.lower() or "." in name or name == name.upper()


# Second-level labels under which others register their names.
_SHARED = frozenset(("ac", "co", "com", "edu", "go", "gob", "gov", "gouv", "ltd", "me", "ne", "net", "nom", "or", "org", "plc"))
_ARTICLES = frozenset(("the", "a", "an", "der", "die", "das", "le", "la", "les", "el", "il", "los", "of", "and"))
# Words that sites add to their name, here and there.
_GENERIC = frozenset(
    ("news", "online", "sport", "sports", "tv", "radio", "magazine", "newspaper", "blog", "website", "official", "live", "world")
)


def spells_host(name: str, host: str) -> bool:
    """True when the name is the host's own: `BBC News` of bbc.co.uk, `The New York Times` of nytimes.com, `CNN.com`."""
    labels = host.split(".")
    words = [folded(word) for word in _WORD.findall(unicodedata.normalize("NFC", name).replace("'", "").replace("\u2019", ""))]
    if not _is_proper(name) or not words or len(labels) == 1:
        return False
    rest = labels[:-1]
    if len(rest) > 1 and len(labels[-1]) == 2 and rest[-1] in _SHARED:
        rest = rest[:-1]
    core = _decoded(rest[-1]).replace("-", "")
    if "".join(words) in {"".join(labels), "".join(labels[len(rest) - 1 :])} and "." in name:
        return True
    if core in _GENERIC or len(core) < 2:
        return False
    if _equal(words, core):
        return True
    while len(words) > 1 and (words[-1] in _GENERIC or words[-1] in rest[:-1]):
        words.pop()
    latin = "".join(_LATIN.findall("".join(words)))
    mixed = len(latin) > 2 and latin == core and not name.isascii()
    return mixed or _equal(words, core) or (len(core) > 2 and _abbreviated(words, core))


def _equal(words: list[str], core: str) -> bool:
    """True when the words run together are the label, with or without an article."""
    return "".join(words) == core or "".join(words[words[0] in _ARTICLES :]) == core.removeprefix("the") != ""


def _abbreviated(words: list[str], core: str) -> bool:
    """True when the label is made of each word or its initial in turn: `nytimes`, `latimes`, `scmp`; articles may be missing."""
    if len(words) > 8:
        return False
    reached = {(0, 0, 0)}  # letters of the label used, letters from whole words, initials
    for word in words:
        step = set(reached) if word in _ARTICLES else set()
        for used, whole, initials in reached:
            if core.startswith(word, used) and len(word) > 1:
                step.add((used + len(word), whole + len(word), initials))
            if core.startswith(word[:1], used):
                step.add((used + 1, whole, initials + 1))
        reached = step
    return any(used == len(core) and (whole >= 4 or initials >= 3) for used, whole, initials in reached)


def _decoded(label: str) -> str:
    """The label as it is read, when it is written in ASCII for the name system."""
    if not label.startswith("xn--"):
        return label
    try:
        return folded(label.encode().decode("idna"))
    except UnicodeError:
        return label
