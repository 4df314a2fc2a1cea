"""The API's reference pages; every asset is ours, and the strict CSP stays."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from moviereservation.api_docs.problem_catalogue import problems as all_problems


def docs(request: HttpRequest) -> HttpResponse:
    """The reference, drawn from the schema."""
    return render(request, "api/docs.html")


def problems(request: HttpRequest) -> HttpResponse:
    """What each stable `code` of a problem document means; its anchor is its `type`."""
    rows = [(problem, _with_code(problem.meaning)) for problem in all_problems().values()]
    return render(request, "api/problems.html", {"rows": rows})


def _with_code(text: str) -> SafeString:
    """What stands between backticks, as code."""
    parts = text.split("`")
    return format_html_join(
        "", "{}<code>{}</code>", zip(parts[0:-1:2], parts[1::2], strict=True)
    ) + format_html_join("", "{}", [(parts[-1],)])
