import { latin1 } from './ocsp/issuer-index.ts';
import type { CertificateStatusSource } from './status-source.ts';

type ByName = CertificateStatusSource['byName'];
type Found = ReturnType<ByName>;

/** Statuses kept; then all are forgotten, so that strangers who ask about made-up serials cannot fill the memory. */
const MAX_KEPT = 65_536;

/**
 * Each certificate is looked up once a block: a status comes from state and block time alone, and both stand still between
 * blocks. The height grows after the state has changed, so what was remembered too early is forgotten in time.
 */
export function rememberLookups(byName: ByName, height: () => number): ByName {
  const kept = new Map<string, Found>();
  let keptAt = Number.NaN;
  return (issuer, serial) => {
    const now = height();
    if (now !== keptAt || kept.size >= MAX_KEPT) {
      kept.clear();
      keptAt = now;
    }
    // A name is DER and says where it ends, so no two pairs have one key.
    const key = `${latin1(issuer)}${latin1(serial)}`;
    const known = kept.get(key);
    if (known || kept.has(key)) return known;
    const found = byName(issuer, serial);
    kept.set(key, found);
    return found;
  };
}
