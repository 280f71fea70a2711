import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useDesk } from '../desk.ts';

/** A page: its title gets the focus when it opens, so that screen readers start there. */
export function Page(props: {
  title: string;
  /** Above the title: where in the console this is. */
  above?: ComponentChildren;
  /** Beside the title. */
  beside?: ComponentChildren;
  lead?: string;
  children: ComponentChildren;
}): JSX.Element {
  const { t } = useDesk();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${props.title} · ${t.brand}`;
  }, [props.title, t.brand]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <main id="content" class="page">
      {props.above && <p class="above">{props.above}</p>}
      <div class="title">
        <h1 ref={heading} tabIndex={-1}>
          {props.title}
        </h1>
        {props.beside}
      </div>
      {props.lead && <p class="lead">{props.lead}</p>}
      {props.children}
    </main>
  );
}
