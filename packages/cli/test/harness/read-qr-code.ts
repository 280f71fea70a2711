import jsQR from 'jsqr';
import type { BrowserContext, Page } from 'playwright-core';

/** Reads the QR code that a page shows, from its pixels, as a second device's camera would. */
export async function readQrCode(page: Page, context: BrowserContext): Promise<string> {
  const png = await page.locator('.qr').screenshot();
  const canvas = await context.newPage();
  const image = await canvas.evaluate(
    async (source) => {
      const bitmap = await createImageBitmap(await (await fetch(source)).blob());
      const surface = new OffscreenCanvas(bitmap.width, bitmap.height).getContext(
        '2d',
      ) as OffscreenCanvasRenderingContext2D;
      surface.drawImage(bitmap, 0, 0);
      const { data, width, height } = surface.getImageData(0, 0, bitmap.width, bitmap.height);
      return { data: Array.from(data), width, height };
    },
    `data:image/png;base64,${png.toString('base64')}`,
  );
  await canvas.close();
  const read = jsQR.default(Uint8ClampedArray.from(image.data), image.width, image.height);
  if (!read) throw new Error('no QR code could be read');
  return read.data;
}
