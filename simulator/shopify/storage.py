"""Where files of bulk operations are fetched: an address that opens by its signature alone, as Google's storage has it.

Shopify answers with signed addresses of Google Cloud Storage (the older kind, V2), which clients take apart: they look
for the file's name in `response-content-disposition`, and for `.myshopify` somewhere in the address [C].
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator
from urllib.parse import quote, urlencode

from flask import Response, request

from simulator.kernel.gate import current
from simulator.kernel.resource import Document
from simulator.kernel.simulation import Simulation, Site
from simulator.shopify.kinds import BULK_OPERATIONS

PATH = "/shopify-storage"
RULE = f"{PATH}/<world>/<tenant>/bulk-operation-outputs/<key>"
ACCESS_ID = "bulk-operations@syncdrill.iam.gserviceaccount.com"
CONTENT_TYPE = "application/jsonl"


def owns(path: str) -> bool:
    return path.startswith(f"{PATH}/")


def url(base: str, site: Site, operation: Document) -> str:
    """Where the file of an operation that has ended is fetched; `base` is how the caller reached us."""
    path = f"{PATH}/{quote(site.simulation.name, safe='')}/{site.tenant}/bulk-operation-outputs/{operation['key']}"
    expires = str((operation["due_ms"] or 0) // 1000)
    more = {
        "GoogleAccessId": ACCESS_ID,
        "Expires": expires,
        "Signature": _signature(site.simulation, path, expires),
        "response-content-disposition": _disposition(operation),
        "response-content-type": CONTENT_TYPE,
    }
    return f"{base.rstrip('/')}{path}?{urlencode(more)}"


def download(world: str, tenant: str, key: str) -> Response:
    """The file, part by part. Errors are Google's XML; our reading, as public reports quote it."""
    simulation = current().worlds.get(world)
    expires = request.args.get("Expires", "")
    path = f"{PATH}/{quote(world, safe='')}/{tenant}/bulk-operation-outputs/{key}"
    signed = _signature(simulation, path, expires) if simulation else ""
    if simulation is None or not hmac.compare_digest(signed.encode(), request.args.get("Signature", "").encode()):
        return _error(403, "SignatureDoesNotMatch", "Access denied.")
    with simulation.lock:
        if simulation.clock.now() >= int(expires) * 1000:
            return _error(400, "ExpiredToken", "The provided token has expired.")
        found = Site(simulation, tenant).find(BULK_OPERATIONS.resource, "key = ?", (key,))
        size = simulation.files.size(tenant, key)
    if not found or size is None:
        return _error(404, "NoSuchKey", "The specified key does not exist.")
    asked = request.range.range_for_length(size) if request.range else None
    if request.range and asked is None:
        return _error(416, "InvalidRange", "The requested range cannot be satisfied.")
    start, stop = asked or (0, size)
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Disposition": _disposition(found[0]),
        "Content-Length": str(stop - start),
        **({"Content-Range": f"bytes {start}-{stop - 1}/{size}"} if asked else {}),
    }
    return Response(
        _parts(simulation, tenant, key, start, stop), 206 if asked else 200, headers, content_type=CONTENT_TYPE
    )


def _parts(simulation: Simulation, tenant: str, key: str, start: int, stop: int) -> Iterator[bytes]:
    """Each part is read while nobody else acts, and sent while everybody may."""
    parts, left = simulation.files.parts(tenant, key, start), stop - start
    while left > 0:
        with simulation.lock:
            part = next(parts, None)
        if part is None:
            return
        yield part[:left]
        left -= len(part)


def _disposition(operation: Document) -> str:
    name = f"bulk-{operation['id']}.jsonl"
    return f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"


def _signature(simulation: Simulation, path: str, expires: str) -> str:
    secret = simulation.chance.secret("shopify/storage", 64)
    text = f"GET\n\n\n{expires}\n{path}"
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()).decode()


def _error(status: int, code: str, message: str) -> Response:
    text = f"<?xml version='1.0' encoding='UTF-8'?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return Response(text, status, content_type="application/xml; charset=UTF-8")
