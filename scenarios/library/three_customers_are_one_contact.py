"""One person who is three customers of one shop."""

from scenarios.scenario import expect, scenario
from scenarios.verbs import Drill


@scenario("Three customers with one e-mail are one contact", spec="A7 A10 I5 S25")
def three_customers_are_one_contact(drill: Drill) -> None:
    """
    Given three customers whose e-mail is the same but for the case of its letters, from an old import
    When all three have ordered, and the second of them is changed last
    Then there is one contact with all three orders; it shows the second one's name, keeps the phone that only the
    first one has, and the "deals" integration counts three orders
    When the first one is changed in turn
    Then the contact shows the first one's name
    """
    mug = drill.shop.product("Mug", "12.50", "MUG")
    people = (
        {"email": "ada@example.com", "first_name": "Ada", "phone": "+15145550101"},
        {"email": "ADA@example.com", "first_name": "Augusta"},
        {"email": "Ada@Example.com", "first_name": "A."},
    )
    drill.shop.bring("customers", *people, as_imported_long_ago=True)
    customers = drill.shop.read("customers")["customers"]
    by_name = {customer["first_name"]: customer for customer in customers}
    orders = [drill.shop.order(mug, customer=customer) for customer in customers]
    drill.passes(seconds=2)
    drill.shop.update_customer(by_name["Augusta"], last_name="King")
    drill.settles()

    expect("contacts", drill.portal.count("contacts"), 1)
    contact = drill.portal.contact("ada@example.com")
    shown = tuple(contact.get(name) for name in ("firstname", "lastname", "phone")) if contact else ()
    expect("name and phone", shown, ("Augusta", "King", "+15145550101"))
    if drill.integration == "deals":
        expect("orders count", contact and contact.get("shopify_orders_count"), "3")
    for order in orders:
        sale = drill.portal.sale(order)
        expect(f"contacts of {order['name']}", sale and drill.portal.contacts_of(sale), ["ada@example.com"])

    drill.passes(seconds=2)
    drill.shop.update_customer(by_name["Ada"], last_name="Byron")
    drill.settles()
    contact = drill.portal.contact("ada@example.com")
    expect("the name at last", contact and (contact.get("firstname"), contact.get("lastname")), ("Ada", "Byron"))
