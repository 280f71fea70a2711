import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { isAppError } from '@attestel/core';
import type { Wallet } from '@attestel/openid/wallet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actAs } from '../src/data-folder.ts';
import { callNode } from '../src/node-api.ts';
import type { Visited } from './harness/agent.ts';
import { attestel } from './harness/attestel.ts';
import { type Demo, newDataDir, node, startDemo } from './harness/demo.ts';
import { type App, demoApp, headlessWallet, type SignInAttempt, walletLinkOf } from './harness/headless.ts';
import { createSeededRandom } from './harness/seeded-random.ts';
import { sampleLine } from './harness/story.ts';
import { countRequests, dieDuring, type Moment } from './harness/sudden-death.ts';

const ROUNDS = Number(process.env.ATTESTEL_KILL_ROUNDS ?? 36);
const SEED = Number(process.env.ATTESTEL_SEED ?? Date.now() % 2 ** 32);
const random = createSeededRandom(SEED);
const UP = ['--operators', '1', '--no-apps', '--refresh', '0.3'];
const PEOPLE = 5;

interface Person {
  readonly number: string;
  readonly subscriptionId: string;
  readonly wallet: Wallet;
  /** An acknowledged card. */
  hasCard: boolean;
  /** What the shop calls the person, once it was told. */
  sub?: string;
}

/** A sign-in as far as it got. */
interface Login {
  attempt?: SignInAttempt;
  page?: Visited;
}

countRequests();

describe(`kill -9 of a running consortium (ATTESTEL_SEED=${SEED})`, () => {
  let demo: Demo;
  let shop: App;
  let operator: string;
  let people: readonly Person[];
  /** Whose line is suspended and resumed. */
  let watched: Person;
  let suspended = false;
  const apps = new Set<string>();
  /** How long the two flows take undisturbed. */
  const usual = { issuance: { hops: 0, ms: 0 }, login: { hops: 0, ms: 0 } };
  const tally: Record<string, number> = {};
  const count = (what: string): void => {
    tally[what] = (tally[what] ?? 0) + 1;
  };

  beforeAll(async () => {
    demo = await startDemo(19_100, UP);
    operator = demo.url(demo.ports.operator(0));
    shop = await demoApp(demo);
    people = Array.from({ length: PEOPLE + 1 }, (_, i) => newPerson(i));
    watched = people[PEOPLE] as Person;
    await eventually(async () => {
      usual.issuance = await measure(() => getCard(watched));
      usual.login = await measure(() => signIn(watched));
    });
  });
  afterAll(async () => {
    console.log(`kill -9, seed ${SEED}: ${JSON.stringify({ usual, ...tally })}`);
    await demo?.remove();
  });

  const newPerson = (index: number): Person => ({
    number: sampleLine('zhonglian', index).phoneNumber,
    subscriptionId: sampleLine('zhonglian', index).subscriptionId,
    wallet: headlessWallet(demo),
    hasCard: false,
  });

  async function desk(path: string, body?: unknown): Promise<Record<string, string>> {
    const acting = await actAs(demo.dataDir, 'zhonglian');
    const token = await acting.token(operator);
    const request = body === undefined ? { token } : { method: 'POST' as const, token, body };
    return (await callNode(`${operator}/v1/desk/${path}`, request)) as Record<string, string>;
  }

  const newOffer = (person: Person) => desk('offers', { phoneNumber: person.number });

  async function receive(person: Person, offer: Record<string, string>): Promise<void> {
    await person.wallet.receive(offer.offer_uri as string, { txCode: offer.tx_code });
    person.hasCard = true;
  }

  const getCard = async (person: Person): Promise<void> => receive(person, await newOffer(person));

  /** Signs in to the shop, noting how far it got. */
  async function signIn(person: Person, login: Login = {}): Promise<void> {
    login.attempt = await shop.begin();
    login.page = await login.attempt.openPage();
    await finish(person, login.attempt, login.page);
  }

  /** From the sign-in page or the consent page to the shop; the shop must know the person again. */
  async function finish(person: Person, attempt: SignInAttempt, page: Visited): Promise<void> {
    const consent = page.html.includes('id="consent"')
      ? page
      : await attempt.present(person.wallet, walletLinkOf(page));
    const { sub } = await attempt.consent(consent, 'share', ['phone_number']);
    person.sub ??= sub;
    expect(sub).toBe(person.sub);
  }

  async function goOn(person: Person, { attempt, page }: Login): Promise<string> {
    if (!attempt || !page) return 'had not begun';
    const again = await attempt.agent.get(page.url);
    expect(again.status).toBeLessThan(500);
    const problem = /data-problem="([^"]+)"/.exec(again.html)?.[1];
    if (problem) return `says ${problem}`;
    await finish(person, attempt, again);
    return 'went on';
  }

  /** A suspension or its end, or a new app: acknowledged when it resolves. */
  async function everydayChange(kind: 'line event' | 'new app', round: number): Promise<void> {
    if (kind === 'line event') {
      const type = suspended ? 'resume' : 'suspend';
      await desk(`lines/${watched.subscriptionId}/events`, { type });
      suspended = type === 'suspend';
    } else {
      const id = `app-${round}`;
      const where = ['--data', demo.dataDir, '--node', operator, '--bridge', demo.url(demo.ports.bridge)];
      const what = ['--id', id, '--name', id, '--redirect-uri', 'http://localhost/callback', '--public'];
      const { code, err } = await attestel('app', 'register', ...where, ...what);
      if (code !== 0) throw new Error(err);
      apps.add(id);
    }
  }

  /** Everything acknowledged so far is there. */
  async function nothingIsLost(): Promise<void> {
    const known = JSON.stringify(await callNode(`${operator}/v1/registry/apps`));
    for (const id of ['demo-shop', 'demo-forum', ...apps]) expect(known).toContain(`"${id}"`);
    const number = encodeURIComponent(watched.number);
    const line = await desk(`subscribers?number=${number}`);
    expect(line.suspension !== null).toBe(suspended);
  }

  /** A change that was under way when the process died is there or not: only the books can tell. */
  async function readBooks(round: number): Promise<void> {
    const line = await desk(`subscribers?number=${encodeURIComponent(watched.number)}`);
    suspended = line.suspension !== null;
    const known = JSON.stringify(await callNode(`${operator}/v1/registry/apps`));
    if (known.includes(`"app-${round}"`)) apps.add(`app-${round}`);
  }

  const momentOf = ({ hops, ms }: { hops: number; ms: number }): Moment =>
    random.next() < 0.6
      ? { hop: 1 + random.whole(hops), milliseconds: random.whole(8) }
      : { hop: 0, milliseconds: random.whole(Math.ceil(ms * 1.1)) };

  it.each(Array.from({ length: ROUNDS }, (_, i) => [i + 1] as const))(
    'round %i: nothing acknowledged is lost, nothing is repaired, what was under way goes on or says so',
    async (round) => {
      const flow = random.pick(['issuance', 'login'] as const);
      const person = random.pick(people.slice(0, PEOPLE));
      const change = random.pick(['line event', 'new app', undefined] as const);
      const concurrent = random.next() < 0.4;
      if (flow === 'login' && !person.hasCard) await eventually(() => getCard(person));
      if (change && !concurrent) await everydayChange(change, round);
      const offer = flow === 'issuance' ? await newOffer(person) : {};
      const login: Login = {};

      const moment = momentOf(usual[flow]);
      const { value, hops } = await dieDuring(
        async () => {
          const [done, changed] = await Promise.allSettled([
            flow === 'issuance' ? receive(person, offer) : signIn(person, login),
            change && concurrent ? everydayChange(change, round) : undefined,
          ]);
          return { done: done.status === 'fulfilled', changed: changed.status === 'fulfilled' };
        },
        moment,
        () => demo.kill('SIGKILL'),
      );
      count(`${flow} ${value?.done ? 'done' : 'interrupted'}`);
      const where = `round ${round}: ${flow}, ${JSON.stringify(moment)}, died after request ${hops}`;

      await demo.restart();
      if (!value?.changed) await readBooks(round);
      await nothingIsLost();
      if (value?.done !== true && flow === 'login') count(`login ${await goOn(person, login)}`);
      if (value?.done !== true && flow === 'issuance') {
        const again = await receive(person, offer).then(
          () => 'went on',
          (error: unknown) => (isAppError(error) ? `says ${error.code}` : Promise.reject(error)),
        );
        count(`issuance ${again}`);
        await getCard(person);
      }
      await eventually(() => signIn(person), where);
      const other = random.pick(people.filter(({ hasCard }) => hasCard));
      if (other !== watched) await signIn(other);
      else if (!suspended) await eventually(() => signIn(watched), where);
      else await eventually(() => expect(signIn(watched)).rejects.toThrow('credential_suspended'), where);
    },
  );

  it('in the end every card still signs in as the same person, and the ledger verifies', async () => {
    if (suspended) await desk(`lines/${watched.subscriptionId}/events`, { type: 'resume' });
    for (const person of people.filter(({ hasCard }) => hasCard)) await eventually(() => signIn(person));
    await demo.kill('SIGKILL');
    const { code, out, err } = await attestel('ledger', 'verify', '--data', demo.dataDir, '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(JSON.parse(out).blocks).toBeGreaterThan(apps.size);
    await demo.restart();
  });
});

describe(`kill -9 of the very first start (ATTESTEL_SEED=${SEED})`, () => {
  it.each([1, 2, 3])('start %i needs no repair, and later starts find the same consortium', async () => {
    const dataDir = await newDataDir();
    try {
      for (let i = 0; i < 3; i++) {
        const child = node(['up', '--port', '19300', ...UP], dataDir);
        const ended = once(child, 'exit');
        await wait(700 + random.whole(1500));
        child.kill('SIGKILL');
        await ended;
      }
      const first = await startDemo(19_300, UP, dataDir);
      const issuers = () => callNode(`${first.url(first.ports.operator(0))}/v1/registry/issuers`);
      const before = await issuers();
      await first.kill('SIGKILL');
      await first.restart();
      expect(await issuers()).toEqual(before);
      await first.kill('SIGKILL');
      expect((await attestel('ledger', 'verify', '--data', dataDir)).code).toBe(0);
    } finally {
      await rm(dataDir, { recursive: true, force: true });
    }
  });
});

async function measure(work: () => Promise<void>): Promise<{ hops: number; ms: number }> {
  const started = Date.now();
  const { hops, error } = await dieDuring(work, { hop: -1, milliseconds: 0 }, async () => {});
  if (error) throw error;
  return { hops, ms: Date.now() - started };
}

const PATIENCE_MS = 10_000;

/** What the bridge knows of a status list is some tenths of a second old. */
async function eventually(work: () => Promise<void>, where = ''): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    try {
      return await work();
    } catch (error) {
      console.log('AGAIN', where, (error as Error).message.slice(0, 200));
      if (Date.now() > end) throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
      await wait(200);
    }
  }
}
