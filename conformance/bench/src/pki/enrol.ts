import { readFileSync } from 'node:fs';
import { freePort } from '../free-port.ts';
import { type MeasuredProcess, startMeasured } from '../measured-process.ts';
import { assertConfirmed, createCmpDevice } from './cmp-device.ts';
import { createPoster } from './poster.ts';
import { CERTIFICATES_PATH, CMP_PATH, type PublisherReady, type StoredDevice } from './protocol.ts';

const CERTIFICATES = 18_000;
const DEVICES = 2_000;
/** A node runs for months: the first thousands, in which its code is still being compiled, do not count. */
const WARM_UP = 6_000;
const JSON_CLIENTS = 256;
const CMP_CLIENTS = 64;

export interface Enrolments {
  readonly json: Measured;
  readonly cmp: Measured;
}

export interface Measured {
  readonly perSecond: number;
  /** CPU time of the node for each, and of this process, which shares the processors with it. */
  readonly nodeMicroseconds: number;
  readonly clientMicroseconds: number;
}

/** Over HTTP, this process being the clients: one certificate a request; and whole CMP transactions, ir and certConf. */
export async function measureEnrolments(folder: string): Promise<Enrolments> {
  const port = await freePort();
  const script = new URL('serve-publisher.ts', import.meta.url);
  const node = await startMeasured<PublisherReady>(script, [port, folder, CERTIFICATES, DEVICES]);
  try {
    const origin = `http://127.0.0.1:${port}`;
    return { json: await json(origin, node), cmp: await cmp(origin, node) };
  } finally {
    await node.stop();
  }
}

type Node = MeasuredProcess<PublisherReady>;

async function measureBoth(node: Node, count: number, work: () => Promise<number>): Promise<Measured> {
  const [nodeBefore, clientBefore] = [await node.cpuMicroseconds(), process.cpuUsage()];
  const seconds = await work();
  const { user, system } = process.cpuUsage(clientBefore);
  return {
    perSecond: count / seconds,
    nodeMicroseconds: ((await node.cpuMicroseconds()) - nodeBefore) / count,
    clientMicroseconds: (user + system) / count,
  };
}

const linesOf = (file: string): string[] => readFileSync(file, 'utf8').split('\n');

async function json(origin: string, node: Node): Promise<Measured> {
  const { token, bodiesFile } = node.ready;
  const bodies = linesOf(bodiesFile);
  const poster = createPoster(`${origin}${CERTIFICATES_PATH}`, JSON_CLIENTS, {
    authorization: `Bearer ${token}`,
  });
  const check = (answer: Buffer): void => {
    if (!answer.includes('"accepted":1')) throw new Error('bench: a certificate was not published');
  };
  await poster.all(bodies.slice(0, WARM_UP), check);
  const rest = bodies.slice(WARM_UP);
  const result = await measureBoth(node, rest.length, () => poster.all(rest, check));
  poster.close();
  return result;
}

async function cmp(origin: string, node: Node): Promise<Measured> {
  const devices = linesOf(node.ready.devicesFile).map((line) =>
    createCmpDevice(JSON.parse(line) as StoredDevice),
  );
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
  const { length } = devices;
  const result = await measureBoth(node, length, () => enrolAll(length));
  poster.close();
  return result;
}
