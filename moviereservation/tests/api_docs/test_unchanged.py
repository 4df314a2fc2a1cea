"""A program that was written for 1.0.0 finds the same API: the schema of then is held against ours.

`openapi_1_0_0.json` is what `manage.py spectacular --format openapi-json` wrote at 2e0bce7. What
was wrong in it is put right here, and nothing else.
"""

import json
from pathlib import Path
from typing import Any

from drf_spectacular.generators import SchemaGenerator

Json = dict[str, Any]
OF_1_0_0: Json = json.loads((Path(__file__).parent / "openapi_1_0_0.json").read_text())
# It said of the numbers in paths that they were strings, of the digits that the address took.
DIGITS = {"type": "string", "pattern": "^[0-9]{1,18}$"}
KEY = {"type": "integer", "format": "int64", "minimum": 1, "maximum": 9223372036854775807}


def put_right(schema: Json) -> Json:
    right: Json = json.loads(json.dumps(schema))
    for operations in right["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path":
                    assert parameter["schema"] == DIGITS
                    parameter["schema"] = KEY
    return right


def test_the_schema_is_that_of_1_0_0() -> None:
    then = put_right(OF_1_0_0)
    ours = json.loads(
        json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str)
    )
    assert ours["components"] == then["components"]
    assert [*ours["paths"]] == [*then["paths"]]
    for path, operations in then["paths"].items():
        assert ours["paths"][path] == operations, path
    assert ours == then
