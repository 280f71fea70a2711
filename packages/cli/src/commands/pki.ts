import type { Command } from '../command.ts';
import { DATA, NODE } from './options.ts';

const POLICY = {
  policy: { type: 'string', help: 'file with the policy: whose cosignatures count (C2SP tlog-policy)' },
} as const;

const SIGNERS = {
  ...DATA,
  ...NODE,
  as: {
    type: 'string',
    multiple: true,
    help: 'party of the data folder that signs; may be given again, the first acts',
  },
  out: {
    type: 'string',
    help: 'write it to this file for others to sign (attestel registry sign), instead of sending it',
  },
} as const;

const VOTERS = {
  voter: { type: 'string', multiple: true, help: 'with --out: DID of a member that signs later' },
} as const;

const REASON = {
  reason: {
    type: 'string',
    help: 'such as key-compromise, clone-detected, lost-or-stolen (default unspecified)',
  },
} as const;

const several = (help: string) => ({ type: 'string', multiple: true, help }) as const;

export const pkiAnchorList: Command = {
  name: 'pki anchor list',
  summary: 'List trust anchors: whose certificates count, for which names, since when and until when',
  options: NODE,
  load: () => import('../pki/list-anchors.ts'),
};

export const pkiAnchorAdmit: Command = {
  name: 'pki anchor admit',
  summary: 'Admit a CA, or a vendor’s range of serials without one, by the signatures of enough members',
  options: {
    ...SIGNERS,
    ...VOTERS,
    kind: { type: 'string', help: 'vendor, operator or ledger' },
    certificate: { type: 'string', help: 'file of the CA’s certificate; without it, a vendor without a CA' },
    role: several('role of certificates that stand under it, such as small-cell; may be given again'),
    plmn: several('PLMN it speaks for, MCC and MNC; may be given again'),
    slice: several('S-NSSAI it speaks for, such as 01-00abcd; may be given again'),
    dns: several('DNS suffix it speaks for; may be given again'),
    serial: several('of a vendor: how serials of its devices begin; may be given again'),
    from: { type: 'string', help: 'when it begins, such as 2026-11-22T08:00:00Z (default: now)' },
    until: { type: 'string', help: 'when it ends (default: when it is retired)' },
    replaces: { type: 'string', help: 'id of the owner’s anchor that it takes the place of' },
    'replaces-until': { type: 'string', help: 'when that one ends' },
  },
  load: () => import('../pki/admit-anchor.ts'),
};

export const pkiAnchorRetire: Command = {
  name: 'pki anchor retire',
  summary: 'End an anchor after notice: by its owner, or by votes',
  positionals: ['ANCHOR'],
  options: { ...SIGNERS, ...VOTERS, until: { type: 'string', help: 'when, at least a day ahead' } },
  load: async () => ({ run: (await import('../pki/change-anchor.ts')).retire }),
};

export const pkiAnchorSuspend: Command = {
  name: 'pki anchor suspend',
  summary: 'Suspend an anchor at once, with all that stands under it: by its owner, or by votes',
  positionals: ['ANCHOR'],
  options: { ...SIGNERS, ...VOTERS, ...REASON },
  load: async () => ({ run: (await import('../pki/change-anchor.ts')).suspend }),
};

export const pkiAnchorResume: Command = {
  name: 'pki anchor resume',
  summary: 'End the suspension of an anchor, by votes',
  positionals: ['ANCHOR'],
  options: { ...SIGNERS, ...VOTERS },
  load: async () => ({ run: (await import('../pki/change-anchor.ts')).resume }),
};

export const pkiBatchList: Command = {
  name: 'pki batch list',
  summary: 'List batch authorisations: what production lines may make, and how much of it is published',
  options: NODE,
  load: () => import('../pki/list-batches.ts'),
};

export const pkiBatchAuthorise: Command = {
  name: 'pki batch authorise',
  summary: 'Authorise a production run: so many devices, with serials from the first one on',
  options: {
    ...SIGNERS,
    anchor: { type: 'string', help: 'id of the vendor’s anchor' },
    product: { type: 'string', help: 'what is made' },
    number: { type: 'string', help: 'tells runs of the same product apart, such as an order number' },
    first: { type: 'string', help: 'serial of the first device, such as AC5G-000001' },
    count: { type: 'string', help: 'how many devices it makes' },
    expiry: { type: 'string', help: 'until when they are submitted (default: in 30 days)' },
    line: { type: 'string', help: 'multikey of the line’s own key, which may then submit for this batch' },
    destination: { type: 'string', help: 'DID of the operator that the goods are for' },
  },
  load: () => import('../pki/authorise-batch.ts'),
};

export const pkiBatchSuspend: Command = {
  name: 'pki batch suspend',
  summary: 'Suspend a batch at once, with all of its certificates: by its vendor or its destination',
  positionals: ['BATCH'],
  options: { ...SIGNERS, ...REASON },
  load: async () => ({ run: (await import('../pki/change-batch.ts')).suspend }),
};

export const pkiBatchResume: Command = {
  name: 'pki batch resume',
  summary: 'End the suspension of a batch: by its vendor, with votes',
  positionals: ['BATCH'],
  options: { ...SIGNERS, ...VOTERS },
  load: async () => ({ run: (await import('../pki/change-batch.ts')).resume }),
};

const PARTY = { as: { type: 'string', help: 'party of the data folder that may publish there' } } as const;

export const pkiChallenge: Command = {
  name: 'pki challenge',
  summary: 'Draw a challenge for proofs of possession, good for a day and for any number of devices',
  options: { ...DATA, ...NODE, ...PARTY },
  load: () => import('../pki/draw-challenge.ts'),
};

export const pkiStatement: Command = {
  name: 'pki statement',
  summary: 'Write what the key of each certificate signs to prove possession, as NAME.statement beside it',
  positionals: ['CERT...'],
  options: {
    challenge: { type: 'string', help: 'from attestel pki challenge, or the id of the batch' },
    submitter: { type: 'string', help: 'DID of the member that will submit' },
  },
  load: () => import('../pki/write-statements.ts'),
};

export const pkiSubmit: Command = {
  name: 'pki submit',
  summary: 'Publish certificates through a node, with NAME.sig beside each; says what is wrong with which',
  positionals: ['[FILE...]'],
  options: {
    ...DATA,
    ...NODE,
    ...PARTY,
    pallet: { type: 'string', help: 'folder of certificates: NAME.crt, .pem, .cer or .der with NAME.sig' },
    role: { type: 'string', help: 'what they are for, such as small-cell' },
    anchor: { type: 'string', help: 'id of the anchor that they stand under' },
    batch: { type: 'string', help: 'id of the batch that covers them; self-signed ones need it' },
    challenge: { type: 'string', help: 'what the proofs are over (default: the batch)' },
    intermediate: several('file of a CA’s certificate below the anchor; may be given again'),
    source: { type: 'string', help: 'id of the vendor’s anchor, where NAME.origin.crt stands' },
    'source-self-signed': { type: 'boolean', help: 'those are self-signed and published' },
    'source-intermediate': several('file of a vendor’s CA below that anchor; may be given again'),
    receipts: { type: 'boolean', help: 'write NAME.receipt beside each, for attestel pki check --offline' },
  },
  load: () => import('../pki/submit-certificates.ts'),
};

export const pkiRevoke: Command = {
  name: 'pki revoke',
  summary: 'Revoke certificates for ever: by the owner of their anchor, or by votes where more sign',
  positionals: ['CERT...'],
  options: { ...SIGNERS, ...VOTERS, ...REASON },
  load: async () => ({ run: (await import('../pki/change-status.ts')).revoke }),
};

export const pkiSuspend: Command = {
  name: 'pki suspend',
  summary: 'Suspend certificates at once, for 72 hours at most: whoever has to do with them, alone',
  positionals: ['CERT...'],
  options: { ...SIGNERS, ...REASON },
  load: async () => ({ run: (await import('../pki/change-status.ts')).suspend }),
};

export const pkiResume: Command = {
  name: 'pki resume',
  summary: 'End a suspension early: whoever suspended, and one more member',
  positionals: ['CERT...'],
  options: { ...SIGNERS, ...VOTERS },
  load: async () => ({ run: (await import('../pki/change-status.ts')).resume }),
};

export const pkiRequest: Command = {
  name: 'pki request',
  summary:
    'Write a PKCS #10 request by which another CA certifies a CA key of a party or on a token, made if missing',
  options: {
    ...DATA,
    as: { type: 'string', help: 'party of the data folder whose CA it is; not for a key on a token' },
    'token-library': { type: 'string', help: 'PKCS #11 library of the token that has the key' },
    'token-label': { type: 'string', help: 'label of that token' },
    'token-pin-file': { type: 'string', help: 'file with the PIN of its user' },
    name: { type: 'string', help: 'common name of the CA' },
    organization: { type: 'string', help: 'organisation in its subject' },
    key: { type: 'string', help: 'name of the key in the key store (default pki/ca, as roles.pki.ca.key)' },
    algorithm: { type: 'string', help: 'of a key that is made now: ES256 (default) or RS256' },
    out: { type: 'string', help: 'file for the request in PEM (default: printed)' },
  },
  load: () => import('../pki/request-certificate.ts'),
};

export const pkiBundle: Command = {
  name: 'pki bundle',
  summary: 'Print whose certificates an operator trusts in a slice, or all do of vendors, by proof, as PEM',
  options: {
    ...NODE,
    ...POLICY,
    operator: { type: 'string', help: 'DID of the operator whose trust it is' },
    slice: { type: 'string', help: 'S-NSSAI such as 01-00abcd (default: outside of slices)' },
    vendors: { type: 'string', help: 'instead: role of devices, for the list of their vendors' },
    'max-age': { type: 'string', help: 'seconds since a quorum stood by the proof (default 300)' },
    out: { type: 'string', help: 'file for the certificates, one after the other' },
  },
  load: () => import('../pki/fetch-bundle.ts'),
};

export const pkiCheck: Command = {
  name: 'pki check',
  summary:
    'Say whether a certificate is published and in force, by proof; else what is wrong and who can mend it',
  positionals: ['FILE'],
  options: {
    ...NODE,
    ...POLICY,
    receipt: { type: 'string', help: 'file for the proof: written, or with --offline read' },
    offline: { type: 'boolean', help: 'ask nobody: verify the proof of --receipt' },
    'max-age': {
      type: 'string',
      help: 'seconds since a quorum stood by the proof (default 300, with --offline 86400)',
    },
    at: { type: 'string', help: 'of this time, such as 2026-11-22T08:00:00Z (default: now)' },
  },
  load: () => import('../pki/check-certificate.ts'),
};

export const pkiAgent: Command = {
  name: 'pki agent',
  summary: 'Beside a security gateway: end every tunnel whose certificate is not published and in force',
  options: {
    node: { type: 'string', multiple: true, help: 'origin of a node; more of them are asked in turn' },
    ...POLICY,
    vici: { type: 'string', help: 'socket of the IKE daemon (default /run/charon.vici)' },
    'max-age': {
      type: 'string',
      help: 'seconds for which a proof counts; after that, tunnels are ended (default 60)',
    },
    every: { type: 'string', help: 'seconds between looks at all tunnels (default 10)' },
    report: {
      type: 'string',
      help: 'origin of the operator’s node to tell what holds tunnels here: a cloned key is found so',
    },
    gateway: {
      type: 'string',
      help: 'with --report: tells this gateway from others (default the name of this host)',
    },
    as: { type: 'string', help: 'with --report: party of the data folder that may report there' },
    ...DATA,
  },
  load: () => import('../pki/run-agent.ts'),
};
