from bureau.admin import areas, batches, history, staff

__all__ = ["areas", "batches", "history", "staff"]
