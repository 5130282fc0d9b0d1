"""Rows read from bytes and written to bytes."""

import io

from dedup.files.columns import Head, Row


def read(function, data, largest=1 << 20):
    """The heads and rows, and the reasons with their lines."""
    contents, errors = [], []
    for content in function(io.BufferedReader(io.BytesIO(data)), largest):
        if isinstance(content, Head | Row):
            contents.append(content)
        else:
            errors.append((content.line, content.reason))
    return contents, errors


def written(function, contents, changes=None, keep=None):
    """The bytes for the contents; with `changes` in each row, without the rows that are not kept."""
    out = io.BytesIO()
    function(
        out,
        (
            c._replace(changes=changes) if changes and isinstance(c, Row) else c
            for c in contents
            if isinstance(c, Head) or keep is None or keep(c)
        ),
    )
    return out.getvalue()


def rows(contents):
    """The columns of the rows."""
    return [dict(content.columns) for content in contents if isinstance(content, Row)]
