import { json, type Route } from '@attestel/core';
import { type PartyAuthenticator, requireParty } from '@attestel/did';
import { z } from 'zod';
import { fail } from '../../errors.ts';
import { parseStrict } from '../../rules/parse-strict.ts';
import type { SightingDesk } from '../../sightings/sighting-desk.ts';
import { parseJson } from './submission.schema.ts';

/** As many tunnels as one gateway may have. */
const MAX_TUNNELS = 20_000;
const MAX_BODY_BYTES = 5 * 1024 * 1024;

const hex = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hex digits');
const name = z.string().regex(/^[\x21-\x7e]{1,64}$/, 'must be 1 to 64 visible ASCII characters');
const reportSchema = z.strictObject({
  gateway: name,
  tunnels: z.array(z.strictObject({ certificate: hex, secret: hex, site: name })).max(MAX_TUNNELS),
});

export interface SightingsEndpointOptions {
  readonly desk: SightingDesk;
  readonly authenticate: PartyAuthenticator;
  /** Whether a party is one of the member's gateways, or runs them. */
  readonly mayReport: (did: string) => boolean;
}

/** What holds tunnels at one of the member's gateways, all of it; answers with what was suspended for it. */
export const sightingsEndpoint = ({ desk, authenticate, mayReport }: SightingsEndpointOptions): Route => ({
  method: 'POST',
  path: '/v1/pki/sightings',
  summary: 'Certificates that hold tunnels at a gateway; one that does in two places is suspended',
  errors: 'problem',
  accepts: ['application/json'],
  maxBodyBytes: MAX_BODY_BYTES,
  handle: requireParty(authenticate, 'problem', async ({ body }, { did }) => {
    if (!mayReport(did)) throw fail('pki_publisher');
    const { gateway, tunnels } = parseStrict(reportSchema, parseJson(body), 'pki_query_invalid');
    // Nobody speaks for another party's gateway.
    const { suspended } = await desk.report(`${did} ${gateway}`, tunnels);
    return json({ suspended }, 200, { 'cache-control': 'no-store' });
  }),
});
