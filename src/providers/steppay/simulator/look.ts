/** The look of the simulator's pages: one small sheet, at home on a phone. */
export const STYLE = `
:root { color-scheme: light; font-family: system-ui, -apple-system, 'Noto Sans KR', 'Apple SD Gothic Neo', sans-serif; color: #0f172a; background: #fff; }
* { box-sizing: border-box; }
body { margin: 0; line-height: 1.5; }
main { padding: 1.25rem; max-width: 64rem; margin: 0 auto; }
main.window { max-width: 26rem; min-height: 100vh; display: flex; flex-direction: column; gap: 1rem; }
h1 { font-size: 1.15rem; margin: 0; }
h2 { font-size: 1rem; margin: 2rem 0 .5rem; }
.note { color: #475569; font-size: .85rem; margin: 0; }
.total { font-size: 1.9rem; font-weight: 700; margin: 0; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 0; font-size: .9rem; }
dt { color: #475569; }
dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
label { font-size: .9rem; font-weight: 600; display: grid; gap: .35rem; }
select, button { font: inherit; min-height: 2.9rem; border-radius: 8px; border: 1px solid #94a3b8; background: #fff; color: inherit; padding: 0 .75rem; width: 100%; }
button { cursor: pointer; font-weight: 600; }
button.main { background: #1d4ed8; border-color: #1d4ed8; color: #fff; }
button:disabled { opacity: .5; cursor: default; }
:focus-visible { outline: 3px solid #60a5fa; outline-offset: 2px; }
.buttons { display: grid; gap: .5rem; margin-top: auto; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .85rem; }
th, td { text-align: left; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid #e2e8f0; white-space: nowrap; }
td.amount, th.amount { text-align: right; }
code, pre { font-family: ui-monospace, monospace; font-size: .85rem; }
pre { background: #f1f5f9; padding: .75rem; border-radius: 8px; overflow-x: auto; }
`;
