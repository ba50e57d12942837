"""Of whom page views are counted."""

from __future__ import annotations

from hubspot_world import Client, World, control

MARKS = {"hs_analytics_source_data_1": "INTEGRATION_SYNC", "hs_analytics_source_data_2": "integrations-sync"}


def do(world: World, event: str, email: str = "ann@example.com") -> dict | int:
    answer = control(world.simulation, "events", {"email": email, "event": event})
    return answer.json() if answer.status_code == 200 else answer.status_code


def views(hub: Client, contact: dict) -> str:
    path, name = f"/crm/v3/objects/contacts/{contact['id']}", "hs_analytics_num_page_views"
    return hub.get(path, properties=name).json()["properties"][name] or "0"


def test_A15_an_imported_contact_is_tracked_only_after_a_form_or_a_click(world: World) -> None:
    hub = world.client(kind="native")
    for number, conversion in enumerate(("form", "click")):
        email = f"ann{number}@example.com"
        contact = hub.make("contacts", email=email, **MARKS)
        assert [False, False] == [do(world, "page_view", email)["tracked"] for _ in range(2)]
        assert "0" == views(hub, contact)

        do(world, conversion, email)
        assert do(world, "page_view", email)["tracked"]
        assert "1" == views(hub, contact)  # the earlier ones are lost


def test_A17_a_later_contact_is_tracked_from_the_start(world: World) -> None:
    hub = world.client()
    contact = hub.make("contacts", email="ann@example.com")

    for _ in range(2):
        assert do(world, "page_view")["tracked"]

    assert "2" == views(hub, contact)


def test_what_nobody_does_is_refused(world: World) -> None:
    assert (400, 404) == (do(world, "dance"), do(world, "form", "nobody@example.com"))
