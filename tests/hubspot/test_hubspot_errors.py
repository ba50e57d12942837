"""Error answers, key by key in order; nothing is written by a request that fails."""

from __future__ import annotations

import json

import pytest
from hubspot_world import HOST, PORTAL, Client, World

from simulator.kernel.faults import Fault


def pairs(text: str) -> list[tuple[str, object]]:
    """The body as ordered pairs, the correlation id masked."""
    found = json.loads(text, object_pairs_hook=list)
    return [(key, "*" if key in ("correlationId", "requestId") else value) for key, value in found]


def test_a_property_that_does_not_exist_is_named_twice(hub: Client) -> None:
    answer = hub.post("/crm/v3/objects/contacts", {"properties": {"foo": "1"}})

    message = (
        'Property values were not valid: [{"isValid":false,"message":"Property \\"foo\\" does not exist",'
        '"error":"PROPERTY_DOESNT_EXIST","name":"foo","localizedErrorMessage":"Property \\"foo\\" does not exist",'
        f'"portalId":{PORTAL}}}]'
    )
    listed = [
        [
            ("message", 'Property "foo" does not exist'),
            ("code", "PROPERTY_DOESNT_EXIST"),
            ("context", [("propertyName", ["foo"])]),
        ]
    ]
    assert 400 == answer.status_code
    assert [
        ("status", "error"),
        ("message", message),
        ("correlationId", "*"),
        ("errors", listed),
        ("category", "VALIDATION_ERROR"),
    ] == pairs(answer.text)
    assert answer.headers["X-HubSpot-Correlation-Id"] == answer.json()["correlationId"]
    assert "application/json;charset=utf-8" == answer.headers["Content-Type"]
    assert [] == hub.get("/crm/v3/objects/contacts").json()["results"]


@pytest.mark.parametrize(
    ("object_type", "name", "value", "code", "message"),
    [
        ("contacts", "email", "000", "INVALID_EMAIL", "Email address 000 is invalid"),
        ("line_items", "discount", "x", "INVALID_INTEGER", "discount was not a valid number"),
        ("products", "price", "NaN", "INVALID_INTEGER", "price was not a valid number"),
        ("contacts", "closedate", "soon", "INVALID_DATE", "soon was not a valid date."),
        ("contacts", "closedate", "99999999999999999", "INVALID_DATE", "99999999999999999 was not a valid date."),
        ("contacts", "hs_no_such", "1", "PROPERTY_DOESNT_EXIST", None),
        (
            "contacts",
            "hs_email_domain",
            "x",
            "READ_ONLY_VALUE",
            '"hs_email_domain" is a calculated property; its value cannot be set.',
        ),
        ("deals", "dealstage", "nowhere", "INVALID_OPTION", None),
        ("deals", "pipeline", "nowhere", "INVALID_OPTION", None),
        ("deals", "hs_pipeline", "default", "PROPERTY_DOESNT_EXIST", None),
        (
            "deals",
            "dealtype",
            "v",
            "INVALID_OPTION",
            'v was not one of the allowed options: [label: "New Business"\nvalue: "newbusiness"\n, '
            'label: "Existing Business"\nvalue: "existingbusiness"\n]',
        ),
        ("orders", "hs_buyer_accepts_marketing", "maybe", "INVALID_OPTION", None),
        ("contacts", "firstname", "x" * 65_537, "INVALID_STRING_LENGTH", None),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_its_code(hub, object_type, name, value, code, message) -> None:
    answer = hub.post(f"/crm/v3/objects/{object_type}", {"properties": {name: value}})

    error = answer.json()["errors"][0]
    assert (400, code, [name]) == (answer.status_code, error["code"], error["context"]["propertyName"])
    assert message in (None, error["message"])


def test_a_number_that_is_none_in_a_property_of_an_apps_own_is_no_valid_long(hub: Client) -> None:
    definition = {"name": "number_field", "label": "N", "type": "number", "fieldType": "number"}
    hub.post("/crm/v3/properties/contacts", definition | {"groupName": "contactinformation"})

    answer = hub.post("/crm/v3/objects/contacts", {"properties": {"number_field": "asd000"}})

    error = answer.json()["errors"][0]
    assert ("INVALID_LONG", "asd000 was not a valid long.") == (error["code"], error["message"])


def test_all_bad_values_are_told_at_once(hub: Client) -> None:
    answer = hub.post("/crm/v3/objects/contacts", {"properties": {"email": "x", "foo": "1", "createdate": "1"}})

    assert ["INVALID_EMAIL", "PROPERTY_DOESNT_EXIST", "READ_ONLY_VALUE"] == [
        error["code"] for error in answer.json()["errors"]
    ]


def test_a_second_contact_with_an_email_is_a_conflict(hub: Client) -> None:
    made = hub.make("contacts", email="a@example.com")

    answer = hub.post("/crm/v3/objects/contacts", {"properties": {"email": "A@Example.com"}})

    assert 409 == answer.status_code
    assert [
        ("status", "error"),
        ("message", f"Contact already exists. Existing ID: {made['id']}"),
        ("correlationId", "*"),
        ("category", "CONFLICT"),
    ] == pairs(answer.text)


def test_a_unique_value_that_stands_elsewhere_is_a_400(hub: Client) -> None:
    definition = {"name": "our_key", "label": "Key", "type": "string", "fieldType": "text"}
    more = {"groupName": "productinformation", "hasUniqueValue": True}
    hub.post("/crm/v3/properties/products", definition | more)
    first = hub.make("products", name="one", our_key="k1")

    answer = hub.post("/crm/v3/objects/products", {"properties": {"name": "two", "our_key": "k1"}})

    error = answer.json()["errors"][0]
    where = f"portalId={PORTAL}, objectTypeId=0-7, propertyName=our_key, value=k1"
    assert (400, "CONFLICTING_UNIQUE_VALUE") == (answer.status_code, error["code"])
    assert error["message"].startswith(f"Cannot set PropertyValueCoordinates{{{where}}} on ")
    assert error["message"].endswith(f". {first['id']} already has that value.")


def test_a_stranger_is_told_how_to_authenticate(world: World) -> None:
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "pat-na1"}):
        answer = world.session.get(f"http://{HOST}/crm/v3/objects/contacts", headers=headers)

        text = (
            "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more "
            "details at https://developers.hubspot.com/docs/methods/auth/oauth-overview"
        )
        assert 401 == answer.status_code
        assert [
            ("status", "error"),
            ("message", text),
            ("correlationId", "*"),
            ("category", "INVALID_AUTHENTICATION"),
        ] == pairs(answer.text)


def test_a_missing_scope_is_named(world: World) -> None:
    poor = world.client("poor", scopes=["crm.objects.contacts.read"])

    answer = poor.get("/crm/v3/objects/deals")

    page = "https://developers.hubspot.com/scopes"
    needed = [
        [
            ("message", "One or more of the following scopes are required."),
            ("context", [("requiredGranularScopes", ["crm.objects.deals.read"])]),
        ]
    ]
    assert 403 == answer.status_code
    assert [
        ("status", "error"),
        (
            "message",
            "This app hasn't been granted all required scopes to make this call. "
            f"Read more about required scopes here: {page}.",
        ),
        ("correlationId", "*"),
        ("errors", needed),
        ("links", [("scopes", page)]),
        ("category", "MISSING_SCOPES"),
    ] == pairs(answer.text)
    assert (200, 403) == (
        poor.get("/crm/v3/objects/contacts").status_code,
        poor.post("/crm/v3/objects/contacts", {"properties": {}}).status_code,
    )


def test_a_record_that_is_not_there_is_a_404_of_its_own_kind(hub: Client) -> None:
    numeric, word, zero = (hub.get(f"/crm/v3/objects/contacts/{id}") for id in ("12345", "abc", "0"))

    assert [("status", "error"), ("message", "resource not found"), ("correlationId", "*")] == pairs(numeric.text)
    assert [
        ("status", "error"),
        ("message", "Object not found.  objectId are usually numeric."),
        ("correlationId", "*"),
        ("context", [("id", ["abc"])]),
        ("category", "OBJECT_NOT_FOUND"),
    ] == pairs(word.text)
    assert "Object not found. objectId is usually positive." == zero.json()["message"]
    assert ["true"] * 3 == [answer.headers["X-HubSpot-NotFound"] for answer in (numeric, word, zero)]


def test_an_unknown_route_or_method_gets_the_html_page(hub: Client) -> None:
    unknown, wrong = hub.get("/crm/v9/nothing"), hub.call("PATCH", "/crm/v3/objects/contacts", {})

    assert (404, 405) == (unknown.status_code, wrong.status_code)
    assert "<title>Error 404 Not Found</title>" in unknown.text
    assert "<html>" in wrong.text


def test_malformed_json_is_placed_by_line_and_column(hub: Client) -> None:
    answer = hub.call(
        "POST", "/crm/v3/objects/contacts", data=b'{"a":\n x}', headers={"Content-Type": "application/json"}
    )

    told = pairs(answer.text)
    assert (400, ["status", "message", "correlationId"]) == (answer.status_code, [key for key, _ in told])
    assert answer.json()["message"].startswith("Invalid input JSON on line 2, column 2: ")


@pytest.mark.parametrize(
    "body", [[], "x", {"properties": 7}, {"properties": {"email": {}}}, {"properties": {}, "associations": {}}]
)
def test_json_of_the_wrong_shape_is_a_400(hub: Client, body) -> None:
    answer = hub.post("/crm/v3/objects/contacts", body)

    assert 400 == answer.status_code
    assert answer.json()["message"].startswith("Invalid input JSON on line 1, column 1: ")


def test_another_content_type_and_an_oversized_body_are_refused(hub: Client) -> None:
    form = hub.call("POST", "/crm/v3/objects/contacts", data="a=1", headers={"Content-Type": "text/plain"})
    large = hub.call(
        "POST",
        "/crm/v3/objects/contacts",
        data=b" " * (8 * 1024 * 1024 + 1),
        headers={"Content-Type": "application/json"},
    )

    assert (415, 413) == (form.status_code, large.status_code)
    assert "8388608" in large.json()["message"]


@pytest.mark.parametrize(
    ("method", "path", "named"),
    [
        ("POST", "/crm/v3/lists/folders", "folders of lists"),
        ("GET", "/crm/lists/2026-03/idmapping", "ids of the lists of v1"),
        ("GET", "/crm/v3/objects/quotes", "the object type quotes"),
        ("POST", "/automation/v4/flows", "workflows"),
    ],
)
def test_what_is_not_simulated_says_so(hub: Client, method, path, named) -> None:
    answer = hub.call(method, path)

    assert (501, f"syncdrill does not simulate {named}") == (answer.status_code, answer.json()["message"])


def test_an_unknown_object_type_cannot_be_inferred(hub: Client) -> None:
    assert "Unable to infer object type from: foo" == hub.get("/crm/v3/objects/foo").json()["message"]


def test_injected_faults_speak_hubspots_words(hub: Client) -> None:
    bodies = []
    for fault in (Fault("a", "throttle"), Fault("b", "break", status=500), Fault("c", "break", status=502)):
        hub.simulation.faults.replace((fault,))
        bodies.append(hub.get("/crm/v3/objects/contacts"))
    hub.simulation.faults.replace((Fault("a", "throttle"),))
    search = hub.post("/crm/v3/objects/contacts/search", {})

    assert [429, 500, 502, 429] == [answer.status_code for answer in (*bodies, search)]
    assert "TEN_SECONDLY_ROLLING" == bodies[0].json()["policyName"]
    assert "internal error" == bodies[1].json()["message"]
    assert "You have reached your secondly limit." == search.json()["message"]


@pytest.mark.parametrize(("status", "retry_after"), [(423, None), (477, "60")])
def test_a_lock_and_a_migration_are_faults_with_their_own_status(hub: Client, status, retry_after) -> None:
    hub.simulation.faults.replace((Fault("a", "break", status=status),))

    answer = hub.get("/crm/v3/objects/contacts")

    assert (status, retry_after) == (answer.status_code, answer.headers.get("Retry-After"))
    assert ["status", "message", "correlationId"] == [key for key, _ in pairs(answer.text)]


def test_an_address_that_is_too_long_is_a_414(hub: Client) -> None:
    names = ",".join(f"property_{number}" for number in range(2_000))

    good, bad = (hub.get("/crm/v3/objects/contacts", properties=names[:most]) for most in (10_000, 20_000))

    assert (200, 414) == (good.status_code, bad.status_code)
    assert "<html>" in bad.text


@pytest.mark.parametrize("number", ["1e999999999", "-1e-999999999", "sNaN", "Infinity", "9" * 40])
def test_no_number_breaks_the_arithmetic(hub: Client, number) -> None:
    stored = hub.post("/crm/v3/objects/deals", {"properties": {"amount": number}})
    row = {"propertyName": "amount", "operator": "GT", "value": number}
    hub.make("deals", amount="1")
    sought = hub.post("/crm/v3/objects/deals/search", {"filters": [row]})

    assert "INVALID_INTEGER" == stored.json()["errors"][0]["code"]
    assert sought.status_code in (200, 400)


def test_no_id_breaks_a_look_up(hub: Client) -> None:
    contact = hub.make("contacts", email="a@example.com")["id"]
    for id in ("9" * 5_000, "9" * 19, "%00", "-1", "%D9%A3"):
        assert 404 == hub.get(f"/crm/v3/objects/contacts/{id}").status_code
        assert 204 == hub.call("DELETE", f"/crm/v3/objects/contacts/{id}").status_code
        assert 204 == hub.call("DELETE", f"/crm/v4/objects/contacts/{contact}/associations/deals/{id}").status_code
        assert 400 == hub.call("PUT", f"/crm/v4/objects/contacts/{contact}/associations/default/deals/{id}").status_code
    assert 400 == hub.get("/crm/v3/objects/contacts", after="9" * 5_000).status_code
