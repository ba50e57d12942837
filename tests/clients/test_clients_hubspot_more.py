"""hubspot-api-client, HubSpot's own Python client, unmodified: merging, custom objects, labels, audits."""

import pytest

hubspot = pytest.importorskip("hubspot", reason="hubspot-api-client is not installed")

pytestmark = pytest.mark.http


@pytest.fixture
def client(up):
    return hubspot.HubSpot(access_token=up["HUBSPOT_TOKEN"], host=up["HUBSPOT_URL"], base_url=up["HUBSPOT_URL"])


def test_contacts_are_merged_and_one_is_erased(client):
    api = client.crm.contacts.basic_api
    one, other = (api.create({"properties": {"email": f"merge{n}@example.com"}}).id for n in range(2))

    assert one == api.merge({"primaryObjectId": one, "objectIdToMerge": other}).id
    assert one == api.get_by_id(other).id
    api.purge({"objectId": one})
    with pytest.raises(Exception, match="404"):
        api.get_by_id(one)


def test_a_custom_object_is_defined_filled_and_deleted(client):
    schemas, objects = client.crm.schemas.core_api, client.crm.objects
    field = {"name": "model", "label": "Model", "type": "string", "fieldType": "text"}
    egg = {
        "name": "boat",
        "labels": {"singular": "Boat", "plural": "Boats"},
        "primaryDisplayProperty": "model",
        "requiredProperties": ["model"],
        "searchableProperties": ["model"],
        "properties": [field],
        "associatedObjects": ["CONTACT"],
    }
    made = schemas.create(egg)
    assert made.fully_qualified_name in {each.fully_qualified_name for each in schemas.get_all().results}
    assert "model" in {each.name for each in schemas.get_by_id(made.object_type_id).properties}
    assert schemas.update("boat", {"labels": {"singular": "Ship", "plural": "Ships"}}).labels.singular == "Ship"

    record = objects.basic_api.create(made.object_type_id, {"properties": {"model": "Dinghy"}})
    found = objects.search_api.do_search(made.object_type_id, {"query": "dinghy"})
    assert [each.id for each in found.results] in ([], [record.id])  # the index may lag
    objects.basic_api.archive(made.object_type_id, record.id)
    schemas.archive("boat")
    assert "boat" not in {each.name for each in schemas.get_all().results}


def test_a_label_is_made_renamed_and_removed(client):
    api = client.crm.associations.v4.schema.definitions_api
    made = api.create("contacts", "deals", {"name": "payer", "label": "Payer", "inverseLabel": "Paid"}).results
    assert {each.label for each in made} == {"Payer", "Paid"}

    api.update("contacts", "deals", {"associationTypeId": made[0].type_id, "label": "Buyer"})
    assert "Buyer" in {each.label for each in api.get_all("contacts", "deals").results}
    api.remove("contacts", "deals", made[0].type_id)
    assert {each.label for each in api.get_all("contacts", "deals").results} == {None}


def test_v3_associations_go_by_name_and_a_pipeline_has_an_audit(client):
    contact = client.crm.contacts.basic_api.create({"properties": {"email": "linked@example.com"}}).id
    deal = client.crm.deals.basic_api.create({"properties": {"dealname": "d"}}).id
    row = {"from": {"id": contact}, "to": {"id": deal}, "type": "contact_to_deal"}

    client.crm.associations.batch_api.create("contacts", "deals", {"inputs": [row]})
    read = client.crm.associations.batch_api.read("contacts", "deals", {"inputs": [{"id": contact}]})

    assert [(each.id, each.type) for each in read.results[0].to] == [(deal, "contact_to_deal")]
    audit = client.crm.pipelines.pipeline_audits_api.get_audit("deals", "default")
    assert [each.action for each in audit.results] == ["CREATE"]
