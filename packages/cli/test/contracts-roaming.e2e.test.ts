import { readIr21, readPain001, resultOf, type StatementInputs, writePain001 } from '@attestel/scenarios';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sheetXml } from '../../scenarios/test/roaming/ir21-xml.ts';
import { attestel } from './harness/attestel.ts';
import { eventually } from './harness/eventually.ts';
import { foundMembers, type Members } from './harness/members.ts';

const [A, B, C] = ['zhonglian', 'huatong', 'clearing'];
const CODES: Readonly<Record<string, string>> = { [A]: 'CHNZL', [B]: 'HKGHT' };
const OTHER: Readonly<Record<string, string>> = { [A]: B, [B]: A };

/** Tariffs have a notice of 60 days: what is settled is the third month from now. */
const [MONTH, NEXT] = [3, 4].map(monthFromNow) as [string, string];

/** Sheets take effect as they are published. */
const NOW = '2099-01-01T00:00:00Z';

describe('the roaming story, at three nodes that are processes of their own', () => {
  let all: Members;
  let tariff: string;
  let usage: readonly string[];
  let statement: string;
  let dispute: string;
  let credit: string;
  let last: string;
  let parties: readonly string[];

  beforeAll(async () => {
    all = await foundMembers({ names: [C, A, B], driver: 'solo', basePort: 28_500, channel: 'roaming' });
    for (const name of [C, A, B]) await all.start(name);
    await all.openChannel();
    parties = [all.did(A), all.did(B)].sort();
  });
  afterAll(() => all?.remove());

  /** Runs a command; again where keys, payloads or credentials are still on their way. */
  const run = async (as: string, args: readonly string[], data: unknown): Promise<string> =>
    eventually(async () => {
      const { code, answer } = await all.callWith(as, args, data);
      if (code !== 0) throw new Error(`${args.join(' ')}: ${JSON.stringify(answer)}`);
      return answer.id;
    });
  const command = (module: string, name: string, id?: string) => [
    `roaming.${module}@1.0.0`,
    name,
    ...(id === undefined ? [] : [id]),
  ];
  const stateAt = async (name: string, module: string, id: string) =>
    (await all.read(name, `roaming.${module}@1.0.0`, `/${id}`)).state;
  const inputs = (month: string, credits: readonly string[]): StatementInputs => ({
    tariff: { id: tariff, version: 1 },
    usage: [...usage],
    periods: { from: month, to: month },
    closing: false,
    credits: [...credits],
  });
  /** With the result as whoever proposes it computes it from what its own node shows. */
  const termsOf = async (from: StatementInputs) => {
    const states = new Map<string, unknown>();
    for (const [module, ids] of [
      ['iot', [tariff]],
      ['usage', from.usage],
      ['credit', from.credits],
    ] as const)
      for (const id of ids) states.set(`roaming.${module}|${id}`, await stateAt(A, module, id));
    const read = (module: string, id: string) => states.get(`${module}|${id}`) as never;
    return { ...from, result: resultOf(from, { parties, read }) };
  };

  it('operators get their codes from the clearing house and publish sheets and IR.21', async () => {
    for (const name of [A, B]) {
      const claims = { tadig: [CODES[name]] };
      await run(C, ['host.credential@1', 'issue'], { type: 'Operator', subject: all.did(name), claims });
    }
    for (const name of [A, B]) {
      await run(name, command('party', 'publish'), { body: sheetOf(name) });
      await run(name, command('ir21', 'publish'), { body: ir21Of(name) });
    }
    for (const name of [A, B, C])
      await expect
        .poll(
          async () =>
            (await all.read(name, 'roaming.party@1.0.0', `/queries/inForce?at=${NOW}`)).result?.length,
        )
        .toBe(2);
  });

  it('agree on a tariff whose lines name nobody, once one of them came back from a sudden death', async () => {
    tariff = await run(A, command('iot', 'propose'), {
      parties: [all.did(B)],
      terms: tariffOf(all),
      validFrom: new Date(Date.now() + 61 * 86_400_000).toISOString().replace(/\.\d+/, ''),
    });
    await all.kill(B, 'SIGKILL');
    usage = [await run(A, command('usage', 'submit'), rowsOf(A, all))];
    await all.start(B);
    await run(B, command('iot', 'sign', tariff), { version: 1 });
    await expect.poll(async () => (await stateAt(A, 'iot', tariff)).status).toBe('agreed');
  });

  it('count usage on both sides, which differ by what is told', async () => {
    usage = [...usage, await run(B, command('usage', 'submit'), rowsOf(B, all))];
    const compare = () =>
      all.read(A, 'roaming.usage@1.0.0', `/queries/compare?own=${usage[0]}&partner=${usage[1]}`);
    await expect.poll(async () => (await compare()).result?.differing).toBe(1);
  });

  it('settle a month by a statement that both compute; a changed cent is refused', async () => {
    const terms = await termsOf(inputs(MONTH, []));
    expect(terms.result.net).toMatchObject({ payer: all.did(A), payee: all.did(B), amount: '300.00' });
    const forged = { ...terms, result: { ...terms.result, net: { ...terms.result.net, amount: '300.01' } } };
    const other = { parties: [all.did(B)] };
    expect(await all.callWith(A, command('statement', 'propose'), { ...other, terms: forged })).toMatchObject(
      { code: 2, answer: { field: '/terms/result' } },
    );
    statement = await run(A, command('statement', 'propose'), { ...other, terms });
    await run(B, command('statement', 'receive', statement), { version: 1 });
    await run(B, command('statement', 'sign', statement), { version: 1 });
    await expect.poll(async () => (await stateAt(A, 'statement', statement)).status).toBe('agreed');
  });

  it('dispute a line of it, end that by a credit, and pay what the next statement leaves', async () => {
    const facts = {
      statement,
      tariff,
      direction: directionOf(await stateAt(A, 'statement', statement)),
      line: 0,
    };
    dispute = await run(A, command('dispute', 'open'), {
      category: 'usage',
      facts: { ...facts, claimed: '50.00' },
      evidence: [{ module: 'roaming.usage', id: usage[0] }],
      parties: [all.did(B)],
    });
    await run(A, command('dispute', 'assign', dispute), { to: all.did(B) });
    await run(B, command('dispute', 'resolve', dispute), { outcome: { credit: '25.00' } });
    const { direction, line } = facts;
    const terms = { dispute, statement, direction, line, payer: all.did(B), payee: all.did(A) };
    credit = await run(B, command('credit', 'propose'), {
      parties: [all.did(A)],
      terms: { ...terms, amount: '25.00', currency: 'EUR' },
    });
    await run(A, command('credit', 'sign', credit), { version: 1 });
    const next = await termsOf(inputs(NEXT, [credit]));
    last = await run(A, command('statement', 'propose'), { parties: [all.did(B)], terms: next });
    await run(B, command('statement', 'sign', last), { version: 1 });
    await expect.poll(async () => (await stateAt(A, 'statement', last)).status).toBe('agreed');
    const { net } = (await stateAt(A, 'statement', last)).agreed[0].terms.result;
    expect(net).toEqual({ payer: all.did(B), payee: all.did(A), amount: '25.00', currency: 'EUR' });
    const order = transferOf(last, net);
    expect(readPain001(writePain001(order))).toEqual(order);
    await run(B, command('statement', 'pay', last), { version: 1, reference: `NET-${NEXT}` });
    await run(A, command('statement', 'confirm', last), { version: 1 });
  });

  it('leave equal ledgers at all three, equal states at both, and nothing at the third of what is blind', async () => {
    await expect
      .poll(async () => new Set(await Promise.all([A, B, C].map((name) => all.head(name)))).size)
      .toBe(1);
    for (const [module, id] of [
      ['iot', tariff],
      ['usage', usage[0]],
      ['usage', usage[1]],
      ['statement', statement],
      ['dispute', dispute],
      ['credit', credit],
      ['statement', last],
    ] as const) {
      const at = (name: string) => all.read(name, `roaming.${module}@1.0.0`, `/${id}`);
      await expect.poll(async () => (await at(B)).head).toBe((await at(A)).head);
      expect(await at(A)).toEqual(await at(B));
      expect(await at(A)).toMatchObject({ checked: true, behind: false, disputedBy: null });
      expect(await at(C)).toMatchObject({ code: 'not_found' });
    }
    for (const name of [A, B, C]) {
      const args = ['ledger', 'checkpoint', '--node', all.url(name), '--policy', all.policyFile];
      await expect.poll(async () => (await attestel(...args)).code).toBe(0);
    }
  });

  it('verify, each ledger by itself, when the nodes are down', async () => {
    for (const name of [A, B, C]) await all.kill(name, 'SIGTERM');
    for (const name of [A, B, C]) {
      const store = `${all.folder}/${name}/ledger`;
      const { code, out } = await attestel('ledger', 'fsck', '--store', store, '--json');
      expect({ name, code, out }).toMatchObject({ code: 0 });
    }
  });
});

function monthFromNow(count: number): string {
  const now = new Date();
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + count, 1));
  return `${month.getUTCFullYear()}${String(month.getUTCMonth() + 1).padStart(2, '0')}`;
}

const sheetOf = (name: string) => ({
  ...{ name, country: name === A ? 'CHN' : 'HKG', tadig: [CODES[name]] },
  contacts: [{ purpose: 'commercial', name: 'Roaming desk', email: `roaming@${name}.example` }],
});

const ir21Of = (name: string) =>
  readIr21(sheetXml({ shape: 'summary' }).replaceAll('JPNXX', CODES[name] as string));

/** Customers of each pay 0.50 in the other's network. */
const tariffOf = (all: Members) => ({
  currency: 'EUR',
  term: { from: MONTH, to: monthFromNow(14) },
  rounding: { rule: 'half-even', decimals: 2 },
  discounts: [A, B].map((home) => ({
    home: all.did(home),
    groups: [
      {
        homeTadigs: [CODES[home]],
        visitorTadigs: [CODES[OTHER[home] as string]],
        services: [
          {
            service: 'MOC Local',
            includedInCommitment: true,
            rate: { thresholds: [{ start: '0', linearPrice: '0.50' }] },
          },
        ],
      },
    ],
  })),
});

/** Each counts the other's customers in its network, and its own abroad: B finds 1,000 minutes of A's, A finds 999. */
const rowsOf = (name: string, all: Members) => {
  const row = (home: string, minutes: string) => ({
    ...{ period: MONTH, homeTadig: CODES[home], visitorTadig: CODES[OTHER[home] as string] },
    ...{ service: 'MOC Local', usage: minutes, unit: 'min', currency: 'EUR' },
  });
  const items = name === A ? [row(A, '999'), row(B, '400')] : [row(A, '1000'), row(B, '400')];
  const partner = all.did(OTHER[name] as string);
  return { head: { partner }, items, to: [partner] };
};

const directionOf = (state: {
  agreed: readonly { terms: { result: { directions: readonly { due: string }[] } } }[];
}) => state.agreed[0]?.terms.result.directions.findIndex(({ due }) => due === '500.00');

const transferOf = (id: string, net: { amount: string; currency: string }) => ({
  messageId: id,
  created: '2027-07-10T00:00:00Z',
  executionDay: '2027-07-15',
  endToEndId: id,
  debtor: { name: 'Huatong', iban: 'GB82WEST12345698765432', bic: 'EXMPCNBJ' },
  creditor: { name: 'Zhonglian', iban: 'DE89370400440532013000', bic: 'EXMPJPJT' },
  amount: net.amount,
  currency: net.currency,
  remittance: `Statement ${id}`,
});
