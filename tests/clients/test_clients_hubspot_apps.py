"""hubspot-api-client, unmodified, over HTTP: OAuth, webhooks, owners and lists."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

hubspot = pytest.importorskip("hubspot", reason="hubspot-api-client is not installed")
get_auth_url = pytest.importorskip("hubspot.utils.oauth").get_auth_url

pytestmark = pytest.mark.http

BACK = "http://127.0.0.1:3000/callback"


def client_of(up, **how):
    return hubspot.HubSpot(host=up["HUBSPOT_URL"], base_url=up["HUBSPOT_URL"], **how)


@pytest.fixture
def client(up):
    return client_of(up, access_token=up["HUBSPOT_TOKEN"])


def test_a_user_connects_an_app_whose_tokens_work_and_are_refreshed(up):
    control = f"{up['HUBSPOT_URL']}/_sim/worlds/main/hubspot/24680135/apps"
    app = requests.post(control, json={"name": "mine", "redirect_urls": [BACK]}, timeout=10).json()["app"]
    known = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    address = get_auth_url(app["client_id"], BACK, ("oauth", "crm.objects.contacts.read"))
    browser = requests.Session()
    page_url = address.replace("https://app.hubspot.com", up["HUBSPOT_URL"])
    page = browser.get(page_url, timeout=10)
    form = {"token": re.findall(r'name="token" value="([^"]+)"', page.text)[0], "portal": "24680135"}
    back = browser.post(page_url, data=form, timeout=10, allow_redirects=False).headers["Location"]
    code = parse_qs(urlsplit(back).query)["code"][0]
    oauth = client_of(up).oauth

    first = oauth.tokens_api.create(grant_type="authorization_code", code=code, redirect_uri=BACK, **known)
    second = oauth.tokens_api.create(grant_type="refresh_token", refresh_token=first.refresh_token, **known)

    assert (first.token_type, first.expires_in) == ("bearer", 1800)
    assert first.refresh_token == second.refresh_token
    info = oauth.access_tokens_api.get(second.access_token)
    assert (info.hub_id, info.app_id, info.scopes) == (24680135, app["id"], ["crm.objects.contacts.read", "oauth"])
    connected = client_of(up, access_token=second.access_token)
    assert connected.crm.contacts.basic_api.get_page().results == []
    with pytest.raises(Exception, match="MISSING_SCOPES"):
        connected.crm.deals.basic_api.get_page()
    oauth.refresh_tokens_api.archive(first.refresh_token)
    with pytest.raises(Exception, match="BAD_REFRESH_TOKEN"):
        oauth.tokens_api.create(grant_type="refresh_token", refresh_token=first.refresh_token, **known)


def test_webhooks_are_set_up_with_the_developer_key(up):
    webhooks = client_of(up, api_key=up["HUBSPOT_DEVELOPER_KEY"]).webhooks
    app_id = int(up["HUBSPOT_APP_ID"])
    settings = {"targetUrl": "http://127.0.0.1:9/hook", "throttling": {"maxConcurrentRequests": 7}}

    made = webhooks.settings_api.configure(app_id, settings)
    subscription = webhooks.subscriptions_api.create(app_id, {"eventType": "contact.creation", "active": False})
    id = int(subscription.id)
    changed = webhooks.subscriptions_api.update(id, app_id, {"active": True})

    assert (made.target_url, made.throttling.max_concurrent_requests) == ("http://127.0.0.1:9/hook", 7)
    assert (subscription.active, changed.active) == (False, True)
    assert [each.id for each in webhooks.subscriptions_api.get_all(app_id).results] == [subscription.id]
    webhooks.subscriptions_api.archive(id, app_id)
    webhooks.settings_api.clear(app_id)
    assert webhooks.subscriptions_api.get_all(app_id).results == []


def test_owners_are_listed_and_read(client):
    (owner,) = client.crm.owners.get_all()

    read = client.crm.owners.owners_api.get_by_id(int(owner.id))
    assert (read.email, read.type) == (owner.email, "PERSON")


def test_a_list_is_made_filled_and_read(client):
    contact = client.crm.contacts.basic_api.create({"properties": {"email": "list@example.com", "city": "Rome"}})
    lists = client.crm.lists
    romans = {
        "filterBranchType": "OR",
        "filterBranchOperator": "OR",
        "filters": [],
        "filterBranches": [
            {
                "filterBranchType": "AND",
                "filterBranchOperator": "AND",
                "filterBranches": [],
                "filters": [
                    {
                        "filterType": "PROPERTY",
                        "property": "city",
                        "operation": {"operationType": "STRING", "operator": "IS_EQUAL_TO", "value": "rome"},
                    }
                ],
            }
        ],
    }

    def make(name, kind, **more):
        made = lists.lists_api.create({"name": name, "objectTypeId": "0-1", "processingType": kind, **more})
        return made.list.list_id

    dynamic, manual = make("Romans", "DYNAMIC", filterBranch=romans), make("By hand", "MANUAL")
    assert [each.record_id for each in lists.memberships_api.get_page(dynamic).results] == [contact.id]
    assert lists.memberships_api.add(manual, [contact.id]).records_ids_added == [contact.id]
    found = lists.lists_api.do_search({"query": "rom", "count": 10, "additionalProperties": [], "offset": 0})
    assert ([each.list_id for each in found.lists], found.total) == ([dynamic], 1)
    lists.lists_api.remove(dynamic)
    with pytest.raises(Exception, match="List does not exist"):
        lists.lists_api.get_by_id(dynamic)
