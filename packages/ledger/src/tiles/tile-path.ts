/** Hashes in a full tile, and entries in a full bundle (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;
/** Levels of the hash tree between a tile and the one above. */
export const TILE_HEIGHT = 8;

/** What a tile path names. `width` is {@link TILE_WIDTH} where the path has no `.p/` part. */
export interface TileAddress {
  /** `entries`: a bundle of log entries; a number: the level of a tile of hashes, 0 for those of leaves. */
  readonly level: number | 'entries';
  readonly index: number;
  readonly width: number;
}

// `<L>` of 0 to 63, `<N>` in groups of three digits of which all but the last begin with an x, `.p/<W>` of 1 to 255.
const FORM = /^(entries|[0-9]|[1-5][0-9]|6[0-3])\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

/**
 * Parses what follows `tile/`. Each tile has exactly one path: undefined for any other spelling, and for an index that
 * no log of ours can reach.
 */
export function parseTilePath(path: string): TileAddress | undefined {
  const [, level, groups, part] = FORM.exec(path) ?? [];
  if (level === undefined || groups === undefined) return undefined;
  const index = Number(groups.replaceAll(/[x/]/g, ''));
  const width = part === undefined ? TILE_WIDTH : Number(part);
  if (!Number.isSafeInteger(index) || groupsOf(index) !== groups) return undefined;
  if (part !== undefined && width >= TILE_WIDTH) return undefined;
  return { level: level === 'entries' ? level : Number(level), index, width };
}

export function formatTilePath({ level, index, width }: TileAddress): string {
  return `${level}/${groupsOf(index)}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** 1234067 → `x001/x234/067`. */
function groupsOf(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/.{3}/g) ?? [];
  return groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
}

/** Hashes or entries that the tile has in a log of this size; 0 when it does not exist. */
export function availableWidth({ level, index }: Omit<TileAddress, 'width'>, size: number): number {
  // 256^7 is more than any log has: powers beyond are not exact.
  if (level !== 'entries' && level > 6) return 0;
  const count = level === 'entries' ? size : Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, count - index * TILE_WIDTH));
}
