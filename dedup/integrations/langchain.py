"""A document transformer of LangChain: canonical texts, and with `drop=True` none that another document repeats.

>>> from langchain_core.documents import Document
>>> from dedup.integrations.langchain import Cleaner
>>> documents = [Document("Snow is near.", metadata={"source": "a"}), Document("SNOW is near")]
>>> Cleaner(drop=True).transform_documents(documents)
[Document(metadata={'source': 'a'}, page_content='Snow is near.')]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dedup

try:
    from langchain_core.documents import BaseDocumentTransformer, Document
except ImportError as error:
    raise dedup.MissingExtraError(package="langchain-core", extra="langchain") from error

if TYPE_CHECKING:
    from collections.abc import Sequence


class Cleaner(BaseDocumentTransformer):
    """Copies of the documents with their ids and metadata."""

    def __init__(self, config: dedup.Config | None = None, *, drop: bool = False) -> None:
        """Clean under these settings, and drop duplicates or not."""
        self.config, self.drop = config or dedup.Config(), drop

    def transform_documents(self, documents: Sequence[Document], **_: Any) -> list[Document]:  # noqa: ANN401 - LangChain's
        """The documents with canonical texts, in their order."""
        texts = dedup.clean_texts((document.page_content for document in documents), self.config)
        cleaned = [document.model_copy(update={"page_content": text}) for document, text in zip(documents, texts, strict=True)]
        keep = dedup.deduplicate(texts, config=self.config).keep.tolist() if self.drop else [True] * len(texts)
        return [document for document, stays in zip(cleaned, keep, strict=True) if stays]
