import { setTimeout as sleep } from 'node:timers/promises';
import type { Directory } from './core/directory.ts';
import type { Target } from './core/target.ts';
import { createApi } from './remote/create-api.ts';
import { remoteDirectory } from './remote/directory.ts';
import { remoteOperations } from './remote/operations.ts';
import { remoteRotations } from './remote/rotation.ts';
import { systemClock as clock } from './system/clock.ts';
import { systemRandom as random } from './system/random.ts';

interface OpenOptions {
  /** Sent to the server in the header User-Agent. */
  userAgent: string;
  /** Called before the first change of each transaction. */
  onChange: () => void;
}

/**
 * Opens an account or an endpoint. No request is sent yet. `main.ts` imports this file only for such a target, so that local
 * commands do not load the SDK.
 * @throws Failure `usage` for a URL that is not the URL of a server
 */
export async function openRemoteDirectory(
  target: Target,
  { userAgent, onChange }: OpenOptions,
): Promise<{ directory: Directory; target: Target }> {
  const api = await createApi({ target, userAgent, clock, random, sleep });
  const directory = remoteDirectory(remoteOperations(api, sleep), {
    clock,
    random,
    target,
    rotations: (operations) => remoteRotations(operations, clock, random),
    onChange,
  });
  return { directory, target };
}
