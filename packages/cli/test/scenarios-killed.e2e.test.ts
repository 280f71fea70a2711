import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { claimPorts } from './harness/claim-ports.ts';
import { newDataDir, node } from './harness/demo.ts';

let dataDir: string;
let port: string;
beforeAll(async () => {
  dataDir = await newDataDir();
  port = String(await claimPorts(29_900));
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

/** Starts the demo, and ends it: with SIGKILL so long after it is up, or with SIGTERM once its scenarios are told to be. */
async function start(killAfterMilliseconds?: number): Promise<string> {
  const child = node(['up', '--port', port, '--no-apps', '--log', 'silent'], dataDir);
  let output = '';
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  child.stderr?.on('data', (chunk) => (output += chunk));
  child.stdout?.on('data', (chunk) => {
    output += chunk;
    if (output.includes('Scenarios:')) child.kill('SIGTERM');
    else if (killAfterMilliseconds !== undefined && output.includes('consortium is up'))
      setTimeout(() => child.kill('SIGKILL'), killAfterMilliseconds);
  });
  await ended;
  return output;
}

/** The demo while it runs, its scenarios prepared. */
async function whileReady(work: () => Promise<void>): Promise<void> {
  const child = node(['up', '--port', port, '--no-apps', '--log', 'silent'], dataDir);
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  await new Promise<void>((resolve) => {
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += chunk;
      if (output.includes('Scenarios: ready')) resolve();
    });
  });
  try {
    await work();
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

/** Objects that a party sees at its node. */
async function countAt(as: string, offset: number, channel: string, module: string): Promise<number> {
  const { attestel } = await import('./harness/attestel.ts');
  const at = ['--node', `http://localhost:${Number(port) + offset}`, '--channel', channel];
  const asked = ['contract', 'query', module, 'objects', 'limit=1', '--data', dataDir, '--json'];
  const { out } = await attestel(...asked, '--as', as, ...at);
  return (JSON.parse(out) as { total: number }).total;
}

it('a demo that is killed while it prepares its scenarios goes on at the next start, and makes nothing twice that there is once', async () => {
  for (const pause of [0, 150, 600, 2000, 5000]) await start(pause);
  expect(await start()).toContain('Scenarios: ready');
  await whileReady(async () => {
    // What one party wrote last may still be on its way to another.
    const counts = async () => [
      await countAt('zhonglian', 1, 'zhonglian', 'device.type@1'),
      await countAt('guangdong', 4, 'zhonglian/gd', 'device.item@1'),
      await countAt('guangdong', 4, 'zhonglian/gd', 'device.inspection@1'),
      await countAt('tower', 8, 'zhonglian/gd', 'device.fault@1'),
      await countAt('tower', 8, 'zhonglian/js', 'device.fault@1'),
      await countAt('jiangsu', 5, 'zhonglian/js', 'device.template@1'),
      await countAt('huatong', 2, 'roaming', 'roaming.usage@1.0.0'),
      await countAt('huatong', 2, 'roaming', 'roaming.party@1.0.0'),
      await countAt('bank', 6, 'data', 'data.set@1'),
    ];
    await expect.poll(counts).toEqual([2, 3, 1, 1, 1, 1, 2, 3, 1]);
  });
});
