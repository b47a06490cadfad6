from policies.admin import versions

__all__ = ["versions"]
