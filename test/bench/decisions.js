// What a decision costs: one policy of three statements, requests in turn that it allows, denies and knows nothing of.
// One core, in process. `npm run bench`
import { build } from 'esbuild';

const AIM = 1_000_000;
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
  { Action: 'ecs:DescribeInstances', Resource: 'acs:ecs:cn-hangzhou:1234:instance/i-001', ip: '10.0.0.1', is: 'Allow' },
  { Action: 'ecs:StopInstance', Resource: 'acs:ecs:cn-hangzhou:1234:instance/i-002', ip: '192.168.3.4', is: 'Allow' },
  {
    Action: 'ecs:StopInstance',
    Resource: 'acs:ecs:cn-hangzhou:1234:instance/i-002',
    ip: '10.0.0.1',
    is: 'ExplicitDeny',
  },
  { Action: 'oss:DeleteObject', Resource: 'acs:oss:*:1234:bucket/a/b', ip: '10.0.0.1', is: 'ImplicitDeny' },
].map(({ ip, is, ...request }) => ({ is, request: { ...request, Context: { 'acs:SourceIp': [ip] } } }));

const { compilePolicy, evaluatePolicies } = await load('src/core/policy/evaluate.ts');
const policies = [compilePolicy(DOCUMENT)];
for (const { is, request } of REQUESTS) {
  const { Decision } = evaluatePolicies(policies, request);
  if (Decision !== is) throw new Error(`${request.Action} is ${Decision}, not ${is}`);
}

const decisions = perSecond(() => {
  for (const { request } of REQUESTS) evaluatePolicies(policies, request);
}, REQUESTS.length);
const compilations = perSecond(() => compilePolicy(DOCUMENT), 1);
console.log(
  `${ROUNDS} rounds, Node ${process.versions.node}; the fastest is what others on the machine did not disturb\n`,
);
print('', 'median', 'fastest', 'aim');
print('decisions per second', ...decisions.map(whole), whole(AIM));
print('compiling the document, µs', ...compilations.map((rate) => (1e6 / rate).toFixed(1)), '');

/** A module of ours, which Node cannot run as it is. */
async function load(path) {
  const bundle = { entryPoints: [path], bundle: true, format: 'esm', platform: 'node', write: false };
  const [{ text }] = (await build(bundle)).outputFiles;
  return import(`data:text/javascript,${encodeURIComponent(text)}`);
}

/** How often in a second `work`, which counts for `weight`, is done: median and fastest. Round 0 only warms up. */
function perSecond(work, weight) {
  const rates = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const begin = performance.now();
    let count = 0;
    for (; performance.now() - begin < ROUND_MS; count += 100) {
      for (let each = 0; each < 100; each++) work();
    }
    if (round > 0) rates.push((count * weight * 1000) / (performance.now() - begin));
  }
  const sorted = rates.sort((left, right) => left - right);
  return [sorted[ROUNDS >> 1], sorted.at(-1)];
}

function whole(number) {
  return Math.round(number).toLocaleString('en');
}

function print(first, ...cells) {
  console.log(first.padEnd(28) + cells.map((cell) => cell.padStart(12)).join(''));
}
