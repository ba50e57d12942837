"""What the two articles and our reading of them ask for, a row a requirement, in our words.

Which tests and scenarios show it is read from their names and their `spec` (`scenarios.reference.requirements`).
"""

from __future__ import annotations

from dataclasses import dataclass

SAYS = "nothing to be tried: it says what the article is about"
REPORTS = "waits for the reports and dashboards"
WORKFLOWS = "waits for the workflows"
SEGMENTS = "waits for the segments"
CONSOLE = "waits for the console: it names a place on a page"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement.

    Args:
        id: A of the integration of 2023 (deals), B of that of 2024 (data-sync), I of our decisions.
        waits: why nothing shows it yet; "" for one that a test must show.
    """

    id: str
    text: str
    waits: str = ""


REQUIREMENTS = (
    Requirement("A1", "The integration is there on every plan.", SAYS),
    Requirement("A2", "A connected store's data can be analysed and acted upon.", SAYS),
    Requirement("A3", "Values and labels are in the language of Shopify, whatever the portal's."),
    Requirement("A4", "Where the app's page is found.", SAYS),
    Requirement("A5", "A summary counts the contacts, deals and products of each store, as a recount does."),
    Requirement("A6", "Customers and those who abandoned a cart become contacts."),
    Requirement("A7", "A contact is found by its e-mail, also a secondary one, whatever its case."),
    Requirement("A8", "Only somebody with an e-mail becomes a new contact."),
    Requirement("A9", "A new contact is made only where none has the e-mail."),
    Requirement(
        "A10", "A contact that is there is updated; a blank of Shopify's erases nothing on contacts and products."
    ),
    Requirement("A11", "A customer's deletion in Shopify leaves the contact."),
    Requirement("A12", "A contact's deletion in HubSpot leaves the customer."),
    Requirement("A13", "A contact deleted in HubSpot never comes back by a sync, a restart or an import."),
    Requirement("A14", "Contacts of the first import, and no others, are marked as imported."),
    Requirement("A15", "Imported contacts are tracked only after a form or a click in a mail."),
    Requirement("A16", "Later contacts have a source that follows from their earliest order or checkout."),
    Requirement("A17", "Later contacts are tracked from the start."),
    Requirement("A18", "The sixteen contact properties."),
    Requirement("A19", "The phone is the customer's own, never that of an address."),
    Requirement("A20", "Orders become deals of the E-commerce pipeline."),
    Requirement("A21", "That pipeline and its six stages are made on connecting."),
    Requirement("A22", "A deal has a line item for each line, linked to its product, and the buyer's contact."),
    Requirement("A23", "An abandoned checkout's deal is in Checkout Abandoned."),
    Requirement("A24", "Who abandoned a cart becomes a contact then, not before."),
    Requirement("A25", "A deal that was 48 hours in Checkout Pending leaves the pipeline, and may come back."),
    Requirement("A26", "Ten untouched minutes make a checkout abandoned, for good."),
    Requirement("A27", "A deleted order's deal is deleted and stays so."),
    Requirement("A28", "The twenty-five deal properties."),
    Requirement("A29", "An order of nobody with an e-mail is a deal without a contact, until there is one."),
    Requirement("A30", "Products stand in the product library, found by their link alone."),
    Requirement("A31", "The eleven product properties."),
    Requirement("A32", "Contacts are segmented by the products that they bought.", SEGMENTS),
    Requirement("A33", "A deleted product is deleted; line items stay."),
    Requirement("A34", "A line that is taken out of a cart or an order takes its line item with it."),
    Requirement("A35", "A product with variants is one product; the line names the bought variant."),
    Requirement("A36", "E-commerce reports are there after connecting.", REPORTS),
    Requirement("A37", "A dashboard can be made of them.", SAYS),
    Requirement("A38", "The steps to a dashboard.", REPORTS),
    Requirement("A39", "Eight reports are offered.", REPORTS),
    Requirement("A40", "A dashboard holds the chosen ones.", REPORTS),
    Requirement("A41", "A dashboard has a name and those who may see it.", REPORTS),
    Requirement("A42", "Reports on a dashboard can be changed.", REPORTS),
    Requirement("A43", "Workflows follow up buyers, on the larger plans.", WORKFLOWS),
    Requirement("A44", "Their mails come from e-commerce templates.", WORKFLOWS),
    Requirement("A45", "Where one of three kinds is made.", WORKFLOWS),
    Requirement("A46", "New customer: at the first purchase.", WORKFLOWS),
    Requirement("A47", "Abandoned cart: a day after, once.", WORKFLOWS),
    Requirement("A48", "Re-engagement: after so many days without a purchase.", WORKFLOWS),
    Requirement("A49", "The editor's steps; off until turned on.", WORKFLOWS),
    Requirement("A50", "A default's trigger stays; a clone's can be changed.", WORKFLOWS),
    Requirement("B1", "The integration is there on every plan.", SAYS),
    Requirement("B2", "What the integration is for.", SAYS),
    Requirement("B3", "What is needed before.", SAYS),
    Requirement("B4", "The app is installed by the store's address."),
    Requirement("B5", "Who is logged in to Shopify is asked for consent alone."),
    Requirement("B6", "More stores can be connected; the same one twice is refused."),
    Requirement("B7", "Where an object is chosen.", CONSOLE),
    Requirement("B8", "Contacts, products, orders and carts are the objects."),
    Requirement("B9", "What is on syncs by itself, contacts and products both ways."),
    Requirement("B10", "Each change shows within ten minutes, whatever becomes of the webhooks."),
    Requirement("B11", "The settings can be changed."),
    Requirement("B12", "An object's sync is turned off."),
    Requirement("B13", "Off, nothing of the object is written."),
    Requirement("B14", "On again, it catches up exactly."),
    Requirement("B15", "A deleted sync leaves the records; a new one finds them again."),
    Requirement("B16", "Orders are orders, abandoned checkouts are carts; a pending one is neither."),
    Requirement("B17", "Where orders and carts are listed.", CONSOLE),
    Requirement("B18", "The other way to them.", CONSOLE),
    Requirement("B19", "Properties of the user's own are left alone."),
    Requirement("B20", "Carts and orders start workflows.", WORKFLOWS),
    Requirement("B21", "Their properties make segments.", SEGMENTS),
    Requirement("B22", "They feed reports.", REPORTS),
    Requirement("B23", "Orders stand in the Order pipeline."),
    Requirement("B24", "Open, Processed, Shipped and Cancelled follow from the order's state."),
    Requirement("B25", "Where the pipeline is edited.", CONSOLE),
    Requirement("B26", "A stage is added with a name and a status."),
    Requirement("B27", "A stage is renamed."),
    Requirement("B28", "A stage without orders is deleted, and its status becomes unmapped."),
    Requirement("B29", "Where a stage's internal name is shown.", CONSOLE),
    Requirement("B30", "The internal name cannot change; a new label changes nothing else."),
    Requirement("B31", "Nothing changes before it is saved."),
    Requirement("B32", "A stage must be mapped to a Shopify status before orders reach it."),
    Requirement("B33", "A status is chosen for each stage, no status twice."),
    Requirement("B34", "A new stage shows after the pipelines are refreshed."),
    Requirement("B35", "Orders of a skipped status are excluded, and catch up."),
    Requirement("B36", "Save and sync applies the mapping as a whole, to all orders."),
    Requirement("B37", "Orders are not moved in HubSpot."),
    Requirement("B38", "Orders sync one way; nothing ever writes to a Shopify order."),
    Requirement("B39", "Shopify decides: what was changed in HubSpot is set back within ten minutes."),
    Requirement("I1", "Store, object and id are what a record is known by; an e-mail only makes the link."),
    Requirement("I2", "A checkout and the order that it becomes are one deal, or a cart and its order."),
    Requirement("I3", "An older version never overwrites a newer one."),
    Requirement("I4", "Of two changes to one field the winner app's counts; an empty one erases nothing."),
    Requirement("I5", "Customers with one e-mail are one contact, over stores too."),
    Requirement("I6", "Instants are UTC; a day is the shop's."),
    Requirement("I7", "Money is exact and the shop's; what the buyer paid stands apart."),
    Requirement("I8", "Drafts wait for completion, test orders stay out, renewals are orders."),
    Requirement("I9", "What is deleted in HubSpot, but for contacts, is made anew."),
    Requirement("I10", "Redaction erases a person everywhere."),
    Requirement("I11", "An uninstalled app pauses, and deletes nothing."),
)
