"""What runs on the executors, each call behind a look at whether these have the driver's version: another one may answer otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dedup
from dedup.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable


def on_executors(function: Callable[..., Any], *arguments: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - whatever the function takes
    """The function of a batch iterator or a table with the other arguments given, as `mapInArrow` and `applyInArrow` take it.

    Any task may be the first one on its machine, and a machine may come late: each looks. The call raises ConfigError.
    """
    version = dedup.__version__
    return lambda given: _call(version, function, given, arguments)  # of one argument: engines count them


def _call(version: str, function: Callable[..., Any], given: Any, arguments: tuple[Any, ...]) -> Any:  # noqa: ANN401 - whatever it gives
    if dedup.__version__ != version:
        message = f"the executors have article-dedup {dedup.__version__}, the driver {version}: install the same version on both"
        raise ConfigError(message)
    return function(given, *arguments)
