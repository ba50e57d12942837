"""Every call that the reference names is simulated, or answers 501 and names itself: none falls through to a 404."""

from __future__ import annotations

import re

import pytest
from hubspot_world import HOST
from werkzeug.exceptions import HTTPException

from simulator.hubspot import app, sources, unsimulated

OBJECTS = (  # reference 3.2, in both path families
    "GET /crm/v3/objects/{t}; POST /crm/v3/objects/{t}; GET /crm/v3/objects/{t}/1; PATCH /crm/v3/objects/{t}/1; "
    "DELETE /crm/v3/objects/{t}/1; POST /crm/v3/objects/{t}/batch/read; POST /crm/v3/objects/{t}/batch/create; "
    "POST /crm/v3/objects/{t}/batch/update; POST /crm/v3/objects/{t}/batch/upsert; "
    "POST /crm/v3/objects/{t}/batch/archive; POST /crm/v3/objects/{t}/search; POST /crm/v3/objects/{t}/merge; "
    "POST /crm/v3/objects/{t}/gdpr-delete"
)
REFERENCE = {
    "0 path map": "GET /crm/objects/2026-03/{t}; POST /crm/objects/2026-09/{t}/batch/upsert; "
    "GET /crm/properties/2026-03/{t}; POST /crm/associations/2026-03/{t}/{u}/batch/archive; "
    "GET /crm/objects/2026-09/{t}/1/associations/{u}; GET /crm/associations/2026-03/{t}/{u}/labels; "
    "GET /crm/pipelines/2026-03/{t}; GET /crm/owners/2026-03; GET /crm/lists/2026-03; "
    "GET /crm-object-schemas/2026-03/schemas; GET /crm/limits/2026-03/records; POST /oauth/2026-03/token; "
    "GET /webhooks/2026-03/7/subscriptions; GET /app-webhooks/2026-09/7/subscriptions; "
    "GET /account-info/2026-03/details",
    "1 auth": "POST /oauth/v1/token; GET /oauth/v1/access-tokens/x; GET /oauth/v1/refresh-tokens/x; "
    "DELETE /oauth/v1/refresh-tokens/x; POST /oauth/v3/token; POST /oauth/v3/token/introspect; "
    "POST /oauth/v3/token/revoke; GET /account-info/v3/details; "
    "GET /account-info/v3/api-usage/daily/private-apps; GET /integrations/v1/me; "
    "DELETE /appinstalls/v3/external-install",
    "3 objects": OBJECTS,
    "3.2 v3 associations of a record": "GET /crm/v3/objects/{t}/1/associations/{u}; "
    "PUT /crm/v3/objects/{t}/1/associations/{u}/2/x; DELETE /crm/v3/objects/{t}/1/associations/{u}/2/x",
    "3.6 legacy": "GET /companies/v2/properties; GET /companies/v2/companies/paged; "
    "GET /companies/v2/companies/recent/modified; GET /companies/v2/companies/1; GET /properties/v1/deals/properties; "
    "GET /deals/v1/deal/paged; GET /deals/v1/deal/recent/modified; GET /deals/v1/deal/1; GET /deals/v1/pipelines; "
    "POST /crm/v3/associations/company/contact/batch/read; GET /engagements/v1/engagements/paged; "
    "GET /email/public/v1/events; POST /crm/v3/lists/search; GET /forms/v2/forms; GET /automation/v3/workflows; "
    "GET /crm/v3/owners/; GET /crm/v4/objects/tickets; GET /crm/v3/lists/1/memberships; GET /crm/v3/schemas; "
    "GET /crm/v3/objects/p_car",
    "5 associations": "PUT /crm/v4/objects/{t}/1/associations/default/{u}/2; "
    "PUT /crm/v4/objects/{t}/1/associations/{u}/2; DELETE /crm/v4/objects/{t}/1/associations/{u}/2; "
    "GET /crm/v4/objects/{t}/1/associations/{u}; POST /crm/v4/associations/{t}/{u}/batch/create; "
    "POST /crm/v4/associations/{t}/{u}/batch/associate/default; POST /crm/v4/associations/{t}/{u}/batch/read; "
    "POST /crm/v4/associations/{t}/{u}/batch/archive; POST /crm/v4/associations/{t}/{u}/batch/labels/archive; "
    "GET /crm/v4/associations/{t}/{u}/labels; POST /crm/v4/associations/{t}/{u}/labels; "
    "PUT /crm/v4/associations/{t}/{u}/labels; DELETE /crm/v4/associations/{t}/{u}/labels/1; "
    "POST /crm/v3/associations/{t}/{u}/batch/create; POST /crm/v3/associations/{t}/{u}/batch/archive; "
    "GET /crm/v3/associations/{t}/{u}/types",
    "6 properties": "GET /crm/v3/properties/{t}; POST /crm/v3/properties/{t}; GET /crm/v3/properties/{t}/x; "
    "PATCH /crm/v3/properties/{t}/x; DELETE /crm/v3/properties/{t}/x; POST /crm/v3/properties/{t}/batch/create; "
    "POST /crm/v3/properties/{t}/batch/read; POST /crm/v3/properties/{t}/batch/archive; "
    "GET /crm/v3/properties/{t}/groups; POST /crm/v3/properties/{t}/groups; GET /crm/v3/properties/{t}/groups/x; "
    "PATCH /crm/v3/properties/{t}/groups/x; DELETE /crm/v3/properties/{t}/groups/x; "
    "GET /crm/v3/property-validations/0-1; GET /crm-object-schemas/v3/schemas; POST /crm-object-schemas/v3/schemas; "
    "GET /crm-object-schemas/v3/schemas/x; PATCH /crm-object-schemas/v3/schemas/x; "
    "DELETE /crm-object-schemas/v3/schemas/x; POST /crm-object-schemas/v3/schemas/x/associations; "
    "GET /crm/v3/schemas/CONTACT",
    "7 pipelines": "GET /crm/v3/pipelines/{t}; POST /crm/v3/pipelines/{t}; GET /crm/v3/pipelines/{t}/x; "
    "PUT /crm/v3/pipelines/{t}/x; PATCH /crm/v3/pipelines/{t}/x; DELETE /crm/v3/pipelines/{t}/x; "
    "GET /crm/v3/pipelines/{t}/x/audit; GET /crm/v3/pipelines/{t}/x/stages; POST /crm/v3/pipelines/{t}/x/stages; "
    "PUT /crm/v3/pipelines/{t}/x/stages/y; PATCH /crm/v3/pipelines/{t}/x/stages/y; "
    "DELETE /crm/v3/pipelines/{t}/x/stages/y; GET /crm/v3/pipelines/{t}/x/stages/y/audit",
    "8 owners": "GET /crm/v3/owners; GET /crm/v3/owners/1",
    "9 lists": "POST /crm/v3/lists; GET /crm/v3/lists/1; GET /crm/v3/lists/object-type-id/0-1/name/x; "
    "GET /crm/v3/lists/; POST /crm/v3/lists/search; PUT /crm/v3/lists/1/update-list-name; "
    "PUT /crm/v3/lists/1/update-list-filters; DELETE /crm/v3/lists/1; PUT /crm/v3/lists/1/restore; "
    "GET /crm/v3/lists/1/memberships; GET /crm/v3/lists/1/memberships/join-order; "
    "PUT /crm/v3/lists/1/memberships/add; PUT /crm/v3/lists/1/memberships/remove; "
    "PUT /crm/v3/lists/1/memberships/add-and-remove; DELETE /crm/v3/lists/1/memberships; "
    "GET /crm/v3/lists/records/0-1/1/memberships; POST /crm/v3/lists/records/memberships/batch/read",
    "10 imports and limits": "POST /crm/v3/imports; GET /crm/v3/imports/1/errors; POST /crm/v3/imports/1/cancel; "
    "POST /crm/v3/exports/export/async; GET /crm/v3/exports/export/async/tasks/1/status; "
    "GET /crm/v3/limits/custom-properties; GET /crm/v3/limits/associations/labels",
    "13 webhooks": "PUT /webhooks/v3/7/settings; GET /webhooks/v3/7/settings; DELETE /webhooks/v3/7/settings; "
    "POST /webhooks/v3/7/subscriptions; GET /webhooks/v3/7/subscriptions; PATCH /webhooks/v3/7/subscriptions/1; "
    "DELETE /webhooks/v3/7/subscriptions/1; POST /webhooks/v3/7/subscriptions/batch/update; "
    "POST /webhooks-journal/subscriptions/2026-03; GET /webhooks-journal/journal/2026-03/earliest; "
    "POST /webhooks-journal/snapshots/2026-03/crm",
    "14 workflows": "GET /automation/v4/flows; POST /automation/v4/flows; PUT /automation/v4/flows/1; "
    "POST /automation/v4/flows/batch/read; POST /automation/v4/workflow-id-mappings/batch/read; "
    "POST /automation/v4/actions/callbacks/1/complete; GET /marketing/v3/forms; "
    "GET /marketing/v3/marketing-events/1; POST /events/v3/send; GET /events/v3/events",
}
CALLS = [
    (chapter, *call.strip().format(t="contacts", u="deals").split(" "))
    for chapter, calls in REFERENCE.items()
    for call in calls.split(";")
]


@pytest.mark.parametrize("chapter", REFERENCE)
def test_every_call_of_the_reference_has_an_answer_of_its_own(chapter: str) -> None:
    map = app.application().url_map.bind(HOST)

    def known(method: str, path: str) -> bool:
        try:
            map.match(path, method)
        except HTTPException:
            return False
        return True

    assert [] == [(verb, path) for where, verb, path in CALLS if where == chapter and not known(verb, path)]


def test_everything_that_is_left_out_has_a_source() -> None:
    assert set() == {row[-1] for row in (*unsimulated.AREAS, *unsimulated.CALLS)} - set(sources.SOURCES)


def test_every_part_of_the_fake_names_its_source() -> None:
    modules = {route.view.__module__ for route in app.ROUTES if route not in unsimulated.ROUTES}
    first_lines = {name: (__import__(name, fromlist=["_"]).__doc__ or "").split("\n")[0] for name in modules}

    assert {} == {name: line for name, line in first_lines.items() if not re.search(r"\[[A-Z]", line)}
