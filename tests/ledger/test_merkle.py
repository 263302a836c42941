"""A tree proves what it holds and that it only grew, and nothing else passes for such a proof."""

from __future__ import annotations

import base64
import json
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grondslag.errors import BadEvidence
from grondslag.ledger.merkle import (
    EMPTY,
    Tree,
    consistency,
    inclusion,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)
from tests.ledger.logs import VECTORS


def vectors(name):
    return json.loads((VECTORS / "merkle" / f"{name}.json").read_text())


def raw(text):
    return base64.b64decode(text or "")


def path(case):
    return [raw(hash_) for hash_ in case["proof"] or []]


@pytest.mark.parametrize(
    "case", vectors("inclusion"), ids=lambda case: case["path"].removeprefix("testdata/")
)
def test_published_inclusion_proofs(case):
    found = verify_inclusion(
        case["leafIdx"], case["treeSize"], raw(case["leafHash"]), path(case), raw(case["root"])
    )
    assert found is not case["wantErr"]


@pytest.mark.parametrize(
    "case", vectors("consistency"), ids=lambda case: case["path"].removeprefix("testdata/")
)
def test_published_consistency_proofs(case):
    found = verify_consistency(
        case["size1"], case["size2"], path(case), raw(case["root1"]), raw(case["root2"])
    )
    assert found is not case["wantErr"]


def test_there_are_98_of_each():
    assert len(vectors("inclusion")) == len(vectors("consistency")) == 98


def test_the_hashes_of_rfc_6962_are_known():
    known = vectors("rfc6962-known-answers")
    tree, roots = Tree(), [Tree().root().hex()]
    for data in known["leaf_inputs_hex"]:
        tree.append(leaf_hash(bytes.fromhex(data)))
        roots.append(tree.root().hex())
    assert roots == known["root_hashes_by_size"]
    leaves = [leaf_hash(bytes.fromhex(data)) for data in known["leaf_inputs_hex"]]
    for level, hashes in enumerate(known["node_hashes_by_level"]):
        assert [subtree(leaves, level, index).hex() for index in range(len(hashes))] == hashes


def test_nothing_a_leaf_and_a_node_hash_differently():
    for case in vectors("rfc6962-known-answers")["hasher"]:
        match case["op"]:
            case "empty_root":
                found = EMPTY
            case "leaf":
                found = leaf_hash(bytes.fromhex(case["data_hex"]))
            case "node":
                found = node_hash(bytes.fromhex(case["left_hex"]), bytes.fromhex(case["right_hex"]))
        assert found.hex() == case["want"]


def subtree(leaves, level, index):
    if level == 0:
        return leaves[index]
    return node_hash(subtree(leaves, level - 1, 2 * index), subtree(leaves, level - 1, 2 * index + 1))


LEAVES = [leaf_hash(b"%d" % index) for index in range(300)]


@cache
def node(level, index):
    assert (index + 1) << level <= len(LEAVES), "only whole subtrees may be asked for"
    return subtree(LEAVES, level, index)


@cache
def root(size):
    tree = Tree()
    for hash_ in LEAVES[:size]:
        tree.append(hash_)
    return tree.root()


SIZES = st.integers(1, len(LEAVES))


@pytest.mark.parametrize("size", [*range(1, 34), 255, 256, 257, 300])
def test_every_leaf_has_a_proof_that_holds_for_it_alone(size):
    for index in range(size):
        proof = inclusion(index, size, node)
        assert verify_inclusion(index, size, LEAVES[index], proof, root(size))
        assert not verify_inclusion(index ^ 1, size, LEAVES[index], proof, root(size)) or size == 1
        assert not verify_inclusion(index, size, LEAVES[index - 1], proof, root(size)) or size == 1


@pytest.mark.parametrize("new", [*range(1, 34), 255, 256, 257, 300])
def test_every_earlier_size_has_a_proof_that_the_tree_grew(new):
    for old in range(1, new + 1):
        proof = consistency(old, new, node)
        assert verify_consistency(old, new, proof, root(old), root(new))
        assert not verify_consistency(old, new, proof, root(old), root(new - 1))
        assert not verify_consistency(old, new, [*proof, LEAVES[0]], root(old), root(new))


@given(SIZES, st.data())
def test_a_proof_with_one_bit_turned_holds_nowhere(size, data):
    index = data.draw(st.integers(0, size - 1))
    proof = inclusion(index, size, node)
    if proof:
        at, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
        turned = (int.from_bytes(proof[at], "big") ^ 1 << bit).to_bytes(32, "big")
        assert not verify_inclusion(
            index, size, LEAVES[index], [*proof[:at], turned, *proof[at + 1 :]], root(size)
        )


@given(
    st.integers(-2, 2**70), st.integers(-2, 2**70), st.lists(st.binary(min_size=32, max_size=32), max_size=80)
)
def test_any_numbers_get_a_plain_no(one, two, hashes):
    assert not verify_inclusion(one, two, LEAVES[0], hashes, root(7))
    assert not verify_consistency(one, two, hashes, root(5), root(7))


@given(st.integers(0, len(LEAVES)))
def test_a_tree_goes_on_from_its_stored_right_edge(size):
    tree = Tree()
    for hash_ in LEAVES[:size]:
        tree.append(hash_)
    resumed = Tree(tree.size, tree.edge)
    for hash_ in LEAVES[size:]:
        resumed.append(hash_)
    assert (resumed.size, resumed.root()) == (len(LEAVES), root(len(LEAVES)))


@pytest.mark.parametrize(
    ("size", "edge"), [(1, []), (3, [EMPTY]), (2, [b"short"]), (0, [EMPTY]), (-1, [EMPTY])]
)
def test_an_edge_of_another_size_is_refused(size, edge):
    with pytest.raises(BadEvidence, match="right edge"):
        Tree(size, edge)


def test_what_cannot_be_proved_is_refused():
    for index, size in [(0, 0), (5, 5), (-1, 5)]:
        with pytest.raises(BadEvidence):
            inclusion(index, size, node)
    for old, new in [(0, 5), (6, 5)]:
        with pytest.raises(BadEvidence):
            consistency(old, new, node)
