"""Pages of evaluations, one module per noun."""
