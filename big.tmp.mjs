import { parseRows } from './rows.tmp.mjs';
const M = 10_239_990; const fill = (s) => s.repeat(Math.floor(M / s.length));
const T = { yseq: ['-', fill('- a\n')], ymap: ['a.yaml', Array.from({length: 1e6}, (_, i) => `k${i}: 1\n`).join('').slice(0, M)], ydocs: ['-', fill('---\n')], yflow: ['x.yml', '[' + fill('1,').slice(2) + ']'], yrows: ['-', fill('- UserName: a\n')],
 yanch: ['-', fill('- &a x\n- *a\n')], yanch2: ['-', fill('- &a x\n')], ycomment: ['-', fill('#\n')], yq: ['a.yaml', fill('"a" ')], ytag: ['a.yaml', fill('- !!x y\n')], yind: ['a.yaml', fill(' ')+'a: b'], ykeys: ['a.yaml', '{' + fill('a,').slice(2) + '}'],ydeep: ['a.yaml', fill('[')], ydash: ['-', fill('- ')],
 csv: ['a.csv', 'UserName,MFA\n' + fill(',\n').slice(20)], csvnl: ['a.csv', fill('\n')], csvrows: ['-', 'UserName\n' + fill('a\n').slice(20)], csvq: ['-', 'UserName\n"' + fill('\r\n').slice(20)], csvwide: ['-', 'UserName,' + fill(',').slice(20)+'\n'], csvwide2: ['-', 'UserName' + fill(',UserName').slice(20)+'\n'],
 json: ['-', '[' + fill('0,').slice(4) + '0]'], jsonbad: ['-', '[' + fill('x').slice(4) + '0]'], jsonl: ['-', '{}\n' + fill('{}\n').slice(3)], jsonlbad: ['-', '{}\n' + fill('{x\n').slice(3)], jsonobj: ['-', '{' + fill('"a":1,').slice(12) + '"b":1}'], jsondeep: ['-', fill('[')], jsondeep2: ['-', fill('{"a":')], spaces: ['-', fill(' ')], comments: ['-', fill('# # # #')], comments2: ['-', fill('#\n') + 'x'],
 };
const [name, text] = T[process.argv[2]] ?? (console.log(Object.keys(T).join(' ')), process.exit());
const t = Date.now(); let r;
try { const x = await parseRows(text, name); r = `rows ${x.rows.length} problems ${x.problems.length} ${JSON.stringify(x.problems[0])?.slice(0, 90)}`; } catch (e) { r = `${e.name} ${e.code} ${e.message}`.slice(0,150); }
console.log(process.argv[2].padEnd(9), Date.now() - t, 'ms', Math.round(process.resourceUsage().maxRSS / 1e3), 'MB', r);
