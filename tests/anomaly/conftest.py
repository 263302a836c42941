from __future__ import annotations

from tests.register.conftest import place, server

__all__ = ["place", "server"]
