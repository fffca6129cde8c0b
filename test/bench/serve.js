// Measures signed requests per second on persistent connections, for a directory with 1,000 users. Compares them with a
// node:http server that only returns the request. The actions alternate, so that other load on the machine affects all of
// them equally. Then measures the memory of the endpoint over many requests.
// Usage: `node test/bench/serve.js [requests]`, after `npm run build`
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
const ROUND_MS = 1_500;
/** The number of concurrent requests. */
const CLIENTS = 8;
/** The highest allowed ratio of the memory after the last tenth of the requests to that after the first tenth. */
const MAX_MEMORY_GROWTH = 1.25;

const ECHO = `require('node:http').createServer((request, response) => request.pipe(response))
  .listen(0, '127.0.0.1', function () { console.log('http://127.0.0.1:' + this.address().port); });`;

const folder = mkdtempSync(join(tmpdir(), 'ramctl-bench-'));
const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
const processes = [];
try {
  const directory = makeDirectory(folder, makeSeed(folder), USERS);
  const pair = createAdministrator(directory);
  const echo = await startServer(['-e', ECHO]);
  const serve = await startServer([RAMCTL, '-d', directory, 'serve', '--port', '0', '--quiet']);
  let createdUsers = 0;
  const rows = [
    { name: 'echo', server: echo, parameters: () => ({ Action: 'Echo' }) },
    { name: 'GetUser', server: serve, parameters: (n) => ({ Action: 'GetUser', UserName: nameOf(n % USERS) }) },
    { name: 'ListUsers, 100', server: serve, parameters: () => ({ Action: 'ListUsers' }) },
    { name: 'ListUsers, 1,000', server: serve, parameters: () => ({ Action: 'ListUsers', MaxItems: '1000' }) },
    {
      name: 'CreateUser',
      server: serve,
      parameters: () => ({ Action: 'CreateUser', UserName: `new-${createdUsers++}` }),
    },
  ];
  const rates = new Map(rows.map((row) => [row, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const row of rows) {
      const rate = await measureRate(row, pair);
      if (round > 0) rates.get(row).push(rate);
    }
  }
  print(rows.map((row) => ({ name: row.name, rate: median(rates.get(row)) })));
  await measureMemory(serve, pair);
} finally {
  agent.destroy();
  await Promise.all(processes.map((child) => child.kill() && new Promise((done) => child.on('close', done))));
  rmSync(folder, { recursive: true });
}

/** Requests per second, with CLIENTS concurrent requests. */
async function measureRate({ server, parameters }, pair) {
  const end = performance.now() + ROUND_MS;
  const startedAt = performance.now();
  let count = 0;
  const client = async () => {
    while (performance.now() < end) await send(server, pair, parameters(count++));
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return (count / (performance.now() - startedAt)) * 1000;
}

/** Prints the memory of the endpoint after each tenth of the requests. */
async function measureMemory(serve, pair) {
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
  console.log(
    `the last value is ${growth.toFixed(2)} times the first (limit ${MAX_MEMORY_GROWTH}: ${growth <= MAX_MEMORY_GROWTH ? 'met' : 'MISSED'})`,
  );
}

function residentMegabytes(pid) {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1024);
}

/** Starts a server process that prints its address when it is ready. */
async function startServer(args) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env: environment(folder) });
  processes.push(child);
  const [line] = await new Promise((done) => child.stdout.once('data', (text) => done(String(text).split('\n'))));
  return { ...new URL(line), hostname: '127.0.0.1', port: new URL(line).port, pid: child.pid };
}

function createAdministrator(directory) {
  const path = join(folder, 'admin.json');
  const args = ['user', 'create', 'admin', '--access-key', '--policy', 'AdministratorAccess', '--secret-to'];
  run(folder, [RAMCTL, '-d', directory, ...args, `file:${path}`]);
  return JSON.parse(readFileSync(path, 'utf8')).AccessKey;
}

/** Sends a request with signature V1 (HMAC-SHA1). @throws if the status is not 200 */
function send({ hostname, port }, { AccessKeyId, AccessKeySecret }, parameters) {
  const allParameters = {
    ...parameters,
    AccessKeyId,
    Format: 'JSON',
    SignatureMethod: 'HMAC-SHA1',
    SignatureNonce: randomUUID(),
    SignatureVersion: '1.0',
    Timestamp: `${new Date().toISOString().slice(0, 19)}Z`,
    Version: '2015-05-01',
  };
  const query = Object.keys(allParameters)
    .sort()
    .map((name) => `${name}=${encodeURIComponent(allParameters[name])}`)
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
  console.log(`${CLIENTS} concurrent requests, ${USERS} users, Node ${process.versions.node}\n`);
  console.log(line(['action', 'per second', 'of echo']));
  for (const { name, rate } of rows) console.log(line([name, rate.toFixed(0), (rate / rows[0].rate).toFixed(2)]));
}
