from tests.ledger.authority import authority, url

__all__ = ["authority", "url"]
