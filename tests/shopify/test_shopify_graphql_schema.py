"""The schema that is served: nothing in it is invented, and every field of it answers."""

from __future__ import annotations

import re
import subprocess
import sys

import full_shop as full
import pytest
import reference_schema
from graphql import Undefined, get_named_type, is_abstract_type, is_leaf_type, is_non_null_type

from simulator.shopify.graphql.mutations import MUTATIONS
from simulator.shopify.graphql.schema import schema
from simulator.shopify.graphql.types import TYPES, absent, edits, payloads
from simulator.shopify.graphql.undeclared import undeclared

reference = pytest.mark.skipif(not reference_schema.FULL.exists(), reason="the reference's schema is not here")


@reference
def test_the_schema_is_the_part_of_the_real_one_that_the_tables_name():
    written = {
        "schema.graphql": reference_schema.sdl(),
        "undeclared.txt": reference_schema.undeclared(),
        "access.txt": reference_schema.access(),
        "protected.txt": reference_schema.protected(),
    }
    assert written == {name: (reference_schema.PACKAGE / name).read_text() for name in written}


@reference
def test_no_name_type_argument_default_or_deprecation_differs_from_the_real_schema(shop):
    """Compared over the wire: the introspection that clients see with the reference's own."""
    answer = shop.query(INTROSPECTION)["data"]["__schema"]
    real = reference_schema.types()
    differing = []
    for type_ in answer["types"]:
        if type_["name"].startswith("__"):
            continue
        twin = real.get(type_["name"], {"kind": None, "fields": [], "inputFields": [], "enumValues": []})
        differing += [type_["name"]] if twin["kind"] != type_["kind"] else []
        for part in ("fields", "inputFields", "enumValues"):
            twins = {one["name"]: one for one in twin[part] or ()}
            for one in type_[part] or ():
                name = f"{type_['name']}.{one['name']}"
                differing += [name] if _facts(one) != _facts(twins.get(one["name"], {})) else []
    assert [] == differing
    assert len(answer["types"]) > 200


def _facts(one):
    """What must be equal: the type, whether and why deprecated, the arguments with their defaults."""
    args = {arg["name"]: _facts(arg) for arg in one.get("args", ())}
    type_ = reference_schema.written(one["type"]) if one.get("type") else None
    return one.get("name"), type_, one.get("defaultValue"), one.get("isDeprecated"), one.get("deprecationReason"), args


INTROSPECTION = """
{ __schema { types { kind name
    fields(includeDeprecated: true) { name isDeprecated deprecationReason type { ...T }
      args(includeDeprecated: true) { ...I } }
    inputFields(includeDeprecated: true) { ...I }
    enumValues(includeDeprecated: true) { name isDeprecated deprecationReason } } } }
fragment I on __InputValue { name defaultValue isDeprecated deprecationReason type { ...T } }
fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name
  ofType { kind name } } } } }
"""


@reference
def test_what_a_mutation_asks_for_is_in_the_schemas_own_words():
    mutations = {one["name"]: one["requiredAccess"] for one in reference_schema.types()["Mutation"]["fields"]}
    written = {name: one.required_access for name, one in MUTATIONS.items() if one.scope}
    assert {name: mutations[name] for name in written} == written


# --- every field answers ---


@pytest.fixture
def full_shop(shop):
    return full.fill(shop)


@pytest.mark.slow
def test_every_field_of_the_schema_answers_in_a_shop_that_has_everything(full_shop):
    """Each field is asked for and read; what is never there, and what mutations return, is tested elsewhere."""
    read = set()
    for field in sorted(schema().query_type.fields):
        arguments = full_shop.arguments(field)
        selection = _selection(get_named_type(schema().query_type.fields[field].type), _done(read))
        answer = full_shop.shop.query(f"{{ {field}{arguments}{selection} }}")
        assert "errors" not in answer, (field, answer["errors"][:3])
        assert (answer["data"][field] is None) == (field == "collection"), field  # of those there are none
        read |= set(_keys(answer["data"]))
    never = {name for one in absent.TYPES for name in (one, f"{one}Edge")}
    staged = {f"{one}{end}" for one in ("CalculatedLineItem", "OrderStagedChange") for end in ("Connection", "Edge")}
    elsewhere = {*payloads.TYPES, *edits.TYPES, *staged, *never, "UserError"}
    every = {f"{name}_{field}" for name, table in TYPES.items() for field in table if name not in elsewhere}
    assert set() == every - read


# Arguments of the fields that cannot do without.
REQUIRED = {
    "InventoryItem.inventoryLevel": '(locationId: "gid://shopify/Location/70000000001")',
    "Location.inventoryLevel": '(inventoryItemId: "gid://shopify/InventoryItem/46400000000001")',
    "metafield": '(namespace: "crm", key: "score")',
    "quantities": '(names: ["available", "damaged"])',
}


def _done(read):
    """The types that have been read whole, with the values in them: they need not be again."""
    done = {name for name, table in TYPES.items() if {f"{name}_{field}" for field in table} <= read}
    while lacking := {name for name in done if not _values_of(name) <= done}:
        done -= lacking
    return done


def _values_of(name):
    """The types without an id that lie in a type, except those that are never there."""
    fields = schema().type_map[name].fields.values()
    below = {one for field in fields for one in _objects(get_named_type(field.type)) if "id" not in one.fields}
    return {one.name for one in below if one.name not in absent.TYPES}


def _objects(type_):
    if is_abstract_type(type_):
        return set(schema().get_possible_types(type_))
    return set() if is_leaf_type(type_) else {type_}


def _selection(root, done):
    """All fields that can be reached, each type where it is first met; further in, its id alone."""
    tree, left, met = {}, [], done - {root.name}
    left.append((root, tree))
    while left:
        type_, node = left.pop(0)
        if is_abstract_type(type_):
            types = sorted(schema().get_possible_types(type_), key=lambda one: one.name)
            shown = [one for one in types if one.name not in absent.TYPES]
            left += [(one, node.setdefault(f"... on {one.name}", {})) for one in shown]
            node["__typename"] = None
        elif type_.name in met:
            node[f"{type_.name}_id: id" if "id" in type_.fields else "__typename"] = None
        else:
            met |= {type_.name} if "id" in type_.fields else set()  # values are short and may come again
            for name, field in sorted(type_.fields.items()):
                below = get_named_type(field.type)
                asked = REQUIRED.get(f"{type_.name}.{name}") or REQUIRED.get(name)
                if asked or not _asks(field):
                    paged = asked or ("(first: 3)" if {"first", "last"} <= set(field.args) else "")
                    node[f"{type_.name}_{name}: {name}{paged}"] = inner = None if is_leaf_type(below) else {}
                    left += [] if inner is None else [(below, inner)]
    return _written(tree)


def _written(tree):
    inner = " ".join(f"{name} {_written(below) if below else ''}" for name, below in tree.items())
    return f"{{ {inner} }}"


def _keys(data):
    if isinstance(data, dict):
        yield from data
    for one in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from _keys(one)


def _asks(field):
    """Whether a field cannot be asked for without arguments."""
    return any(is_non_null_type(one.type) and one.default_value is Undefined for one in field.args.values())


def test_what_is_real_and_not_declared_is_called_not_simulated(shop):
    answers = [
        shop.query("{ themes(first: 1) { nodes { id } } }"),
        shop.query("{ shop { accountOwner { id } } }"),
        shop.query('{ node(id: "gid://shopify/Company/1") { ... on Company { id } } }'),
        shop.query('mutation { themeDelete(id: "gid://shopify/OnlineStoreTheme/1") { userErrors { message } } }'),
    ]
    assert [
        "QueryRoot.themes is not simulated by syncdrill",
        "Shop.accountOwner is not simulated by syncdrill",
        "The type Company is not simulated by syncdrill",
        "Mutation.themeDelete is not simulated by syncdrill",
    ] == [answer["errors"][0]["message"] for answer in answers]
    assert {"NOT_SIMULATED"} == {answer["errors"][0]["extensions"]["code"] for answer in answers}
    assert "Company" in undeclared()["types"]


def test_graphql_core_is_loaded_at_the_first_query():
    """Who sends no query waits for no import."""
    text = "import sys; from simulator import shopify; shopify.VENDOR.app(); print('graphql' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert "False" == done.stdout.strip()


# Of what a CRM sync, an export or an app calls, these are real and refused by name.
REFUSED = {
    *("customerSegmentMembers", "abandonment", "abandonmentByAbandonedCheckoutId", "app", "appInstallation"),
    *("shopifyqlQuery", "customerAddTaxExemptions", "customerRequestDataErasure", "productOptionsCreate"),
    *("metafieldDefinitionCreate", "abandonmentEmailStateUpdate", "abandonmentUpdateActivitiesDeliveryStatuses"),
    *("bulkOperationRunMutation", "stagedUploadsCreate", "appUninstall", "appRevokeAccessScopes"),
}


@reference
def test_each_root_field_of_the_readable_subset_is_served_or_refused_by_its_name(shop):
    text = (reference_schema.FULL.parent / "subset.md").read_text()
    queries, mutations = (
        set(re.findall(r"^(\w+)[(:]", text[text.index(f"## {number}") : text.index(end)], re.MULTILINE))
        for number, end in ((1, "## 2"), (2, "### Mutation payloads"))
    )
    served = {*schema().query_type.fields, *schema().mutation_type.fields}

    assert (54, 58) == (len(queries), len(mutations))
    assert REFUSED == (queries | mutations) - served
    for name in sorted(REFUSED):
        kind = "query" if name in queries else "mutation"
        answer = shop.query(f"{kind} {{ {name} {{ __typename }} }}")
        assert (
            f"{kind.capitalize()}{'Root' if kind == 'query' else ''}.{name} is not simulated by syncdrill"
            == (answer["errors"][0]["message"])
        )
