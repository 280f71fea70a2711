/** What doctor says of one thing: that it is well, or what to do. */
export interface Finding {
  readonly check: string;
  readonly ok: boolean;
  readonly says: string;
}
