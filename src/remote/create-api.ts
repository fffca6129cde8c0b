import type { Clock } from '../core/clock.ts';
import { Failure } from '../core/failure.ts';
import type { Target } from '../core/target.ts';
import type { AccessKeyPair, Api, Parameters, Product, Response } from './api.ts';
import { createClient, type Sdk } from './client.ts';
import { findCredentials, useAccessKey } from './credentials.ts';
import { type Endpoint, findEndpoint } from './endpoint.ts';
import { explain, type Problem, wrongClock } from './errors.ts';
import { type RetryLimits, type RetryOptions, repeat } from './retry.ts';

export interface ApiOptions extends Omit<RetryOptions, 'limits'> {
  target: Target;
  userAgent: string;
  /** Replaces the credentials that the target names. */
  accessKey?: AccessKeyPair | undefined;
  limits?: Partial<ApiLimits> | undefined;
  /** Certificates in PEM to trust in place of those that Node trusts. */
  ca?: string | undefined;
}

interface ApiLimits extends RetryLimits {
  /** The longest time of one attempt. */
  attemptMs: number;
}

const LIMITS: ApiLimits = { attemptMs: 15_000, patientMs: 40_000, briefMs: 3000 };
const CLOCK_REQUEST_MS = 5000;

/** Returns the API of a target. No request is sent yet. @throws Failure `usage` for a URL that is not the URL of a server */
export async function createApi({ target, accessKey, ...options }: ApiOptions): Promise<Api> {
  const endpoint = findEndpoint(target);
  const sdk = await import('./sdk.ts');
  const credential = accessKey ? useAccessKey(sdk, accessKey) : findCredentials(sdk, target);
  return connect(sdk, endpoint, credential, options);
}

function connect(
  sdk: Sdk,
  endpoint: Endpoint,
  credential: ReturnType<typeof findCredentials>,
  options: Omit<ApiOptions, 'target' | 'accessKey'>,
): Api {
  const limits = { ...LIMITS, ...options.limits };
  const retryOptions = { ...options, limits };
  const { userAgent, ca } = options;
  const send = createClient(sdk, { endpoint, credential, userAgent, attemptMs: limits.attemptMs, ca });

  const explainFor =
    (product: Product, action: string, parameters: Parameters) =>
    async (error: unknown): Promise<Problem> => {
      const host = endpoint.hosts[product];
      const problem = explain(error, action, host, parameters);
      if (!/^(InvalidTimeStamp|IllegalTimestamp)/.test(problem.failure.code)) return problem;
      const offset = await measureClock(sdk, `${endpoint.protocol.toLowerCase()}://${host}/`, options.clock);
      return { ...problem, failure: wrongClock(problem.failure, offset) };
    };

  const call = (product: Product, action: string, parameters: Parameters = {}): Promise<Response> =>
    repeat(() => send(product, action, parameters), explainFor(product, action, parameters), retryOptions);

  return {
    call,
    callOnce: (product, action, parameters, read, find) =>
      repeat(
        async () => read(await send(product, action, parameters)),
        explainFor(product, action, parameters),
        retryOptions,
        find,
      ),
    async list(product, action, parameters, items) {
      const all: Response[] = [];
      let position: Parameters = {};
      for (;;) {
        const page = await call(product, action, { ...parameters, ...position });
        all.push(...items(page));
        const next = findNextPage(page);
        if (!next) return all;
        if (Object.values(next)[0] === Object.values(position)[0]) {
          throw new Failure('later', 'UnexpectedAnswer', `${action} returns the same page again`);
        }
        position = next;
      }
    },
    as: (pair) => connect(sdk, endpoint, useAccessKey(sdk, pair), options),
  };
}

/** Returns the parameter for the page after this one. Some actions have `Marker`, others `NextToken`. */
function findNextPage({ IsTruncated, Marker, NextToken }: Response): Parameters | undefined {
  if (String(IsTruncated ?? true) === 'false') return undefined;
  if (Marker) return { Marker };
  return NextToken ? { NextToken } : undefined;
}

/** Returns how many seconds this machine's clock is ahead of a server's, by the Date header; undefined if it has none. */
async function measureClock(sdk: Sdk, url: string, clock: Clock): Promise<number | undefined> {
  const options = { method: 'HEAD', timeout: CLOCK_REQUEST_MS };
  const response = await sdk.request(url, options).catch(() => undefined);
  response?.resume();
  const date = Date.parse(response?.headers.date ?? '');
  return Number.isNaN(date) ? undefined : Math.round((clock.now().getTime() - date) / 1000);
}
