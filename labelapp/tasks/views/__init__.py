"""Pages of the queue: one module for labelers, one for projects."""
