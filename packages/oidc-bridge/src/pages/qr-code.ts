import { type Html, trustedHtml } from '@attestel/core';
import { encode } from 'uqr';

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
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${path}"/></svg>`,
  );
}

/** Dark runs of one row, each a rectangle one module high. */
function rowPath(row: readonly boolean[], y: number): string {
  let path = '';
  let start = -1;
  row.forEach((dark, x) => {
    if (dark && start < 0) start = x;
    if (!dark && start >= 0) {
      path += `M${start} ${y}h${x - start}v1h-${x - start}z`;
      start = -1;
    }
  });
  return path;
}
