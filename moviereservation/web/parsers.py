"""Reading what clients send."""

import json
import math
from collections.abc import Mapping
from typing import Any, NoReturn

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

# What we read has three levels. Deeper values break whoever walks, prints or compares them.
MOST_LEVELS = 16


class StrictJSONParser(JSONParser):
    """JSON as RFC 8259 has it: UTF-8, finite numbers; an object at the top, and not deep."""

    def parse(
        self,
        stream: Any,
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            text = stream.read().decode("utf-8-sig")
            data = json.loads(text, parse_float=_finite, parse_constant=_refuse)
        except json.JSONDecodeError as error:
            place = {"line": error.lineno, "column": error.colno}
            raise ParseError(
                _("This is no JSON: line %(line)s, column %(column)s.") % place
            ) from None
        except ValueError:
            raise ParseError(_("This is no JSON.")) from None
        except RecursionError:
            raise ParseError(_("The JSON is nested too deeply.")) from None
        if not isinstance(data, dict):
            raise ParseError(_("Send a JSON object."))
        _refuse_depth(data)
        return data


def _finite(digits: str) -> float:
    """1e999 is valid JSON and infinite in Python, where most sums with it raise."""
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(digits)
    return number


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _refuse_depth(data: Any) -> None:
    level = [data]
    for _depth in range(MOST_LEVELS):
        level = [
            inner
            for value in level
            if isinstance(value, dict | list)
            for inner in (value.values() if isinstance(value, dict) else value)
        ]
        if not level:
            return
    raise ParseError(_("The JSON is nested too deeply."))
