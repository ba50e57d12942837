"""hubspot-api-client, HubSpot's own Python client, unmodified, over HTTP."""

import pytest

hubspot = pytest.importorskip("hubspot", reason="hubspot-api-client is not installed")

pytestmark = pytest.mark.http

# What each object needs to be made, what is changed on it, and how the client calls it.
OBJECTS = {
    "contacts": ({"email": "first@example.com", "firstname": "Ada"}, {"firstname": "Grace"}),
    "products": ({"name": "Teapot", "price": "10.00"}, {"price": "12.50"}),
    "line_items": ({"name": "Teapot", "price": "10.00", "quantity": "2"}, {"quantity": "3"}),
    "deals": ({"dealname": "#1001", "pipeline": "default", "dealstage": "closedwon"}, {"dealname": "#1002"}),
    "orders": ({"hs_order_name": "#1001"}, {"hs_order_name": "#1002"}),
    "carts": ({"hs_cart_name": "#9"}, {"hs_cart_name": "#10"}),
}


@pytest.fixture
def client(up):
    return hubspot.HubSpot(access_token=up["HUBSPOT_TOKEN"], host=up["HUBSPOT_URL"], base_url=up["HUBSPOT_URL"])


def api_of(client, name):
    """The typed API where the client has one; orders and carts go through the generic one."""
    typed = getattr(client.crm, name, None)
    return (typed, ()) if typed else (client.crm.objects, (name,))


@pytest.mark.parametrize("name", sorted(OBJECTS))
def test_an_object_is_created_read_updated_listed_and_archived(client, name):
    api, first = api_of(client, name)
    properties, change = OBJECTS[name]
    made = api.basic_api.create(*first, {"properties": properties})
    read = api.basic_api.get_by_id(*first, made.id, properties=sorted(properties))
    assert {key: read.properties[key] for key in properties} == properties

    api.basic_api.update(*first, made.id, simple_public_object_input={"properties": change})
    changed = api.basic_api.get_by_id(*first, made.id, properties=sorted(change))
    assert {key: changed.properties[key] for key in change} == change

    assert made.id in {each.id for each in api.basic_api.get_page(*first, limit=100).results}
    api.basic_api.archive(*first, made.id)
    with pytest.raises(Exception, match="404"):
        api.basic_api.get_by_id(*first, made.id)
    assert made.id in {each.id for each in api.basic_api.get_page(*first, limit=100, archived=True).results}


@pytest.mark.parametrize("name", sorted(OBJECTS))
def test_a_batch_is_created_read_updated_and_archived(client, name):
    api, first = api_of(client, name)
    properties, change = OBJECTS[name]
    inputs = [
        {"properties": {**properties, **({"email": f"b{n}@example.com"} if name == "contacts" else {})}}
        for n in range(5)
    ]
    made = api.batch_api.create(*first, {"inputs": inputs})
    ids = sorted(each.id for each in made.results)
    assert (made.status, len(ids)) == ("COMPLETE", 5)

    api.batch_api.update(*first, {"inputs": [{"id": id, "properties": change} for id in ids]})
    wanted = {"inputs": [{"id": id} for id in ids], "properties": sorted(change), "propertiesWithHistory": []}
    read = api.batch_api.read(*first, wanted)
    assert [{key: each.properties[key] for key in change} for each in read.results] == [change] * 5

    api.batch_api.archive(*first, {"inputs": [{"id": id} for id in ids]})
    assert api.batch_api.read(*first, wanted).results == []


def test_contacts_are_upserted_by_email(client):
    def upsert(name: str):
        inputs = [{"idProperty": "email", "id": "up@example.com", "properties": {"firstname": name}}]
        (result,) = client.crm.contacts.batch_api.upsert({"inputs": inputs}).results
        return result

    first, second = upsert("Ada"), upsert("Grace")

    assert (first.new, second.new) == (True, False)
    assert first.id == second.id
    assert (
        client.crm.contacts.basic_api.get_by_id(first.id, properties=["firstname"]).properties["firstname"] == "Grace"
    )


def test_a_list_is_paged_to_its_end(client):
    inputs = [{"properties": {"name": f"Page {n}"}} for n in range(25)]
    client.crm.products.batch_api.create({"inputs": inputs})
    after, seen = None, []
    for _ in range(100):
        page = client.crm.products.basic_api.get_page(limit=7, after=after)
        seen += [each.properties["name"] for each in page.results]
        if page.paging is None:
            break
        after = page.paging.next.after

    assert len([name for name in seen if name.startswith("Page ")]) == 25
    assert len(client.crm.products.get_all()) == len(seen)


def test_search_finds_by_filter_once_the_index_has_caught_up(client, up):
    import requests

    made = client.crm.deals.basic_api.create({"properties": {"dealname": "needle"}})
    wanted = {"filterGroups": [{"filters": [{"propertyName": "dealname", "operator": "EQ", "value": "needle"}]}]}
    assert client.crm.deals.search_api.do_search(wanted).total == 0

    clock = f"{up['HUBSPOT_URL']}/_sim/worlds/main/clock"
    requests.post(clock, json={"advance_ms": 10_000}, timeout=30).raise_for_status()
    assert [each.id for each in client.crm.deals.search_api.do_search(wanted).results] == [made.id]


def test_associations_are_made_read_and_removed(client):
    contact = client.crm.contacts.basic_api.create({"properties": {"email": "assoc@example.com"}})
    deal = client.crm.deals.basic_api.create({"properties": {"dealname": "with a contact"}})
    spec = [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}]
    api = client.crm.associations.v4.basic_api
    api.create("deals", deal.id, "contacts", contact.id, spec)

    (there,) = api.get_page("deals", deal.id, "contacts").results
    (back,) = api.get_page("contacts", contact.id, "deals").results
    assert (str(there.to_object_id), str(back.to_object_id)) == (contact.id, deal.id)
    assert [kind.type_id for kind in back.association_types] == [4]

    api.archive("deals", deal.id, "contacts", contact.id)
    assert api.get_page("deals", deal.id, "contacts").results == []


def test_properties_are_created_read_changed_and_archived(client):
    api = client.crm.properties.core_api
    wanted = {
        "name": "drill_note",
        "label": "Note",
        "type": "string",
        "fieldType": "text",
        "groupName": "dealinformation",
    }
    api.create("deals", wanted)
    api.update("deals", "drill_note", {"label": "Drill note"})
    assert api.get_by_name("deals", "drill_note").label == "Drill note"
    assert "drill_note" in {each.name for each in api.get_all("deals").results}

    api.archive("deals", "drill_note")
    assert "drill_note" not in {each.name for each in api.get_all("deals").results}


def test_a_new_portal_has_the_sales_and_the_order_pipeline_and_more_can_be_made(client):
    api = client.crm.pipelines.pipelines_api
    assert [each.label for each in api.get_all("deals").results] == ["Sales Pipeline"]
    (orders,) = api.get_all("orders").results
    assert [stage.label for stage in orders.stages] == ["Open", "Processed", "Shipped", "Cancelled"]

    stages = [{"label": "Begun", "displayOrder": 0, "metadata": {"probability": "0.5"}}]
    made = api.create("deals", {"label": "Mine", "displayOrder": 1, "stages": stages})
    assert [stage.label for stage in api.get_by_id("deals", made.id).stages] == ["Begun"]
    api.archive("deals", made.id)
    assert [each.label for each in api.get_all("deals").results] == ["Sales Pipeline"]


def test_what_hubspot_refuses_carries_its_words(client):
    client.crm.contacts.basic_api.create({"properties": {"email": "twice@example.com"}})
    with pytest.raises(Exception, match=r"Contact already exists. Existing ID: \d+") as caught:
        client.crm.contacts.basic_api.create({"properties": {"email": "TWICE@example.com"}})

    assert caught.value.status == 409
