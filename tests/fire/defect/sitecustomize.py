"""A defect put into the executable from outside: what DEDUP_DEFECT names loses one of what it counts."""

import importlib
import importlib.abc
import os
import sys

_WHERE = {
    "article": ("dedup.report.counts", "account"),  # the account of every article that is counted
    "lost": ("dedup.commands.run", "_staying"),  # the cleaned rows that `run` reads again
    "more": ("dedup.commands.run", "_staying"),
    "kept": ("dedup.commands.dropping", "write_kept"),  # the rows that `drop` says it wrote
    "told": ("dedup.commands.dropping", "write_removed"),  # the rows whose evidence `drop` says it wrote
}


class _Finder(importlib.abc.MetaPathFinder):
    """Breaks the function once its module is there."""

    def find_spec(self, name, *_):
        where, function = _WHERE[os.environ["DEDUP_DEFECT"]]
        if name != where:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(name)
        run = spec.loader.exec_module

        def exec_module(module):
            run(module)
            sound = getattr(module, function)
            setattr(module, function, lambda *given, **named: _broken(module, sound, given, named))

        spec.loader.exec_module = exec_module
        return spec


def _broken(module, sound, given, named):
    """What the function gives where the last kept span is forgotten, a row is not read or read twice, or one less is said to be written."""
    if module.__name__ == "dedup.report.counts":
        one = given[0]
        fields = {name: getattr(one, name) for name in ("document", "text", "paragraphs", "repaired", "header", "fields", "removed")}
        return sound(type(one)(kept=one.kept[:-1], **fields))
    if module.__name__ == "dedup.commands.run":
        contents = list(given[0])
        contents = contents[:-1] if os.environ["DEDUP_DEFECT"] == "lost" else [*contents, contents[-1]]
        return sound(contents, *given[1:], **named)
    return sound(*given, **named) - 1


if os.environ.get("DEDUP_DEFECT"):
    import importlib.util

    sys.meta_path.insert(0, _Finder())
