"""Texts whose lines follow one pattern and differ in what counts: a name, a number, a date, a sign, a negation."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from benchmarks.quality.layouts import Made

_PEOPLE = {
    "zh": "王建国 李秀英 张伟 刘洋 陈静 杨帆 赵磊 黄丽 周强 吴敏 徐杰 孙悦 马超 朱琳 胡军 郭涛 何平 林娜 高翔 罗文".split(),
    "en": "Adams Baker Clark Davis Evans Foster Green Harris Irving Jones Keller Lewis Morgan Nolan Owens Parker Scott Turner".split(),
    "ja": "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤".split(),
    "ko": "김민수 이지은 박준호 최서연 정우진 강하늘 조현우 윤아름".split(),
    "ar": "أحمد محمود سامي ليلى نورا خالد ياسين هدى".split(),
    "hi": "अमित सीमा राजेश प्रिया विजय नीता सुरेश कविता".split(),
    "th": "สมชาย อรุณี วิชัย มาลี ประเสริฐ สุดา ธนพล กานดา".split(),
}
_PLACES = {
    "zh": "东城区 西城区 海州市 临江县 南岭镇 北河乡 青山区 白水县 长桥镇 石门市".split(),
    "en": "Ashford Bristol Camden Dover Exeter Fulham Grantham Hastings Ipswich Jarrow".split(),
    "ja": "港区 北区 南町 東市 西町 中央区".split(),
    "ko": "강남구 마포구 종로구 부산진구 수성구".split(),
    "ar": "القاهرة دمشق بيروت عمان تونس".split(),
    "hi": "दिल्ली मुंबई जयपुर लखनऊ पटना".split(),
    "th": "กรุงเทพ เชียงใหม่ ขอนแก่น ภูเก็ต ระยอง".split(),
}
LINES: dict[str, dict[str, str]] = {
    "statistics": {
        "zh": "{place}{month}月份实现地区生产总值{n}亿元，同比增长{p}%，其中第二产业增加值{m}亿元。",
        "en": "{place} reported {n} new permits in month {month}, up {p} percent from a year earlier, and {m} completions.",
        "ja": "{place}の{month}月の出荷額は{n}億円で、前年同月比{p}％増、輸出は{m}億円だった。",
        "ko": "{place}의 {month}월 생산액은 {n}억 원으로 전년 같은 달보다 {p}% 늘었고 수출은 {m}억 원이었다.",
        "ar": "سجلت {place} في الشهر {month} نموا قدره {p} بالمئة، وبلغ الإنتاج {n} طنا والصادرات {m} طنا.",
        "hi": "{place} में महीने {month} में {n} नए मकान बने, पिछले साल से {p} प्रतिशत अधिक, और {m} बिके।",
        "th": "{place} เดือน {month} มีมูลค่าการผลิต {n} ล้านบาท เพิ่มขึ้นร้อยละ {p} และส่งออก {m} ล้านบาท",
    },
    "results": {
        "zh": "{a}以{s}比{t}战胜{b}，晋级下一轮。",
        "en": "{a} beat {b} {s}-{t} to reach the next round.",
        "ja": "{a}が{b}を{s}対{t}で破り、次の回に進んだ。",
        "ko": "{a}이(가) {b}을(를) {s} 대 {t}로 이기고 다음 라운드에 올랐다.",
        "ar": "فاز {a} على {b} بنتيجة {s} مقابل {t} وتأهل إلى الدور التالي.",
        "hi": "{a} ने {b} को {s}-{t} से हराकर अगले दौर में जगह बनाई।",
        "th": "{a} ชนะ {b} ด้วยคะแนน {s} ต่อ {t} ผ่านเข้ารอบต่อไป",
    },
    "appointments": {
        "zh": "任命{a}为{place}人民政府副秘书长，免去其原任职务。",
        "en": "Appointed: {a}, deputy clerk of {place}, with effect from {month} March; the former office is relinquished.",
        "ja": "{a}を{place}の事務局次長に任命し、これまでの職を解く。",
        "ko": "{a}을(를) {place} 사무차장에 임명하고 기존 직위에서 면한다.",
        "ar": "تعيين {a} نائبا لأمين عام {place} وإعفاؤه من منصبه السابق.",
        "hi": "{a} को {place} का उप सचिव नियुक्त किया जाता है और पूर्व पद से मुक्त किया जाता है।",
        "th": "แต่งตั้ง {a} เป็นรองเลขาธิการ {place} และให้พ้นจากตำแหน่งเดิม",
    },
    "signs": {
        "zh": "{month}月{d}日，{place}气温{sign}{s}℃，较前一日变化{other}{t}℃。",
        "en": "{month}/{d}: {place} at {sign}{s} C, a change of {other}{t} C on the day before.",
        "ja": "{month}月{d}日、{place}の気温は{sign}{s}度、前日比{other}{t}度。",
        "ko": "{month}월 {d}일 {place} 기온 {sign}{s}도, 전날보다 {other}{t}도.",
        "ar": "{month}/{d}: حرارة {place} {sign}{s} درجة، والفرق {other}{t} درجة.",
        "hi": "{month}/{d}: {place} का तापमान {sign}{s} डिग्री, अंतर {other}{t} डिग्री।",
        "th": "{month}/{d}: {place} อุณหภูมิ {sign}{s} องศา เปลี่ยนแปลง {other}{t} องศา",
    },
}
_CLAUSES = {
    "zh": "{who}应当在本合同签订之日起{n}日内，将本合同附件{k}所列的全部设备、技术资料及备品备件交付至{to}指定的地点，"
    "并承担交付之前发生的一切运输、保险、仓储及装卸费用；{who}逾期交付的，每逾期一日，"
    "{neg}按照合同总价款的千分之{m}向{to}支付违约金，但违约金总额不超过合同总价款的百分之{p}。",
    "en": "The {who} shall, within {n} days of the date of this agreement, deliver to the {to} at the place named in Schedule {k} "
    "all equipment, drawings and spare parts listed there, and shall bear all costs of carriage, insurance and storage until delivery; "
    "where delivery is late the {who} shall {neg}pay to the {to} a sum of {m} per mille of the contract price for each day, "
    "up to {p} percent.",
}
_PARTIES = {"zh": (("甲方", "乙方"), ("乙方", "甲方")), "en": (("Buyer", "Seller"), ("Seller", "Buyer"))}
_NOT = {"zh": ("应当", "无需"), "en": ("", "not ")}
_LITANY = {
    "zh": ("愿{a}得平安", "因为{a}曾经守望，所以{b}得以安睡。"),
    "en": ("From all {a}, good Lord, deliver us.", "Blessed is {a}, for {b} shall remember."),
    "ja": ("{a}に安らぎがありますように。",),
    "ko": ("{a}에게 평화가 있기를.",),
    "ar": ("السلام على {a} في الأولين والآخرين.",),
    "hi": ("{a} को शांति मिले।",),
    "th": ("ขอให้ {a} จงมีสันติสุข",),
}
_QA = {
    "zh": (
        "{place}的居民如何办理第{n}号业务？",
        "需携带身份证和第{n}号申请表，到{place}便民服务中心{month}号窗口办理，{d}个工作日内办结。",
    ),
    "en": (
        "How do residents of {place} apply for permit {n}?",
        "Bring form {n} to window {month} of the {place} office; it takes {d} working days.",
    ),
}
_ROWS = {
    "zh": "{place}\t{n}\t{p}%\t{m}",
    "en": "| {place} | {n} | {p}% | {m} |",
    "ar": "{place} | {n} | {p}٪ | {m}",
    "hi": "{place} | {n} | {p}% | {m}",
}
_HEADS = {
    "zh": "地区\t产量（吨）\t增幅\t库存",
    "en": "| Place | Output (t) | Growth | Stock |",
    "ar": "المدينة | الإنتاج | النمو | المخزون",
    "hi": "शहर | उत्पादन | वृद्धि | भंडार",
}
_CODE = """def load_{name}(path: str) -> list[{kind}]:
    with open(path, encoding="utf-8") as lines:
        rows = [line.rstrip("\\n").split("\\t") for line in lines]

    return [{kind}(row[{i}], int(row[{j}])) for row in rows if row[{i}]]
"""

Builder = Callable[[str, int, Random], "str | None"]


def _values(language: str, rng: Random) -> dict[str, str]:
    a, b = rng.sample(_PEOPLE[language], 2)
    sign, other = rng.sample("+-", 2) if rng.random() < 0.5 else ("+", "+")
    numbers = {"n": rng.randrange(100, 9999), "m": rng.randrange(10, 999), "s": rng.randrange(2, 9), "t": rng.randrange(0, 9)}
    dates = {"month": rng.randrange(1, 13), "d": rng.randrange(1, 29), "p": f"{rng.randrange(1, 99) / 10}"}
    return {"a": a, "b": b, "place": rng.choice(_PLACES[language]), "sign": sign, "other": other} | {
        k: str(v) for k, v in (numbers | dates).items()
    }


def _different(make: Callable[[], str], count: int) -> list[str]:
    found: dict[str, None] = {}
    for _ in range(count * 20):
        found.setdefault(make())
        if len(found) == count:
            break
    return list(found)


def list_of(kind: str) -> Builder:
    """Lines of one pattern that differ in names and numbers."""
    return lambda language, count, rng: "\n".join(_different(lambda: LINES[kind][language].format(**_values(language, rng)), count))


def one_number(language: str, count: int, rng: Random) -> str:
    """Statistics lines that are equal but for the first number."""
    values = _values(language, rng)
    return "\n".join(LINES["statistics"][language].format(**values | {"n": str(1000 + 7 * i)}) for i in range(count))


def clauses(vary: str) -> Builder:
    """Long clauses of a contract that differ in the parties, a number or a negation alone."""

    def build(language: str, count: int, _: Random) -> str | None:
        if language not in _CLAUSES or (vary != "number" and count > 2):
            return None
        base = {"n": "30", "k": "2", "m": "5", "p": "10", "neg": _NOT[language][0]}
        parties = [_PARTIES[language][i % 2 if vary == "parties" else 0] for i in range(count)]
        changes = [
            {"n": str(15 + i * 5)} if vary == "number" else {"neg": _NOT[language][i % 2]} if vary == "negation" else {}
            for i in range(count)
        ]
        return "\n".join(
            _CLAUSES[language].format(who=who, to=to, **base | change) for (who, to), change in zip(parties, changes, strict=True)
        )

    return build


def litany(language: str, count: int, rng: Random) -> str:
    """Short lines that all begin and end alike."""
    pattern = rng.choice(_LITANY[language])
    return "\n".join(_different(lambda: pattern.format(a=rng.choice(_PEOPLE[language]), b=rng.choice(_PLACES[language])), count))


def questions(language: str, count: int, rng: Random) -> str | None:
    """All questions listed first, then each again above its answer."""
    if language not in _QA:
        return None
    values = [_values(language, rng) | {"n": str(101 + i)} for i in range(count)]
    asked = [_QA[language][0].format(**v) for v in values]
    answers = [_QA[language][1].format(**v) for v in values]
    return "\n".join([*asked, *(line for pair in zip(asked, answers, strict=True) for line in pair)])


def tables(language: str, count: int, rng: Random) -> str | None:
    """The same table for two months, each with its own numbers under the same places."""
    if language not in _ROWS:
        return None
    places = [f"{_PLACES[language][i % len(_PLACES[language])]}{i // len(_PLACES[language]) or ''}" for i in range(count)]
    months = [[_ROWS[language].format(**_values(language, rng) | {"place": place}) for place in places] for _ in range(2)]
    return "\n\n".join("\n".join([_HEADS[language], *rows]) for rows in months)


def monthly(language: str, count: int, rng: Random) -> str:
    """A report of statistics lines for one month, then the same lines with the next month's numbers."""
    places = [f"{_PLACES[language][i % len(_PLACES[language])]}{i // len(_PLACES[language]) or ''}" for i in range(count)]
    pattern = LINES["statistics"][language]
    return "\n".join(
        pattern.format(**_values(language, rng) | {"place": place, "month": str(month)}) for month in (6, 7) for place in places
    )


def code(language: str, count: int, rng: Random) -> str | None:
    """Functions that differ in a name and a column, with indentation and blank lines."""
    if language != "en":
        return None
    names = [f"{rng.choice(('price', 'stock', 'order', 'client'))}_{i}" for i in range(count)]
    parts = [_CODE.format(name=name, kind=name.title().replace("_", ""), i=i % 3, j=i % 3 + 1) for i, name in enumerate(names)]
    return "\n\n".join(parts).rstrip("\n")


BUILDERS: dict[str, Builder] = {
    **{f"list.{kind}": list_of(kind) for kind in LINES},
    "list.one-number": one_number,
    **{f"clauses.{vary}": clauses(vary) for vary in ("parties", "number", "negation")},
    "litany": litany,
    "questions": questions,
    "tables": tables,
    "monthly": monthly,
    "code": code,
}
COUNTS = (2, 3, 10, 40)
LANGUAGES = tuple(_PEOPLE)


def template(name: str, language: str, count: int, rng: Random) -> Made | None:
    """One text of a builder, which is its own truth."""
    text = BUILDERS[name](language, count, rng)
    return Made(text, tuple(line.strip() for line in text.splitlines() if line.strip())) if text else None
