"""How HubSpot is made to match: what is around a record is read, the pure rules decide, a batch carries it out."""
