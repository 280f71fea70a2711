/**
 * A request target as path and query only. RFC 9112 §3.2.2 makes servers take `GET https://any.example/path`
 * too; the authority in it is the client's word. oidc-provider would build its URLs from it, and with them
 * the audiences of client assertions and DPoP proofs, so that one made for another server would count here.
 */
export function originForm(target = '/'): string {
  const rest = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  return rest.startsWith('/') ? rest : `/${rest}`;
}
