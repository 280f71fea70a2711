/** System colours follow the reader's light or dark scheme; pairs are chosen for WCAG AA in both. */
export const STYLESHEET = `:root { color-scheme: light dark; --ink: light-dark(#1a1d21, #eceff3); --paper: light-dark(#f6f7f9, #14171b);
  --card: light-dark(#fff, #1f242a); --line: light-dark(#8a929c, #76808c); --quiet: light-dark(#4c5560, #b3bcc7);
  --accent: light-dark(#0a5c8a, #8cc8f0); --on-accent: light-dark(#fff, #0d1a24); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, "Noto Sans CJK SC", sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 1rem; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: baseline; justify-content: space-between; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 1rem 0 .25rem; }
h2 { font-size: 1.125rem; margin: 0; }
p { margin: .5rem 0; }
a { color: var(--accent); }
.quiet { color: var(--quiet); }
.badge { display: inline-block; border: 1px solid var(--line); border-radius: 1rem; padding: .1rem .7rem; font-size: .875rem; }
ul.lines { list-style: none; padding: 0; margin: 1rem 0; display: grid; gap: 1rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem; }
.number { font-size: 1.125rem; font-variant-numeric: tabular-nums; }
button, a.button { display: inline-block; min-height: 2.75rem; padding: .6rem 1rem; border-radius: .5rem; border: 1px solid var(--accent);
  background: transparent; color: var(--accent); font: inherit; text-decoration: none; cursor: pointer; }
button.main, a.button { background: var(--accent); color: var(--on-accent); font-weight: 600; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
details { margin-top: .75rem; }
summary { min-height: 2.75rem; padding: .6rem 0; cursor: pointer; color: var(--accent); }
.events { display: flex; flex-wrap: wrap; gap: .5rem; }
.pin { font-size: 2.25rem; font-weight: 700; letter-spacing: .25em; font-variant-numeric: tabular-nums; margin: 0; }
code { display: block; overflow-wrap: anywhere; padding: .75rem; border: 1px dashed var(--line); border-radius: .5rem; }
.notice { border-left: .35rem solid var(--accent); padding: .25rem .75rem; }
@media (prefers-reduced-motion: no-preference) { button, a.button { transition: opacity .15s; } }
button:hover, a.button:hover { opacity: .85; }
`;
