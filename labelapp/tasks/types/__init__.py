"""One small Django app per task type, and the registry they enter."""
