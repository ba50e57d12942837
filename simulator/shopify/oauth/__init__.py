"""OAuth: how an app that a developer registered is let into a shop, and how it comes by its tokens.

door     which shop and which app a request without a token speaks of, and what is wrong with it
page     GET and POST /admin/oauth/authorize: the merchant is asked, and sent back with a code
tokens   POST /admin/oauth/access_token: a table of grant types
sessions the session tokens of embedded apps
"""

from flask import Blueprint

from simulator.shopify.oauth import page, tokens
from simulator.shopify.oauth.door import AUTHORIZE, NAME, TOKEN, visited

__all__ = ["NAME", "ROUTES", "blueprint", "visited"]

ROUTES = (("GET", AUTHORIZE, page.show), ("POST", AUTHORIZE, page.install), ("POST", TOKEN, tokens.answer))


def blueprint() -> Blueprint:
    made = Blueprint(NAME, __name__)
    for method, path, view in ROUTES:
        made.add_url_rule(path, view.__name__, view, methods=[method], provide_automatic_options=False)
    return made
