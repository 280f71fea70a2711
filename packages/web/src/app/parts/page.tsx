import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useRouter } from '../router.ts';
import { useSession } from '../session.ts';
import { CheckIcon } from './icons.tsx';

/** A screen: its title gets the focus when it opens, so that screen readers start there. */
export function Page(props: {
  title: string;
  lead?: string;
  hideTitle?: boolean;
  /** Two columns where there is room. */
  wide?: boolean;
  children: ComponentChildren;
}): JSX.Element {
  const { t } = useSession();
  const { flash } = useRouter();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${props.title} · ${t.brand}`;
  }, [props.title, t.brand]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <main id="content" class={props.wide ? 'page wide' : 'page'}>
      <h1 ref={heading} tabIndex={-1} class={props.hideTitle ? 'visually-hidden' : undefined}>
        {props.title}
      </h1>
      {props.lead && <p class="lead">{props.lead}</p>}
      {flash && (
        <p class="flash" role="status">
          <CheckIcon /> {flash}
        </p>
      )}
      {props.children}
    </main>
  );
}
