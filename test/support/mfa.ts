import { generateSync } from 'otplib';
import type { TestWorld } from './test-world.ts';

/** The code of a seed at a moment, so many steps of 30 seconds away. */
export function codeAt(secret: string, moment: Date, steps = 0): string {
  return generateSync({ secret, epoch: Math.floor(moment.getTime() / 1000) + 30 * steps });
}

/** Makes an unbound device for a user; returns its seed and the two codes that will bind it. */
export async function createUnboundDevice(
  world: TestWorld,
  user: string,
): Promise<{ seed: string; codes: [string, string] }> {
  const { json } = await world.ramctl(['mfa', 'enable', user, '--no-bind', '-o', 'json']);
  const seed = (json as { Base32StringSeed: string }).Base32StringSeed;
  const now = world.clock.now();
  return { seed, codes: [codeAt(seed, now), codeAt(seed, now, 1)] };
}

/** Binds a device to a user. */
export async function bindDevice(world: TestWorld, user: string): Promise<void> {
  const { codes } = await createUnboundDevice(world, user);
  await world.ramctl(['mfa', 'bind', user, '--code', codes[0], '--code', codes[1]]);
}
