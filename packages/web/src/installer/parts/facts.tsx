import type { ProvenCheck } from '@attestel/pki/verify';
import type { JSX } from 'preact';
import type { Device } from '../check/read-device.ts';
import { dateText } from '../i18n/age.ts';
import { useLanguage } from '../language.ts';

/** For who has to quote it to a network desk. */
export function Facts({ device, proven }: { device: Device; proven: ProvenCheck }): JSX.Element {
  const { t, locale } = useLanguage();
  const { record, since, reason, verdict } = proven;
  const rows: readonly (readonly [string, string])[] = [
    ...(record
      ? [
          [t.role, t.roles[record.role] ?? record.role] as const,
          [t.number, String(record.index)] as const,
          [t.validUntil, dateText(record.notAfter, locale)] as const,
        ]
      : []),
    ...(since === null || verdict === 'good' ? [] : [[t.since, dateText(since, locale)] as const]),
    ...(reason === null ? [] : [[t.given, t.reasons[reason] ?? reason] as const]),
  ];
  return (
    <details>
      <summary>{t.facts}</summary>
      <dl class="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class="soft small">{t.fingerprint}</p>
      <p class="fingerprint">{device.hash}</p>
    </details>
  );
}
