"""Model versions, systems, runs, candidates, judgements and comparisons."""
