from facilities.admin import agreements, consortia, institutions, staff

__all__ = ["agreements", "consortia", "institutions", "staff"]
