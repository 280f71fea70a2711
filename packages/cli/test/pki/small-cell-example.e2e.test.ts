import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMissing } from '../../../pki/test/front/fixtures/programs.ts';
import { claimPorts } from '../harness/claim-ports.ts';
import { type Demo, startDemo } from '../harness/demo.ts';

const main = fileURLToPath(new URL('../../../../examples/small-cell/src/main.ts', import.meta.url));
const VENDOR = 40;
const missing = isMissing('openssl', 'pki');
const TITLE = missing
  ? 'the small cell’s example (skipped: openssl or strongSwan pki is not installed)'
  : 'the small cell’s example';

describe.skipIf(missing)(TITLE, { timeout: 300_000 }, () => {
  let demo: Demo;
  beforeAll(async () => {
    const port = await claimPorts(27_300);
    demo = await startDemo(port, ['--operators', '2', '--no-apps', '--no-scenarios']);
  }, 300_000);
  afterAll(() => demo?.remove());

  it('goes from the line to the revocation, with real programs', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=source', main], {
      env: {
        ...process.env,
        ATTESTEL_DATA: demo.dataDir,
        NODE_URL: demo.url(demo.ports.operator(0)),
        VENDOR_PORT: String(demo.ports.start + VENDOR),
      },
    });
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((said) => said.replaceAll(/ {2,}/g, ' ')),
    ).toEqual([
      expect.stringMatching(
        /^line 3 cells made, CG5G-\d{6} CG5G-\d{6} CG5G-\d{6}; the last with the key of the first$/,
      ),
      expect.stringMatching(/^vendor batch [0-9a-f]{64} authorised$/),
      'vendor 2 published, refused: pki_certificate_exists',
      'installer good (exit code 0)',
      'offline good (exit code 0)',
      'cell has exchanged its certificate for one of the operator, by CMP',
      'enrolled good (exit code 0)',
      'revoked revoked (exit code 3)',
      'the CA alone would strongSwan take it? true',
    ]);
  });
});
