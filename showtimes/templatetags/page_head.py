"""What stands in a page's head for machines."""

import json
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# Nothing in the data can end the script element, or begin another one.
# https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements
HARMLESS = str.maketrans(
    {letter: f"\\u{ord(letter):04x}" for letter in ("<", ">", "&", "\u2028", "\u2029")}
)


@register.simple_tag
def linked_data(data: dict[str, Any]) -> SafeString:
    """JSON for `<script type="application/ld+json">`: data, which no browser runs."""
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(HARMLESS))
