"""Projects, tasks, slots, labels and the queue between them."""
