import { readFileSync } from 'node:fs';
import { freePort } from '../free-port.ts';
import { startMeasured } from '../measured-process.ts';
import { assertConfirmed, createCmpDevice } from './cmp-device.ts';
import { createPoster } from './poster.ts';
import { CERTIFICATES_PATH, CMP_PATH, type PublisherReady, type StoredDevice } from './protocol.ts';

const CERTIFICATES = 10_000;
const DEVICES = 2_000;
const WARM_UP = 1_000;
const JSON_CLIENTS = 256;
const CMP_CLIENTS = 64;

export interface Enrolments {
  readonly jsonPerSecond: number;
  readonly cmpPerSecond: number;
}

/** Over HTTP, this process being the clients: one certificate a request; and whole CMP transactions, ir and certConf. */
export async function measureEnrolments(folder: string): Promise<Enrolments> {
  const port = await freePort();
  const script = new URL('serve-publisher.ts', import.meta.url);
  const node = await startMeasured<PublisherReady>(script, [port, folder, CERTIFICATES, DEVICES]);
  try {
    const origin = `http://127.0.0.1:${port}`;
    return { jsonPerSecond: await json(origin, node.ready), cmpPerSecond: await cmp(origin, node.ready) };
  } finally {
    await node.stop();
  }
}

const linesOf = (file: string): string[] => readFileSync(file, 'utf8').split('\n');

async function json(origin: string, { token, bodiesFile }: PublisherReady): Promise<number> {
  const bodies = linesOf(bodiesFile);
  const poster = createPoster(`${origin}${CERTIFICATES_PATH}`, JSON_CLIENTS, {
    authorization: `Bearer ${token}`,
  });
  const check = (answer: Buffer): void => {
    if (!answer.includes('"accepted":1')) throw new Error('bench: a certificate was not published');
  };
  await poster.all(bodies.slice(0, WARM_UP), check);
  const measured = bodies.slice(WARM_UP);
  const seconds = await poster.all(measured, check);
  poster.close();
  return measured.length / seconds;
}

async function cmp(origin: string, { devicesFile }: PublisherReady): Promise<number> {
  const devices = linesOf(devicesFile).map((line) => createCmpDevice(JSON.parse(line) as StoredDevice));
  const poster = createPoster(`${origin}${CMP_PATH}`, CMP_CLIENTS, { 'content-type': 'application/pkixcmp' });
  const enrolAll = async (count: number): Promise<number> => {
    const own = devices.splice(0, count);
    const client = async (): Promise<void> => {
      for (let device = own.pop(); device; device = own.pop()) {
        const answer = await poster.post(device.request);
        assertConfirmed(new Uint8Array(await poster.post(device.confirm(new Uint8Array(answer)))));
      }
    };
    const start = performance.now();
    await Promise.all(Array.from({ length: CMP_CLIENTS }, client));
    return (performance.now() - start) / 1000;
  };
  await enrolAll(DEVICES / 10);
  const count = devices.length;
  const seconds = await enrolAll(count);
  poster.close();
  return count / seconds;
}
