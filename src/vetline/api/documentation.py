"""The page at /docs: every operation in one table, made from the routes, without any outside request."""

from html import escape

from vetline.api.router import Route

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Vetline: the interface</title>
<link rel="icon" href="data:,">
<style>
  :root {{ background: Canvas; color: CanvasText; color-scheme: light dark; }}
  body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }}
  table {{ border-collapse: collapse; width: 100%; }}
  th, td {{ border-bottom: 1px solid #8886; padding: .5rem; text-align: left; vertical-align: top; }}
</style>
<main>
<h1>Vetline: the interface</h1>
<p>Each call carries <code>Authorization: Bearer TOKEN</code>. Send a fresh GUID as <code>MS-RequestId</code> with
each new request and the same one with each retry. The machine-readable form is
<a href="/openapi.json">/openapi.json</a>.</p>
<table>
<thead><tr><th scope="col">Method</th><th scope="col">Path</th><th scope="col">What it does</th>
<th scope="col">Who may call it</th><th scope="col">Source</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
</main>
</html>
"""


def documentation(routes: list[Route]) -> str:
    """Return the documentation of the given routes as one HTML page."""
    return _PAGE.format(rows="\n".join(_row(route) for route in routes))


def _row(route: Route) -> str:
    path = escape(route.path).replace("/", "<wbr>/")  # a long path breaks between its segments
    cells = (
        f"<code>{escape(route.method)}</code>",
        f"<code>{path}</code>",
        escape(route.summary),
        escape(route.needs.value),
        _source(route.source),
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _source(source: str) -> str:
    if not source.startswith("https://"):
        return escape(source)
    address = source.partition(" ")[0]
    return f'<a href="{escape(address)}">{escape(source.rpartition("/")[2])}</a>'
