"""Start pages per role, doctor, and the demo."""
