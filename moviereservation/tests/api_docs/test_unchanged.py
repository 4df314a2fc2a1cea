"""A program that was written for 1.0.0 finds the same API: the schema of then is held against ours.

`openapi_1_0_0.json` is what `manage.py spectacular --format openapi-json` wrote at 2e0bce7.
"""

import json
from pathlib import Path
from typing import Any

from drf_spectacular.generators import SchemaGenerator

Json = dict[str, Any]
OF_1_0_0: Json = json.loads((Path(__file__).parent / "openapi_1_0_0.json").read_text())


def test_the_schema_is_that_of_1_0_0() -> None:
    ours = json.loads(
        json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str)
    )
    assert ours["components"] == OF_1_0_0["components"]
    assert sorted(ours["paths"]) == sorted(OF_1_0_0["paths"])
    for path, operations in OF_1_0_0["paths"].items():
        assert ours["paths"][path] == operations, path
    assert ours == OF_1_0_0
