"""The fake of Shopify: the Admin API as apps see it, and the shopper's and merchant's side under `/_sim/`."""

from simulator.shopify.app import VENDOR
from simulator.shopify.apps import install, open_shop
from simulator.shopify.resources import RESOURCES
from simulator.shopify.shopper import CONTROL
from simulator.shopify.webhooks import courier
from simulator.shopify.worker import WORKER, worker

__all__ = ["CONTROL", "RESOURCES", "VENDOR", "WORKER", "courier", "install", "open_shop", "worker"]
