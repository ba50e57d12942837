"""The control plane's page: every route with what its view says of itself."""

from __future__ import annotations

from scenarios.reference.markdown import code, document, said, table
from scenarios.worlds import BLUEPRINTS
from simulator.kernel.control import LARGEST_BODY, LONGEST_JUMP_MS, MOST_ROWS, application, routes


def page() -> str:
    rows = ((method, code(rule), said(view)) for method, rule, view in routes(application(BLUEPRINTS)))
    return document(
        "Control plane",
        "Every route under `/_sim/`, by which worlds are made, looked at and driven.",
        "It knows no auth, limits or faults, and answers on loopback hosts only, and no page of a foreign origin. "
        'Bodies and answers are JSON; what cannot be done answers `{"error": ...}` in words. `<tenant>` is a shop\'s '
        "domain or a portal's id.",
        table(("method", "path", "what it does"), rows),
        f"A jump of the clock goes up to {LONGEST_JUMP_MS // 86_400_000} days, a journal or change log tells up to "
        f"{MOST_ROWS} rows at a time, a body has up to {LARGEST_BODY // 1024**2} MiB.",
    )
