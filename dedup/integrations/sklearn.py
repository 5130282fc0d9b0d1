r"""A transformer of scikit-learn that makes canonical texts, to stand before a vectorizer.

>>> from sklearn.feature_extraction.text import CountVectorizer
>>> from sklearn.pipeline import make_pipeline
>>> from dedup.integrations.sklearn import Cleaner
>>> body = "The council met in the town hall.\nIt voted for the bridge."
>>> counts = make_pipeline(Cleaner(), CountVectorizer()).fit_transform([body.replace("\n", "") + "\n" + body])
>>> int(counts.sum())
12
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

import dedup

try:
    from sklearn.base import BaseEstimator, TransformerMixin
except ImportError as error:
    raise dedup.MissingExtraError(package="scikit-learn", extra="sklearn") from error

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self


class Cleaner(TransformerMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn carries no types
    """One canonical text for each text; nothing is learned, so that it can be used unfitted."""

    def __init__(self, config: dedup.Config | None = None, workers: int = 1) -> None:
        """Clean under these settings, in this number of processes."""
        self.config, self.workers = config, workers

    def fit(self, X: Iterable[str], y: object = None) -> Self:  # noqa: ARG002, N803 - scikit-learn's names
        """The transformer itself."""
        return self

    def transform(self, X: Iterable[str]) -> np.ndarray:  # noqa: N803 - see above
        """An array (n,) of str objects. Raises InputError for one string, and for a text that is none."""
        if isinstance(X, str | bytes) or getattr(X, "ndim", 1) != 1:
            message = f"a sequence of texts is needed, not {f'an array with ndim {X.ndim}' if hasattr(X, 'ndim') else 'one text'}"
            raise dedup.InputError(message)
        texts: list[Any] = list(X)
        wrong = next((row for row, text in enumerate(texts) if not isinstance(text, str)), None)
        if wrong is not None:
            message = f"the text of row {wrong} is {type(texts[wrong]).__name__}, not str"
            raise dedup.InputError(message)
        cleaned = dedup.clean_texts(texts, self.config or dedup.Config(), workers=self.workers)
        return np.array([*cleaned, None], object)[:-1]  # without None NumPy would look into a single text

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401 - scikit-learn's
        """It takes strings, in one dimension, and needs no fit."""
        tags = super().__sklearn_tags__()
        tags.input_tags.string, tags.input_tags.one_d_array, tags.input_tags.two_d_array = True, True, False
        tags.requires_fit = False
        return tags
