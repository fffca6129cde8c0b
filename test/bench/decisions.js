// What a decision costs: one policy of three statements, requests in turn that it allows, denies and knows nothing of.
// One core, in process. `npm run bench`
import { build } from 'esbuild';

const AIM = 1_000_000;
const ROUNDS = 9;
const SECONDS = 0.3;

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

const { compilePolicy, decide } = await load('src/core/policy/evaluate.ts');
const policies = [compilePolicy(DOCUMENT)];
for (const { is, request } of REQUESTS) {
  const { Decision } = decide(policies, request);
  if (Decision !== is) throw new Error(`${request.Action} is ${Decision}, not ${is}`);
}

const decisions = perSecond(() => {
  for (const { request } of REQUESTS) decide(policies, request);
}, REQUESTS.length);
const compilations = perSecond(() => compilePolicy(DOCUMENT), 1);
console.log(`median of ${ROUNDS} rounds, Node ${process.versions.node}\n`);
console.log(
  `decisions per second        ${Math.round(decisions).toLocaleString('en')} (aim ${AIM.toLocaleString('en')})`,
);
console.log(`compiling the document, µs  ${(1e6 / compilations).toFixed(1)}`);

/** A module of ours, which Node cannot run as it is. */
async function load(path) {
  const bundle = { entryPoints: [path], bundle: true, format: 'esm', platform: 'node', write: false };
  const [{ text }] = (await build(bundle)).outputFiles;
  return import(`data:text/javascript,${encodeURIComponent(text)}`);
}

/** How often in a second `work`, which counts for `weight`, is done; the first round only warms up. */
function perSecond(work, weight) {
  const rates = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const begin = performance.now();
    let count = 0;
    for (; performance.now() - begin < SECONDS * 1000; count += 100) {
      for (let each = 0; each < 100; each++) work();
    }
    if (round > 0) rates.push((count * weight * 1000) / (performance.now() - begin));
  }
  return rates.sort((left, right) => left - right)[ROUNDS >> 1];
}
