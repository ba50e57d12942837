"""A toy fake on the kernel alone: one kind of record, one vendor in nobody's words."""

from functools import cache

import orjson
from flask import Flask, Response, request

from simulator.kernel import errors
from simulator.kernel.faults import Fault
from simulator.kernel.gate import Vendor, current
from simulator.kernel.resource import Column, Resource

NOTES = Resource("toy", "notes", (Column("title"), Column("size", int)), unique=(("title",),), first_id=100)
URL = "http://127.0.0.1:9999"


@cache
def toy_app() -> Flask:
    app = Flask("toy")

    @app.post("/notes")
    def create() -> Response:
        grant = current().grant
        if grant is None:
            raise errors.Unauthorized
        site = grant.site
        with site.transaction():
            id = site.next_id(NOTES)
            site.put(NOTES, id, {"id": id, **orjson.loads(request.get_data())})
        return Response(orjson.dumps({"id": id}), 201)

    @app.get("/notes")
    def index() -> Response:
        grant = current().grant
        if grant is None:
            raise errors.Unauthorized
        return Response(orjson.dumps(grant.site.find(NOTES)))

    app.register_error_handler(errors.Unauthorized, lambda _: Response("who are you?", 401))
    app.register_error_handler(errors.Throttled, lambda _: Response("slow down", 429))
    app.register_error_handler(errors.Broken, lambda error: Response("ouch", error.status))
    return app


def refusal(fault: Fault) -> Exception:
    return errors.Throttled("injected") if fault.effect == "throttle" else errors.Broken(fault.status)


TOY = Vendor("toy", ("*.toy.example",), lambda _: True, toy_app, lambda environ: environ.get("HTTP_X_TOKEN"), refusal)
