"""Products with their variants, options and images."""

import pytest

GIF = "R0lGODlhAQABAIAAAAAAAAAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==\n"


def test_a_product_without_variants_gets_the_default_one(shop):
    made = shop.product(title="Burton Custom Freestyle 151", tags="Big Air, Barnes & Noble")

    assert (made["handle"], made["tags"]) == ("burton-custom-freestyle-151", "Barnes & Noble, Big Air")
    assert [(one["title"], one["price"], one["position"]) for one in made["variants"]] == [("Default Title", "0.00", 1)]
    assert [(one["name"], one["values"]) for one in made["options"]] == [("Title", ["Default Title"])]
    assert (made["status"], made["published_scope"]) == ("active", "global")
    assert made["published_at"] == made["created_at"]


def test_options_follow_from_the_variants(shop):
    made = shop.product(
        options=[{"name": "Color"}, {"name": "Size"}],
        variants=[{"option1": "Blue", "option2": "155"}, {"option1": "Black", "option2": "159", "price": 12}],
    )

    assert [(one["name"], one["values"]) for one in made["options"]] == [
        ("Color", ["Blue", "Black"]),
        ("Size", ["155", "159"]),
    ]
    assert [(one["title"], one["price"]) for one in made["variants"]] == [
        ("Blue / 155", "0.00"),
        ("Black / 159", "12.00"),
    ]


def test_handles_stay_unique(shop):
    handles = [shop.product(title="Café Crème!")["handle"] for _ in range(3)]
    taken = shop.call("POST", "products", {"product": {"title": "x", "handle": "cafe-creme"}})

    assert handles == ["cafe-creme", "cafe-creme-1", "cafe-creme-2"]
    assert (taken.status_code, taken.json()) == (422, {"errors": {"handle": ["has already been taken"]}})


@pytest.mark.parametrize(
    ("wanted", "errors"),
    [
        ({"vendor": "x"}, {"title": ["can't be blank"]}),
        ({"title": "  "}, {"title": ["can't be blank"]}),
        ({"title": "a" * 256}, {"title": ["is too long (maximum is 255 characters)"]}),
        ({"title": "x", "variants": [{"price": "much"}]}, {"variants.price": ["is not a number"]}),
        ({"title": "x", "variants": [{"price": -1}]}, {"variants.price": ["must be greater than or equal to 0"]}),
        ({"title": "x", "variants": [{"option1": "A"}, {"option1": "a"}]}, {
            "base": ["The variant 'a' already exists."]}),
        ({"title": "x", "variants": [{"option1": str(one)} for one in range(101)]}, {
            "base": ["Exceeded maximum number of variants allowed (100)"]}),
        ({"title": "x", "images": [{"src": "no address"}]}, {"image": ["Image URL is invalid"]}),
    ],
)  # fmt: skip
def test_a_product_that_breaks_a_rule_is_refused_and_not_stored(shop, wanted, errors):
    response = shop.call("POST", "products", {"product": wanted})

    assert (response.status_code, response.json()) == (422, {"errors": errors})
    assert shop.ok("GET", "products/count") == 0


def test_drafts_and_hidden_products_are_not_published(shop):
    draft = shop.product(status="draft")
    hidden = shop.product(published=False)

    assert (draft["published_at"], draft["published_scope"]) == (None, "web")
    assert hidden["published_at"] is None
    active = shop.ok("PUT", f"products/{draft['id']}", {"product": {"status": "active"}})
    shown = shop.ok("PUT", f"products/{hidden['id']}", {"product": {"published": True}})
    assert None not in (active["published_at"], shown["published_at"])
    assert shop.ok("PUT", f"products/{hidden['id']}", {"product": {"status": "draft"}})["published_at"] is None


def test_a_list_of_variants_replaces_the_list_and_keeps_known_ones(shop):
    made = shop.product(variants=[{"option1": "A", "price": "1", "sku": "a"}, {"option1": "B"}, {"option1": "C"}])
    a, _, c = (one["id"] for one in made["variants"])

    wanted = [{"id": c}, {"id": a, "price": "2000.00"}, {"option1": "D"}]
    changed = shop.ok("PUT", f"products/{made['id']}", {"product": {"variants": wanted}})

    assert [(one["title"], one["position"]) for one in changed["variants"]] == [("C", 1), ("A", 2), ("D", 3)]
    assert (changed["variants"][1]["id"], changed["variants"][1]["sku"]) == (a, "a")
    assert changed["options"][0]["values"] == ["C", "A", "D"]


def test_variants_are_a_sub_resource_and_move_the_products_time(shop):
    product = shop.product(variants=[{"option1": "A"}])
    shop.clock.move_to(shop.clock.now() + 5_000)
    made = shop.ok("POST", f"products/{product['id']}/variants", {"variant": {"option1": "Yellow", "price": "1"}})
    changed = shop.ok("PUT", f"variants/{made['id']}", {"variant": {"option1": "Not Pink", "price": "99"}})

    assert (made["position"], made["price"], made["sku"]) == (2, "1.00", None)
    assert (changed["title"], changed["price"]) == ("Not Pink", "99.00")
    assert shop.ok("GET", f"variants/{made['id']}") == changed
    assert shop.ok("GET", f"products/{product['id']}/variants/count") == 2
    assert shop.ok("GET", f"products/{product['id']}")["updated_at"] == "2026-11-02T07:00:05-05:00"
    assert shop.ok("DELETE", f"products/{product['id']}/variants/{made['id']}") == {}
    assert shop.call("GET", f"variants/{made['id']}").status_code == 404
    last = product["variants"][0]["id"]
    assert shop.call("DELETE", f"products/{product['id']}/variants/{last}").status_code == 422


def test_the_first_real_variant_takes_the_place_of_the_default_one(shop):
    product = shop.product()
    shop.ok("POST", f"products/{product['id']}/variants", {"variant": {"option1": "Blue"}})

    assert [one["title"] for one in shop.ok("GET", f"products/{product['id']}")["variants"]] == ["Blue"]


def test_images_are_a_sub_resource_with_positions_and_variants(shop):
    product = shop.product(images=[{"src": "http://example.com/a.gif"}, {"src": "http://example.com/b.gif"}])
    path, variant = f"products/{product['id']}/images", product["variants"][0]["id"]
    made = shop.ok("POST", path, {"image": {"attachment": GIF, "position": 1, "variant_ids": [variant]}})

    assert (made["position"], made["width"], made["height"], made["variant_ids"]) == (1, 1, 1, [variant])
    after = shop.ok("GET", f"products/{product['id']}")
    assert [one["position"] for one in after["images"]] == [1, 2, 3]
    assert after["image"]["id"] == made["id"] == after["variants"][0]["image_id"]
    assert shop.ok("PUT", f"{path}/{made['id']}", {"image": {"alt": "text"}})["alt"] == "text"
    assert shop.ok("DELETE", f"{path}/{made['id']}") == {}
    assert shop.ok("GET", f"products/{product['id']}")["variants"][0]["image_id"] is None
    assert shop.ok("GET", f"{path}/count") == 2


def test_weights_in_grams_and_in_pounds_say_the_same(shop):
    pounds = shop.product(variants=[{"weight": 1.25, "weight_unit": "lb"}])["variants"][0]
    grams = shop.product(variants=[{"grams": 500, "weight_unit": "kg"}])["variants"][0]

    assert (pounds["grams"], grams["weight"]) == (567, 0.5)


def test_deleting_a_product_leaves_an_event(shop):
    product = shop.product(title="IPod Nano - 8GB")
    assert shop.ok("DELETE", f"products/{product['id']}") == {}

    events = shop.ok("GET", "events", params={"filter": "Product,Order", "verb": "destroy"})
    assert [(one["subject_type"], one["subject_id"], one["verb"]) for one in events] == [
        ("Product", product["id"], "destroy")
    ]
    assert shop.call("GET", f"products/{product['id']}").status_code == 404


def test_what_search_engines_show_is_kept_as_metafields(shop):
    made = shop.product(metafields_global_title_tag="New", metafields_global_description_tag="Newer")
    shop.ok("PUT", f"products/{made['id']}", {"product": {"metafields_global_title_tag": "Newest"}})

    kept = shop.ok("GET", f"products/{made['id']}/metafields")
    assert [(one["namespace"], one["key"], one["value"]) for one in kept] == [
        ("global", "title_tag", "Newest"),
        ("global", "description_tag", "Newer"),
    ]


def test_images_have_metafields_of_their_own(shop):
    product = shop.product(images=[{"src": "http://example.com/a.png"}])
    field = {"namespace": "my", "key": "alt_fr", "type": "single_line_text_field", "value": "bottes"}
    path = f"products/{product['id']}/images"
    image = shop.ok("POST", path, {"image": {"src": "http://example.com/b.png", "metafields": [field]}})
    shop.ok("PUT", f"{path}/{image['id']}", {"image": {"metafields": [field | {"value": "souliers"}]}})

    (kept,) = shop.ok("GET", f"product_images/{image['id']}/metafields")
    assert (kept["owner_resource"], kept["owner_id"], kept["value"]) == ("product_image", image["id"], "souliers")
    shop.ok("DELETE", f"products/{product['id']}")
    assert shop.call("GET", f"product_images/{image['id']}/metafields").status_code == 404


def test_paths_of_products_and_variants_say_that_they_are_deprecated(shop):
    product = shop.product()
    paths = ("products", f"products/{product['id']}/images", f"variants/{product['variants'][0]['id']}", "shop")
    headers = [shop.call("GET", path).headers.get("X-Shopify-API-Deprecated-Reason", "") for path in paths]

    assert [one.partition("/docs")[0] for one in headers] == ["https://shopify.dev"] * 3 + [""]
