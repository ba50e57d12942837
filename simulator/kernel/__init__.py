"""What any fake needs, in no vendor's words."""
