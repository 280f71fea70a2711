"""Runs the vectors of log proofs, trie and receipts: one function a file, as verify.py calls them."""

import merkle
import policy
import receipts
from tlog_proof import verify_tlog_proof


def unhex(text):
    return bytes.fromhex(text)


def run_inclusion(_, case):
    path = [unhex(value) for value in case["path"]]
    merkle.verify_inclusion(unhex(case["leafHash"]), case["index"], case["size"], path, unhex(case["root"]))
    return {}


def run_consistency(_, case):
    path = [unhex(value) for value in case["path"]]
    roots = unhex(case["fromRoot"]), unhex(case["toRoot"])
    merkle.verify_consistency(case["from"], case["to"], *roots, path)
    return {}


def run_trie_path(_, case):
    siblings = [None if value is None else unhex(value) for value in case["siblings"]]
    end = case["end"]
    end = (end["kind"], *(unhex(end[name]) for name in ("value", "keyHash", "valueHash") if name in end))
    merkle.verify_trie_path(unhex(case["keyHash"]), siblings, end, unhex(case["root"]))
    return {}


def run_trie_root(_, case):
    entries = {merkle.key_hash(e["module"], e["key"]): unhex(e["valueHash"]) for e in case["entries"]}
    return {"root": merkle.trie_root(entries)}


def run_receipt(file, case):
    """The checkpoint of the file's note is at hand unless the case says otherwise."""
    trusted = policy.parse_policy(case.get("policy", file["policy"]))
    cache = {}
    if case.get("cached", True):
        at_hand = policy.verify_cosigned_note(trusted, file["note"])
        cache[at_hand["hash"]] = at_hand
    data, subject = unhex(case["receipt"]), case.get("subject")
    return receipts.verify_receipt(data, trusted, cache, subject, case.get("now"), case.get("maxAgeSeconds"))


def run_tlog_proof(file, case):
    trusted = policy.parse_policy(file["policy"])
    return verify_tlog_proof(case["proof"], unhex(case["leaf"]), trusted, case.get("now"), case.get("maxAgeSeconds"))


RUNNERS = {
    "inclusion.json": run_inclusion,
    "consistency.json": run_consistency,
    "trie-path.json": run_trie_path,
    "trie-root.json": run_trie_root,
    "receipt.json": run_receipt,
    "tlog-proof.json": run_tlog_proof,
}
