"""Customers and their addresses."""

import pytest

OTTAWA = {"first_name": "Mother", "last_name": "Lastnameson", "address1": "123 Oak St", "city": "Ottawa"}


def test_a_new_customer_is_normalised_as_recorded(shop):
    made = shop.customer(email="steve@example.com", phone="(514) 254-6011", tags=["b", "A", "b"])

    assert (made["email"], made["phone"], made["tags"]) == ("steve@example.com", "+15142546011", "A, b")
    assert (made["state"], made["verified_email"], made["orders_count"]) == ("disabled", True, 0)
    assert made["email_marketing_consent"] == {
        "state": "not_subscribed",
        "opt_in_level": "single_opt_in",
        "consent_updated_at": None,
    }
    assert made["created_at"] == "2026-11-02T07:00:00-05:00"  # noon in UTC, in the shop's own offset


def test_country_and_province_codes_become_names_and_keep_their_codes(shop):
    made = shop.customer(addresses=[OTTAWA | {"province": "ON", "country": "CA"}])

    address = made["default_address"]
    assert (address["country"], address["country_code"], address["country_name"]) == ("Canada", "CA", "Canada")
    assert (address["province"], address["province_code"]) == ("Ontario", "ON")
    assert (address["name"], address["default"]) == ("Mother Lastnameson", True)


@pytest.mark.parametrize(
    ("wanted", "errors"),
    [
        ({"note": "nobody"}, {"base": ["A name, phone number, or email address must be present"]}),
        ({"email": "no address"}, {"email": ["is invalid"]}),
        ({"email": "a" * 250 + "@example.com"}, {"email": ["is too long (maximum is 255 characters)"]}),
        ({"phone": "call me"}, {"phone": ["is invalid"]}),
        ({"first_name": "a" * 256}, {"first_name": ["is too long (maximum is 255 characters)"]}),
        ({"first_name": "A", "note": "a" * 5001}, {"note": ["is too long (maximum is 5000 characters)"]}),
        ({"first_name": "A", "tags": [str(tag) for tag in range(251)]}, {"tags": ["cannot be more than 250"]}),
        ({"email": "TAKEN@example.com"}, {"email": ["has already been taken"]}),
        ({"phone": "+15142546011"}, {"phone": ["has already been taken"]}),
        ({"email": "taken@example.com", "phone": "+15142546011"}, {
            "email": ["has already been taken"], "phone": ["has already been taken"]}),
        ({"first_name": "A", "email_marketing_consent": {"state": "subscribed"}}, {
            "email_marketing_consent": ["An email address is required to set the email marketing consent state."]}),
    ],
)  # fmt: skip
def test_a_customer_that_breaks_a_rule_is_refused_with_shopifys_words_and_not_stored(shop, wanted, errors):
    shop.customer(email="taken@example.com", phone="+15142546011")

    response = shop.call("POST", "customers", {"customer": wanted})

    assert (response.status_code, response.json()) == (422, {"errors": errors})
    assert shop.ok("GET", "customers/count") == 1


def test_an_update_changes_what_is_sent_and_the_time_of_the_change(shop):
    made = shop.customer(email="a@example.com", note="old")
    shop.clock.move_to(shop.clock.now() + 60_000)

    changed = shop.ok("PUT", f"customers/{made['id']}", {"customer": {"id": made["id"], "note": "new"}})

    assert (changed["note"], changed["email"]) == ("new", "a@example.com")
    assert (changed["created_at"], changed["updated_at"]) == (made["created_at"], "2026-11-02T07:01:00-05:00")


def test_an_update_without_effect_tells_nobody(shop):
    made = shop.customer(email="a@example.com")
    shop.subscribe("customers/update")
    shop.clock.move_to(shop.clock.now() + 60_000)

    shop.ok("PUT", f"customers/{made['id']}", {"customer": {"email": "a@example.com"}})

    assert shop.ok("GET", f"customers/{made['id']}")["updated_at"] == made["updated_at"]
    assert shop.deliver() == []


def test_a_new_email_begins_without_consent_as_recorded(shop):
    subscribed = {"state": "subscribed", "opt_in_level": "confirmed_opt_in"}
    made = shop.customer(email="a@example.com", email_marketing_consent=subscribed)

    changed = shop.ok("PUT", f"customers/{made['id']}", {"customer": {"email": "b@example.com"}})

    assert made["email_marketing_consent"]["state"] == "subscribed"
    assert changed["email_marketing_consent"]["state"] == "not_subscribed"


def test_a_customer_with_orders_cannot_be_deleted_and_one_without_can(shop):
    buyer, visitor = shop.customer(email="buyer@example.com"), shop.customer(email="visitor@example.com")
    shop.order(customer={"id": buyer["id"]})

    refused = shop.call("DELETE", f"customers/{buyer['id']}")
    gone = shop.call("DELETE", f"customers/{visitor['id']}")

    text = "Customer can’t be deleted because they have associated orders"
    assert (refused.status_code, refused.json()) == (422, {"errors": {"base": [text]}})
    assert (gone.status_code, gone.json()) == (200, {})
    assert [one["id"] for one in shop.ok("GET", "customers")] == [buyer["id"]]
    assert shop.call("GET", f"customers/{visitor['id']}").json() == {"errors": "Not Found"}


def test_addresses_are_listed_added_changed_made_default_and_deleted(shop):
    id = shop.customer(email="a@example.com")["id"]
    first = shop.ok("POST", f"customers/{id}/addresses", {"customer_address": OTTAWA | {"country": "Canada"}})
    other = {"customer_address": {"address1": "1 Elm", "country": "US", "province": "Texas"}}
    second = shop.ok("POST", f"customers/{id}/addresses", other)

    assert (first["default"], second["default"], second["province_code"]) == (True, False, "TX")
    path = f"customers/{id}/addresses/{second['id']}"
    changed = shop.ok("PUT", path, {"customer_address": {"zip": "75001"}})
    assert (changed["zip"], changed["address1"], changed["province"]) == ("75001", "1 Elm", "Texas")
    assert shop.ok("PUT", f"{path}/default")["default"] is True
    assert shop.call("DELETE", path).status_code == 422  # the default one stays
    assert shop.ok("DELETE", f"customers/{id}/addresses/{first['id']}") == {}
    assert [one["id"] for one in shop.ok("GET", f"customers/{id}/addresses")] == [second["id"]]
    assert shop.ok("GET", f"customers/{id}")["default_address"]["id"] == second["id"]


def test_the_purchasing_summary_follows_the_orders_without_a_webhook(shop):
    shop.subscribe("customers/update")
    id = shop.customer(email="a@example.com")["id"]
    shop.clock.move_to(shop.clock.now() + 1_000)
    first = shop.order(customer={"id": id})
    second = shop.order(customer={"id": id}, financial_status="pending")

    after = shop.ok("GET", f"customers/{id}")
    assert (after["orders_count"], after["total_spent"], after["last_order_name"]) == (2, "10.00", second["name"])
    assert after["updated_at"] == "2026-11-02T07:00:01-05:00"
    shop.ok("DELETE", f"orders/{second['id']}")
    shop.ok("DELETE", f"orders/{first['id']}")
    empty = shop.ok("GET", f"customers/{id}")
    assert (empty["orders_count"], empty["total_spent"], empty["last_order_id"]) == (0, "0.00", None)
    assert shop.deliver() == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("email:bob.norman@mail.example.com", ["Bob"]),
        ("email:*@mail.example.com", ["Bob"]),
        ("last_name:Norman", ["Bob"]),
        ("first_name:Bob country:United States", ["Bob"]),
        ("customer_tag:New Customer", ["Ann"]),
        ("tag:new", ["Ann"]),
        ("tag:vip", []),
        ("verified_email:true", ["Ann", "Bob"]),
        ("norman", ["Bob"]),
        ("100%", []),
    ],
)  # fmt: skip
def test_customers_are_searched_as_in_the_recorded_queries(shop, query, found):
    address = {"address1": "1 Elm", "country": "United States"}
    shop.customer(first_name="Bob", last_name="Norman", email="bob.norman@mail.example.com", addresses=[address])
    shop.customer(first_name="Ann", email="ann@example.com", tags="New Customer")

    answer = shop.ok("GET", "customers/search", params={"query": query, "fields": "first_name"})

    assert sorted(one["first_name"] for one in answer) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("first_name:Bob OR first_name:Ann", ["Ann", "Bob"]),
        ("-tag:new", ["Bob", "Eve"]),
        ("orders_count:>0", ["Bob", "Eve"]),
        ("(last_name:Norman OR tag:new) NOT first_name:Bob", ["Ann"]),
        ('last_name:"Norman"', ["Bob"]),
        ("state:disabled email:*", ["Ann", "Bob"]),
        ("", ["Ann", "Bob", "Eve"]),
        ("first_name:Bo*", ["Bob"]),
        ("updated_at:>2030-01-01", []),
        ("((((", ["Ann", "Bob", "Eve"]),
    ],
)
def test_customers_are_searched_in_the_whole_syntax(searched, query, found):
    by_name = searched.ok("GET", "customers/search", params={"query": query})
    assert sorted(one["first_name"] for one in by_name) == found


def test_a_search_lists_the_newest_order_first_unless_asked_otherwise(searched):
    def names(**params):
        return [one["first_name"] for one in searched.ok("GET", "customers/search", params=params)]

    first = searched.call("GET", "customers/search", params={"limit": 2})
    second = searched.session.get(first.links["next"]["url"], headers={"X-Shopify-Access-Token": searched.token})

    assert names() == ["Bob", "Eve", "Ann"]  # who never ordered comes last
    assert names(order="created_at asc") == ["Bob", "Ann", "Eve"]
    assert [one["first_name"] for page in (first, second) for one in page.json()["customers"]] == names()


def test_a_search_by_a_field_that_is_not_simulated_is_refused_by_name(searched):
    response = searched.call("GET", "customers/search", params={"query": "last_abandoned_order_date:>2026-01-01"})

    assert response.status_code == 501
    assert "last_abandoned_order_date" in response.json()["errors"]


@pytest.fixture
def searched(shop):
    bob = shop.customer(first_name="Bob", last_name="Norman", email="bob@mail.example.com")
    shop.customer(first_name="Ann", email="ann@example.com", tags="New Customer")
    eve = shop.customer(first_name="Eve")
    shop.order(customer={"id": eve["id"]})
    shop.order(customer={"id": bob["id"]})
    return shop


def test_an_email_address_loses_its_blanks_and_its_case_does_not_make_it_another(shop):
    made = shop.customer(email=" Ada. Lovelace@ example.com ")
    again = shop.call("POST", "customers", {"customer": {"email": "ada.lovelace@EXAMPLE.com"}})

    assert made["email"] == "Ada.Lovelace@example.com"
    assert again.json() == {"errors": {"email": ["has already been taken"]}}


def test_an_invitation_is_answered_as_it_was_sent_or_as_shopify_words_it(shop):
    id = shop.customer(email="bob@example.com")["id"]
    sent = {"to": "new@example.com", "from": "j@example.com", "bcc": ["j@example.com"], "subject": "Welcome"}

    plain = shop.ok("POST", f"customers/{id}/send_invite", {"customer_invite": {}})
    own = shop.ok("POST", f"customers/{id}/send_invite", {"customer_invite": sent | {"custom_message": "Hi"}})

    assert (plain["to"], plain["subject"], plain["custom_message"], plain["bcc"]) == (
        "bob@example.com",
        "Customer account activation",
        "",
        [],
    )
    assert own == sent | {"custom_message": "Hi"}
    assert shop.ok("GET", f"customers/{id}")["state"] == "invited"


def test_an_account_that_is_enabled_is_activated_no_more(shop):
    disabled, enabled = shop.customer(), shop.customer(password="newpass", password_confirmation="newpass")

    url = shop.ok("POST", f"customers/{disabled['id']}/account_activation_url")
    again = shop.call("POST", f"customers/{enabled['id']}/account_activation_url")

    assert url.startswith(f"https://{shop.site.tenant}/account/activate/{disabled['id']}/")
    assert (again.status_code, again.json()) == (422, {"errors": ["account already enabled"]})
    assert shop.call("POST", f"customers/{disabled['id']}/send_invite").json() == {"errors": {"to": ["can't be blank"]}}


def test_several_addresses_are_deleted_at_once_or_none_of_them(shop):
    made = shop.customer(addresses=[OTTAWA | {"address1": str(place)} for place in range(12)])
    path = f"customers/{made['id']}/addresses"
    ids = [one["id"] for one in shop.ok("GET", path, params={"limit": 250})]

    def set_(*ids):
        return shop.call("PUT", f"{path}/set", params={"address_ids[]": ids, "operation": "destroy"})

    assert [one["address1"] for one in made["addresses"]] == [str(place) for place in range(2, 12)]  # the newest ten
    assert set_(ids[1], 99).status_code == 404
    assert set_(ids[0], ids[1]).status_code == 422  # the default one
    assert shop.call("PUT", f"{path}/set", params={"address_ids": "1"}).status_code == 400
    assert (set_(ids[1], ids[2]).status_code, set_(ids[1]).status_code) == (200, 404)
    assert [one["id"] for one in shop.ok("GET", path)] == [ids[0], *ids[3:]]


def test_a_password_enables_the_account(shop):
    assert shop.customer(password="newpass", password_confirmation="newpass")["state"] == "enabled"
    assert shop.customer(send_email_invite=True)["state"] == "invited"
