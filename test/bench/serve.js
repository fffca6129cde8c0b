// What the endpoint answers in a second, beside a bare node:http server that only echoes: signed requests over kept
// connections, to a directory with 1,000 users; rounds take turns, so that whatever else the machine does hits all
// alike. Then its memory over many requests. `node test/bench/serve.js [requests]`, after `npm run build`
import { spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment, makeDirectory, makeSeed, nameOf, RAMCTL, run } from './directory.js';

const REQUESTS = Number(process.argv[2] ?? 100_000);
const USERS = 1_000;
const ROUNDS = 5;
/** Milliseconds of a round, and requests under way at a time. */
const SPAN = 1_500;
const CLIENTS = 8;
/** How much more memory the last of all requests may find taken than the first tenth of them left. */
const FLAT = 1.25;

const ECHO = `require('node:http').createServer((request, response) => request.pipe(response))
  .listen(0, '127.0.0.1', function () { console.log('http://127.0.0.1:' + this.address().port); });`;

const folder = mkdtempSync(join(tmpdir(), 'ramctl-bench-'));
const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
const started = [];
try {
  const directory = makeDirectory(folder, makeSeed(folder), USERS);
  const pair = makeAdministrator(directory);
  const echo = await start(['-e', ECHO]);
  const serve = await start([RAMCTL, '-d', directory, 'serve', '--port', '0', '--quiet']);
  let made = 0;
  const rows = [
    { name: 'echo', at: echo, of: () => ({ Action: 'Echo' }) },
    { name: 'GetUser', at: serve, of: (n) => ({ Action: 'GetUser', UserName: nameOf(n % USERS) }) },
    { name: 'ListUsers, 100', at: serve, of: () => ({ Action: 'ListUsers' }) },
    { name: 'ListUsers, 1,000', at: serve, of: () => ({ Action: 'ListUsers', MaxItems: '1000' }) },
    { name: 'CreateUser', at: serve, of: () => ({ Action: 'CreateUser', UserName: `new-${made++}` }) },
  ];
  const rates = new Map(rows.map((row) => [row, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const row of rows) {
      const rate = await rateOf(row, pair);
      if (round > 0) rates.get(row).push(rate);
    }
  }
  print(rows.map((row) => ({ name: row.name, rate: median(rates.get(row)) })));
  await soak(serve, pair);
} finally {
  agent.destroy();
  await Promise.all(started.map((child) => child.kill() && new Promise((done) => child.on('close', done))));
  rmSync(folder, { recursive: true });
}

/** Requests a second, CLIENTS at a time. */
async function rateOf({ at, of }, pair) {
  const end = performance.now() + SPAN;
  const begin = performance.now();
  let count = 0;
  const client = async () => {
    while (performance.now() < end) await send(at, pair, of(count++));
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return (count / (performance.now() - begin)) * 1000;
}

/** The endpoint's memory while it answers. */
async function soak(serve, pair) {
  const tenths = [];
  for (let tenth = 0; tenth < 10; tenth++) {
    let left = REQUESTS / 10;
    const client = async () => {
      while (left-- > 0) await send(serve, pair, { Action: 'GetUser', UserName: nameOf(left % USERS) });
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    tenths.push(residentMegabytes(serve.pid));
  }
  const growth = tenths[9] / tenths[0];
  console.log(`\nmemory over ${REQUESTS.toLocaleString('en')} requests, MB: ${tenths.join(' ')}`);
  console.log(`the last is ${growth.toFixed(2)} times the first (aim ${FLAT}: ${growth <= FLAT ? 'kept' : 'missed'})`);
}

function residentMegabytes(pid) {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}

/** A server that prints its address when it is ready. */
async function start(words) {
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'], env: environment(folder) });
  started.push(child);
  const [line] = await new Promise((done) => child.stdout.once('data', (text) => done(String(text).split('\n'))));
  return { ...new URL(line), hostname: '127.0.0.1', port: new URL(line).port, pid: child.pid };
}

function makeAdministrator(directory) {
  const path = join(folder, 'admin.json');
  const words = ['user', 'create', 'admin', '--access-key', '--policy', 'AdministratorAccess', '--secret-to'];
  run(folder, [RAMCTL, '-d', directory, ...words, `file:${path}`]);
  return JSON.parse(readFileSync(path, 'utf8')).AccessKey;
}

/** One request, signed as V1 (HMAC-SHA1), answered with success. */
function send({ hostname, port }, { AccessKeyId, AccessKeySecret }, parameters) {
  const all = {
    ...parameters,
    AccessKeyId,
    Format: 'JSON',
    SignatureMethod: 'HMAC-SHA1',
    SignatureNonce: randomUUID(),
    SignatureVersion: '1.0',
    Timestamp: `${new Date().toISOString().slice(0, 19)}Z`,
    Version: '2015-05-01',
  };
  const query = Object.keys(all)
    .sort()
    .map((name) => `${name}=${encodeURIComponent(all[name])}`)
    .join('&');
  const text = `GET&%2F&${encodeURIComponent(query)}`;
  const signature = createHmac('sha1', `${AccessKeySecret}&`).update(text).digest('base64');
  const path = `/?${query}&Signature=${encodeURIComponent(signature)}`;
  return new Promise((done, fail) => {
    request({ hostname, port, path, agent }, (response) => {
      response.resume().on('end', () => (response.statusCode === 200 ? done() : fail(new Error(response.statusCode))));
    })
      .on('error', fail)
      .end();
  });
}

function median(numbers) {
  return numbers.toSorted((left, right) => left - right)[numbers.length >> 1];
}

function print(rows) {
  const line = (cells) => cells.map((cell, at) => (at ? cell.padStart(12) : cell.padEnd(20))).join('');
  console.log(`${CLIENTS} requests at a time, ${USERS} users, Node ${process.versions.node}\n`);
  console.log(line(['action', 'a second', 'of echo']));
  for (const { name, rate } of rows) console.log(line([name, rate.toFixed(0), (rate / rows[0].rate).toFixed(2)]));
}
