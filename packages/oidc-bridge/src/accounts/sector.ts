/**
 * Sector of an app (OIDC Core §8.1): the host, with port, of its registered redirect URIs. Apps on one host
 * are one sector. §8.1 wants a sector identifier URI where there are several hosts; our registry has none,
 * so such an app is a sector of its own, under a name no host can have.
 */
export function sectorOf(app: {
  readonly clientId: string;
  readonly redirectUris: readonly string[];
}): string {
  const hosts = new Set(app.redirectUris.map((uri) => new URL(uri).host));
  const [host] = hosts;
  return hosts.size === 1 && host ? host : `client:${app.clientId}`;
}
