import { createVerifierKey, formatPolicy, formatVerifierKey, policyHash } from '@attestel/proof';
import { hex, sha256 } from './keys.ts';
import { LOG, NAMES, ORIGIN, POLICY, witnessKey, witnessVkey } from './network.ts';

const logVkey = formatVerifierKey(
  createVerifierKey(sha256, { name: ORIGIN, type: 'ed25519', publicKey: LOG.publicKey }),
);
const [north, south, east, west] = NAMES.map((name) => `witness ${name} ${witnessVkey(name)}`);
const log = `log ${logVkey}`;
const renamed = formatVerifierKey(
  createVerifierKey(sha256, {
    name: 'alias.example',
    type: 'cosignature',
    publicKey: witnessKey('north').publicKey,
  }),
);
const otherLog = formatVerifierKey(
  createVerifierKey(sha256, {
    name: 'other.example',
    type: 'ed25519',
    publicKey: witnessKey('east').publicKey,
  }),
);
const mlDsa = formatVerifierKey(
  createVerifierKey(sha256, {
    name: 'pq.example',
    type: 'ml-dsa-44',
    publicKey: new Uint8Array(1312).fill(7),
  }),
);
const text = (...lines: (string | undefined)[]): string => lines.map((line) => `${line}\n`).join('');
const flat = [log, north, south, east, west, 'group operators 3 north south east west', 'quorum operators'];

const ACCEPTED = [
  ['canonical', formatPolicy(POLICY)],
  ['without comments', text(...flat)],
  [
    'any order of logs and witnesses, blank lines, comments, tabs, URLs',
    text(
      '# ours',
      '',
      `\t${north} https://north.example/`,
      '   ',
      `  ${south}\t`,
      log,
      east,
      west,
      'group  operators\tall north south east west',
      '  # end',
      'quorum operators',
    ),
  ],
  ['no log but the origin in a comment', text(`# origin: ${ORIGIN}`, north, 'quorum north')],
  ['origin in a comment that agrees with the log', text(`# origin: ${ORIGIN}`, log, north, 'quorum north')],
  [
    'nested groups',
    text(
      log,
      north,
      south,
      east,
      west,
      'group x any north south',
      'group y all east west',
      'group both 2 x y',
      'quorum both',
    ),
  ],
  ['lines after the quorum', text(log, north, 'quorum north', south)],
  ['names beyond ASCII', text(log, `witness 北京 ${witnessVkey('north')}`, 'quorum 北京')],
  ['a group named like a keyword', text(log, north, 'group any 1 north', 'quorum any')],
] as const;

const REFUSED = [
  ['empty', ''],
  ['no newline at the end', text(...flat).slice(0, -1)],
  ['carriage returns', text(...flat).replaceAll('\n', '\r\n')],
  ['a byte order mark', `\uFEFF${text(...flat)}`],
  ['DEL', text(...flat, '# \u007f')],
  ['a no-break space between words', text(...flat).replace('log ', 'log\u00a0')],
  ['an unknown keyword', text(...flat, 'origin x')],
  ['upper-case keyword', text(...flat).replace('quorum', 'Quorum')],
  ['no quorum', text(...flat.slice(0, -1))],
  ['two quorums', text(...flat, 'quorum operators')],
  ['quorum none', text(log, north, 'quorum none')],
  ['quorum of a name that is not defined', text(log, north, 'quorum south')],
  ['quorum before its group', text(log, north, 'quorum g', 'group g 1 north')],
  ['quorum of two names', text(log, north, south, 'quorum north south')],
  ['neither log nor origin', text(north, 'quorum north')],
  ['two origins', text(log, `log ${otherLog}`, north, 'quorum north')],
  ['origin in a comment that disagrees', text('# origin: other.example', log, north, 'quorum north')],
  ['an origin that is no key name', text('# origin: a+b', north, 'quorum north')],
  ['a log key twice', text(log, log, north, 'quorum north')],
  [
    'a witness key twice under two names',
    text(log, north, `witness twin ${witnessVkey('north')}`, 'quorum north'),
  ],
  ['a witness key twice under two key names', text(log, north, `witness twin ${renamed}`, 'quorum north')],
  ['a witness name twice', text(log, north, `witness north ${witnessVkey('south')}`, 'quorum north')],
  ['a group named as a witness', text(log, north, 'group north 1 north', 'quorum north')],
  ['a witness named none', text(log, `witness none ${witnessVkey('north')}`, 'quorum none')],
  ['a log key as witness', text(log, `witness north ${logVkey}`, 'quorum north')],
  ['a witness key as log', text(`log ${witnessVkey('north')}`, south, 'quorum south')],
  ['an ML-DSA-44 key as witness', text(log, `witness pq ${mlDsa}`, 'quorum pq')],
  ['threshold 0', text(log, north, 'group g 0 north', 'quorum g')],
  ['threshold above the number of members', text(log, north, 'group g 2 north', 'quorum g')],
  ['threshold with a leading zero', text(log, north, 'group g 01 north', 'quorum g')],
  ['threshold with a sign', text(log, north, 'group g +1 north', 'quorum g')],
  ['a group without members', text(log, north, 'group g any', 'quorum north')],
  ['a group of itself', text(log, north, 'group g any g', 'quorum north')],
  ['a member that is not defined yet', text(log, north, 'group g any south', south, 'quorum g')],
  ['a member twice in one group', text(log, north, 'group g 2 north north', 'quorum g')],
  ['a member in two groups', text(log, north, south, 'group g any north', 'group h 2 north g', 'quorum h')],
  ['a witness with three words after its name', text(log, `${north} a b`, 'quorum north')],
  ['a key id that does not fit', text(log, north?.replace(/\+[0-9a-f]{8}\+/, '+00000000+'), 'quorum north')],
  [
    'a key id in upper case',
    text(
      log,
      north?.replace(/\+[0-9a-f]{8}\+/, (id) => id.toUpperCase()),
      'quorum north',
    ),
  ],
  ['a key with padding that it does not need', text(log, `${north}====`, 'quorum north')],
  [
    'more than 64 groups',
    text(
      log,
      north,
      'group g0 any north',
      ...Array.from({ length: 64 }, (_, i) => `group g${i + 1} any g${i}`),
      'quorum g0',
    ),
  ],
  ['longer than 65,536 characters', text(...flat, `#${'x'.repeat(65_536)}`)],
] as const;

export const POLICY_CASES = [
  ...ACCEPTED.map(([name, input]) => ({ name, text: input, expect: 'accepted' })),
  ...REFUSED.map(([name, input]) => ({ name, text: input, expect: 'policy_malformed' })),
].map((entry) =>
  entry.name === 'canonical'
    ? { ...entry, canonical: entry.text, hash: hex(policyHash(POLICY, sha256)) }
    : entry,
);
