"""COSE receipts (RFC 9942; specs/ledger.md section 15): read leniently, then compared with the one right spelling."""

from errors import Refused, require
from merkle import inclusion_root, leaf_hash
from notes import MAX_SAFE, is_key_name
from signatures import verify_ed25519, verify_p256

CODE = "cose_malformed"
ALGORITHMS = {-7: "ES256", -8: "EdDSA"}


def head(major, argument):
    for info, length in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 24:
            return bytes([major << 5 | argument])
        if argument < 1 << (8 * length):
            return bytes([major << 5 | info]) + argument.to_bytes(length, "big")
    raise ValueError("too large")


def encode(value):
    if value is None:
        return b"\xf6"
    if isinstance(value, int):
        return head(0, value) if value >= 0 else head(1, -1 - value)
    if isinstance(value, bytes):
        return head(2, len(value)) + value
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return head(4, len(value)) + b"".join(encode(item) for item in value)
    return head(5, len(value)) + b"".join(encode(key) + encode(item) for key, item in value.items())


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, length):
        require(length <= len(self.data) - self.at, CODE, "cut short")
        self.at += length
        return self.data[self.at - length : self.at]

    def item(self, depth=0):
        require(depth < 8, CODE, "too deep")
        initial = self.take(1)[0]
        major, info = initial >> 5, initial & 31
        if initial == 0xF6:
            return None
        require(info < 28 and major < 6, CODE, "kind of item")
        argument = info if info < 24 else int.from_bytes(self.take(1 << (info - 24)), "big")
        require(argument <= MAX_SAFE, CODE, "number too large")
        if major == 0:
            return argument
        if major == 1:
            return -1 - argument
        if major in (2, 3):
            return self.string(major, argument)
        require(argument <= len(self.data), CODE, "cut short")
        if major == 4:
            return [self.item(depth + 1) for _ in range(argument)]
        pairs = [(self.item(depth + 1), self.item(depth + 1)) for _ in range(argument)]
        require(all(isinstance(key, int) for key, _ in pairs), CODE, "keys are numbers")
        return dict(pairs)

    def string(self, major, length):
        value = self.take(length)
        if major == 2:
            return value
        try:
            return value.decode()
        except UnicodeDecodeError:
            raise Refused(CODE, "not UTF-8") from None


def decode(data):
    """Deterministic CBOR only: what was read must encode to the same bytes."""
    reader = Reader(data)
    value = reader.item()
    require(reader.at == len(data) and encode(value) == data, CODE, "spelling")
    return value


def keys_of(value, *keys):
    require(isinstance(value, dict) and list(value) == list(keys), CODE, "members")
    return list(value.values())


def list_of(value, length):
    require(isinstance(value, list) and len(value) == length, CODE, "length of a list")
    return value


def byte_string(value, lengths):
    require(isinstance(value, bytes) and len(value) in lengths, CODE, "length of bytes")
    return value


def parse_receipt(data):
    require(len(data) <= 8192 and data[:1] == b"\xd2", CODE, "tag 18")
    protected, unprotected, payload, signature = list_of(decode(data[1:]), 4)
    byte_string(protected, range(8193))
    algorithm, identifier, claims, structure = keys_of(decode(protected), 1, 4, 15, 395)
    known = isinstance(algorithm, int) and algorithm in ALGORITHMS
    require(known and structure == 1, CODE, "algorithm or structure")
    byte_string(identifier, range(1, 256))
    (origin,) = keys_of(claims, 1)
    require(isinstance(origin, str) and is_key_name(origin), CODE, "origin")
    (proofs,) = keys_of(unprotected, 396)
    (listed,) = keys_of(proofs, -1)
    size, index, path = list_of(decode(byte_string(list_of(listed, 1)[0], range(8193))), 3)
    require(isinstance(size, int) and isinstance(index, int) and 0 <= index < size, CODE, "index below size")
    require(isinstance(path, list) and 1 <= len(path) <= 63, CODE, "path")
    for value in path:
        byte_string(value, [32])
    require(payload is None, CODE, "detached")
    byte_string(signature, [64])
    return {
        "algorithm": ALGORITHMS[algorithm], "key_id": identifier, "origin": origin, "protected": protected,
        "size": size, "index": index, "path": path, "signature": signature,
    }  # fmt: skip


def verify_receipt(data, leaf, origin, algorithm, identifier, public_key):
    receipt = parse_receipt(data)
    require(receipt["origin"] == origin, "checkpoint_wrong_origin", "another ledger")
    trusted = receipt["algorithm"] == algorithm and receipt["key_id"] == identifier
    require(trusted, "cose_wrong_key", "another key")
    root = inclusion_root(leaf_hash(leaf), receipt["index"], receipt["size"], receipt["path"])
    message = encode(["Signature1", receipt["protected"], b"", root])
    verify = verify_ed25519 if algorithm == "EdDSA" else verify_p256
    require(verify(public_key, message, receipt["signature"]), "cose_bad_signature", "wrong signature")
    return {"root": root}
