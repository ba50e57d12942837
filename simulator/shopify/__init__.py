"""The fake of Shopify: the Admin API as apps see it, and the shopper's and merchant's side under `/_sim/`."""

from simulator.shopify.app import VENDOR
from simulator.shopify.apps import SCOPES, send_back_to
from simulator.shopify.configuration import configure
from simulator.shopify.dashboard import CONTROL
from simulator.shopify.grants import credentials, install
from simulator.shopify.money import DECIMALS as CURRENCIES
from simulator.shopify.resources import RESOURCES
from simulator.shopify.shops import open_shop
from simulator.shopify.webhooks import courier
from simulator.shopify.worker import WORKER, worker

__all__ = [
    "CONTROL",
    "CURRENCIES",
    "RESOURCES",
    "SCOPES",
    "VENDOR",
    "WORKER",
    "configure",
    "courier",
    "credentials",
    "install",
    "open_shop",
    "send_back_to",
    "worker",
]
