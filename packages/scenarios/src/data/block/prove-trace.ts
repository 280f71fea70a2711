import type { JsonValue } from '@attestel/core';
import { fail } from '../../errors.ts';
import { type ObjectEvidence, parseEvidence } from '../../host/evidence/object-evidence.ts';
import type { ProvedView } from '../../host/evidence/prove-object.ts';
import type { AssetState } from '../../kinds/asset.ts';
import type { BlockFacts } from '../modules/data-block.ts';

export interface Hop {
  /** Organisation that held it from then on: it brought the block in, or confirmed that it has it. */
  readonly holder: string;
  /** Line by which it did, hex. */
  readonly line: string;
  /** When it was decided, unix seconds. */
  readonly at: number;
}

/** A block on its way, proved by the ledger. */
export interface TracedBlock {
  readonly id: string;
  readonly digest: string;
  readonly derivedFrom: string | null;
  readonly hops: readonly Hop[];
  /** Lines whose payload was erased, it is said: hops may be missing there. */
  readonly gaps: number;
}

/** Blocks behind one block, at most. */
const MAX_DEPTH = 64;

/**
 * The way of a block and of those that it was made from, by evidence of each, the block itself first. It ends where a block was
 * made from none, or where nothing more is shown. @param prove what makes an object of evidence: `prove` of a host
 * @throws AppError evidence_forged, invalid_argument, not_found
 */
export async function proveTrace(
  prove: (evidence: JsonValue) => Promise<ProvedView>,
  shown: readonly JsonValue[],
): Promise<readonly TracedBlock[]> {
  if (shown.length > MAX_DEPTH) throw fail('out_of_range', { extra: { blocks: MAX_DEPTH } });
  const way: TracedBlock[] = [];
  for (const [number, value] of shown.entries()) {
    const evidence = parseEvidence(value, `/${number}`);
    const before = way.at(-1);
    const isNext = before === undefined || before.derivedFrom === evidence.id;
    if (evidence.module !== 'data.block' || !isNext)
      throw fail('evidence_forged', { field: `/${number}`, extra: { why: 'derivedFrom' } });
    const { state, gaps } = await prove(value);
    const { facts } = state as unknown as AssetState<BlockFacts>;
    const { digest = '', derivedFrom = null } = facts;
    way.push({ id: evidence.id, digest, derivedFrom, hops: hopsOf(evidence), gaps });
  }
  return way;
}

const HOLDING = ['registered', 'received'];

const hopsOf = ({ lines }: ObjectEvidence): readonly Hop[] =>
  lines.flatMap(({ line, kept }) =>
    kept?.payload.events.some(({ type }) => HOLDING.includes(type))
      ? [{ holder: kept.payload.party, line, at: kept.payload.at }]
      : [],
  );
