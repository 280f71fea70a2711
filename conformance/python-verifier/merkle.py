"""RFC 6962 log proofs by their recursive definition, and the state trie (specs/ledger.md sections 8 and 9)."""

from errors import require
from signatures import sha256

MAX_SAFE = 2**53 - 1
EMPTY = bytes(32)


def leaf_hash(leaf):
    return sha256(b"\x00" + leaf)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


def split(size):
    """Largest power of two smaller than the size."""
    return 1 << ((size - 1).bit_length() - 1)


def check_hashes(*hashes):
    require(all(len(value) == 32 for value in hashes), "hash_malformed", "32 bytes")


def inclusion_root(leaf, index, size, path):
    require(0 <= index < size <= MAX_SAFE, "index_out_of_range", "index below size")
    check_hashes(leaf, *path)
    path = list(path)

    def root(m, n):
        if n == 1:
            return leaf
        require(path, "path_truncated", "too few hashes")
        sibling, k = path.pop(), split(n)
        return node_hash(root(m, k), sibling) if m < k else node_hash(sibling, root(m - k, n - k))

    result = root(index, size)
    require(not path, "path_excess", "too many hashes")
    return result


def verify_inclusion(leaf, index, size, path, root):
    require(0 <= index < size <= MAX_SAFE, "index_out_of_range", "index below size")
    check_hashes(root)
    require(inclusion_root(leaf, index, size, path) == root, "inclusion_mismatch", "another root")


def verify_consistency(old_size, new_size, old_root, new_root, path):
    require(0 <= old_size <= new_size <= MAX_SAFE, "size_out_of_range", "older is larger")
    check_hashes(old_root, new_root, *path)
    path = list(path)
    if old_size in (0, new_size):
        require(not path, "path_excess", "nothing to prove")
        require(old_size != 0 or old_root == sha256(b""), "consistency_mismatch", "empty root")
        require(old_size != new_size or old_root == new_root, "consistency_mismatch", "same size")
        return

    def roots(m, n, whole):
        """Roots over the old and new part of a subtree; `whole`: it is the old tree itself."""
        if m == n and whole:
            return old_root, old_root
        require(path, "path_truncated", "too few hashes")
        other = path.pop()
        if m == n:
            return other, other
        k = split(n)
        if m <= k:
            old, new = roots(m, k, whole)
            return old, node_hash(new, other)
        old, new = roots(m - k, n - k, False)
        return node_hash(other, old), node_hash(other, new)

    found = roots(old_size, new_size, True)
    require(not path, "path_excess", "too many hashes")
    require(found == (old_root, new_root), "consistency_mismatch", "other roots")


def key_hash(module, key):
    return sha256(module.encode() + b"\x00" + key.encode())


def trie_leaf(key, value_hash):
    return sha256(b"\x00" + key + value_hash)


def bit(key, depth):
    return key[depth // 8] >> (7 - depth % 8) & 1


def verify_trie_path(key, siblings, end, root):
    """`siblings` root side first, None where empty; `end` is ('own', value), ('other', key, value hash), ('empty',)."""
    code = "path_malformed"
    require(len(siblings) <= 256, code, "too long")
    require(all(s is None or (len(s) == 32 and s != EMPTY) for s in siblings), code, "siblings")
    require(len(key) == 32 and len(root) == 32, code, "32 bytes")
    require(not siblings or siblings[-1] is not None, code, "deepest sibling")
    node = end_node(key, len(siblings), end)
    for depth in reversed(range(len(siblings))):
        sibling = siblings[depth] or EMPTY
        node = sha256(sibling + node if bit(key, depth) else node + sibling)
    require(node == root, "path_mismatch", "another root")


def end_node(key, depth, end):
    if end[0] == "own":
        return trie_leaf(key, sha256(end[1]))
    if end[0] == "empty":
        return EMPTY
    other, value_hash = end[1:]
    require(len(other) == 32 and len(value_hash) == 32, "path_malformed", "32 bytes")
    same_slot = all(bit(other, i) == bit(key, i) for i in range(depth))
    require(other != key and same_slot, "path_foreign_leaf", "not in the slot")
    return trie_leaf(other, value_hash)


def trie_root(entries):
    """Root over {key hash: value hash}, from the definition."""

    def root(keys, depth):
        if not keys:
            return EMPTY
        if len(keys) == 1:
            return trie_leaf(keys[0], entries[keys[0]])
        left = [key for key in keys if not bit(key, depth)]
        right = [key for key in keys if bit(key, depth)]
        return sha256(root(left, depth + 1) + root(right, depth + 1))

    return root(sorted(entries), 0)


def tree_root(leaf_hashes):
    if not leaf_hashes:
        return sha256(b"")
    if len(leaf_hashes) == 1:
        return leaf_hashes[0]
    k = split(len(leaf_hashes))
    return node_hash(tree_root(leaf_hashes[:k]), tree_root(leaf_hashes[k:]))


