/** A tunnel at a gateway, as the gateway's agent tells. */
export interface Sighting {
  /** SHA-256 of the certificate, hex. */
  readonly certificate: string;
  /** Hex; makes the tokens that other operators compare. */
  readonly secret: string;
  /** Where the peer comes from, coarsely and not in the clear: equal texts are one place. */
  readonly site: string;
}

export interface CloneDetectorOptions {
  /** So long may one certificate be in two places: a cell that is handed over leaves its old tunnel to time out. */
  readonly overlapSeconds: number;
  /** What a gateway said counts for so long. */
  readonly forgetSeconds: number;
}

export interface Seen {
  readonly certificate: string;
  readonly secret: string;
  /** From when on it is in one place at least, without a gap. */
  readonly since: number;
}

export interface CloneDetector {
  /** All tunnels of a gateway, in place of what it said before. @param now unix seconds */
  report(gateway: string, sightings: readonly Sighting[], now: number): void;
  /** Certificates that have been in two places for longer than a hand-over takes. */
  clones(now: number): readonly string[];
  live(now: number): readonly Seen[];
}

interface Place {
  readonly gateway: string;
  readonly site: string;
  readonly since: number;
  readonly last: number;
}

/** Who holds a certificate in two places at once holds its key twice. */
export function createCloneDetector({ overlapSeconds, forgetSeconds }: CloneDetectorOptions): CloneDetector {
  const certificates = new Map<string, { readonly secret: string; readonly places: Map<string, Place> }>();
  const forget = (isOver: (place: Place, certificate: string) => boolean): void => {
    for (const [certificate, { places }] of certificates) {
      for (const [name, place] of places) if (isOver(place, certificate)) places.delete(name);
      if (places.size === 0) certificates.delete(certificate);
    }
  };
  const prune = (now: number): void => forget(({ last }) => now - last > forgetSeconds);
  const see = ({ certificate, secret, site }: Sighting, gateway: string, now: number): void => {
    const entry = certificates.get(certificate) ?? { secret, places: new Map<string, Place>() };
    certificates.set(certificate, entry);
    const name = `${gateway}\0${site}`;
    const since = entry.places.get(name)?.since ?? now;
    entry.places.set(name, { gateway, site, since, last: now });
  };
  return {
    report(gateway, sightings, now) {
      // What was silent for too long begins anew.
      prune(now);
      for (const sighting of sightings) see(sighting, gateway, now);
      const named = new Set(sightings.map(({ certificate, site }) => `${certificate}\0${site}`));
      forget(
        (place, certificate) => place.gateway === gateway && !named.has(`${certificate}\0${place.site}`),
      );
    },
    clones(now) {
      prune(now);
      return [...certificates].flatMap(([certificate, { places }]) => {
        // In two places from when it came to the second of them.
        const [, second] = Array.from(places.values(), ({ since }) => since).sort((a, b) => a - b);
        return second !== undefined && now - second >= overlapSeconds ? [certificate] : [];
      });
    },
    live(now) {
      prune(now);
      return Array.from(certificates, ([certificate, { secret, places }]) => ({
        ...{ certificate, secret },
        since: Math.min(...Array.from(places.values(), ({ since }) => since)),
      }));
    },
  };
}
