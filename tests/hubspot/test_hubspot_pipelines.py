"""Pipelines of deals and orders."""

from __future__ import annotations

from collections.abc import Callable

from hubspot_world import Client, World

ORDERS = "14a2e10e-5471-408a-906e-c51f3b04369e"
ECOMMERCE = {
    "pipelineId": "75e28846-ad0d-4be2-a027-5e1da6590b98",
    "label": "Ecommerce Pipeline",
    "displayOrder": 1,
    "stages": [
        {
            "stageId": "checkout_abandoned",
            "label": "Checkout Abandoned",
            "displayOrder": 0,
            "metadata": {"probability": 0.1},
        },
        {"stageId": "processed", "label": "Processed", "displayOrder": 1, "metadata": {"probability": "1.0"}},
    ],
}


def labels(pipeline: dict) -> list[str]:
    return [stage["label"] for stage in pipeline["stages"]]


def test_B23_B24_a_new_portal_has_the_sales_and_the_order_pipeline(open_world: Callable[..., World]) -> None:
    hub, newer = open_world().client(), open_world(delivered_stage=True).client()

    deals, orders = (hub.get(f"/crm/v3/pipelines/{name}").json()["results"] for name in ("deals", "orders"))

    assert [("default", "Sales Pipeline")] == [(row["id"], row["label"]) for row in deals]
    assert ["appointmentscheduled", "qualifiedtobuy", "presentationscheduled"] == [s["id"] for s in deals[0]["stages"]][
        :3
    ]
    assert {"isClosed": "true", "probability": "1.0"} == deals[0]["stages"][5]["metadata"]
    assert [(ORDERS, "Order Pipeline")] == [(row["id"], row["label"]) for row in orders]
    assert ["Open", "Processed", "Shipped", "Cancelled"] == labels(orders[0])
    fifth = newer.get(f"/crm/v3/pipelines/orders/{ORDERS}").json()
    assert ["Open", "Processed", "Shipped", "Delivered", "Cancelled"] == labels(fifth)


def test_a_pipeline_is_made_with_ids_of_the_caller_and_used(hub: Client) -> None:
    made = hub.post("/crm/v3/pipelines/deals", ECOMMERCE)
    again = hub.post("/crm/v3/pipelines/deals", ECOMMERCE)

    assert (201, 409) == (made.status_code, again.status_code)
    assert ["checkout_abandoned", "processed"] == [stage["id"] for stage in made.json()["stages"]]
    assert {"probability": "0.1", "isClosed": "false"} == made.json()["stages"][0]["metadata"]
    where = {"pipeline": ECOMMERCE["pipelineId"], "dealstage": "processed"}
    assert "true" == hub.make("deals", **where)["properties"]["hs_is_closed_won"]
    misfit = hub.post("/crm/v3/objects/deals", {"properties": where | {"pipeline": "default"}})
    assert (400, "INVALID_OPTION") == (misfit.status_code, misfit.json()["errors"][0]["code"])
    options = hub.get("/crm/v3/properties/deals/pipeline").json()["options"]
    assert ["default", ECOMMERCE["pipelineId"]] == [option["value"] for option in options]


def test_B26_B27_B28_B30_a_stage_is_added_renamed_and_removed_but_keeps_its_id(hub: Client) -> None:
    path = f"/crm/v3/pipelines/orders/{ORDERS}/stages"

    made = hub.post(path, {"label": "Returned", "displayOrder": 9, "metadata": {"state": "CLOSED"}})
    stage = made.json()["id"]
    renamed = hub.call("PATCH", f"{path}/{stage}", {"label": "Sent back"})
    moved = hub.call("PATCH", f"{path}/{stage}", {"stageId": "other"})

    assert (201, 200, 400) == (made.status_code, renamed.status_code, moved.status_code)
    assert (stage, "Sent back") == (renamed.json()["id"], hub.get(f"{path}/{stage}").json()["label"])
    order = hub.make("orders", hs_pipeline=ORDERS, hs_pipeline_stage=stage)
    assert 400 == hub.call("DELETE", f"{path}/{stage}").status_code
    hub.call("DELETE", f"/crm/v3/objects/orders/{order['id']}")
    assert 204 == hub.call("DELETE", f"{path}/{stage}").status_code
    assert 404 == hub.get(f"{path}/{stage}").status_code


def test_a_pipeline_in_use_goes_only_where_nobody_asked_to_check(hub: Client) -> None:
    hub.post("/crm/v3/pipelines/deals", ECOMMERCE)
    hub.make("deals", pipeline=ECOMMERCE["pipelineId"])
    path = f"/crm/v3/pipelines/deals/{ECOMMERCE['pipelineId']}"

    checked = hub.call("DELETE", path, params={"validateReferencesBeforeDelete": "true"})
    unchecked = hub.call("DELETE", path)

    assert (400, 204, 404) == (checked.status_code, unchecked.status_code, hub.get(path).status_code)


def test_replacing_a_pipeline_replaces_its_stages(hub: Client) -> None:
    hub.post("/crm/v3/pipelines/deals", ECOMMERCE)
    path = f"/crm/v3/pipelines/deals/{ECOMMERCE['pipelineId']}"
    new = {"label": "Shop", "displayOrder": 1, "stages": ECOMMERCE["stages"][1:]}

    answer = hub.call("PUT", path, new)

    assert ("Shop", ["processed"]) == (answer.json()["label"], [stage["id"] for stage in answer.json()["stages"]])
    hub.make("deals", pipeline=ECOMMERCE["pipelineId"], dealstage="processed")
    assert 400 == hub.call("PUT", path, new | {"stages": ECOMMERCE["stages"][:1]}).status_code


def test_B31_a_pipeline_that_cannot_be_saved_stays_as_it_was(hub: Client) -> None:
    path = f"/crm/v3/pipelines/orders/{ORDERS}"
    before = hub.get(path).json()
    good, bad = ({"label": state, "displayOrder": 0, "metadata": {"state": state}} for state in ("OPEN", "AJAR"))

    refused = hub.call("PUT", path, {"label": "Mine", "displayOrder": 0, "stages": [good, bad]})

    assert (400, before) == (refused.status_code, hub.get(path).json())


def test_metadata_that_does_not_fit_and_objects_without_pipelines_are_refused(hub: Client) -> None:
    for metadata in ({}, {"probability": "2"}, {"probability": "0.5", "state": "OPEN"}):
        stages = [{"label": "s", "displayOrder": 0, "metadata": metadata}]
        answer = hub.post("/crm/v3/pipelines/deals", {"label": "p", "displayOrder": 1, "stages": stages})
        assert 400 == answer.status_code
    assert 400 == hub.get("/crm/v3/pipelines/contacts").status_code


def test_the_audit_tells_what_happened_to_a_pipeline_and_to_a_stage(hub: Client) -> None:
    path = f"/crm/v3/pipelines/deals/{ECOMMERCE['pipelineId']}"
    hub.post("/crm/v3/pipelines/deals", ECOMMERCE)
    hub.wait(1_000)
    hub.call("PATCH", path, {"label": "Shop"})
    hub.call("PATCH", f"{path}/stages/processed", {"label": "Paid"})

    line, stage = (
        hub.get(f"{path}/audit").json()["results"],
        hub.get(f"{path}/stages/processed/audit").json()["results"],
    )

    assert ["UPDATE", "UPDATE", "CREATE"] == [row["action"] for row in line]
    assert [("UPDATE", "Paid"), ("CREATE", "Processed")] == [
        (row["action"], row["rawObject"]["label"]) for row in stage
    ]
    assert (24680135, "processed") == (stage[0]["portalId"], stage[0]["identifier"])


def test_a_custom_object_has_pipelines_of_its_own(hub: Client) -> None:
    schema = {
        "name": "car",
        "labels": {"singular": "Car", "plural": "Cars"},
        "requiredProperties": [],
        "properties": [{"name": "model", "label": "Model", "type": "string", "fieldType": "text"}],
        "primaryDisplayProperty": "model",
    }
    hub.post("/crm/v3/schemas", schema)
    line = {"label": "Sales", "displayOrder": 0, "stages": [{"label": "New", "displayOrder": 0, "stageId": "new"}]}

    made = hub.post("/crm/v3/pipelines/car", line)

    assert 201 == made.status_code, made.text
    record = hub.make("car", model="T", hs_pipeline=made.json()["id"])
    assert "new" == record["properties"]["hs_pipeline_stage"]
    assert 400 == hub.call("DELETE", f"/crm/v3/pipelines/car/{made.json()['id']}/stages/new").status_code
