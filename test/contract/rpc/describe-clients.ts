import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import type { RunningServer } from '../../../src/server/http.ts';
import { ADMIN_KEY_PAIR, resetDirectory, serveSampleDirectory } from '../../support/sample-directory.ts';
import { type Call, CLIENTS, type Connect, type KeyPair } from '../../support/sdk-clients.ts';

/** The client of the administrator, and clients with other AccessKeys. */
export interface ConnectedClient {
  call: Call;
  as(pair: KeyPair): Call;
  address(): string;
}

/** Declares tests of one client library. Each test starts with the original state of acme. */
export function describeClient(name: string, connect: Connect, tests: (client: ConnectedClient) => void): void {
  describe(name, () => {
    let server: RunningServer;
    let call: Call;
    beforeAll(async () => {
      server = await serveSampleDirectory();
      call = connect(server.Address, ADMIN_KEY_PAIR);
    });
    afterAll(() => server.stop());
    beforeEach(() => resetDirectory());
    tests({
      call: (action, parameters) => call(action, parameters),
      as: (pair) => connect(server.Address, pair),
      address: () => server.Address,
    });
  });
}

/** Declares the same tests for every client library. The tests are told whether it is the first one. */
export function describeEachClient(
  tests: (client: ConnectedClient, isFirst: boolean) => void,
  clients = CLIENTS,
): void {
  for (const [index, [name, connect]] of clients.entries())
    describeClient(name, connect, (client) => tests(client, index === 0));
}
