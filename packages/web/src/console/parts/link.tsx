import type { ComponentChildren, JSX } from 'preact';
import { addressOf, type Place, useRouter } from '../router.ts';

/** A link inside the console, in the same channel: a real address, followed without loading the page again. */
export function Link(props: {
  to: Place;
  /** Absent: the one in which the reader is. */
  channel?: string;
  query?: { readonly [name: string]: string };
  class?: string;
  current?: boolean;
  children: ComponentChildren;
}): JSX.Element {
  const { channel, navigate } = useRouter();
  const address = addressOf(props.to, props.channel ?? channel, props.query);
  const follow = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    navigate(address);
  };
  return (
    <a href={address} class={props.class} onClick={follow} aria-current={props.current ? 'page' : undefined}>
      {props.children}
    </a>
  );
}
