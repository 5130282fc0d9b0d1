"""Two copies of one body of which one lacks something, or has something more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.quality.articles import fold
from benchmarks.quality.layouts import Layout, Made, Operator, block_after, block_before, doubled, lines, second, teaser_of
from benchmarks.quality.negatives import CHANGES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from benchmarks.quality.articles import Article

_LEAST_CUT = 4

EXTRAS: dict[str, dict[str, tuple[str, ...]]] = {
    "caption": {
        "zh": ("图为会议现场。新华社记者 李四光 摄", "▲ 工人在流水线上检查零件（资料图）", "资料图片：航拍的跨海大桥。"),
        "en": ("Photo: The harbour bridge seen from the north bank. / Jane Doe", "File picture: workers check parts on the line"),
        "ja": ("写真：港に停泊する調査船（昨年8月撮影）", "会見で質問に答える担当者＝東京都内"),
        "ko": ("사진: 항구에 정박한 조사선 (자료사진)", "기자회견에서 발언하는 관계자. 사진=자료실"),
        "ar": ("صورة أرشيفية: منظر عام للميناء القديم", "تصوير: وكالة الأنباء المحلية"),
        "hi": ("फोटो: नदी के किनारे बना नया पुल (फाइल चित्र)", "चित्र: कारखाने में काम करते मजदूर"),
        "th": ("ภาพ: สะพานข้ามแม่น้ำแห่งใหม่ (แฟ้มภาพ)", "ภาพประกอบข่าวจากผู้สื่อข่าว"),
    },
    "advertisement": {
        "zh": ("广告：扫描二维码下载客户端，新用户立减20元", "【广告】点击关注本号，第一时间获取最新资讯"),
        "en": ("ADVERTISEMENT - Subscribe now and get three months for $1", "Sign up for our daily newsletter here"),
        "ja": ("【広告】今なら初月無料、アプリのダウンロードはこちら", "広告の後にも続きます"),
        "ko": ("[광고] 지금 구독하시면 첫 달은 무료입니다", "앱을 내려받고 속보 알림을 받아보세요"),
        "ar": ("إعلان: اشترك الآن واحصل على شهر مجاني", "تابعونا على تطبيقنا الجديد"),
        "hi": ("विज्ञापन: अभी सदस्यता लें और पहला महीना मुफ्त पाएं", "हमारा ऐप डाउनलोड करें"),
        "th": ("โฆษณา: สมัครวันนี้รับสิทธิ์อ่านฟรีหนึ่งเดือน", "ดาวน์โหลดแอปของเราได้แล้ววันนี้"),
    },
    "related": {
        "zh": ("相关阅读：多地出台新举措 便民服务再升级", "推荐阅读：这座小城为何留住了年轻人"),
        "en": ("Related: How a small town kept its young people", "Read also: Five charts that explain the drought"),
        "ja": ("関連記事：小さな町が若者を引きつける理由", "あわせて読みたい：雨不足を示す五つの図"),
        "ko": ("관련기사: 작은 마을에 청년이 모이는 이유", "함께 읽기: 가뭄을 보여주는 다섯 장의 그래프"),
        "ar": ("اقرأ أيضا: كيف احتفظت بلدة صغيرة بشبابها", "مواضيع ذات صلة: خمسة رسوم تشرح الجفاف"),
        "hi": ("यह भी पढ़ें: एक छोटे कस्बे ने युवाओं को कैसे रोका", "संबंधित खबर: सूखे को समझाते पांच चित्र"),
        "th": ("ข่าวที่เกี่ยวข้อง: เมืองเล็กรักษาคนหนุ่มสาวไว้ได้อย่างไร", "อ่านเพิ่มเติม: ห้าภาพอธิบายภัยแล้ง"),
    },
    "byline": {
        "zh": ("（记者 王小明 通讯员 赵敏）", "责任编辑：周文"),
        "en": ("By Alice Marsh, Staff Writer", "(Reporting by Tom Reed; Editing by Ann Cole)"),
        "ja": ("（社会部・佐藤健一）", "文・田中由美"),
        "ko": ("김민수 기자 minsu@example.com", "취재=이지은 편집=박준호"),
        "ar": ("كتبت: ليلى حداد", "تحرير: سامي منصور"),
        "hi": ("रिपोर्ट: अमित वर्मा", "संपादन: सीमा जोशी"),
        "th": ("รายงานโดย สมชาย ใจดี", "เรียบเรียง: อรุณี ศรีสุข"),
    },
}


def _without(paragraphs: Sequence[str], *places: int) -> list[str]:
    return [p for i, p in enumerate(paragraphs) if i not in places]


def missing(where: str, layout: Layout = block_before, *, glue: str | None = None) -> Operator:
    """A whole run-on copy and paragraphs that lack the `first`, a `middle`, the `last` one or `two` apart."""

    def operator(article: Article, rng: Random) -> Made | None:
        paragraphs = article.paragraphs
        n = len(paragraphs)
        if n < (5 if where == "two" else 3):
            return None
        one = rng.randrange(n - 2)
        place = {"first": 0, "last": n - 1}.get(where, rng.randrange(1, n - 1))
        places = (one, rng.randrange(one + 2, n)) if where == "two" else (place,)
        text = layout(_without(paragraphs, *places), paragraphs, article.glue if glue is None else glue, rng)
        return Made(text, paragraphs)

    return operator


def extra(kind: str, where: str) -> Operator:
    """Two copies, and a line more in one of them: the `paragraphs` or the `block`, the `first` copy or the `second`, or of `pairs`."""

    def operator(article: Article, rng: Random) -> Made | None:
        paragraphs, glue = list(article.paragraphs), article.glue
        if len(paragraphs) < 2:
            return None
        place = rng.randrange(1, len(paragraphs) + (where != "block"))
        line = rng.choice(EXTRAS[kind][article.language])
        truth = [*paragraphs[:place], line, *paragraphs[place:]]
        layout = rng.choice((block_before, block_after))
        text = {
            "paragraphs": lambda: layout(truth, paragraphs, glue, rng),
            "block": lambda: layout(paragraphs, truth, glue, rng),
            "first": lambda: lines(truth, paragraphs),
            "second": lambda: lines(paragraphs, truth),
            "pairs": lambda: lines(
                doubled(paragraphs[:place], paragraphs[:place], glue, rng), line, doubled(paragraphs[place:], paragraphs[place:], glue, rng)
            ).rstrip("\n"),
        }[where]()
        return Made(text, tuple(truth))

    return operator


def _cut(paragraphs: Sequence[str], share: float) -> list[str]:
    """The paragraphs up to a share of their characters, the last one cut at a character."""
    left = int(share * sum(map(len, paragraphs)))
    kept = []
    for p in paragraphs:
        if left <= 0:
            break
        kept.append(p[:left].rstrip())
        left -= len(p)
    return [p for p in kept if p]


def cut_off(layout: Layout, low: float = 0.45, high: float = 0.97) -> Operator:
    """Whole paragraphs, and a copy that ends at a random character."""

    def operator(article: Article, rng: Random) -> Made | None:
        paragraphs = article.paragraphs
        cut = _cut(paragraphs, rng.uniform(low, high))
        if len(paragraphs) < 2 or len(cut[-1]) < _LEAST_CUT:
            return None
        return Made(layout(paragraphs, cut, article.glue, rng), paragraphs)

    return operator


def copied_part(article: Article, rng: Random) -> Made | None:
    """Whole paragraphs, then more than half of them, neighbours, a second time."""
    paragraphs = article.paragraphs
    n = len(paragraphs)
    if n < 4:
        return None
    size = rng.randrange(n // 2 + 1, n)
    start = rng.randrange(n - size + 1)
    return Made(lines(paragraphs, paragraphs[start : start + size]), paragraphs)


def missing_in_each(layout: Layout) -> Operator:
    """Two copies that each lack another paragraph, never neighbours, never the body's first."""

    def operator(article: Article, rng: Random) -> Made | None:
        paragraphs = article.paragraphs
        n = len(paragraphs)
        if n < 5:
            return None
        pairs = [(i, j) for i in range(1, n) for j in range(1, n - 1) if abs(i - j) > 1]
        one, other = rng.choice(pairs)
        return Made(layout(_without(paragraphs, one), _without(paragraphs, other), article.glue, rng), paragraphs)

    return operator


def updated(what: str, layout: Layout) -> Operator:
    """Two copies, in the second one paragraph with another `number`, another `name` or a `negation`: both stay, in the text's order."""

    def operator(article: Article, rng: Random) -> Made | None:
        change, paragraphs = CHANGES[what](article), article.paragraphs
        for place in rng.sample(range(1, len(paragraphs) - 1), max(len(paragraphs) - 2, 0)):
            other = change(paragraphs[place], rng)
            if other and fold(other) not in map(fold, paragraphs):
                copy = [*paragraphs[:place], other, *paragraphs[place + 1 :]]
                both = (other, paragraphs[place]) if layout is block_before else (paragraphs[place], other)
                truth = (*paragraphs[:place], *both, *paragraphs[place + 1 :])
                return Made(layout(paragraphs, copy, article.glue, rng), truth)
        return None

    return operator


def teased_and_missing(article: Article, rng: Random) -> Made | None:
    """A teaser, a whole run-on copy, and paragraphs that lack a middle one."""
    result = missing("middle")(article, rng)
    start = teaser_of(article.paragraphs[0], article, rng)
    return Made(lines(start, result.text), result.truth) if result and start else None


OPERATORS: dict[str, Operator] = {
    **{f"only-in-block.{where}": missing(where) for where in ("first", "middle", "last", "two")},
    "only-in-block.after": missing("middle", block_after),
    "only-in-block.unspaced": missing("middle", glue=""),
    "only-in-block.teaser": teased_and_missing,
    **{f"{kind}.{where}": extra(kind, where) for kind in EXTRAS for where in ("paragraphs", "block", "first", "second", "pairs")},
    "cut.block-before": cut_off(block_before),
    "cut.block-after": cut_off(block_after),
    "cut.second": cut_off(second),
    "cut.second-short": cut_off(second, 0.3, 0.6),
    "part.second": copied_part,
    **{
        f"updated.{what}.{name}": updated(what, layout)
        for what in CHANGES
        for name, layout in (("block-before", block_before), ("block-after", block_after), ("second", second), ("doubled", doubled))
    },
    "missing.copies": missing_in_each(second),
    "missing.block": missing_in_each(block_before),
}
