"""Stateful fakes of the Shopify Admin API and the HubSpot CRM API. Knows nothing of the sync core."""
