/** The page's look: one column, the system's fonts and colours, light or dark as the reader has it. */
export const style = `
:root {
  color-scheme: light dark;
  --text: light-dark(#1c2024, #e6e8eb);
  --quiet: light-dark(#5c6670, #9aa4ae);
  --ground: light-dark(#fbfcfd, #14171a);
  --raised: light-dark(#ffffff, #1c2024);
  --line: light-dark(#dfe3e8, #31373d);
  --accent: light-dark(#0b57a4, #7fb8f5);
  --get: light-dark(#1a6b3c, #6fce96);
  --post: light-dark(#0b57a4, #7fb8f5);
  --patch: light-dark(#8a5300, #efb35c);
  --delete: light-dark(#a8251b, #f58d84);
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  margin: 0 auto;
  padding: 2rem 1.25rem 5rem;
  max-width: 64rem;
  background: var(--ground);
  color: var(--text);
  font: 1rem/1.55 system-ui, sans-serif;
}
h1 { margin: 0 0 0.25rem; font-size: 1.9rem; letter-spacing: -0.01em; }
h2 { margin: 3rem 0 0.5rem; padding-top: 1.25rem; border-top: 1px solid var(--line); font-size: 1.4rem; }
h3 { margin: 2rem 0 0.5rem; font-size: 1rem; font-weight: 600; }
p { margin: 0.5rem 0; max-width: 44rem; }
a { color: var(--accent); }
code, pre { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace; font-size: 0.85rem; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--raised); padding: 0.25rem 0.75rem; }
.quiet { color: var(--quiet); }
nav ul { display: flex; flex-wrap: wrap; gap: 0.35rem 1.25rem; margin: 0.5rem 0; padding: 0; list-style: none; }
nav li { overflow-wrap: anywhere; }
pre {
  margin: 0.75rem 0;
  padding: 0.75rem 1rem;
  overflow-x: auto;
  background: var(--ground);
  border: 1px solid var(--line);
  border-radius: 8px;
}
details { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; margin: 0.4rem 0; }
summary {
  display: grid;
  grid-template-columns: 4.25rem minmax(0, 1fr) 1rem;
  gap: 0.1rem 0.5rem;
  align-items: baseline;
  padding: 0.5rem 0.9rem;
  cursor: pointer;
  list-style: none;
}
summary::-webkit-details-marker { display: none; }
summary::after { content: '\\203A'; grid-area: 1 / 3; color: var(--quiet); text-align: center; }
details[open] > summary::after { transform: rotate(90deg); }
summary code { overflow-wrap: anywhere; }
summary .quiet { grid-column: 2; font-size: 0.9rem; }
details[open] > summary { border-bottom: 1px solid var(--line); }
.inside { padding: 0.5rem 0.9rem 0.75rem; }
.verb { font: 600 0.75rem/1 ui-monospace, monospace; letter-spacing: 0.04em; }
.GET { color: var(--get); }
.POST { color: var(--post); }
.PATCH { color: var(--patch); }
.DELETE { color: var(--delete); }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.25rem 1rem; margin: 0.5rem 0; }
dt { color: var(--quiet); }
dt { grid-column: 1; }
dd { grid-column: 2; margin: 0; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd { grid-column: 1; }
}
@media (prefers-contrast: more) { :root { --quiet: var(--text); --line: currentColor; } }
`
