import type { Run } from '../command.ts';
import { type ActingParty, actAs } from '../data-folder.ts';
import { bridgeOf, callNode } from '../node-api.ts';
import { textOr } from '../option-values.ts';
import { dataDirOf } from '../paths.ts';

export const run: Run = async ({ values, positionals }) => {
  const [clientId] = positionals as [string];
  const acting = await actAs(dataDirOf(values), textOr(values, 'as', 'platform'));
  const secret = await readAppSecret(acting, bridgeOf(values), clientId);
  return { data: { client_id: clientId, client_secret: secret }, text: secret };
};

/** The bridge derives the secret; it tells the member that vouches for the app, and nobody else. */
export async function readAppSecret(acting: ActingParty, bridge: string, clientId: string): Promise<string> {
  const answer = await callNode(`${bridge}/v1/bridge/apps/${encodeURIComponent(clientId)}/secret`, {
    token: await acting.token(bridge),
  });
  return (answer as { client_secret: string }).client_secret;
}
