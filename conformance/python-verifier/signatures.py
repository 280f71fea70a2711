"""Ed25519 and ECDSA P-256 under the signature rule of specs/ledger.md section 1."""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

ED25519_PRIME = 2**255 - 19
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

# The curve constant d and, from it, the y of every point whose order divides 8: worked out here, not copied.
D = -121665 * pow(121666, -1, ED25519_PRIME) % ED25519_PRIME


def _square_root(value):
    """A square root modulo 2^255 - 19, or None (RFC 8032 section 5.1.3)."""
    p = ED25519_PRIME
    root = pow(value, (p + 3) // 8, p)
    if root * root % p == value % p:
        return root
    root = root * pow(2, (p - 1) // 4, p) % p
    return root if root * root % p == value % p else None


def _small_order_ys():
    p = ED25519_PRIME
    ys = {0, 1, p - 1}  # order 4, 1 and 2
    # Order 8: doubling gives y = 0, so x^2 = -y^2, and the curve equation becomes d*y^4 + 2*y^2 - 1 = 0.
    root = _square_root(1 + D)
    for r in (root, p - root):
        y = _square_root((r - 1) * pow(D, -1, p) % p)
        if y is not None:
            ys.update((y, p - y))
    return ys


SMALL_ORDER_YS = _small_order_ys()


def sha256(data):
    return hashlib.sha256(data).digest()


def _is_strict_point(point):
    y = int.from_bytes(point, "little") & (2**255 - 1)
    return y < ED25519_PRIME and y not in SMALL_ORDER_YS


def verify_ed25519(public_key, message, signature):
    if len(public_key) != 32 or len(signature) != 64:
        return False
    if int.from_bytes(signature[32:], "little") >= ED25519_ORDER:
        return False
    if not _is_strict_point(signature[:32]) or not _is_strict_point(public_key):
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def verify_p256(public_key, message, signature):
    if len(signature) != 64:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if not (0 < r < P256_ORDER and 0 < s < P256_ORDER):
        return False
    try:
        key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public_key)
        key.verify(encode_dss_signature(r, s), message, ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True
