"""Versioned training guides."""
