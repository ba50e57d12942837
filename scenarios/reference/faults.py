"""The faults' page: effects, and the fields of a fault."""

from __future__ import annotations

from dataclasses import MISSING, Field, fields

from scenarios.reference.markdown import arguments, code, codes, document, section, table
from simulator.kernel.faults import AT_THE_GATE, LONGEST_DELAY_MS, MOST_FAULTS, ON_THE_WIRE, Fault

EXAMPLE = """```
curl -s -X PUT "$SHOPIFY_URL/_sim/worlds/main/faults" -d '{"plan": [
  {"name": "storm", "effect": "throttle", "vendor": "hubspot", "app": "sync", "per_mille": 900}]}'
```"""


def page() -> str:
    told = arguments(Fault)
    rows = ((code(one.name), str(one.type), _default(one), told.get(one.name, "")) for one in fields(Fault))
    return document(
        "Faults",
        "What can be made to go wrong in a world: the effects, and the fields of a fault.",
        f"A plan is a list of up to {MOST_FAULTS} faults; for each request or webhook the first that matches and whose "
        "draw hits takes effect. All draws follow from the world's seed, and an injected answer is marked in the "
        f"journal. A delay goes up to {LONGEST_DELAY_MS // 3_600_000} h.",
        section(
            "Effects",
            f"At the gate in front of a fake: {codes(AT_THE_GATE)}. On the wire, for webhooks: {codes(ON_THE_WIRE)}.",
        ),
        section("Fields", table(("field", "type", "default", "what it says"), rows)),
        section("Example", EXAMPLE),
    )


def _default(one: Field[object]) -> str:
    return "" if one.default is MISSING else code("2**62" if one.default == 2**62 else repr(one.default))
