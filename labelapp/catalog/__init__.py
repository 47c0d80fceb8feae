"""Images, scenes, products, pairs, categories and their import."""
