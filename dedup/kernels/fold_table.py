"""Makes `fold_table.npz`, the table behind `fold`, by `python -m dedup.kernels.fold_table`.

The table is shipped, not made at import, so that two Python versions (two Unicode versions) fold
alike and so that start-up costs a read. A developer runs this with OpenCC installed; its one-to-one
traditional-to-simplified pairs (Apache-2.0, from OpenCC's TSCharacters) are part of the table.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np

BLOCK = 256
EXPANDS = 1 << 31  # the low bits of such an entry are (start in pool) * 32 + (length)
CODES = 0x110000

# Vowel points that the same text carries or not: Hebrew points, Arabic harakat, the tatweel.
_OPTIONAL_MARKS = frozenset([*range(0x0591, 0x05C8), *range(0x064B, 0x0660), 0x0640, 0x0670])


def folded_letters(code: int, simplified: dict[int, int]) -> list[int]:
    """The letters, digits and marks that one character is compared by; empty for all that is not text."""
    if 0xD800 <= code < 0xE000:
        return []
    character = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", chr(code)).casefold())
    if any(0x3040 <= ord(part) < 0x3100 for part in character):
        # Half-width kana carry their voicing as a mark of its own; taken apart, ガ and ｶﾞ are equal.
        character = unicodedata.normalize("NFKD", character)
    letters = []
    for part in character:
        if unicodedata.category(part)[0] not in "LNM" or ord(part) in _OPTIONAL_MARKS or 0xFE00 <= ord(part) < 0xFE10:
            continue
        digit = unicodedata.digit(part, None)
        letters.append(simplified.get(ord(part), ord(part)) if digit is None else ord("0") + digit)
    return letters


def simplified_pairs() -> dict[int, int]:
    """Each traditional Han character that has one simplified form, from OpenCC's single-character conversion."""
    import opencc  # only the developer who makes the table needs it

    convert = opencc.OpenCC("t2s").convert
    pairs = {}
    for code in [*range(0x3400, 0xA000), *range(0x20000, 0x32000)]:
        if unicodedata.category(chr(code)) == "Lo":
            after = convert(chr(code))
            if len(after) == 1 and ord(after) != code:
                pairs[code] = ord(after)
    return pairs


def make_table() -> dict[str, np.ndarray]:
    """`pages` (uint16, one a block of 256 codes), `blocks` (uint32, 0: not text) and `pool` (uint32, expansions)."""
    simplified = simplified_pairs()
    flat = np.zeros(CODES, np.uint32)
    pool: list[int] = []
    for code in range(CODES):
        letters = folded_letters(code, simplified)
        if len(letters) == 1:
            flat[code] = letters[0]
        elif letters:
            flat[code] = EXPANDS | (len(pool) * 32 + len(letters))
            pool += letters
    blocks, pages = np.unique(flat.reshape(-1, BLOCK), axis=0, return_inverse=True)
    return {"pages": pages.ravel().astype(np.uint16), "blocks": blocks.ravel(), "pool": np.array(pool, np.uint32)}


if __name__ == "__main__":
    path = Path(__file__).with_suffix(".npz")
    np.savez_compressed(path, **make_table())  # type: ignore[arg-type] # numpy's stub wants ndarray values by name
    print(path, path.stat().st_size)  # noqa: T201 — the developer's own output
