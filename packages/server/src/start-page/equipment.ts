import { type Bytes, fillText, type Html, html, type Locale, type Route, toHex } from '@attestel/core';
import { certificateHash, certificatePem, PEM_TYPE, type Verdict } from '@attestel/pki';
import type { DisplayName } from '@attestel/registry';
import type { StartPageTexts } from './i18n/en.ts';

/** A certificate of the demo, to be looked at. */
export interface DemoEquipment {
  readonly kind: 'cell' | 'gateway' | 'slice';
  /** Serial number, host name or slice. */
  readonly label: string;
  readonly owner: DisplayName;
  /** DER. */
  readonly certificate: Bytes;
}

export interface EquipmentModel {
  readonly items: readonly DemoEquipment[];
  /** What the ledger says of a certificate now. */
  readonly check: (certificate: Bytes) => Verdict;
  /** Origin of a node that is asked for the proof. */
  readonly node: string;
}

export function renderEquipment(
  { items, check, node }: EquipmentModel,
  t: StartPageTexts,
  locale: Locale,
): Html {
  const rows = items.map((item, i) => {
    const verdict = check(item.certificate);
    const hash = toHex(certificateHash(item.certificate));
    const title = item.kind === 'slice' ? fillText(t.slice, { label: item.label }) : t[item.kind];
    const detail = item.kind === 'slice' ? item.owner[locale] : `${item.label}, ${item.owner[locale]}`;
    return html`<tr><th scope="row">${title}<small>${detail}</small></th>
<td><span class="badge ${verdict === 'good' ? 'good' : 'other'}">${verdictText(verdict, t)}</span></td>
<td><a href="${node}/installer#${item.label}%20${hash}">${t.check}</a> · <a href="${node}/v1/pki/certificates/${hash}">${t.proof}</a> · <a href="/equipment/${i}.pem">${t.certificate}</a></td></tr>`;
  });
  return html`<div class="equipment"><table><tbody>${rows}</tbody></table></div>`;
}

function verdictText(verdict: Verdict, t: StartPageTexts): string {
  if (verdict === 'good' || verdict === 'suspended') return t[verdict];
  return fillText(t.notGood, { verdict });
}

/** Each certificate as a file, for `attestel pki check`. */
export const equipmentRoutes = ({ items }: EquipmentModel): Route[] =>
  items.map(({ certificate }, i) => ({
    method: 'GET',
    path: `/equipment/${i}.pem`,
    summary: 'Certificate of a demo device, PEM',
    errors: 'problem',
    handle: () => ({
      status: 200,
      headers: { 'content-type': PEM_TYPE },
      body: certificatePem(certificate),
    }),
  }));
