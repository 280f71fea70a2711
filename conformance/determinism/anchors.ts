import { createMemoryStore, type Signer, silentLogger } from '@attestel/core';
import { buildOperation, type Ledger, type LedgerModule, openLedger, proofCrypto } from '@attestel/ledger';
import {
  cosignatureMessage,
  createPolicy,
  createVerifierKey,
  formatCosignature,
  formatNote,
  formatPolicy,
} from '@attestel/proof';
import { anchorBody } from '@attestel/registry';
import { START_MS, type World } from './world.ts';

const ORIGIN = 'ledger.example/sub';
const KEY_NAME = 'sub.example/witness';
const TIME = Math.floor(START_MS / 1000);

const diary: LedgerModule = {
  name: 'diary',
  ordering: 'actor',
  checkStateless() {},
  apply(state, { payload }) {
    state.put(`entry/${payload.sequence}`, payload.body);
    return [];
  },
};

/** A small ledger of its own whose history the parent checks, anchor by anchor. */
export class SubLedger {
  readonly #witness: Signer;
  readonly #writer: Signer;
  readonly #ledger: Ledger;
  #anchored = 0;
  #next = 0;

  private constructor(ledger: Ledger, writer: Signer, witness: Signer) {
    this.#ledger = ledger;
    this.#writer = writer;
    this.#witness = witness;
  }

  static async open(world: World): Promise<SubLedger> {
    const [signer, writer, witness] = [0, 1, 2].map(() => world.random.ed25519()) as [Signer, Signer, Signer];
    const ledger = await openLedger({
      network: 'sub',
      origin: ORIGIN,
      modules: [diary],
      actorKeys: () => [writer.publicKey],
      store: createMemoryStore(),
      signer,
      clock: { now: () => START_MS },
      logger: silentLogger,
      genesis: 'none',
    });
    return new SubLedger(ledger, writer, witness);
  }

  registration(world: World) {
    const witnesses = [{ name: 'w', keyName: KEY_NAME, publicKey: rawKey(this.#witness) }];
    const groups = [{ name: 'all', threshold: 1, members: ['w'] }];
    const draft = { origin: ORIGIN, logs: [], witnesses, groups, quorum: 'all' };
    const policy = formatPolicy(createPolicy(draft, proofCrypto.sha256));
    return world.govern('sub-ledger', 'register', { origin: ORIGIN, policy }, world.founders.slice(0, 2));
  }

  /** Writes something of its own and anchors it. */
  async anchor(world: World) {
    const payload = { v: 1, network: 'sub', ns: 'main', module: 'diary', kind: 'note', actor: 'gd' } as const;
    const notAfter = TIME + 600;
    const body = { n: this.#next };
    const operation = await buildOperation({ ...payload, sequence: this.#next++, notAfter, body }, [
      this.#writer,
    ]);
    const [result] = await this.#ledger.submit([operation]);
    if (!result?.ok) throw result?.error;
    const anchor = anchorBody(this.#ledger, await this.#note(), this.#anchored);
    this.#anchored = this.#ledger.head().size;
    return world.govern('sub-ledger', 'anchor', anchor, [world.founders[3] ?? never()]);
  }

  async #note(): Promise<string> {
    const { body } = this.#ledger.head();
    const key = createVerifierKey(proofCrypto.sha256, {
      name: KEY_NAME,
      type: 'cosignature',
      publicKey: rawKey(this.#witness),
    });
    const signature = await this.#witness.sign(cosignatureMessage(body, TIME));
    return formatNote(body, [formatCosignature(key, { time: TIME, signature })]);
  }
}

const rawKey = ({ publicKey }: Signer) => publicKey.slice(2);
const never = (): never => {
  throw new TypeError('four founders');
};
