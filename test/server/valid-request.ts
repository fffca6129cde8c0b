import { expect } from 'vitest';
import { type SignedRequest, signV1 } from '../support/signer.ts';
import type { TestEndpoint } from '../support/test-endpoint.ts';

/** Short enough for a test to wait. */
export const SHORT_TIMEOUT = { requestTimeoutMs: 150 };
export const MEGABYTE = 1024 * 1024;

/** Returns a request that succeeds. */
export const validRequest = (endpoint: TestEndpoint): SignedRequest =>
  signV1(endpoint.unsignedRequest('GetUser', { UserName: 'bob' }), endpoint.admin);

/** Checks that the endpoint still answers other clients. */
export async function expectAlive(endpoint: TestEndpoint): Promise<void> {
  expect((await endpoint.send(validRequest(endpoint))).status).toBe(200);
}

/** Stops the endpoint and returns how long that takes. */
export async function measureCloseMs(endpoint: TestEndpoint): Promise<number> {
  const start = performance.now();
  await endpoint.close();
  return performance.now() - start;
}
