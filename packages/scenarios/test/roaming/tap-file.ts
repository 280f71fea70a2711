import type { TapHead, TapNotification, TapRow } from '../../src/roaming/tap/summary.ts';

/** A file of an invented network, with two services. */
export const TAP_FILE: TapHead = {
  type: 'TAPSummary',
  sender: 'JPNXX',
  recipient: 'CHNYY',
  fileSequenceNumber: '00042',
  specificationVersionNumber: 3,
  releaseVersionNumber: 12,
  transferCutOffTimeStamp: '2026-11-20T00:00:00+09:00',
  fileAvailableTimeStamp: '2026-11-20T02:00:00+09:00',
  localCurrency: 'JPY',
  tapCurrency: 'XDR',
  tapDecimalPlaces: 3,
  exchangeRate: '0.0049',
  auditControlInfo: { totalCharge: 30_012, callEventDetailsCount: 871 },
};

export const TAP_ROWS: readonly TapRow[] = [
  { service: 'GPRS', usage: '1042.5', unit: 'MB', charge: 5212 },
  { service: 'MOC Local', usage: '310', unit: 'min', charge: 24_800 },
];

/** The next file, in which nothing was used. */
export const TAP_NOTHING: TapNotification = {
  type: 'Notification',
  sender: 'JPNXX',
  recipient: 'CHNYY',
  fileSequenceNumber: '00043',
  specificationVersionNumber: 3,
  releaseVersionNumber: 12,
  transferCutOffTimeStamp: '2026-11-21T00:00:00+09:00',
  fileAvailableTimeStamp: '2026-11-21T02:00:00+09:00',
};
