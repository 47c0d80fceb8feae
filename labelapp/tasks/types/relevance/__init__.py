"""How similar is each candidate product to the object in the scene? (paper, section 4 and figure 3)."""
