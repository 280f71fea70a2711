const LOOPBACK = ['127.0.0.1', '[::1]'];

/** Whether what goes there is read by nobody on the way: https, or http on this machine. False for what is no URL. */
export function isGuardedUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  if (protocol === 'https:') return true;
  return protocol === 'http:' && (/(?:^|\.)localhost$/.test(hostname) || LOOPBACK.includes(hostname));
}
