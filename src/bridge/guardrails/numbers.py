"""What counts as a number in a request: not True, which Python takes for 1, not NaN, not infinity."""

from math import isfinite
from typing import TypeGuard


def is_number(value: object) -> TypeGuard[float]:
    """Tell whether a value is a number that others can be compared with."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isinstance(value, int) or isfinite(value)
