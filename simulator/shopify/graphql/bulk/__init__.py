"""Bulk queries: what may be asked, and the objects that come back, through the schema that every query has.

reading   a query's text -> a Plan: checked in Shopify's words, and rewritten to be read page by page
walking   a Plan -> the lines of its result
"""

from simulator.shopify.graphql.bulk.reading import plan
from simulator.shopify.graphql.bulk.walking import lines, probe

__all__ = ["lines", "plan", "probe"]
