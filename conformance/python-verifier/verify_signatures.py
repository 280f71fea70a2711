"""Checks conformance/vectors/signatures against the signature rule as signatures.py has it.

usage: verify_signatures.py FOLDER      exit status 0 when every case ends as its vector says
"""

import json
import sys
from pathlib import Path

import signatures

RULES = {"ed25519.json": signatures.verify_ed25519, "p256.json": signatures.verify_p256}


def main(folder):
    failures = total = 0
    for path in sorted(Path(folder).glob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
            key, message, signature = (bytes.fromhex(case[name]) for name in ("publicKey", "message", "signature"))
            total += 1
            if RULES[path.name](key, message, signature) != case["valid"]:
                failures += 1
                print(f"{path.name}: {case['name']}: not {case['valid']}")
    print(f"{total} cases, {failures} failures")
    return 0 if total > 0 and failures == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
