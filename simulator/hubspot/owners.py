"""Owners: the users of a portal, to whom records belong [S].

A portal is born with one, whoever opened the account; more are made, and archived, through the control plane.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

from simulator.hubspot import ask, errors
from simulator.hubspot.ask import Ask
from simulator.hubspot.errors import Answer
from simulator.hubspot.instants import iso
from simulator.hubspot.routes import Route, whole_portal
from simulator.kernel.resource import Column, Document, Resource
from simulator.kernel.simulation import Site

OWNERS = Resource(
    "hubspot",
    "owners",
    (
        Column("email"),
        Column("userId", int),
        Column("archived", int, lambda document: int(document["archived"])),
    ),
    first_id=41_629_001,
)
FIRST_USER_ID = 9_130_001
DEFAULT_LIMIT, MOST_IN_A_PAGE = 100, 500  # [S]


def create(site: Site, email: str, first_name: str, last_name: str, teams: Sequence[str] = ()) -> Document:
    """A new user who can own records; an address that stands already is that owner, alive again."""
    found = site.find(OWNERS, "email = ?", (email,))
    if found:
        return _save(site, found[0] | {"archived": False, "updatedAt": site.now()})
    now = site.now()
    return _save(
        site,
        {
            "id": site.next_id(OWNERS),
            "email": email,
            "firstName": first_name,
            "lastName": last_name,
            "userId": site.next_number("hubspot users", FIRST_USER_ID),
            "teams": [_team(name, primary=not place) for place, name in enumerate(teams)],
            "createdAt": now,
            "updatedAt": now,
            "archived": False,
        },
    )


def archive(site: Site, id: int) -> Document | None:
    """A user who leaves; None where there is no such owner."""
    found = site.get(OWNERS, id)
    return _save(site, found | {"archived": True, "updatedAt": site.now()}) if found else None


def opener(site: Site) -> Document:
    """The user who opened the account and lets apps in."""
    return site.find(OWNERS, limit=1)[0]


def shown(document: Document) -> dict[str, Any]:
    """An owner on the wire; one who was archived has no active user any more. Our reading of the two user ids."""
    told: dict[str, Any] = {
        "id": str(document["id"]),
        "email": document["email"],
        "type": "PERSON",
        "firstName": document["firstName"],
        "lastName": document["lastName"],
        "userId": document["userId"],
        "userIdIncludingInactive": document["userId"],
        "createdAt": iso(document["createdAt"]),
        "updatedAt": iso(document["updatedAt"]),
        "archived": document["archived"],
    }
    if document["archived"]:
        del told["userId"]
    return told | ({"teams": document["teams"]} if document["teams"] else {})


# --- the API [S][PY] ---


def index(question: Ask) -> Answer:
    """A page of owners, or those with an e-mail address; `archived=true` gives the ones who left."""
    limit = question.limit(DEFAULT_LIMIT, MOST_IN_A_PAGE)
    where = "archived = ? AND id > ? AND ? IN ('', email)"
    given = (int(question.flag("archived")), question.after(), question.text("email").lower())
    found = question.site.find(OWNERS, where, given, limit=limit + 1)
    page = found[:limit]
    answer: dict[str, Any] = {"results": [shown(document) for document in page]}
    if len(found) > limit:
        answer["paging"] = {"next": ask.next_page(str(page[-1]["id"]))}
    return Answer(200, answer)


def read(question: Ask, id: str) -> Answer:
    """One owner, by its id or by that of its user."""
    by = question.text("idProperty") or "id"
    if by not in ("id", "userId"):
        raise errors.bad_request(f"idProperty is id or userId, not {by}")  # our sentence
    given = (int(id) if ask.is_id(id) else 0, int(question.flag("archived")))
    found = question.site.find(OWNERS, f"{by} = ? AND archived = ?", given)
    if not found:
        raise errors.missing("Owner", id)
    return Answer(200, shown(found[0]))


def _team(name: str, primary: bool) -> Document:
    return {"id": str(zlib.crc32(name.encode())), "name": name, "primary": primary}


def _save(site: Site, document: Document) -> Document:
    site.put(OWNERS, document["id"], document)
    return document


ROUTES = (
    Route("GET", whole_portal("owners"), index, "crm.objects.owners.read"),
    Route("GET", whole_portal("owners", "/<id>"), read, "crm.objects.owners.read"),
)
