"""Receipts in their binary form (specs/ledger.md section 10)."""

from errors import Refused, require
from merkle import key_hash, leaf_hash, verify_inclusion, verify_trie_path
from notes import MAX_SAFE
from policy import check_fresh, verify_cosigned
from signatures import sha256

CODE = "receipt_malformed"
MAX_BYTES = 2_000_000


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, length):
        require(length <= len(self.data) - self.at, "receipt_truncated", "ends too early")
        self.at += length
        return self.data[self.at - length : self.at]

    def number(self, length):
        value = int.from_bytes(self.take(length), "big")
        require(value <= MAX_SAFE, CODE, "number too large")
        return value

    def text(self, length):
        try:
            return self.take(length).decode()
        except UnicodeDecodeError:
            raise Refused(CODE, "not UTF-8") from None


def decode_receipt(data):
    require(len(data) <= MAX_BYTES, "receipt_too_large", "too large")
    reader = Reader(data)
    require(reader.number(1) == 1, CODE, "version")
    kind = reader.number(1)
    require(kind in (1, 2), CODE, "kind")
    checkpoint = read_checkpoint(reader)
    receipt = read_state(reader) if kind == 1 else read_event(reader)
    require(reader.at == len(data), CODE, "bytes left over")
    return {**receipt, "checkpoint": checkpoint}


def read_checkpoint(reader):
    form = reader.number(1)
    require(form in (0, 1), CODE, "form")
    if form == 0:
        return {"hash": reader.take(32)}
    body = reader.text(reader.number(2))
    count = reader.number(1)
    require(1 <= count <= 64, CODE, "cosignatures")
    cosignatures = []
    for _ in range(count):
        identifier = reader.take(4)
        if cosignatures:
            require(identifier != cosignatures[-1][0], "cosignature_duplicate", "a key twice")
            require(identifier > cosignatures[-1][0], CODE, "order")
        cosignatures.append((identifier, reader.number(8), reader.take(64)))
    return {"body": body, "cosignatures": cosignatures}


def read_state(reader):
    module = reader.text(reader.number(1))
    require(module != "" and "\0" not in module, CODE, "module")
    key = reader.text(reader.number(2))
    depth = reader.number(2)
    require(depth <= 256, CODE, "depth")
    bitmap = reader.take((depth + 7) // 8)
    bits = "".join(f"{byte:08b}" for byte in bitmap)
    require("1" not in bits[depth:], CODE, "unused bits")
    siblings = [reader.take(32) if present == "1" else None for present in bits[:depth]]
    return {"kind": "state", "module": module, "key": key, "siblings": siblings, "end": read_end(reader)}


def read_end(reader):
    end = reader.number(1)
    require(end in (0, 1, 2), CODE, "end")
    if end == 0:
        return ("own", reader.take(reader.number(4)))
    return ("other", reader.take(32), reader.take(32)) if end == 1 else ("empty",)


def read_event(reader):
    index = reader.number(8)
    count = reader.number(1)
    require(count <= 63, CODE, "hashes")
    path = [reader.take(32) for _ in range(count)]
    return {"kind": "event", "index": index, "path": path, "leaf": reader.take(reader.number(4))}


def check_subject(receipt, expect):
    if expect is None:
        return
    if receipt["kind"] == "state":
        same = (receipt["module"], receipt["key"]) == (expect.get("module"), expect.get("key"))
    else:
        same = receipt["index"] == expect.get("index")
    require(same, "receipt_wrong_subject", "about something else")


def verify_receipt(data, policy, cache=None, expect=None, now=None, max_age=None):
    """`cache`: checkpoints verified before, by hash."""
    receipt = decode_receipt(data)
    check_subject(receipt, expect)
    checkpoint = checkpoint_of(receipt["checkpoint"], policy, cache or {}, now, max_age)
    if receipt["kind"] == "event":
        leaf = leaf_hash(receipt["leaf"])
        verify_inclusion(leaf, receipt["index"], checkpoint["size"], receipt["path"], checkpoint["root"])
        return {"kind": "event", "index": receipt["index"], "leaf": receipt["leaf"]}
    end = receipt["end"]
    key = key_hash(receipt["module"], receipt["key"])
    verify_trie_path(key, receipt["siblings"], end, checkpoint["state"])
    found = {"value": end[1]} if end[0] == "own" else {}
    return {"kind": "state", "module": receipt["module"], "key": receipt["key"], "absent": not found, **found}


def checkpoint_of(given, policy, cache, now, max_age):
    """One in the cache whose time passes is not verified again; a staple may bring other cosignatures of it."""
    stapled = "body" in given
    known = cache.get(sha256(given["body"].encode()) if stapled else given["hash"])
    if known is not None:
        try:
            check_fresh(known["time"], now, max_age)
            return known
        except Refused:
            if not stapled:
                raise
    require(stapled, "checkpoint_unknown", "not at hand")
    return verify_cosigned(policy, given["body"], given["cosignatures"], now, max_age)
