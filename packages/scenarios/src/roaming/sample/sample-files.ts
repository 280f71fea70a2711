import type { Draw } from '../../sample/draw.ts';
import type { TapHead, TapNotification, TapRow } from '../tap/summary.ts';

export interface TapFile {
  readonly head: TapHead | TapNotification;
  readonly items: readonly TapRow[];
}

/** Days of November 2026 with a file each; on the last one nothing was used. */
const DAYS = [20, 21, 22, 23];

/** Files of one network for another, in their order; the numbers go on from 42. */
export const sampleFiles = (sender: string, recipient: string, draw: Draw): readonly TapFile[] =>
  DAYS.map((day, index) => {
    const file = {
      sender,
      recipient,
      fileSequenceNumber: String(42 + index).padStart(5, '0'),
      specificationVersionNumber: 3,
      releaseVersionNumber: 12,
      transferCutOffTimeStamp: `2026-11-${day}T00:00:00Z`,
      fileAvailableTimeStamp: `2026-11-${day}T02:00:00Z`,
    };
    if (index === DAYS.length - 1) return { head: { type: 'Notification', ...file }, items: [] };
    const items: readonly TapRow[] = [
      { service: 'GPRS', usage: `${draw.below(5000)}.5`, unit: 'MB', charge: draw.below(50_000) },
      { service: 'MOC Local', usage: String(draw.below(900)), unit: 'min', charge: draw.below(50_000) },
    ];
    const totalCharge = items.reduce((sum, { charge }) => sum + charge, 0);
    return {
      head: {
        type: 'TAPSummary',
        ...file,
        localCurrency: 'EUR',
        tapCurrency: 'XDR',
        tapDecimalPlaces: 3,
        exchangeRate: '1.2345',
        auditControlInfo: { totalCharge, callEventDetailsCount: 100 + draw.below(1000) },
      },
      items,
    };
  });
