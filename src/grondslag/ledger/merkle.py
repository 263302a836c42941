"""The Merkle tree of RFC 9162: grown at its right edge, proved from its full subtrees.

A hash is 32 bytes; an index counts from 0; level 0 holds the leaf hashes, and `node(level, index)` is the
hash of the full subtree over the leaves `index << level` up to `(index + 1) << level`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from grondslag.errors import BadEvidence
from grondslag.ledger.verifier import (
    EMPTY,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)

__all__ = [
    "EMPTY",
    "Tree",
    "consistency",
    "inclusion",
    "leaf_hash",
    "node_hash",
    "verify_consistency",
    "verify_inclusion",
]

Node = Callable[[int, int], bytes]


class Tree:
    """A tree of which only the right edge is kept: the full subtrees, the largest first.

    Store `size` and `edge`; `Tree(size, edge)` goes on. The edge has a hash for each bit of the size.
    """

    def __init__(self, size: int = 0, edge: Iterable[bytes] = ()) -> None:
        self.size, self._edge = size, list(edge)
        if size < 0 or len(self._edge) != size.bit_count() or any(len(hash_) != 32 for hash_ in self._edge):
            raise BadEvidence(
                "the right edge of the tree",
                f"is not that of a tree of {size} entries",
                "grow the tree again from the leaf hashes",
            )

    @property
    def edge(self) -> list[bytes]:
        """The hashes of the full subtrees, the largest (leftmost) first."""
        return list(self._edge)

    def append(self, leaf: bytes) -> None:
        """Add the hash of the next leaf."""
        size = self.size
        while size & 1:
            leaf = node_hash(self._edge.pop(), leaf)
            size >>= 1
        self._edge.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """The root hash; of no leaves, SHA-256 of nothing."""
        if not self._edge:
            return EMPTY
        root = self._edge[-1]
        for left in reversed(self._edge[:-1]):
            root = node_hash(left, root)
        return root


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """The path from the leaf at `index` to the root of the tree of `size` leaves (RFC 9162, 2.1.3.1).

    :raises BadEvidence: the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise BadEvidence(f"entry {index}", f"is not in a tree of {size}", "wait for a later checkpoint")
    path: list[bytes] = []
    begin, end = 0, size
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append(_range(middle, end, node))
            end = middle
        else:
            path.append(_range(begin, middle, node))
            begin = middle
    return path[::-1]


def consistency(old: int, new: int, node: Node) -> list[bytes]:
    """The proof that the tree of `old` leaves is the beginning of the tree of `new` (RFC 9162, 2.1.4.1).

    :raises BadEvidence: unless 0 < old <= new; of an empty tree there is nothing to prove.
    """
    if not 0 < old <= new:
        raise BadEvidence(f"from {old} to {new} entries", "is no growth", "ask with 0 < old <= new")
    path: list[bytes] = []
    begin, end, whole = 0, new, True
    while old != end:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append(_range(middle, end, node))
            end = middle
        else:
            path.append(_range(begin, middle, node))
            begin, whole = middle, False
    return path[::-1] if whole else [_range(begin, end, node), *path[::-1]]


def _split(count: int) -> int:
    """The largest power of two below the count."""
    return 1 << (count - 1).bit_length() - 1


def _range(begin: int, end: int, node: Node) -> bytes:
    """The hash over the leaves from `begin` up to `end`, which is one subtree of the whole."""
    full = (end - begin).bit_length() - 1
    left = node(full, begin >> full)
    middle = begin + (1 << full)
    return left if middle == end else node_hash(left, _range(middle, end, node))
