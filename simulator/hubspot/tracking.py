"""What contacts do on the store's pages, and of whom HubSpot counts it.

A contact of the first import is tracked only once it has sent a form or clicked in a mail (A15), any other from the
start (A17); what was seen before is lost. Our reading of how it shows: the page views of a contact count or do not.
"""

from __future__ import annotations

from simulator.hubspot import records, schema
from simulator.hubspot.objects import OBJECT_TYPES
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Site

CONVERSIONS = ("form", "click")  # a form that was sent, a link of a mail that was followed
EVENTS = ("page_view", *CONVERSIONS)
CONTACTS = next(row for row in OBJECT_TYPES if row.name == "contacts")
VIEWS = "hs_analytics_num_page_views"


def is_tracked(contact: Document) -> bool:
    imported = contact["properties"].get("hs_analytics_source_data_1") == "INTEGRATION_SYNC"
    return not imported or bool(contact.get("converted"))


def happened(site: Site, email: str, event: str) -> Document | None:
    """Take down what a contact did; None where there is none with this e-mail."""
    contact = records.find_by(site, schema.load(site, CONTACTS), "email", email)
    if contact is None:
        return None
    if event in CONVERSIONS:
        contact = contact | {"converted": True}
        site.put(CONTACTS.resource, int(contact["id"]), contact)
    elif is_tracked(contact):
        views = {VIEWS: str(int(contact["properties"].get(VIEWS) or 0) + 1)}
        contact = records.note(records.users_desk(site, CONTACTS), contact, views, contact["createdAt"])
    return contact
