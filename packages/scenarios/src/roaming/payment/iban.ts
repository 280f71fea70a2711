/** Whether it is an IBAN (ISO 13616): letters and digits in their places, and the check digits of ISO 7064 mod 97-10. */
export function isIban(text: string): boolean {
  if (!/^[A-Z]{2}[0-9]{2}[A-Z0-9]{10,30}$/.test(text)) return false;
  const digits = [...(text.slice(4) + text.slice(0, 4))].map((mark) => Number.parseInt(mark, 36)).join('');
  return BigInt(digits) % 97n === 1n;
}
