import jsQR from 'jsqr';
import { expect, test } from 'vitest';
import { qrCode } from '../src/pages/qr-code.ts';

/** Draws the path as a scanner would see it. */
function pixels(markup: string): { data: Uint8ClampedArray; width: number } {
  const size = Number(/viewBox="0 0 (\d+)/.exec(markup)?.[1]);
  const scale = 4;
  const width = size * scale;
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  const path = /stroke="#000" d="([^"]+)"/.exec(markup)?.[1] ?? '';
  let [x, y] = [0, 0];
  for (const [, command, first, second] of path.matchAll(/([Mmh])(\d+)(?: ([\d.]+))?/g)) {
    const length = Number(first);
    if (command === 'M') [x, y] = [length, Math.floor(Number(second))];
    else {
      if (command === 'h') fill(x * scale, y * scale, length * scale);
      x += length;
    }
  }
  function fill(left: number, top: number, run: number): void {
    for (let dy = 0; dy < scale; dy++) {
      for (let dx = 0; dx < run; dx++) data.set([0, 0, 0], ((top + dy) * width + left + dx) * 4);
    }
  }
  return { data, width };
}

test('a reader gets the link back', () => {
  const link = `https://wallet.example/present?client_id=decentralized_identifier%3Adid%3Amno%3A${'zQm'.padEnd(47, 'x')}&request_uri=${encodeURIComponent('https://bridge.example/openid4vp/requests/AAAAAAAAAAAAAAAAAAAAAA')}&request_uri_method=post`;
  const { markup } = qrCode(link);
  const { data, width } = pixels(markup);
  const read = (jsQR as unknown as typeof jsQR.default)(data, width, width);
  expect(read?.data).toBe(link);
  expect(markup.length).toBeLessThan(12_000);
});
