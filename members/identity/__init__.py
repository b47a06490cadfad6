"""Identity numbers: their form, their encryption, and how they are found again. Knows no model."""
