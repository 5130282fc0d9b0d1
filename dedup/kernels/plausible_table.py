"""Makes `plausible_table.npz`, the table behind `plausible`, when run: python -m dedup.kernels.plausible_table.

A developer runs this with jieba, pyspellchecker and pythainlp installed. NOTICE: the table is made
of the word frequencies of

    Han                      jieba's dict.txt (MIT, Copyright (c) 2013 Sun Junyi)
    Latin, Cyrillic, Arabic  pyspellchecker's dictionaries (MIT, Copyright (c) 2018-2021 Tyler Barrus), from OpenSubtitles
    Thai                     PyThaiNLP's ttc_freq.txt (CC0-1.0, public domain)

and of no text: words are drawn by their frequency and put in a row, so that the n-grams which reach
over the space between two words are counted too. The draw is seeded; the same lists give the same table.
"""

from __future__ import annotations

import gzip
import json
import math
from collections import Counter
from importlib.resources import files
from pathlib import Path

import numpy as np

from dedup.kernels.fold import fold
from dedup.kernels.plausible import STEP, key
from dedup.kernels.wide import is_wide_letter

WORDS = 400_000  # drawn for a language
LANGUAGES = ("en", "es", "fr", "pt", "de", "it", "nl", "ru", "ar", "fa", "th")
WEIGHTS = {"en": 15}  # the others 1: measured, 5 costs English 1 % of the single differences, and 40 would silence the others
LEAST_PAIR = 35  # of jieba's count, for a pair of Han letters
LEAST_RUN = 60  # of the draws, for three or four letters in a row
DE = 8  # jieba counts 的, which it splits off last, about this many times too seldom


def folded(word: str) -> str:
    """A word as it is compared."""
    return fold(word).codes.tobytes().decode("utf-32-le")


def han_counts() -> Counter[str]:
    """Counts of letters and of pairs inside words, by jieba's frequencies."""
    counts: Counter[str] = Counter()
    for line in (files("jieba") / "dict.txt").read_text("utf-8").splitlines():
        word, count = line.split(" ")[:2]
        letters = folded(word)
        if not letters or not all(map(is_wide_letter, letters)):
            continue
        times = int(count) * (DE if letters == "的" else 1)
        for size in (1, 2):
            for i in range(len(letters) - size + 1):
                counts[letters[i : i + size]] += times
    return Counter({ngram: count for ngram, count in counts.items() if len(ngram) == 1 or count >= LEAST_PAIR})


def alphabet_counts(words: dict[str, int], seed: int) -> Counter[str]:
    """Counts of one to four letters in words drawn by frequency and put in a row."""
    sizes = np.cumsum(np.array(list(words.values()), np.float64))
    drawn = np.searchsorted(sizes, np.random.default_rng(seed).random(WORDS) * sizes[-1], side="right")
    listed = list(words)
    text = "".join(listed[i] for i in drawn.tolist())
    counts: Counter[str] = Counter()
    for size in (1, 2, 3, 4):
        counts.update(text[i : i + size] for i in range(len(text) - size + 1))
    return counts


def dictionary(language: str) -> dict[str, int]:
    """A language's folded words and their counts, in the order of the list."""
    if language == "th":
        rows = (files("pythainlp") / "corpus" / "ttc_freq.txt").read_text("utf-8").splitlines()
        listed = {word: int(count) for word, count in (row.split("\t") for row in rows)}
    else:
        listed = json.loads(gzip.decompress((files("spellchecker") / "resources" / f"{language}.json.gz").read_bytes()))
    words: Counter[str] = Counter()
    for word, count in listed.items():
        words[folded(word)] += count
    del words[""]
    return dict(words)


def make_table() -> dict[str, np.ndarray]:
    """What `plausible` reads: the keys' steps in two bytes, `lows` and `highs`, and `levels` (uint8, one an n-gram); `totals`.

    `totals` (float64) are the logarithms of all letters' counts, of Han and of alphabets.
    """
    han, alphabets = han_counts(), Counter[str]()
    for seed, language in enumerate(LANGUAGES):
        for ngram, count in alphabet_counts(dictionary(language), seed).items():
            alphabets[ngram] += count * WEIGHTS.get(language, 1)
    alphabets = Counter({ngram: count for ngram, count in alphabets.items() if len(ngram) == 1 or count >= LEAST_RUN})
    # Of two n-grams with one key the more frequent stays.
    levels: dict[int, int] = {}
    for ngram, count in (han | alphabets).items():
        levels[key(ngram)] = max(levels.get(key(ngram), 0), 1 + round(math.log(count) / STEP))
    keys = np.array(sorted(levels), np.int64)
    steps = np.diff(keys, prepend=0)
    totals = [math.log(sum(count for ngram, count in counts.items() if len(ngram) == 1)) + STEP for counts in (han, alphabets)]
    return {
        "lows": (steps % 256).astype(np.uint8),
        "highs": (steps // 256).astype(np.uint8),
        "levels": np.array([levels[known] for known in keys.tolist()], np.uint8),
        "totals": np.array(totals),
    }


if __name__ == "__main__":
    path = Path(__file__).with_suffix(".npz")
    table = make_table()
    np.savez_compressed(path, **table)  # type: ignore[arg-type] # numpy's stub wants ndarray values by name
    print(path, path.stat().st_size, table["levels"].size)  # noqa: T201 — the developer's own output
