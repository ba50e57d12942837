"""The integration: what HubSpot's own Shopify integration does. Knows nothing of the simulator."""
