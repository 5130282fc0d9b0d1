"""A component of Haystack: canonical texts, and with `drop=True` none that another document repeats.

>>> from haystack import Document
>>> from dedup.integrations.haystack import Cleaner
>>> Cleaner(drop=True).run([Document(id="a", content="Snow is near."), Document(id="b", content="SNOW is near")])
{'documents': [Document(id=a, content: 'Snow is near.')]}
"""

from __future__ import annotations

from dataclasses import replace

import dedup

try:
    from haystack import Document, component
except ImportError as error:
    raise dedup.MissingExtraError(package="haystack-ai", extra="haystack") from error


@component
class Cleaner:
    """Copies of the documents with their ids and metadata; one without a text comes back as it is."""

    def __init__(self, config: str | None = None, drop: bool = False) -> None:  # noqa: FBT001, FBT002 - a pipeline is saved by its arguments
        """Clean under the settings of this TOML file, and drop duplicates or not."""
        self.config, self.drop = config, drop

    @component.output_types(documents=list[Document])
    def run(self, documents: list[Document]) -> dict[str, list[Document]]:
        """The documents with canonical texts, in their order."""
        settings = dedup.Config.load(self.config) if self.config else dedup.Config()
        texts = dedup.clean_texts((document.content for document in documents), settings)
        cleaned = [one if text is None else replace(one, content=text) for one, text in zip(documents, texts, strict=True)]
        keep = dedup.deduplicate([text or "" for text in texts], config=settings).keep.tolist() if self.drop else [True] * len(texts)
        return {"documents": [one for one, stays in zip(cleaned, keep, strict=True) if stays]}
