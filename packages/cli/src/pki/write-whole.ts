import { rename, writeFile } from 'node:fs/promises';

/** Under another name until it is complete: whoever reads the file meanwhile reads the old one. */
export async function writeWhole(path: string, content: Uint8Array | string): Promise<void> {
  await writeFile(`${path}.new`, content, { flush: true });
  await rename(`${path}.new`, path);
}
