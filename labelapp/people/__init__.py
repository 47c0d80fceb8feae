"""Users, roles, pools, tokens and audit events."""
