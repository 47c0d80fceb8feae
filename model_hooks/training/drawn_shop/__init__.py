"""A shop that exists only as drawings: products and scenes with their full truth, made from a seed."""
