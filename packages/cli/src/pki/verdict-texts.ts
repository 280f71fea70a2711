import type { ProvenCheck } from '@attestel/pki';

/** What a verdict means to who stands before the device, and who can mend it. */
export interface VerdictText {
  readonly said: string;
  readonly mend?: string;
}

const TEXTS: Readonly<Record<ProvenCheck['verdict'], VerdictText>> = {
  good: { said: 'Published and in force.' },
  unknown: {
    said: 'Not published.',
    mend: 'Its vendor submits it under a batch, or its operator publishes it. One that nobody should have made looks like this, too.',
  },
  suspended: {
    said: 'Suspended.',
    mend: 'Who suspended it and one more member resume it, or it ends by itself.',
  },
  revoked: { said: 'Revoked, for good.', mend: 'The device needs a new key and a new certificate.' },
  superseded: { said: 'Replaced by a newer certificate.', mend: 'The device has to use the newer one.' },
  'not-yet-valid': { said: 'Not valid yet.', mend: 'Wait, or ask its issuer for one that is.' },
  expired: { said: 'Expired.', mend: 'The device renews it at its operator (CMP kur, EST simplereenroll).' },
  'anchor-under-notice': {
    said: 'Its issuer is not in force yet.',
    mend: 'Wait until the notice of its anchor is over.',
  },
  'anchor-ended': {
    said: 'Its issuer is not trusted any more.',
    mend: 'The device needs a certificate under another anchor.',
  },
  'anchor-suspended': { said: 'Its issuer is suspended.', mend: 'The members decide about the anchor.' },
  'batch-suspended': { said: 'Its batch is suspended.', mend: 'The vendor of the batch decides.' },
};

export const verdictText = ({ verdict }: Pick<ProvenCheck, 'verdict'>): VerdictText => TEXTS[verdict];
