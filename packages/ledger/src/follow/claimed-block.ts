import { type Bytes, equalBytes } from '@attestel/core';
import { consistencyProof, parseLedgerBody, parseNote, verifyConsistency } from '@attestel/proof';
import { fail } from '../errors.ts';
import { appHashOf } from '../log/head.ts';
import { sha256 } from '../sha256.ts';
import { type FetchTile, withTiles } from '../tiles/tile-nodes.ts';
import { formatTilePath } from '../tiles/tile-path.ts';
import type { BlockHead, SignedHead } from './signed-head.ts';

/** What a mirror says a block ends with; signatures in it are not looked at. @throws AppError answer_invalid; ProofError */
export function readClaim(note: string, origin: string): BlockHead {
  const body = parseNote(note).text;
  const head = parseLedgerBody(body);
  if (head.origin !== origin) throw fail('answer_invalid', { field: 'blocks' });
  return { ...head, body, hash: appHashOf(body), note };
}

/**
 * Whether the log of a signed checkpoint begins with that of a claimed one: then the entries that make the claimed root
 * are the log's, though nobody signed there.
 */
export async function beginsWith(
  fetchTile: FetchTile,
  signed: SignedHead,
  claim: BlockHead,
): Promise<boolean> {
  if (claim.size === signed.size) return equalBytes(claim.root, signed.root);
  const path = await withTiles(fetchTile, signed.size, (nodeAt) =>
    consistencyProof(sha256, nodeAt, claim.size, signed.size),
  );
  if (!path) return false;
  try {
    const { root: fromRoot, size: from } = claim;
    verifyConsistency(sha256, { from, to: signed.size, fromRoot, toRoot: signed.root, path });
    return true;
  } catch {
    return false; // not the tiles of what was signed, or another log
  }
}

/** Neighbouring blocks are proven by nearly the same tiles. */
const KEPT_TILES = 64;

export function rememberTiles(fetchTile: FetchTile): FetchTile {
  const known = new Map<string, Promise<Bytes | undefined>>();
  return (address) => {
    const path = formatTilePath(address);
    const tile = known.get(path) ?? fetchTile(address);
    known.set(path, tile);
    for (const oldest of known.keys()) {
      if (known.size <= KEPT_TILES) break;
      known.delete(oldest);
    }
    return tile;
  };
}
