"""Signed notes, verifier keys, checkpoint bodies, cosignatures (specs/ledger.md section 12)."""

import base64
import binascii
import re

from errors import require
from signatures import sha256

MAX_SAFE = 2**53 - 1
KEY_BYTES = {0x01: 32, 0x04: 32, 0x06: 1312}
# Unicode White_Space.
SPACES = set("\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000") | {chr(c) for c in range(0x2000, 0x200B)}


def utf16_units(text):
    return sum(2 if ord(character) > 0xFFFF else 1 for character in text)


def is_well_formed(text):
    return not any(0xD800 <= ord(character) <= 0xDFFF for character in text)


def strict_base64(text):
    """The bytes, or None unless the text is their only canonical encoding."""
    try:
        value = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError, UnicodeEncodeError):
        return None
    return value if base64.b64encode(value).decode() == text else None


def is_key_name(name):
    return name != "" and not any(c in SPACES or c == "+" or ord(c) < 0x20 for c in name) and is_well_formed(name)


def key_id(name, kind, public_key):
    return sha256(name.encode() + b"\n" + bytes([kind]) + public_key)[:4]


def parse_verifier_key(text):
    """(name, type, key id, public key)."""
    code = "verifier_key_malformed"
    require(utf16_units(text) <= 4096, code, "too long")
    parts = text.split("+", 2)
    require(len(parts) == 3 and is_key_name(parts[0]), code, "name, id, key")
    require(re.fullmatch("[0-9a-f]{8}", parts[1]), code, "id is eight hex digits")
    typed = strict_base64(parts[2])
    require(typed is not None and len(typed) > 0 and typed[0] in KEY_BYTES, code, "unknown type")
    require(len(typed) == 1 + KEY_BYTES[typed[0]], code, "length of the key")
    require(key_id(parts[0], typed[0], typed[1:]).hex() == parts[1], code, "id does not fit")
    return parts[0], typed[0], bytes.fromhex(parts[1]), typed[1:]


def parse_note(note):
    """(text, [(name, key id, signature)])."""
    code = "note_malformed"
    require(utf16_units(note) <= 2**18, code, "too long")
    require(is_well_formed(note), code, "not UTF-8")
    require(not any(ord(c) < 0x20 and c != "\n" for c in note), code, "control character")
    end = note.rfind("\n\n")
    require(end >= 0, code, "no empty line")
    lines = note[end + 2 :].split("\n")
    require(lines.pop() == "", code, "no newline at the end")
    require(1 <= len(lines) <= 64, code, "1 to 64 signatures")
    return note[: end + 1], [parse_signature(line) for line in lines]


def parse_signature(line):
    code = "note_malformed"
    words = line.split(" ")
    require(len(words) == 3 and words[0] == "\u2014" and is_key_name(words[1]), code, "dash, name, base64")
    value = strict_base64(words[2])
    require(value is not None and len(value) > 4, code, "base64 of 5 bytes or more")
    return words[1], value[:4], value[4:]


def parse_size(text):
    require(re.fullmatch("0|[1-9][0-9]{0,15}", text) and int(text) <= MAX_SAFE, "checkpoint_malformed", "size")
    return int(text)


def parse_body(body):
    """Body of a ledger's checkpoint: exactly four lines."""
    code = "checkpoint_malformed"
    lines = body.split("\n")
    require(len(lines) == 5 and lines[4] == "", code, "four lines")
    require(is_well_formed(body) and all(line and not any(ord(c) < 0x20 for c in line) for line in lines[:4]), code, "lines")
    size = parse_size(lines[1])
    root = strict_base64(lines[2])
    require(root is not None and len(root) == 32, code, "root")
    require(lines[3].startswith("state "), code, "state line")
    state = strict_base64(lines[3][6:])
    require(state is not None and len(state) == 32, code, "state root")
    return {"origin": lines[0], "size": size, "root": root, "state": state}


def parse_cosignature(identifier, value):
    """(key id, time, signature)."""
    require(len(value) == 72, "cosignature_malformed", "72 bytes")
    time = int.from_bytes(value[:8], "big")
    require(time <= MAX_SAFE, "cosignature_malformed", "time")
    return identifier, time, value[8:]


def cosignature_message(body, time):
    return f"cosignature/v1\ntime {time}\n{body}".encode()


