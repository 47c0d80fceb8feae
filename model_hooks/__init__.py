"""Models and retrieval, usable from a notebook: no Django, no Celery, torch only where a model is loaded."""
