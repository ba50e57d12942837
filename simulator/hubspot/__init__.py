"""The HubSpot fake: tables, the vendor for the gate, its part of the control plane, and how portals come to be."""

from simulator.hubspot import app, auth, oauth
from simulator.hubspot.apps import send_back_to
from simulator.hubspot.apps_control import CONTROL
from simulator.hubspot.grants import credentials, install
from simulator.hubspot.portal import RESOURCES, open_portal
from simulator.hubspot.webhooks import courier
from simulator.kernel.gate import Vendor

VENDOR = Vendor(
    name="hubspot",
    hosts=("api.hubapi.com", "api.hubspot.com", "app.hubspot.com"),  # [S][X]; the last is OAuth's page alone
    owns_path=lambda _: True,  # what is nobody else's is HubSpot's
    app=app.application,
    credential=auth.credential,
    refusal=app.refusal,
    shown=auth.shown,
    visited=oauth.visited,
)

__all__ = ["CONTROL", "RESOURCES", "VENDOR", "courier", "credentials", "install", "open_portal", "send_back_to"]
