r"""A web page to its canonical text in one step: where trafilatura finds the body twice, one copy stays.

>>> from dedup.integrations.trafilatura import extract_clean
>>> said = ["The council met on Tuesday evening in the old town hall.", "It voted for the bridge, which opens in two years."]
>>> page = f"<html><body><article><div>{''.join(said)}</div><p>{said[0]}</p><p>{said[1]}</p></article></body></html>"
>>> extract_clean(page).text.split("\n") == said
True
"""

from __future__ import annotations

import dedup
from dedup.files.page import columns_of, require

require()


def extract_clean(html: str | bytes, url: str | None = None, *, config: dedup.Config | None = None) -> dedup.Clean:
    """The canonical text of a page, its title, author, date and address in `.document`; an empty one where there is no text.

    Bytes are better than a string: the page itself says its encoding. Raises InputError when trafilatura fails.
    """
    columns = columns_of(html.encode("utf-8", "replace") if isinstance(html, str) else html, url)
    return dedup.clean(columns, config or dedup.Config())
