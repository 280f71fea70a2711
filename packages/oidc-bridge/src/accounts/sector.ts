/**
 * Sector of an app (OIDC Core §8.1): the app itself. Hosts of redirect URIs change and are shared between
 * members; a client id is unique on the ledger and never released, so a `sub` lasts as long as its app.
 */
export const sectorOf = (clientId: string): string => `client:${clientId}`;
