/** Style of all documents. Colours keep 4.5:1 against their ground, in light and in dark. */
export const documentStyle = `
:root {
  color-scheme: light dark;
  --page: #f6f6f3; --card: #ffffff; --line: #dcdcd5; --text: #1c1d1f; --quiet: #5b5e63; --track: #e6e6e0;
  --good: #14663a; --good-ground: #ddf1e4; --care: #7a4b00; --care-ground: #fbeccd;
  --bad: #a3231f; --bad-ground: #fbdfdc; --plain: #2f5fa8;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #131416; --card: #1d1f22; --line: #34373c; --text: #ececea; --quiet: #a6a9af; --track: #34373c;
    --good: #7ed6a0; --good-ground: #173726; --care: #f0bd62; --care-ground: #3b2d10;
    --bad: #ff9c94; --bad-ground: #45201d; --plain: #8db4f2;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  overflow-wrap: break-word; -webkit-text-size-adjust: 100%;
}
main, footer { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding: 2.5rem 0 1rem; }
h1 { margin: 0; font-size: 2rem; line-height: 1.2; letter-spacing: -0.01em; text-wrap: balance; }
h2 { display: flex; flex-wrap: wrap; align-items: center; gap: 0.35rem 0.75rem; margin: 0 0 0.75rem; font-size: 1.25rem; line-height: 1.3; }
h3 { margin: 1.5rem 0 0.5rem; font-size: 1rem; }
p { margin: 0 0 0.75rem; max-width: 46rem; }
.subtitle { margin: 0.5rem 0 0; color: var(--quiet); }
section { margin: 0 0 1.25rem; padding: 1.25rem 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
section > :last-child { margin-bottom: 0; }
ul { margin: 0 0 0.75rem; padding: 0; list-style: none; }
li { padding: 0.45rem 0; border-top: 1px solid var(--line); }
li:first-child { border-top: 0; }
small { display: block; color: var(--quiet); font-size: 0.875rem; }
.finding { display: grid; grid-template-columns: 6rem 1fr; gap: 0.25rem 1rem; align-items: baseline; }
.tag { display: inline-block; padding: 0.1rem 0.6rem; border-radius: 999px; font-size: 0.8125rem; font-weight: 600; white-space: nowrap; background: var(--track); color: var(--text); justify-self: start; }
.tag.good { background: var(--good-ground); color: var(--good); }
.tag.care { background: var(--care-ground); color: var(--care); }
.tag.bad { background: var(--bad-ground); color: var(--bad); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr)); gap: 1rem 1.5rem; margin: 1rem 0 0.75rem; }
.figures dt { color: var(--quiet); font-size: 0.875rem; }
.figures dd { margin: 0; font-size: 1.375rem; font-weight: 600; line-height: 1.3; font-variant-numeric: tabular-nums; }
.figures small { font-weight: 400; }
table { width: 100%; margin: 0 0 1.25rem; border-collapse: collapse; font-size: 0.9375rem; font-variant-numeric: tabular-nums; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { padding: 0.5rem 1rem 0.5rem 0; text-align: start; vertical-align: top; border-top: 1px solid var(--line); }
tr > :last-child { padding-right: 0; }
thead th { border-top: 0; color: var(--quiet); font-size: 0.8125rem; font-weight: 600; white-space: nowrap; vertical-align: bottom; }
tbody th { font-weight: 600; white-space: nowrap; }
.end { text-align: end; white-space: nowrap; }
.end + :not(.end) { padding-left: 1rem; }
code { font: 0.9em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre code { font: inherit; }
.meter { display: flex; align-items: center; gap: 0.6rem; min-width: 8.5rem; }
.meter .track { flex: 0 0 4.5rem; height: 0.5rem; border-radius: 999px; background: var(--track); overflow: hidden; }
.meter .track > span { display: block; height: 100%; background: var(--plain); }
.meter.good .track > span { background: var(--good); }
.meter.care .track > span { background: var(--care); }
.meter.bad .track > span { background: var(--bad); }
.meter .words { white-space: nowrap; }
pre { margin: 0 0 0.75rem; padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: 8px; background: var(--page); overflow-x: auto; font: 0.875rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.flow { overflow-x: auto; margin: 0 0 1rem; }
.flow svg { display: block; max-width: 100%; min-width: 34rem; height: auto; margin: 0 auto; }
.flow path { fill: none; stroke: var(--plain); opacity: 0.45; stroke-linecap: round; }
.flow rect { fill: var(--card); stroke: var(--quiet); stroke-width: 1.25; }
.flow text { font-size: 13px; text-anchor: middle; fill: var(--text); font-weight: 600; }
.flow path + text { font-weight: 400; paint-order: stroke; stroke: var(--card); stroke-width: 4px; }
.flow .note { font-size: 12px; font-weight: 400; fill: var(--quiet); }
.seconds { display: block; }
.seconds polygon { fill: var(--plain); opacity: 0.55; }
footer { padding-top: 0.5rem; padding-bottom: 2.5rem; color: var(--quiet); font-size: 0.875rem; }
@media (max-width: 40rem) {
  main, footer { padding: 0 1rem; }
  header { padding: 1.5rem 0 0.75rem; }
  h1 { font-size: 1.5rem; }
  section { padding: 1rem; }
  .finding { grid-template-columns: 1fr; }
  .tag { white-space: normal; border-radius: 10px; }
  table, tbody, tr, th, td { display: block; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tbody tr { padding: 0.6rem 0; border-top: 1px solid var(--line); }
  tbody tr:first-child { border-top: 0; padding-top: 0; }
  tbody th, tbody td { padding: 0.1rem 0; border: 0; text-align: start; white-space: normal; }
  tbody td { display: grid; grid-template-columns: 7.5rem 1fr; gap: 0.75rem; }
  tbody td::before { content: attr(data-title); color: var(--quiet); font-size: 0.8125rem; line-height: 1.7; }
  tbody td:empty { display: none; }
  tbody td.end { text-align: start; white-space: normal; }
  .end + :not(.end) { padding-left: 0; }
}
@media print {
  :root { color-scheme: light; --page: #fff; --card: #fff; --text: #000; --quiet: #444; }
  body { font-size: 10.5pt; }
  main, footer { max-width: none; padding: 0; }
  section { border: 0; border-top: 1px solid #999; border-radius: 0; padding: 0.75rem 0; }
  h2, h3, tr, li, .figures > div { break-inside: avoid; }
  h2, h3, thead { break-after: avoid; }
  pre { white-space: pre-wrap; }
  .tag, .meter .track, .meter .track > span { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
