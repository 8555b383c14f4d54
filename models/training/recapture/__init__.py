"""Simulated recapture: what a camera sees when a print or a screen, not a person, is before it."""
