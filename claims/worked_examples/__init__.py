"""Worked examples (算例): played through the real services, and rolled back."""
