"""hubspot-api-client: its typed APIs and its generic ones, on api.hubapi.com."""

import json
import os
from urllib.parse import parse_qs, urlsplit

from drill import equal, flow, flow_by_the_wall, installs, passes, portal, receiver, refused, run_all
from hubspot import HubSpot
from hubspot.utils.oauth import get_auth_url
from hubspot.utils.signature import Signature

# Nothing but the token, and the proxy as the client's own option: its HTTP library reads no environment.
WAY = {"proxy": os.environ["HTTPS_PROXY"], "ssl_ca_cert": os.environ["CA_BUNDLE"]}
client = HubSpot(access_token=os.environ["HUBSPOT_TOKEN"], **WAY)

# What each object needs to be made, and what is changed on it.
OBJECTS = {
    "contacts": ({"email": "first@example.com", "firstname": "Ada"}, {"firstname": "Grace"}),
    "companies": ({"name": "Engines", "domain": "engines.example.com"}, {"name": "Analytical Engines"}),
    "products": ({"name": "Teapot", "price": "10.00"}, {"price": "12.50"}),
    "line_items": ({"name": "Teapot", "price": "10.00", "quantity": "2"}, {"quantity": "3"}),
    "deals": ({"dealname": "#1001", "pipeline": "default", "dealstage": "closedwon"}, {"dealname": "#1002"}),
    "orders": ({"hs_order_name": "#1001"}, {"hs_order_name": "#1002"}),
    "carts": ({"hs_cart_name": "#9"}, {"hs_cart_name": "#10"}),
}


CALLBACK = "http://127.0.0.1:3000/callback"


@flow_by_the_wall
def an_app_is_let_in_by_oauth_refreshes_its_token_and_asks_about_it():
    scopes = ("crm.objects.contacts.read", "crm.objects.contacts.write")
    app = portal("POST", "apps", {"name": "oauth", "redirect_urls": [CALLBACK], "scopes": [*scopes, "oauth"]})["app"]
    back = installs(get_auth_url(app["client_id"], CALLBACK, scopes, state="drill"), portal=os.environ["PORTAL"])
    told = {name: value for name, (value,) in parse_qs(urlsplit(back).query).items()}
    equal("drill", told["state"])
    api, own = client.oauth.tokens_api, {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    first = api.create(grant_type="authorization_code", code=told["code"], redirect_uri=CALLBACK, **own)
    second = api.create(grant_type="refresh_token", refresh_token=first.refresh_token, **own)
    equal((1800, first.refresh_token), (second.expires_in, second.refresh_token))
    about = client.oauth.access_tokens_api.get(second.access_token)
    equal((app["id"], int(os.environ["PORTAL"])), (about.app_id, about.hub_id))
    equal(first.refresh_token, client.oauth.refresh_tokens_api.get(first.refresh_token).token)

    HubSpot(access_token=second.access_token, **WAY).crm.contacts.basic_api.get_page()
    refused(lambda: HubSpot(access_token=second.access_token, **WAY).crm.deals.basic_api.get_page(), "MISSING_SCOPES")
    client.oauth.refresh_tokens_api.archive(first.refresh_token)
    refused(lambda: api.create(grant_type="refresh_token", refresh_token=first.refresh_token, **own), "400")


@flow_by_the_wall
def webhooks_are_subscribed_to_and_their_signatures_hold():
    app, secret = int(os.environ["HUBSPOT_APP_ID"]), os.environ["HUBSPOT_CLIENT_SECRET"]
    api = HubSpot(api_key=os.environ["HUBSPOT_DEVELOPER_KEY"], **WAY).webhooks
    with receiver() as (url, arrived):
        url = f"{url}/hubspot"
        api.settings_api.configure(app, {"targetUrl": url, "throttling": {"maxConcurrentRequests": 5}})
        api.subscriptions_api.create(app, {"eventType": "contact.creation", "active": True})
        made = client.crm.contacts.basic_api.create({"properties": {"email": "told@example.com"}})
        passes(30)
        (_, headers, raw), *_ = arrived
        body, version = raw.decode(), headers["X-HubSpot-Signature-Version"]
        signed = {"client_secret": secret, "request_body": body, "http_uri": url}
        equal([made.id], [str(event["objectId"]) for event in json.loads(body)])
        equal(True, Signature.is_valid(headers["X-HubSpot-Signature"], signature_version=version, **signed))
        now = {"signature_version": "v3", "timestamp": headers["X-HubSpot-Request-Timestamp"]}
        equal(True, Signature.is_valid(headers["X-HubSpot-Signature-v3"], **now, **signed))
        equal(False, Signature.is_valid(headers["X-HubSpot-Signature-v3"], **now, **signed | {"request_body": "[]"}))
        api.settings_api.clear(app)


def api_of(name):
    """The typed API where the client has one; orders and carts go through the generic one."""
    typed = getattr(client.crm, name, None)
    return (typed, ()) if typed else (client.crm.objects, (name,))


def goes_through_its_life(name):
    api, first = api_of(name)
    properties, change = OBJECTS[name]
    made = api.basic_api.create(*first, {"properties": properties})
    read = api.basic_api.get_by_id(*first, made.id, properties=sorted(properties))
    equal(properties, {key: read.properties[key] for key in properties})
    api.basic_api.update(*first, made.id, simple_public_object_input={"properties": change})
    changed = api.basic_api.get_by_id(
        *first, made.id, properties=sorted(change), properties_with_history=sorted(change)
    )
    equal(change, {key: changed.properties[key] for key in change})
    equal(2, len(changed.properties_with_history[min(change)]))
    assert made.id in {each.id for each in api.basic_api.get_page(*first, limit=100).results}
    api.basic_api.archive(*first, made.id)
    refused(lambda: api.basic_api.get_by_id(*first, made.id), "404")


def goes_through_its_life_in_batches(name):
    api, first = api_of(name)
    properties, change = OBJECTS[name]
    many = [properties | ({"email": f"b{n}@example.com"} if name == "contacts" else {}) for n in range(5)]
    made = api.batch_api.create(*first, {"inputs": [{"properties": each} for each in many]})
    ids = sorted(each.id for each in made.results)
    equal(("COMPLETE", 5), (made.status, len(ids)))
    api.batch_api.update(*first, {"inputs": [{"id": id, "properties": change} for id in ids]})
    wanted = {"inputs": [{"id": id} for id in ids], "properties": sorted(change), "propertiesWithHistory": []}
    read = api.batch_api.read(*first, wanted)
    equal([change] * 5, [{key: each.properties[key] for key in change} for each in read.results])
    api.batch_api.archive(*first, {"inputs": [{"id": id} for id in ids]})
    equal([], api.batch_api.read(*first, wanted).results)


def about(step, name):
    def run():
        step(name)

    run.__name__ = f"a_{name}_record_{step.__name__}" if "batches" not in step.__name__ else f"{name}_{step.__name__}"
    return run


for name in OBJECTS:
    flow(about(goes_through_its_life, name))
    flow(about(goes_through_its_life_in_batches, name))


@flow
def contacts_are_upserted_by_email():
    def upsert(name):
        inputs = [{"idProperty": "email", "id": "up@example.com", "properties": {"firstname": name}}]
        (result,) = client.crm.contacts.batch_api.upsert({"inputs": inputs}).results
        return result

    first, second = upsert("Ada"), upsert("Grace")
    equal((True, False, first.id), (first.new, second.new, second.id))


@flow
def a_list_is_paged_to_its_end():
    client.crm.products.batch_api.create({"inputs": [{"properties": {"name": f"Page {n}"}} for n in range(25)]})
    after, seen = None, []
    while True:
        page = client.crm.products.basic_api.get_page(limit=7, after=after)
        seen += [each.properties["name"] for each in page.results]
        if page.paging is None:
            break
        assert page.paging.next.link.startswith("https://api.hubapi.com/crm/v3/objects/products?"), (
            page.paging.next.link
        )
        after = page.paging.next.after
    equal(25, len([name for name in seen if name.startswith("Page ")]))
    equal(len(seen), len(client.crm.products.get_all()))


@flow
def search_finds_by_filter_and_by_word():
    made = client.crm.deals.basic_api.create({"properties": {"dealname": "needle"}})
    passes(30)
    match = {"filters": [{"propertyName": "dealname", "operator": "EQ", "value": "needle"}]}
    equal([made.id], [each.id for each in client.crm.deals.search_api.do_search({"filterGroups": [match]}).results])
    equal([made.id], [each.id for each in client.crm.deals.search_api.do_search({"query": "needle"}).results])


@flow
def contacts_are_merged_and_erased():
    one, two = (client.crm.contacts.basic_api.create({"properties": {"email": f"m{n}@example.com"}}) for n in (1, 2))
    merged = client.crm.contacts.basic_api.merge({"primaryObjectId": one.id, "objectIdToMerge": two.id})
    kept = client.crm.contacts.basic_api.get_by_id(merged.id, properties=["email"])
    equal("m1@example.com", kept.properties["email"])
    client.crm.contacts.basic_api.purge({"objectId": merged.id})
    refused(lambda: client.crm.contacts.basic_api.get_by_id(merged.id), "404")


@flow
def associations_are_made_read_and_removed():
    contact = client.crm.contacts.basic_api.create({"properties": {"email": "assoc@example.com"}})
    deal = client.crm.deals.basic_api.create({"properties": {"dealname": "with a contact"}})
    api = client.crm.associations.v4.basic_api
    api.create(
        "deals", deal.id, "contacts", contact.id, [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 3}]
    )
    (back,) = api.get_page("contacts", contact.id, "deals").results
    equal((deal.id, [4]), (str(back.to_object_id), [kind.type_id for kind in back.association_types]))
    many = client.crm.associations.v4.batch_api.get_page("deals", "contacts", {"inputs": [{"id": deal.id}]})
    equal([contact.id], [str(to.to_object_id) for each in many.results for to in each.to])
    api.archive("deals", deal.id, "contacts", contact.id)
    equal([], api.get_page("deals", deal.id, "contacts").results)


@flow
def association_labels_are_read():
    labels = client.crm.associations.v4.schema.definitions_api.get_all("contacts", "companies").results
    assert 1 in {label.type_id for label in labels}, labels


@flow
def properties_and_their_groups_are_written_and_read():
    client.crm.properties.groups_api.create("deals", {"name": "drill", "label": "Drill", "displayOrder": 1})
    api = client.crm.properties.core_api
    api.create("deals", {"name": "note", "label": "Note", "type": "string", "fieldType": "text", "groupName": "drill"})
    api.update("deals", "note", {"label": "Drill note"})
    equal("Drill note", api.get_by_name("deals", "note").label)
    assert "note" in {each.name for each in api.get_all("deals").results}
    api.archive("deals", "note")
    assert "note" not in {each.name for each in api.get_all("deals").results}


@flow
def pipelines_and_stages_are_written_and_read():
    api = client.crm.pipelines.pipelines_api
    equal(["Sales Pipeline"], [each.label for each in api.get_all("deals").results])
    stages = [{"label": "Begun", "displayOrder": 0, "metadata": {"probability": "0.5"}}]
    made = api.create("deals", {"label": "Mine", "displayOrder": 1, "stages": stages})
    stage = {"label": "Won", "displayOrder": 1, "metadata": {"probability": "1.0"}}
    client.crm.pipelines.pipeline_stages_api.create("deals", made.id, stage)
    equal(["Begun", "Won"], [each.label for each in api.get_by_id("deals", made.id).stages])
    api.archive("deals", made.id)


@flow
def owners_are_read():
    owners = client.crm.owners.owners_api.get_page(limit=10).results
    equal([each.id for each in owners], [client.crm.owners.owners_api.get_by_id(int(each.id)).id for each in owners])


@flow
def a_list_of_contacts_is_made_and_filled():
    contact = client.crm.contacts.basic_api.create({"properties": {"email": "listed@example.com"}})
    wanted = {"name": "Drilled", "objectTypeId": "0-1", "processingType": "MANUAL"}
    made = client.crm.lists.lists_api.create(wanted).list
    client.crm.lists.memberships_api.add(made.list_id, [contact.id])
    members = client.crm.lists.memberships_api.get_page(made.list_id).results
    equal([contact.id], [str(each.record_id) for each in members])


@flow
def a_custom_object_is_defined_and_used():
    schema = {
        "name": "kettle",
        "labels": {"singular": "Kettle", "plural": "Kettles"},
        "primaryDisplayProperty": "title",
        "requiredProperties": ["title"],
        "searchableProperties": [],
        "secondaryDisplayProperties": [],
        "properties": [{"name": "title", "label": "Title", "type": "string", "fieldType": "text"}],
        "associatedObjects": ["CONTACT"],
    }
    made = client.crm.schemas.core_api.create(schema)
    kettle = client.crm.objects.basic_api.create(made.object_type_id, {"properties": {"title": "Whistling"}})
    read = client.crm.objects.basic_api.get_by_id(made.object_type_id, kettle.id, properties=["title"])
    equal("Whistling", read.properties["title"])


@flow
def any_path_is_asked_through_api_request():
    answer = client.api_request({"path": "/crm/v3/objects/contacts?limit=1"})
    equal((200, 1), (answer.status_code, len(answer.json()["results"])))


@flow
def what_hubspot_refuses_carries_its_words():
    client.crm.contacts.basic_api.create({"properties": {"email": "twice@example.com"}})
    again = {"properties": {"email": "TWICE@example.com"}}
    error = refused(lambda: client.crm.contacts.basic_api.create(again), "Contact already exists. Existing ID: ")
    equal((409, "CONFLICT"), (error.status, json.loads(error.body)["category"]))


run_all()
