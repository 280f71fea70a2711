import type { Failure, Step } from '../check/check-device.ts';

export interface FailureText {
  readonly title: string;
  readonly reason: string;
  readonly mend: string;
}

export const en = {
  brand: 'Device check',
  language: '中文',
  skip: 'Skip to content',
  title: 'May this device be installed?',
  lead: 'Scan its label, or choose its certificate. The answer is proven by the ledger’s witnesses, not by this page’s server.',
  scan: 'Scan the label',
  stopScan: 'Stop scanning',
  cameraOff:
    'The camera cannot be used here. Scan the label with the phone’s own camera app, or choose the certificate.',
  choose: 'Choose certificates',
  chooseHint: 'Several at once get the phone ready for a place without a network.',
  typeLabel: 'Text of the label, or a serial that this phone has checked',
  typeGo: 'Check',
  unreadable:
    'That is no device label and no certificate. Scan the label of the device, or choose its certificate (PEM or DER).',
  unreadableFiles: 'Not a certificate: {names}',
  checking: 'Asking the ledger …',
  checkingMany: 'Checking {done} of {all} …',
  unnamed: 'Device',
  good: 'Ready to install',
  goodText: 'Published, in force and not revoked.',
  bad: 'Do not install',
  why: 'Why',
  who: 'Who can mend it',
  steps: 'What was checked',
  step: {
    proof: 'Proof of the ledger',
    published: 'Publication',
    status: 'Suspension and revocation',
    issuer: 'Issuer and batch',
    validity: 'Dates',
  } satisfies Record<Step, string>,
  passed: 'passed',
  failed: 'failed',
  skipped: 'not judged',
  fresh: 'As of {age} ago, fetched just now',
  offline: 'No network: as of {age} ago',
  offlineHint:
    'What changed on the ledger since then is not in this answer. Check again where there is a network.',
  facts: 'Details',
  role: 'Role',
  number: 'Number on the ledger',
  validUntil: 'Valid until',
  since: 'Since',
  given: 'Reason given',
  fingerprint: 'SHA-256 of the certificate',
  roles: {
    'small-cell': 'Small cell',
    'security-gateway': 'Security gateway',
    'network-function': 'Network function',
    'home-gateway': 'Home gateway',
    'iot-thing': 'IoT device',
  } as Record<string, string>,
  reasons: {
    unspecified: 'none',
    'key-compromise': 'its key may be stolen',
    'ca-compromise': 'its issuer’s key may be stolen',
    'affiliation-changed': 'it changed hands',
    'cessation-of-operation': 'it went out of operation',
    'privilege-withdrawn': 'its right was withdrawn',
    'clone-detected': 'a copy of it was seen',
    'lost-or-stolen': 'lost or stolen',
  } as Record<string, string>,
  kept: 'On this phone',
  keptHint: 'These can be checked without a network, for a day after they were fetched.',
  keptAge: '{age} ago',
  again: 'Check again',
  failures: {
    missing: {
      title: 'No answer',
      reason: 'There is no network, and this phone holds no proof for this device.',
      mend: 'You: check again where there is a network. Next time, choose its certificate beforehand.',
    },
    stale: {
      title: 'Proof too old',
      reason: 'The newest proof is older than may be relied on.',
      mend: 'You: check again where there is a network. If that does not help, the operator’s network desk looks at its node.',
    },
    wrong: {
      title: 'Proof not valid',
      reason: 'What the server sent is not what the ledger’s witnesses signed.',
      mend: 'The operator’s network desk. Do not install before they say so.',
    },
    unknown: {
      title: 'Not published',
      reason: 'Nobody has published this certificate. One that nobody should have made looks like this, too.',
      mend: 'The vendor submits it under a batch, or the operator publishes it.',
    },
    suspended: {
      title: 'Suspended',
      reason: 'Somebody who has to do with it doubts it.',
      mend: 'Who suspended it and one more member resume it; else it ends by itself after 72 hours.',
    },
    revoked: {
      title: 'Revoked',
      reason: 'It was revoked for good.',
      mend: 'The vendor or the operator gives the device a new key and a new certificate.',
    },
    superseded: {
      title: 'Replaced',
      reason: 'The device has a newer certificate.',
      mend: 'Check the newer one; the device has to use it.',
    },
    'not-yet-valid': {
      title: 'Not valid yet',
      reason: 'Its validity has not begun.',
      mend: 'Wait, or its issuer makes one that is valid. Look at this phone’s clock, too.',
    },
    expired: {
      title: 'Expired',
      reason: 'Its validity is over.',
      mend: 'The device renews it at its operator.',
    },
    'anchor-under-notice': {
      title: 'Issuer not in force yet',
      reason: 'The members have admitted its issuer, and the notice is not over.',
      mend: 'Wait until the notice is over.',
    },
    'anchor-ended': {
      title: 'Issuer not trusted any more',
      reason: 'Its issuer was retired.',
      mend: 'The device needs a certificate of another issuer, from its operator.',
    },
    'anchor-suspended': {
      title: 'Issuer suspended',
      reason: 'All certificates of its issuer are suspended.',
      mend: 'The members decide about the issuer. Ask the operator’s network desk.',
    },
    'batch-suspended': {
      title: 'Batch suspended',
      reason: 'All devices of its production run are suspended.',
      mend: 'The vendor of the batch, together with the members.',
    },
  } as Record<Failure, FailureText>,
  startFailed: 'This page could not be started. Load it again where there is a network.',
};

export type Texts = typeof en;
