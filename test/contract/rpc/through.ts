import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import type { RunningServer } from '../../../src/server/http.ts';
import { ADMIN_KEY_PAIR, resetDirectory, serveSampleDirectory } from '../../support/sample-directory.ts';
import { type Call, CLIENTS, type Connect, type KeyPair } from '../../support/sdk-clients.ts';

/** What a test has in hand: requests of the administrator, and those of anybody else. */
export interface Hand {
  call: Call;
  as(pair: KeyPair): Call;
  address(): string;
}

/** Runs tests through one client, each against acme as it was in the beginning. */
export function through(name: string, connect: Connect, tests: (hand: Hand) => void): void {
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

/** The same through each client. */
export function throughEach(tests: (hand: Hand) => void): void {
  for (const [name, connect] of CLIENTS) through(name, connect, tests);
}
