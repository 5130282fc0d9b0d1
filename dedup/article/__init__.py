"""Inside one article: repair -> header -> paragraphs -> repeats -> canonical."""
