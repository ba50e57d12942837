"""The scenarios' page: the library, a section a scenario."""

from __future__ import annotations

from scenarios.reference.markdown import codes, document, section
from scenarios.scenario import Scenario, all_scenarios

SPEC = (
    'An id says which requirement asks for it: A is HubSpot\'s article "Analyze your Shopify data in HubSpot" of April '
    '2023 (`deals`), B its article "Connect HubSpot and Shopify" of January 2024 (`data-sync`), I a decision of ours '
    'where both are silent, and S a case that users of such integrations have reported. A name as in "A-ORDER 3" is a '
    "row of a table in that article."
)


def page() -> str:
    return document(
        "Scenarios",
        "What is tried in every scenario of the library, and what must come of it.",
        f"`syncdrill scenarios run NAME` runs one. {SPEC}",
        *map(_scenario, all_scenarios()),
    )


def _scenario(one: Scenario) -> str:
    seeded = ", ".join(f"{count} {name}" for name, count in one.seeded.items())
    facts = [f"- Name: `{one.name}`", f"- Shows: {', '.join(one.spec)}", f"- Integrations: {codes(one.integrations)}"]
    facts += [f"- In the shop before the integration connects: {seeded}"] if seeded else []
    facts += [f"- World: {codes(f'{name}={value}' for name, value in one.world.items())}"] if one.world else []
    facts += ["- Lets days pass: not among the quick tests"] if one.slow else []
    return section(one.title, "\n".join(facts), f"```gherkin\n{one.text}\n```")
