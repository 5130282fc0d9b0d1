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
        results = dedup.clean_all((document.content or "" for document in documents), settings)
        cleaned = [one if one.content is None else replace(one, content=new.text) for one, new in zip(documents, results, strict=True)]
        keep = (
            dedup.deduplicate([one.content or "" for one in cleaned], config=settings).keep.tolist() if self.drop else [True] * len(cleaned)
        )
        return {"documents": [one for one, stays in zip(cleaned, keep, strict=True) if stays]}
