"""The Merkle tree against the words of RFC 9162, and against the test data of Certificate Transparency."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from streams.audit.tree import Tree, consistency_path, extends, includes, inclusion_path, root_of

# google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
LEAVES = [hashlib.sha256(b"\x00" + bytes.fromhex(text)).digest() for text in INPUTS]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def tree_head(leaves: list[bytes]) -> bytes:
    """RFC 9162, section 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + tree_head(leaves[:k]) + tree_head(leaves[k:])).digest()


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70))
def test_the_growing_tree_is_the_one_of_the_rfc(leaves: list[bytes]) -> None:
    tree = Tree()
    for leaf in leaves:
        tree = Tree.from_metadata(tree.to_metadata()).with_leaf(leaf)
    assert (tree.size, tree.root) == (len(leaves), tree_head(leaves))


def test_the_state_of_the_largest_log_fits_beside_an_offset() -> None:
    assert len(Tree(2**63 - 1, (b"\xff" * 32,) * 63).to_metadata()) <= 4096


def test_roots_are_those_of_certificate_transparency() -> None:
    assert [root_of(LEAVES[:size]).hex() for size in range(1, 9)] == ROOTS
    assert root_of([]) == hashlib.sha256(b"").digest()


def leaves_of(count: int) -> list[bytes]:
    return [hashlib.sha256(b"%d" % n).digest() for n in range(count)]


def test_every_leaf_is_proved_in_every_tree_and_no_other() -> None:
    for size in range(1, 34):
        leaves = leaves_of(size)
        root = root_of(leaves)
        for index in range(size):
            path = inclusion_path(leaves, index)
            assert includes(root, size, index, leaves[index], path)
            assert not includes(root, size, index, b"x" * 32, path)
            assert not includes(root, size, index + 1, leaves[index], path)
            assert not includes(root, size, index, leaves[index], [*path, b"x" * 32])
            assert not path or not includes(root, size, index, leaves[index], path[:-1])
            assert not path or not includes(root, size, index, leaves[index], [b"x" * 32, *path[1:]])


def test_every_older_tree_is_proved_in_every_newer_one_and_no_other() -> None:
    for size in range(1, 34):
        leaves = leaves_of(size)
        root = root_of(leaves)
        for old in range(1, size + 1):
            path = consistency_path(leaves, old)
            old_root = root_of(leaves[:old])
            assert extends(old_root, old, root, size, path)
            assert not extends(b"x" * 32, old, root, size, path)
            assert not extends(old_root, old, b"x" * 32, size, path)
            assert not extends(old_root, old, root, size, [*path, b"x" * 32])
            assert not path or not extends(old_root, old, root, size, path[:-1])
            assert old == size or not extends(old_root, old, root, size, [])


@given(st.integers(2, 60), st.data())
def test_a_tree_with_one_leaf_changed_extends_no_older_one(size: int, data: st.DataObject) -> None:
    leaves = leaves_of(size)
    old = data.draw(st.integers(1, size - 1))
    changed = data.draw(st.integers(0, old - 1))
    forged = [*leaves[:changed], b"x" * 32, *leaves[changed + 1 :]]
    assert not extends(root_of(leaves[:old]), old, root_of(forged), size, consistency_path(forged, old))
