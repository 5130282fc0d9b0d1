"""An index for several machines at once: in Redis, through datasketch's own storage.

Two of datasketch's LSH hold the names of the texts' bands, those of the signature (bands of four) and those of the
halves (bands of one); beside them stand the folded letters, the digests and the settings. A writer writes what is looked up
last first, so that another machine never finds an id without its text.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.config import Config
from dedup.corpus.index import Match, found_or_added, header_of, text_of
from dedup.corpus.near import BAND
from dedup.corpus.segments import least_agreement
from dedup.corpus.signatures import SCHEME, Signatures
from dedup.corpus.sketches import sketch
from dedup.corpus.verify import score_pairs
from dedup.errors import IndexMismatchError, InputError, MissingExtraError
from dedup.kernels.groups import wide_names
from dedup.kernels.rows import fold_rows
from dedup.model import Document

if TYPE_CHECKING:
    from typing import Self

    from datasketch import MinHash

    from dedup.config import Near

_PLAIN = Config()


class SharedIndex:
    """What any machine added, found again by its text; any number of readers and writers."""

    def __init__(self, host: str = "localhost", port: int = 6379, *, name: str = "dedup", config: Config = _PLAIN) -> None:
        """The index of this name in the Redis server there, made when it is not there yet.

        Raises IndexMismatchError, with what differs, when it was made under other settings, MissingExtraError without redis.
        """
        try:
            import redis
        except ModuleNotFoundError as error:
            raise MissingExtraError(error.name or "", "redis") from error
        from datasketch import MinHashLSH

        self.config, near = config, config.near
        self._pool: Any = redis.ConnectionPool(host=host, port=port)
        self._redis: Any = redis.Redis(connection_pool=self._pool)
        self._name = name
        header = header_of(near)
        self._redis.hsetnx(f"{name}:index", "header", json.dumps(header))
        said = json.loads(self._redis.hget(f"{name}:index", "header") or "{}")
        if differing := "; ".join(f"{key} {said.get(key)!r}, not {value!r}" for key, value in header.items() if said.get(key) != value):
            self.close()
            message = f"the index {name!r} was made under other settings: {differing}"
            raise IndexMismatchError(message)
        storage = {"type": "redis", "redis": {"connection_pool": self._pool}}  # else a connection for each table
        whole = near.permutations // BAND
        self._short = MinHashLSH(
            num_perm=near.permutations,
            params=(whole, min(BAND, near.permutations)),
            storage_config={**storage, "basename": f"{name}:short".encode()},
        )
        self._long = MinHashLSH(
            num_perm=near.halves, params=(near.halves, 1), storage_config={**storage, "basename": f"{name}:long".encode()}
        )

    def add(self, document: str | Document, id: str | None = None) -> str:  # noqa: A002 - the field's name
        """The id under which any machine can find the document. Raises InputError when there is none or when the index holds it."""
        text = text_of(document)
        name = id or (document.id if isinstance(document, Document) else None)
        if name is None:
            message = "a document of a shared index needs an id"
            raise InputError(message)
        signed, halves, digest, letters, weight = _parts(text, self.config.near)
        if not self._redis.hsetnx(f"{self._name}:texts", name, letters):
            message = f"the index holds the id {name!r} already"
            raise InputError(message)
        if letters:
            self._redis.sadd(f"{self._name}:equal:{digest}", name)
        if weight >= self.config.near.least_weight:
            self._short.insert(name, signed)
            self._long.insert(name, halves)
        return name

    def find(self, text: str | Document) -> tuple[Match, ...]:
        """The rows that say what the text says, the best first, verified on their letters."""
        near = self.config.near
        text = text_of(text)
        signed, halves, digest, letters, weight = _parts(text, near)
        if not letters:
            return ()
        equal = {name.decode() for name in self._redis.smembers(f"{self._name}:equal:{digest}")}
        names = sorted({*equal, *(self._short.query(signed) + self._long.query(halves) if weight >= near.least_weight else ())})
        stored = self._redis.hmget(f"{self._name}:texts", names) if names else []
        texts = {name: data.decode("utf-8", "surrogatepass") for name, data in zip(names, stored, strict=True) if data is not None}
        found = [Match(name, 1.0, "exact") for name, other in texts.items() if other.encode("utf-8", "surrogatepass") == letters]
        others = [name for name in texts if name not in {match.id for match in found}]
        codes, offsets, _ = fold_rows([text, *(texts[name] for name in others)])
        signs = Signatures.of([texts[name] for name in others], near).values if others else np.empty((0, near.permutations), np.uint32)
        close = np.flatnonzero((signs == signed.hashvalues).sum(axis=1) >= least_agreement(near))
        scores = score_pairs(codes, offsets, np.zeros(close.size, np.int64), close + 1, near)
        found += [Match(others[row], float(score), "near") for row, score in zip(close, scores, strict=True) if score >= near.threshold]
        return tuple(sorted(found, key=lambda match: (-match.score, match.kind, match.id)))

    def find_or_add(self, document: str | Document, id: str | None = None) -> tuple[Match, ...]:  # noqa: A002 - the field's name
        """The rows that say what the document says, the best first; where there is none, it is added.

        Its id is the one given, or its own; where another text has that id, or there is none, `#` and the text's digest follow it.
        """
        return found_or_added(self, document, id)

    def remove(self, id: str) -> None:  # noqa: A002 - the field's name
        """The row of this id is not found any more. Raises InputError when there is none."""
        letters = self._redis.hget(f"{self._name}:texts", id)
        if letters is None:
            message = f"the index holds no id {id!r}"
            raise InputError(message)
        *_, digest, _, weight = _parts(letters.decode("utf-8", "surrogatepass"), self.config.near)
        if weight >= self.config.near.least_weight:
            self._short.remove(id)
            self._long.remove(id)
        self._redis.srem(f"{self._name}:equal:{digest}", id)
        self._redis.hdel(f"{self._name}:texts", id)

    def close(self) -> None:
        """The connections to the server are closed."""
        self._pool.disconnect()

    def __enter__(self) -> Self:
        """The index, closed at the end of the block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def __len__(self) -> int:
        """How many rows it holds."""
        return int(self._redis.hlen(f"{self._name}:texts"))

    def __contains__(self, id: object) -> bool:  # noqa: A002 - the field's name
        """True when a row has this id."""
        return bool(self._redis.hexists(f"{self._name}:texts", id))


def _parts(text: str, near: Near) -> tuple[MinHash, MinHash, str, bytes, int]:
    """The signature, the names of the halves as one, the digest, the folded letters and the weight of a text."""
    from datasketch import MinHash

    made = sketch([text], near)
    codes, _, _ = fold_rows([text])
    letters = codes.tobytes().decode("utf-32-le").encode("utf-8", "surrogatepass")
    halves = MinHash(seed=near.seed, scheme=SCHEME, hashvalues=wide_names(made.names[:1])[0])
    return Signatures.of([text], near).to_datasketch(0), halves, made.digests[0].tobytes().hex(), letters, int(made.weights[0])
