from __future__ import annotations

from tests.register.conftest import opening, place, register, server

__all__ = ["opening", "place", "register", "server"]
