from bureau.models.actions import ActionRecord
from bureau.models.areas import PoolingArea
from bureau.models.staff import User

__all__ = ["ActionRecord", "PoolingArea", "User"]
