import type { JSX } from 'preact';

/** Something is going on; read out politely. */
export const Busy = ({ text }: { text: string }): JSX.Element => (
  <p class="busy" role="status">
    <span class="spinner" aria-hidden="true" />
    {text}
  </p>
);
