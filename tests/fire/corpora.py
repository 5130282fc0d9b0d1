"""Corpora for the tests under fire: made from a seed, the same on every machine."""

from __future__ import annotations

import json
import random

_WORDS = "council bridge river mayor budget school harvest engine signal winter market doctor train museum forest island".split()


def short_rows(count, seed=1):
    """The same of one line of words that no other row has, so that 50,000 of them take seconds."""
    chance = random.Random(seed)
    texts = []
    for _ in range(count):
        if texts and chance.random() < 0.33:
            text = chance.choice(texts)
            text = text.upper() if chance.random() < 0.5 else f"{text} One line more."
        else:
            said = " ".join(f"{chance.getrandbits(24):06x}" for _ in range(10)) + "."
            text = f"{said}\n{said}" if chance.random() < 0.2 else said
        texts.append(text)
    return [{"id": f"r{number}", "text": text} for number, text in enumerate(texts)]


def rows(count, seed=1, sentences=4):
    """Rows of which a third repeat another one, equal or nearly, and a fifth hold their body twice; each of so many sentences."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        if made and chance.random() < 0.33:
            text = chance.choice(made)["text"]
            text = text.upper() if chance.random() < 0.5 else f"{text} One line more."
        else:
            said = [
                " ".join(chance.choices(_WORDS, k=12)).capitalize() + f", item {_word(chance)} of {_word(chance)}."
                for _ in range(sentences)
            ]
            text = "\n".join(said)
            if chance.random() < 0.2:
                text = " ".join(said) + "\n" + text
        made.append({"id": f"r{number}", "date": f"2024-05-{number % 28 + 1:02}", "text": text})
    return made


def _word(chance):
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=9))


def lines(made):
    """The rows as JSON Lines."""
    return "".join(json.dumps(row) + "\n" for row in made).encode()
