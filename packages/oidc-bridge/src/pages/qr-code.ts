import { type Html, trustedHtml } from '@attestel/core';
import { encode, renderUnicodeCompact } from 'uqr';

/** Quiet zone of ISO/IEC 18004, in modules. */
const BORDER = 4;

/**
 * A link as QR code. Lowest error correction: a screen has no scratches, and fewer modules scan better. The
 * mask is fixed, which every reader accepts: random links gain nothing from the search for the best of eight,
 * and the search costs more than the rest of a sign-in.
 */
export function qrCode(link: string): Html {
  const { data, size } = encode(link, { ecc: 'L', border: BORDER, maskPattern: 3 });
  const path = data.map(rowPath).join('');
  return trustedHtml(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path stroke="#000" d="${path}"/></svg>`,
  );
}

/** The same for a terminal: half blocks, light on dark as most terminals are. */
export const terminalQrCode = (link: string): string =>
  renderUnicodeCompact(link, { ecc: 'L', border: 2, maskPattern: 3 });

/** Dark runs of one row as strokes one module wide, light ones as moves. */
function rowPath(row: readonly boolean[], y: number): string {
  let path = '';
  let from = 0;
  for (let x = 1; x <= row.length; x++) {
    if (x < row.length && row[x] === row[from]) continue;
    if (row[from]) path += `h${x - from}`;
    else if (x < row.length) path += path === '' ? `M${x} ${y}.5` : `m${x - from} 0`;
    from = x;
  }
  return path;
}
