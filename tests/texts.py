"""Texts to compare: made of a seed, the same on every machine."""

import random

WORDS = """council bridge river mayor vote budget school winter train station market farmer harvest doctor hospital engine report minister
treaty border harbour museum painter concert library student teacher storm forest mountain village factory worker union strike
election senate court judge lawyer police prison journal editor writer poet actor theatre cinema camera island beach tourist""".split()
HAN = (
    "市议会周二晚间投票通过了跨江新桥的建设方案预计两年后通车长"
    "表示工程造价约为千百五十万元其中半由省里承担居民说我们等这座很久年轻人都去城工作了"
)


def article(seed, words=120):
    draw = random.Random(seed)
    return " ".join(draw.choice(WORDS) for _ in range(words)) + "."


def chinese(seed, letters=200):
    draw = random.Random(seed)
    return "".join(draw.choice(HAN) for _ in range(letters)) + "。"


def changed(text, rate, seed=1):
    draw = random.Random(seed)
    alphabet = sorted(set(text))
    return "".join(draw.choice(alphabet) if draw.random() < rate else letter for letter in text)
