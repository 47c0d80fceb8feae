"""The drawn shop and the commands that train the default models on it; torch only where a net is trained."""
