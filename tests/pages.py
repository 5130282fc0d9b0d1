"""A web page of an article."""

PARAGRAPHS = [
    f"Paragraph number {number} tells at length what the council decided about street {number} on that evening." for number in range(8)
]
PAGE = (
    "<html><head><title>Bridge opens</title><meta name='author' content='Ann Lee'>"
    "<meta property='article:published_time' content='2023-12-10'><link rel='canonical' href='http://x.org/bridge'></head>"
    "<body><nav>Home</nav><article><h1>Bridge opens</h1>{}</article><footer>All rights reserved</footer></body></html>"
)


def html(paragraphs):
    return PAGE.format("".join(f"<p>{text}</p>" for text in paragraphs)).encode()
