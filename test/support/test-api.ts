import type { Clock } from '../../src/core/clock.ts';
import type { Api } from '../../src/remote/api.ts';
import { type ApiOptions, createApi } from '../../src/remote/create-api.ts';
import type { TestEndpoint } from './test-endpoint.ts';

/** A clock that only `sleep` advances, so that tests do not wait. */
export class SleepClock implements Clock {
  #time = Date.now();
  /** The delays so far, in milliseconds. */
  readonly delays: number[] = [];

  now(): Date {
    return new Date(this.#time);
  }

  async sleep(milliseconds: number): Promise<void> {
    this.delays.push(milliseconds);
    this.#time += milliseconds;
  }
}

/** Options of `createApi` for tests. Delays are as long as possible. */
export function testApiOptions(url: string, clock = new SleepClock()) {
  return {
    target: { kind: 'endpoint', name: url },
    userAgent: 'ramctl/test',
    clock,
    random: { bytes: (count: number) => new Uint8Array(count).fill(255) },
    sleep: (milliseconds: number) => clock.sleep(milliseconds),
  } satisfies Partial<ApiOptions>;
}

/** The API of an endpoint, called as the user admin. The clock of the endpoint is set to the present. */
export function connectApi(endpoint: TestEndpoint, options: Partial<ApiOptions> = {}): Promise<Api> {
  const { clock } = endpoint.world;
  clock.step((Date.now() - clock.now().getTime()) / 1000);
  return createApi({
    ...testApiOptions(endpoint.server.Address),
    accessKey: endpoint.admin,
    ca: endpoint.ca,
    ...options,
  });
}
