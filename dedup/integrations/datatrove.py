r"""Steps of a datatrove pipeline: documents keep their ids, metadata and order.

>>> from datatrove.data import Document
>>> from dedup.integrations.datatrove import Clean, DropDuplicates
>>> body = "The council met in the town hall.\nIt voted for the bridge."
>>> texts = [body.replace("\n", "") + "\n" + body, "Snow is near.", "SNOW is near"]
>>> documents = [Document(text, str(number), metadata={"source": "x"}) for number, text in enumerate(texts)]
>>> for document in DropDuplicates().run(Clean().run(iter(documents))):
...     print(document.id, document.text.split("\n"), document.metadata)
0 ['The council met in the town hall.', 'It voted for the bridge.'] {'source': 'x'}
1 ['Snow is near.'] {'source': 'x'}
"""

from __future__ import annotations

from collections import deque
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import dedup

try:
    from datatrove.pipeline.base import PipelineStep
except ImportError as error:
    raise dedup.MissingExtraError(package="datatrove", extra="datatrove") from error

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from datatrove.data import Document

    from dedup.config import Keep


class Clean(PipelineStep):  # type: ignore[misc] # datatrove carries no types
    """Each document's text is its canonical one; a few documents are read ahead."""

    name = "dedup: clean"
    type = "FORMAT"

    def __init__(self, config: dedup.Config | None = None) -> None:
        """Clean under these settings."""
        super().__init__()
        self.config = config or dedup.Config()

    def run(self, data: Iterable[Document], rank: int = 0, world_size: int = 1) -> Iterator[Document]:  # noqa: ARG002 - datatrove's
        """The documents in their order."""
        waiting: deque[Any] = deque()

        def texts() -> Iterator[str]:
            for document in data:
                waiting.append(document)
                yield document.text

        for result in dedup.clean_all(texts(), self.config):
            document = waiting.popleft()
            self.stat_update("total", *(["changed"] if result.text != document.text else []))
            self.stat_update("removed", value=sum(end - start for (start, end), *_ in result.removed), unit="characters")
            document.text = result.text
            yield document


class DropDuplicates(PipelineStep):  # type: ignore[misc] # see above
    """The documents that no other repeats; all are held in memory, and one task has to see them all."""

    name = "dedup: drop duplicates"
    type = "DEDUP"

    def __init__(self, keep: Keep | None = None, config: dedup.Config | None = None, exclusion_writer: Any = None) -> None:  # noqa: ANN401 - untyped
        """Keep by this policy; what goes is written, with `dedup_of`, `dedup_score` and `dedup_kind`, by the exclusion writer."""
        super().__init__()
        self.keep, self.config, self.exclusion_writer = keep, config or dedup.Config(), exclusion_writer

    def run(self, data: Iterable[Document], rank: int = 0, world_size: int = 1) -> Iterator[Document]:
        """The documents that stay, in their order. Raises ConfigError in an executor of several tasks."""
        if world_size > 1:
            message = f"each of {world_size} tasks sees only its own documents: run this step with tasks=1"
            raise dedup.ConfigError(message)
        documents: list[Any] = list(data)
        rows = [{**document.metadata, "text": document.text, "id": document.id} for document in documents]
        result = dedup.deduplicate(rows, text="text", keep=self.keep, config=self.config)
        gone = {duplicate.row: duplicate for duplicate in result.removed}
        with self.exclusion_writer or nullcontext() as writer:
            for number, document in enumerate(documents):
                if number not in gone:
                    self.stat_update("total", "forwarded")
                    yield document
                    continue
                self.stat_update("total", "dropped", f"dropped_{gone[number].kind}")
                if writer is not None:
                    of = {"dedup_of": gone[number].of_id, "dedup_score": gone[number].score, "dedup_kind": gone[number].kind}
                    document.metadata |= of
                    writer.write(document, rank)
