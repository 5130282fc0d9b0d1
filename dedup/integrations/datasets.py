r"""Datasets of Hugging Face: `map` with `clean`, then `drop`.

    >>> from datasets import Dataset
    >>> from dedup.integrations.datasets import Cleaner, clean, drop
    >>> body = "The council met in the town hall.\nIt voted for the bridge."
    >>> ds = Dataset.from_dict({"text": [body.replace("\n", "") + "\n" + body, "Snow is near.", "SNOW is near"]})
    >>> ds = ds.map(clean, batched=True)
    >>> ds[0]["text"] == body
    True
    >>> drop(ds, "text")["text"][1:]
    ['Snow is near.']

Another column, other settings: `ds.map(Cleaner("body", config), batched=True)`. What `map` made is found again in the cache of
`datasets` as long as column, settings and version of this package are the same. Iterable (streaming) datasets are cleaned as
they are read; `drop` has to see all rows and takes a Dataset.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

import dedup

try:
    from datasets import Dataset
except ImportError as error:
    raise dedup.MissingExtraError(package="datasets", extra="datasets") from error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dedup.config import Keep


_PLAIN = dedup.Config()


@dataclass(frozen=True)
class Cleaner:
    """What `map` calls: one column of a batch, or of an example, with canonical texts; a text that is None stays so."""

    column: str = "text"
    config: dedup.Config = _PLAIN
    version: str = dedup.__version__  # part of what the cache goes by: another version may clean otherwise

    def __call__(self, rows: Mapping[str, Any]) -> dict[str, Any]:
        """The column. Raises InputError when there is none, or for a text that is neither str nor None."""
        if self.column not in rows:
            message = f"the dataset has no such column, but {', '.join(rows)}"
            raise dedup.InputError(message, field=self.column)
        batched = not isinstance(rows[self.column], str | None)
        cleaned = dedup.clean_texts(rows[self.column] if batched else [rows[self.column]], self.config, field=self.column)
        return {self.column: cleaned if batched else cleaned[0]}


clean = Cleaner()


def drop(
    ds: Dataset,
    column: str = "text",
    *,
    keep: Keep | Callable[[Mapping[str, Any]], Any] | None = None,
    config: dedup.Config = _PLAIN,
) -> Dataset:
    """The rows that no other row repeats, by `Dataset.select`; `keep` is a policy, or a function of a row of which the greatest stays.

    Raises InputError for what is no Dataset: an iterable one has to be read whole first.
    """
    if not isinstance(ds, Dataset):
        message = f"drop has to see all rows: a Dataset is needed, not {type(ds).__name__}"
        raise dedup.InputError(message)
    if column not in ds.column_names:
        message = f"the dataset has no such column, but {', '.join(ds.column_names)}"
        raise dedup.InputError(message, field=column)
    every = callable(keep) or (keep or config.keep) in {"newest", "oldest"}
    rows = ds if every else [{column: text} for text in ds[column][:]]
    result = dedup.deduplicate(rows, text=column, keep=keep, config=config)
    return ds.select(np.flatnonzero(result.keep))
