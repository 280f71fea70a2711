"""c2sp.org/tlog-proof@v1 (specs/ledger.md section 11)."""

import re

from errors import require
from merkle import leaf_hash, verify_inclusion
from notes import MAX_SAFE, strict_base64, utf16_units
from policy import verify_cosigned_note

CODE = "tlog_proof_malformed"
INDEX = re.compile(r"index (0|[1-9][0-9]{0,15})")


def parse_tlog_proof(text):
    require(utf16_units(text) <= 2**19, CODE, "too long")
    head, blank, note = text.partition("\n\n")
    require(blank, CODE, "no empty line")
    lines = head.split("\n")
    require(lines.pop(0) == "c2sp.org/tlog-proof@v1", CODE, "first line")
    if lines and lines[0].startswith("extra "):
        require(strict_base64(lines.pop(0)[len("extra ") :]) is not None, CODE, "base64")
    index = INDEX.fullmatch(lines.pop(0)) if lines else None
    require(index and int(index[1]) <= MAX_SAFE, CODE, "index")
    require(len(lines) <= 63, CODE, "too many hashes")
    path = [strict_base64(line) for line in lines]
    require(all(value is not None and len(value) == 32 for value in path), CODE, "32 bytes of base64")
    return int(index[1]), path, note


def verify_tlog_proof(text, leaf, policy, now=None, max_age=None):
    index, path, note = parse_tlog_proof(text)
    checkpoint = verify_cosigned_note(policy, note, now, max_age)
    verify_inclusion(leaf_hash(leaf), index, checkpoint["size"], path, checkpoint["root"])
    return {"kind": "event", "index": index, "leaf": leaf}
