from members.admin import accounts, employers, members, people, registers

__all__ = ["accounts", "employers", "members", "people", "registers"]
