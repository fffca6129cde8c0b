// Measures policy decisions per second: one policy of three statements, and requests with all three decisions. Runs in
// one thread of this process. Usage: `npm run bench`
import { build } from 'rolldown';

const TARGET_PER_SECOND = 1_000_000;
const ROUNDS = 61;
const ROUND_MS = 40;

const DOCUMENT = {
  Version: '1',
  Statement: [
    { Effect: 'Allow', Action: ['ecs:Describe*', 'ecs:List*', '*:Get*', 'oss:PutObject'], Resource: '*' },
    { Effect: 'Allow', Action: 'ecs:*', Resource: 'acs:ecs:cn-*:*:instance/i-00?' },
    {
      Effect: 'Deny',
      Action: ['ecs:DeleteInstance', 'ecs:StopInstance'],
      Resource: '*',
      Condition: { NotIpAddress: { 'acs:SourceIp': ['192.168.0.0/16', '172.16.215.218'] } },
    },
  ],
};

const REQUESTS = [
  {
    Action: 'ecs:DescribeInstances',
    Resource: 'acs:ecs:cn-hangzhou:1234:instance/i-001',
    ip: '10.0.0.1',
    expected: 'Allow',
  },
  {
    Action: 'ecs:StopInstance',
    Resource: 'acs:ecs:cn-hangzhou:1234:instance/i-002',
    ip: '192.168.3.4',
    expected: 'Allow',
  },
  {
    Action: 'ecs:StopInstance',
    Resource: 'acs:ecs:cn-hangzhou:1234:instance/i-002',
    ip: '10.0.0.1',
    expected: 'ExplicitDeny',
  },
  { Action: 'oss:DeleteObject', Resource: 'acs:oss:*:1234:bucket/a/b', ip: '10.0.0.1', expected: 'ImplicitDeny' },
].map(({ ip, expected, ...request }) => ({ expected, request: { ...request, Context: { 'acs:SourceIp': [ip] } } }));

const { compilePolicy, evaluatePolicies } = await loadModule('src/core/policy/evaluate.ts');
const policies = [compilePolicy(DOCUMENT)];
for (const { expected, request } of REQUESTS) {
  const { Decision } = evaluatePolicies(policies, request);
  if (Decision !== expected) throw new Error(`${request.Action} is ${Decision}, not ${expected}`);
}

const decisions = measureRate(() => {
  for (const { request } of REQUESTS) evaluatePolicies(policies, request);
}, REQUESTS.length);
const compilations = measureRate(() => compilePolicy(DOCUMENT), 1);
console.log(
  `${ROUNDS} rounds, Node ${process.versions.node}; other load on the machine affects the fastest round least\n`,
);
print('', 'median', 'fastest', 'target');
print('decisions per second', ...decisions.map(formatInteger), formatInteger(TARGET_PER_SECOND));
print('compiling the document, µs', ...compilations.map((rate) => (1e6 / rate).toFixed(1)), '');

/** Imports a TypeScript module of the project, bundled to JavaScript. */
async function loadModule(path) {
  const { output } = await build({ input: path, platform: 'node', write: false });
  return import(`data:text/javascript,${encodeURIComponent(output[0].code)}`);
}

/** The median and the highest number of operations per second; one `work` is `operations` of them. Round 0 warms up. */
function measureRate(work, operations) {
  const rates = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const startedAt = performance.now();
    let count = 0;
    for (; performance.now() - startedAt < ROUND_MS; count += 100) {
      for (let n = 0; n < 100; n++) work();
    }
    if (round > 0) rates.push((count * operations * 1000) / (performance.now() - startedAt));
  }
  const sorted = rates.sort((left, right) => left - right);
  return [sorted[ROUNDS >> 1], sorted.at(-1)];
}

function formatInteger(number) {
  return Math.round(number).toLocaleString('en');
}

function print(first, ...cells) {
  console.log(first.padEnd(28) + cells.map((cell) => cell.padStart(12)).join(''));
}
