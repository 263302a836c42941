from __future__ import annotations

from tests.register.conftest import server

__all__ = ["server"]
