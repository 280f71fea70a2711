"""Policies, cosigned checkpoints and policy rotation (specs/ledger.md sections 12 to 14)."""

import re
from dataclasses import dataclass, field

from errors import Refused, require
from notes import (
    MAX_SAFE,
    cosignature_message,
    is_key_name,
    is_well_formed,
    key_id,
    parse_body,
    parse_cosignature,
    parse_note,
    parse_verifier_key,
    strict_base64,
    utf16_units,
)
from signatures import sha256, verify_ed25519

AHEAD_SECONDS = 60
CODE = "policy_malformed"


@dataclass
class Policy:
    origin: str = None
    logs: list = field(default_factory=list)  # (vkey, public key, url)
    witnesses: dict = field(default_factory=dict)  # name -> witness, in order
    groups: dict = field(default_factory=dict)  # name -> (threshold, members), in order
    quorum: str = None


@dataclass(frozen=True)
class Witness:
    name: str
    key_name: str
    vkey: str
    key_id: bytes
    public_key: bytes
    url: str

    @property
    def link_id(self):
        """Key name and key id under which it signs the next policy."""
        return self.key_name, key_id(self.key_name, 0x01, self.public_key)


def parse_policy(text):
    require(utf16_units(text) <= 65536, CODE, "too long")
    require(is_well_formed(text), CODE, "not UTF-8")
    require(not any((ord(c) < 0x20 and c not in "\t\n") or ord(c) == 0x7F for c in text), CODE, "control character")
    lines = text.split("\n")
    require(lines.pop() == "", CODE, "no newline at the end")
    policy, members = Policy(), set()
    for line in lines:
        line = line.strip(" \t")
        if line.startswith("#"):
            comment = re.fullmatch("# origin: ([^ \t]+)", line)
            if comment:
                set_origin(policy, comment.group(1))
        elif line:
            read_line(policy, members, re.split("[ \t]+", line))
    require(policy.origin is not None, CODE, "no origin")
    require(policy.quorum is not None, CODE, "no quorum")
    return policy


def set_origin(policy, origin):
    require(is_key_name(origin), CODE, "origin is no key name")
    require(policy.origin in (None, origin), CODE, "two origins")
    policy.origin = origin


def read_line(policy, members, words):
    keyword, words = words[0], words[1:]
    if keyword == "log":
        require(1 <= len(words) <= 2, CODE, "log line")
        name, _, public_key = read_key(words[0], 0x01)
        require(all(public_key != other for _, other, _ in policy.logs), CODE, "log key twice")
        require(len(policy.logs) < 64, CODE, "too many logs")
        set_origin(policy, name)
        policy.logs.append((words[0], public_key, words[1] if len(words) == 2 else None))
    elif keyword == "witness":
        require(2 <= len(words) <= 3, CODE, "witness line")
        key_name, identifier, public_key = read_key(words[1], 0x04)
        for other in policy.witnesses.values():
            require(other.public_key != public_key, CODE, "witness key twice")
            require(other.key_id != identifier, CODE, "key id twice")
            require(other.link_id != (key_name, key_id(key_name, 0x01, public_key)), CODE, "key id of links twice")
        require(len(policy.witnesses) < 64, CODE, "too many witnesses")
        new_name(policy, words[0])
        url = words[2] if len(words) == 3 else None
        policy.witnesses[words[0]] = Witness(words[0], key_name, words[1], identifier, public_key, url)
    elif keyword == "group":
        read_group(policy, members, words)
    elif keyword == "quorum":
        require(len(words) == 1 and policy.quorum is None, CODE, "quorum line")
        require(is_name(policy, words[0]), CODE, "quorum is not defined")
        policy.quorum = words[0]
    else:
        raise Refused(CODE, "unknown keyword")


def read_group(policy, members, words):
    require(len(words) >= 3, CODE, "group line")
    name, count, listed = words[0], words[1], words[2:]
    require(len(policy.groups) < 64, CODE, "too many groups")
    for member in listed:
        require(is_name(policy, member) and member not in members, CODE, "bad member")
        members.add(member)
    new_name(policy, name)
    if count in ("any", "all"):
        threshold = 1 if count == "any" else len(listed)
    else:
        require(re.fullmatch("[1-9][0-9]{0,3}", count), CODE, "bad threshold")
        threshold = int(count)
    require(threshold <= len(listed), CODE, "bad threshold")
    policy.groups[name] = (threshold, listed)


def is_name(policy, name):
    return name in policy.witnesses or name in policy.groups


def new_name(policy, name):
    require(name != "none" and not is_name(policy, name), CODE, "name is taken")


def read_key(vkey, kind):
    try:
        name, found, identifier, public_key = parse_verifier_key(vkey)
    except Refused as refused:
        raise Refused(CODE, str(refused)) from refused
    require(found == kind, CODE, "type of the key")
    return name, identifier, public_key


def canonical(policy):
    lines = [["# origin:", policy.origin]]
    lines += [["log", vkey, url] for vkey, _, url in policy.logs]
    lines += [["witness", w.name, w.vkey, w.url] for w in policy.witnesses.values()]
    lines += [["group", name, str(k), *listed] for name, (k, listed) in policy.groups.items()]
    lines += [["quorum", policy.quorum]]
    return "".join(" ".join(word for word in line if word is not None) + "\n" for line in lines)


def policy_hash(policy):
    return sha256(canonical(policy).encode())


def quorum_time(policy, times):
    """Newest time at or after which a quorum signed; `times` maps names of witnesses to theirs."""

    def holds(name, at):
        if name in policy.witnesses:
            return name in times and times[name] >= at
        threshold, listed = policy.groups[name]
        return sum(holds(member, at) for member in listed) >= threshold

    for at in sorted(set(times.values()), reverse=True):
        if holds(policy.quorum, at):
            return at
    raise Refused("quorum_not_met", "too few witnesses")


def check_fresh(time, now, max_age):
    if now is None:
        return
    require(time <= now + AHEAD_SECONDS, "checkpoint_from_future", "too new")
    require(max_age is None or now - time <= max_age, "checkpoint_stale", "too old")


def verify_cosigned(policy, body, cosignatures, now=None, max_age=None):
    """Steps 3 to 7 of section 12; cosignatures are (key id, time, signature)."""
    head = parse_body(body)
    require(head["origin"] == policy.origin, "checkpoint_wrong_origin", "another ledger")
    require(len(cosignatures) <= 64, "cosignature_malformed", "too many")
    known = {witness.key_id: witness for witness in policy.witnesses.values()}
    jobs = [(known[identifier], time, signature) for identifier, time, signature in cosignatures if identifier in known]
    require(len({witness.name for witness, _, _ in jobs}) == len(jobs), "cosignature_duplicate", "one witness twice")
    for witness, time, signature in jobs:
        good = verify_ed25519(witness.public_key, cosignature_message(body, time), signature)
        require(good, "cosignature_invalid", "wrong signature")
    time = quorum_time(policy, {witness.name: time for witness, time, _ in jobs})
    check_fresh(time, now, max_age)
    return {**head, "time": time, "hash": sha256(body.encode())}


def verify_cosigned_note(policy, note, now=None, max_age=None):
    text, lines = parse_note(note)
    names = {(witness.key_name, witness.key_id) for witness in policy.witnesses.values()}
    cosignatures = [parse_cosignature(ident, value) for name, ident, value in lines if (name, ident) in names]
    return verify_cosigned(policy, text, cosignatures, now, max_age)


def verify_link(sequence, policy, note):
    """The next sequence and policy (section 14)."""
    text, lines = parse_note(note)
    form = "attestel/policy/v1\nsequence ([1-9][0-9]{0,15})\nprevious ([A-Za-z0-9+/]{43}=)\n\n"
    header = re.match(form, text)
    previous = strict_base64(header.group(2)) if header else None
    require(previous is not None and int(header.group(1)) <= MAX_SAFE, "policy_link_malformed", "header")
    following = parse_policy(text[header.end() :])
    require(text[header.end() :] == canonical(following), "policy_link_malformed", "spelling")
    require(following.origin == policy.origin, "checkpoint_wrong_origin", "another ledger")
    number = int(header.group(1))
    require(number == sequence + 1 and previous == policy_hash(policy), "policy_link_broken", "not the next")
    known = {witness.link_id: witness for witness in policy.witnesses.values()}
    signers = [(known[name, ident], value) for name, ident, value in lines if (name, ident) in known]
    require(len({w.name for w, _ in signers}) == len(signers), "cosignature_duplicate", "one witness twice")
    for witness, value in signers:
        require(verify_ed25519(witness.public_key, text.encode(), value), "cosignature_invalid", "wrong signature")
    quorum_time(policy, {witness.name: 0 for witness, _ in signers})
    return number, following


def verify_chain(sequence, policy, links):
    for link in links:
        sequence, policy = verify_link(sequence, policy, link)
    return sequence, policy
