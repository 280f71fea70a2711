"""Checks conformance/vectors/proof with nothing but specs/ledger.md, Python's library and python3-cryptography.

usage: verify.py FOLDER      exit status 0 when every case ends as its vector says
"""

import json
import sys
from pathlib import Path

import cose
import policy
import proofs
from errors import Refused


def unhex(text):
    return bytes.fromhex(text)


def hexed(value):
    return value.hex() if isinstance(value, bytes) else value


def run_policy(_, case):
    parsed = policy.parse_policy(case["text"])
    if "canonical" in case:
        return {"canonical": policy.canonical(parsed), "hash": policy.policy_hash(parsed)}
    return {}


def run_cosigned(file, case):
    trusted = policy.parse_policy(file["policy"])
    return policy.verify_cosigned_note(trusted, case["note"], case.get("now"), case.get("maxAgeSeconds"))


def run_chain(file, case):
    start = policy.parse_policy(file["trusted"]["policy"])
    sequence, last = policy.verify_chain(file["trusted"]["sequence"], start, case["links"])
    return {"sequence": sequence, "hash": policy.policy_hash(last)}


def run_cose(_, case):
    trust = case["trust"]
    key_id, public_key = unhex(trust["keyId"]), unhex(trust["publicKey"])
    leaf = unhex(case["leaf"])
    return cose.verify_receipt(unhex(case["receipt"]), leaf, trust["origin"], trust["algorithm"], key_id, public_key)


RUNNERS = {
    **proofs.RUNNERS,
    "policy.json": run_policy,
    "cosigned.json": run_cosigned,
    "policy-chain.json": run_chain,
    "cose.json": run_cose,
}


def expected_result(case):
    wanted = dict(case.get("result", {}))
    wanted.update({name: case[name] for name in ("canonical", "hash") if name in case})
    return wanted


def problem(run, file, case):
    """What is wrong with the outcome of a case, or None."""
    try:
        result = {name: hexed(value) for name, value in run(file, case).items()}
        outcome = "accepted"
    except Refused as refused:
        result, outcome = {}, refused.code
    if outcome != case["expect"]:
        return f"{outcome} instead of {case['expect']}"
    wrong = [name for name, value in expected_result(case).items() if result.get(name) != value]
    return f"other {', '.join(wrong)}" if wrong and outcome == "accepted" else None


def main(folder):
    failures = total = 0
    for path in sorted(Path(folder).glob("*.json")):
        file = json.loads(path.read_text(encoding="utf-8"))
        if path.name not in RUNNERS:
            print(f"{path.name}: no runner for this file")
            failures += 1
            continue
        for case in file["cases"]:
            total += 1
            found = problem(RUNNERS[path.name], file, case)
            if found:
                print(f"{path.name}: {case['name']}: {found}")
                failures += 1
        print(f"{path.name}: {len(file['cases'])} cases")
    print(f"{total} cases, {failures} failures")
    return 1 if failures or not total else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
