"""A transformation of LlamaIndex: canonical texts, and with `drop=True` none that another node repeats.

>>> from llama_index.core.schema import TextNode
>>> from dedup.integrations.llamaindex import Cleaner
>>> nodes = [TextNode(id_="a", text="Snow is near."), TextNode(id_="b", text="SNOW is near")]
>>> [(node.node_id, node.text) for node in Cleaner(drop=True)(nodes)]
[('a', 'Snow is near.')]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dedup

try:
    from llama_index.core.schema import BaseNode, TransformComponent
except ImportError as error:
    raise dedup.MissingExtraError(package="llama-index-core", extra="llamaindex") from error

if TYPE_CHECKING:
    from collections.abc import Sequence


class Cleaner(TransformComponent):
    """Copies of the nodes with their ids and metadata; what an ingestion pipeline caches depends on the settings and the version."""

    config: dedup.Config = dedup.Config()
    drop: bool = False
    version: str = dedup.__version__

    def __call__(self, nodes: Sequence[BaseNode], **_: Any) -> list[BaseNode]:  # noqa: ANN401 - LlamaIndex's
        """The nodes with canonical texts, in their order."""
        cleaned = [node.model_copy() for node in nodes]
        texts = dedup.clean_texts((node.get_content() for node in cleaned), self.config)
        for node, text in zip(cleaned, texts, strict=True):
            node.set_content(text)
        keep = dedup.deduplicate(texts, config=self.config).keep.tolist() if self.drop else [True] * len(texts)
        return [node for node, stays in zip(cleaned, keep, strict=True) if stays]
