export const START_PAGE_STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#12202b, #e8eef2); --soft: light-dark(#52626e, #a3b1bb);
  --ground: light-dark(#f5f7f8, #0f161b); --card: light-dark(#fff, #18222a); --line: light-dark(#d5dde2, #2d3b45);
  --accent: light-dark(#0a5c63, #6fd3d8); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 1rem/1.6 system-ui, "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; }
header, main { max-width: 44rem; margin: 0 auto; padding: 1rem; }
header { display: flex; justify-content: space-between; align-items: center; }
.brand { font-weight: 700; letter-spacing: .02em; margin: 0; }
a { color: var(--accent); }
a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.language, .tiles a, .wallet { display: inline-flex; align-items: center; min-height: 44px; }
h1 { font-size: clamp(1.6rem, 5vw, 2.3rem); line-height: 1.2; margin: .5rem 0; }
.lead { color: var(--soft); margin-top: 0; }
.steps { list-style: none; counter-reset: step; padding: 0; display: grid; gap: 1rem; }
.steps > li { counter-increment: step; background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1rem 1.25rem; }
.steps h2::before { content: counter(step) " "; color: var(--accent); }
h2 { font-size: 1.15rem; margin: 0 0 .25rem; }
.steps p { margin: .25rem 0 .5rem; color: var(--soft); }
.tiles { list-style: none; display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; margin: .5rem 0 0; }
.tiles a, .wallet { padding: 0 1rem; border: 1px solid var(--accent); border-radius: 10px; text-decoration: none; font-weight: 600; }
.wallet { background: var(--accent); color: var(--ground); }
table { width: 100%; border-collapse: collapse; }
.equipment { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: .25rem 1.25rem; }
.equipment th, .equipment td { text-align: start; padding: .5rem .5rem .5rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.equipment tr:last-child > * { border-bottom: 0; }
.equipment th { font-weight: 600; }
.equipment small { display: block; color: var(--soft); overflow-wrap: anywhere; font-weight: 400; }
.badge { display: inline-block; padding: 0 .6rem; border-radius: 1rem; font-weight: 600; white-space: nowrap; border: 1px solid currentColor; }
.badge.good { color: light-dark(#1b6b34, #7fd69a); }
.badge.other { color: light-dark(#a2340e, #ffab85); }
.scenario { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 1rem 1.25rem; margin: 1rem 0; }
.scenario h3 { margin: 0 0 .25rem; font-size: 1.05rem; }
.scenario p { color: var(--soft); margin: .25rem 0 .75rem; }
.scenario code { overflow-wrap: anywhere; }
.scenario pre code { overflow-wrap: normal; }
.map ul { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 0 .5rem; }
.parties > li { border: 1px solid var(--accent); border-radius: 10px; padding: .5rem; margin-bottom: 1rem; position: relative; }
.parties > li::after { content: ""; position: absolute; inset-inline-start: 50%; top: 100%; height: 1rem; border-inline-start: 2px solid var(--accent); }
.parties small { display: block; color: var(--soft); overflow-wrap: anywhere; }
.through { display: block; border: 1px dashed var(--soft); border-radius: 8px; padding: .1rem .4rem; margin-top: .35rem; font-size: .875rem; }
.channels > li { background: var(--accent); color: var(--ground); border-radius: 8px; padding: .25rem .6rem; margin-bottom: .5rem; text-align: center; font-weight: 600; }
main > section { margin-block-start: 1.5rem; }
.doors { list-style: none; padding: 0; display: grid; gap: .75rem; }
.doors button { font: inherit; font-weight: 600; min-height: 44px; padding: 0 1rem; border: 1px solid var(--accent); border-radius: 10px;
  background: transparent; color: var(--accent); cursor: pointer; }
.doors button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.doors code { display: block; margin-top: .25rem; color: var(--soft); font-size: .875rem; overflow-wrap: anywhere; }
pre { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: .75rem 1rem; }
`;
