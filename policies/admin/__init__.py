from policies.admin import catalogue, documents, examples, figures, versions

__all__ = ["catalogue", "documents", "examples", "figures", "versions"]
