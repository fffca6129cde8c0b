// Measures signed requests per second on persistent connections, for directories of several sizes. Compares them with a
// node:http server that only returns the request, and with the IAM of moto if Python has it. The actions alternate, so that
// other load on the machine affects all of them equally. Then measures the memory of the endpoint over many requests.
// Usage: `node test/bench/serve.js [requests]`, after `npm run build`
import { spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment, makeDirectory, makeSeed, nameOf, RAMCTL, run } from './directory.js';

const REQUESTS = Number(process.argv[2] ?? 100_000);
/** The numbers of users. RAM allows 5,000, and the administrator is one of them. */
const SIZES = [100, 1_000, 4_999];
const ROUNDS = 5;
const ROUND_MS = 1_500;
/** The number of concurrent requests. */
const CLIENTS = 8;
/** The lowest allowed ratios of requests per second to the echo server. */
const MIN_RATIOS = { GetUser: 0.4, 'ListUsers, 100': 0.25 };
/** The highest allowed ratio of the CPU time with the most users to that with the fewest. */
const MAX_SLOWDOWN = 1.2;
/** The highest allowed ratio of the memory after the last tenth of the requests to that after the first tenth. */
const MAX_MEMORY_GROWTH = 1.25;

const ECHO = `require('node:http').createServer((request, response) => request.pipe(response))
  .listen(0, '127.0.0.1', function () { console.log('http://127.0.0.1:' + this.address().port); });`;

/** Prints its address when it is ready. Exits when moto is not installed. */
const MOTO = `
import sys
try:
    from moto.server import ThreadedMotoServer
except ImportError:
    sys.exit()
import logging
logging.getLogger('werkzeug').disabled = True
server = ThreadedMotoServer(ip_address='127.0.0.1', port=0, verbose=False)
server.start()
print('http://127.0.0.1:%d' % server.get_host_and_port()[1], flush=True)
sys.stdin.read()
`;

/** For servers that verify no signature. */
const NO_PAIR = { AccessKeyId: 'none', AccessKeySecret: 'none' };

const folder = mkdtempSync(join(tmpdir(), 'ramctl-bench-'));
const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
const processes = [];
try {
  const seed = makeSeed(folder);
  const rows = [{ name: 'echo', server: await startServer(['-e', ECHO]), parameters: () => ({ Action: 'Echo' }) }];
  for (const size of SIZES) rows.push(...(await startEndpoint(makeDirectory(folder, seed, size), size)));
  rows.push(...(await startMoto()));
  const samples = new Map(rows.map((row) => [row, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const row of rows) {
      const sample = await measure(row);
      if (round > 0) samples.get(row).push(sample);
    }
  }
  const medianOf = (row, member) => median(samples.get(row).map((sample) => sample[member]));
  print(rows.map((row) => ({ ...row, rate: medianOf(row, 'rate'), cpu: medianOf(row, 'cpu') })));
  await measureMemory(rows.find(({ size }) => size === 1_000));
} finally {
  agent.destroy();
  await Promise.all(processes.map((child) => child.kill() && new Promise((done) => child.on('close', done))));
  rmSync(folder, { recursive: true });
}

/** Returns the rows of a directory with this number of users. */
async function startEndpoint(directory, size) {
  const pair = createAdministrator(directory);
  const server = await startServer([RAMCTL, '-d', directory, 'serve', '--port', '0', '--quiet']);
  const row = (name, parameters) => ({ name, size, server, pair, parameters });
  const rows = [
    row('GetUser', (n) => ({ Action: 'GetUser', UserName: nameOf(n % size) })),
    row('ListUsers, 100', () => ({ Action: 'ListUsers' })),
  ];
  if (size !== 1_000) return rows;
  let createdUsers = 0;
  return [
    ...rows,
    row('ListUsers, 1,000', () => ({ Action: 'ListUsers', MaxItems: '1000' })),
    row('CreateUser', () => ({ Action: 'CreateUser', UserName: `new-${createdUsers++}` })),
  ];
}

/** Returns a row for GetUser of moto's IAM, which verifies no signature by default; none if moto is not installed. */
async function startMoto() {
  const server = await startServer(['-c', MOTO], 'python3').catch(() => undefined);
  if (!server) {
    console.log('moto is not installed: no comparison with it');
    return [];
  }
  const version = { Version: '2010-05-08' };
  await send(server, NO_PAIR, { Action: 'CreateUser', UserName: 'alice', ...version });
  return [
    { name: 'GetUser of moto', server, parameters: () => ({ Action: 'GetUser', UserName: 'alice', ...version }) },
  ];
}

/** Requests per second and the CPU time of the server in microseconds per request, with CLIENTS concurrent requests. */
async function measure({ server, pair = NO_PAIR, parameters }) {
  const end = performance.now() + ROUND_MS;
  const startedAt = performance.now();
  const cpuBefore = cpuMicroseconds(server.pid);
  let count = 0;
  const client = async () => {
    while (performance.now() < end) await send(server, pair, parameters(count++));
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  const rate = (count / (performance.now() - startedAt)) * 1000;
  return { rate, cpu: (cpuMicroseconds(server.pid) - cpuBefore) / count };
}

/** The CPU time of a process so far. Linux counts hundredths of a second. */
function cpuMicroseconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** Prints the memory of the endpoint after each tenth of the requests. */
async function measureMemory({ server, pair, size }) {
  const tenths = [];
  for (let tenth = 0; tenth < 10; tenth++) {
    let left = REQUESTS / 10;
    const client = async () => {
      while (left-- > 0) await send(server, pair, { Action: 'GetUser', UserName: nameOf(left % size) });
    };
    await Promise.all(Array.from({ length: CLIENTS }, client));
    tenths.push(residentMegabytes(server.pid));
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

/** Starts a server process that prints its address when it is ready. @throws if it ends without one */
async function startServer(args, program = process.execPath) {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], env: environment(folder) });
  const [line] = await new Promise((done, fail) => {
    child.on('error', fail).on('close', () => fail(new Error(`${program} ended`)));
    child.stdout.once('data', (text) => done(String(text).split('\n')));
  });
  processes.push(child);
  return { ...new URL(line), hostname: '127.0.0.1', port: new URL(line).port, pid: child.pid };
}

function createAdministrator(directory) {
  const path = `${directory}.admin.json`;
  const args = ['user', 'create', 'admin', '--access-key', '--policy', 'AdministratorAccess', '--secret-to'];
  run(folder, [RAMCTL, '-d', directory, ...args, `file:${path}`]);
  return JSON.parse(readFileSync(path, 'utf8')).AccessKey;
}

/** Sends a request with signature V1 (HMAC-SHA1). @throws if the status is not 200 */
function send({ hostname, port }, { AccessKeyId, AccessKeySecret }, parameters) {
  const allParameters = {
    Version: '2015-05-01',
    ...parameters,
    AccessKeyId,
    Format: 'JSON',
    SignatureMethod: 'HMAC-SHA1',
    SignatureNonce: randomUUID(),
    SignatureVersion: '1.0',
    Timestamp: `${new Date().toISOString().slice(0, 19)}Z`,
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
  console.log(`${CLIENTS} concurrent requests, Node ${process.versions.node}\n`);
  console.log(line(['action', 'users', 'CPU µs', 'per second', 'of echo', 'limit']));
  const verdict = (isMet) => (isMet ? 'met' : 'MISSED');
  for (const { name, size, rate, cpu } of rows) {
    const ratio = rate / rows[0].rate;
    const limit = size && MIN_RATIOS[name];
    const result = limit ? `${limit}: ${verdict(ratio >= limit)}` : '';
    console.log(
      line([name, size?.toLocaleString('en') ?? '', cpu.toFixed(0), rate.toFixed(0), ratio.toFixed(2), result]),
    );
  }
  for (const name of Object.keys(MIN_RATIOS)) {
    const sizes = rows.filter((row) => row.name === name);
    // The CPU time, because the rates of two processes also depend on which of them shares a core with the client.
    const slowdown = sizes.at(-1).cpu / sizes[0].cpu;
    const largest = sizes.at(-1).size.toLocaleString('en');
    const limit = `limit ${MAX_SLOWDOWN}: ${verdict(slowdown <= MAX_SLOWDOWN)}`;
    console.log(`${name}: CPU time with ${largest} users / with ${sizes[0].size}: ${slowdown.toFixed(2)} (${limit})`);
  }
}
