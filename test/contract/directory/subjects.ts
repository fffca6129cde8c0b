import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { formatRamDate } from '../../../src/core/clock.ts';
import type { Directory } from '../../../src/core/directory.ts';
import { localDirectory } from '../../../src/core/local.ts';
import { remoteDirectory } from '../../../src/remote/directory.ts';
import { remoteOperations } from '../../../src/remote/operations.ts';
import { remoteRotations } from '../../../src/remote/rotation.ts';
import { JsonStore } from '../../../src/store/json-store.ts';
import { connectApi } from '../../support/test-api.ts';
import { TestEndpoint } from '../../support/test-endpoint.ts';
import {
  createPlainVault,
  createTestRandom,
  SteppingClock,
  TEST_HASH_COST,
  TestWorld,
} from '../../support/test-world.ts';

/** One implementation, on a directory that has the users `admin` and `bob` at most. */
export interface Subject {
  operations: Directory;
  clock: SteppingClock;
}

/** The implementations, each with a function that opens an own directory for the current test. */
export const SUBJECTS: [name: string, open: () => Promise<Subject>][] = [
  ['a directory in memory', openMemory],
  ['a directory file', openFile],
  ['another ramctl', openRemote],
];

async function openMemory(): Promise<Subject> {
  const { directory: operations, clock } = new TestWorld();
  return { operations, clock };
}

async function openFile(): Promise<Subject> {
  const folder = mkdtempSync(join(tmpdir(), 'ramctl-contract-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const clock = new SteppingClock('2026-01-01T00:00:00Z');
  const random = createTestRandom();
  const store = new JsonStore(join(folder, 'directory.json'), {
    clock,
    random,
    onCreate: () => {},
    author: () => ({ Actor: 'tester', Command: '' }),
  });
  const operations = localDirectory({ store, clock, random, vault: createPlainVault(), hashCost: TEST_HASH_COST });
  return { operations, clock };
}

async function openRemote(): Promise<Subject> {
  const endpoint = await TestEndpoint.open();
  const { clock, random } = endpoint.world;
  const operations = remoteDirectory(
    remoteOperations(await connectApi(endpoint), async () => {}),
    {
      clock,
      random,
      target: { kind: 'endpoint', name: endpoint.server.Address },
      rotations: (plain) => remoteRotations(plain, clock, random),
      onChange: () => {},
    },
  );
  return { operations, clock };
}

/** The present of the directory, as RAM writes dates. */
export function today({ clock }: Subject): string {
  return formatRamDate(clock.now());
}

/** Returns the names without those of the users that every endpoint has. */
export function withoutSetup(names: string[]): string[] {
  return names.filter((name) => name !== 'admin' && name !== 'bob');
}
