import { generateSync } from 'otplib';
import type { MfaStatus } from '../../src/core/workflows/mfa.ts';
import { TestWorld } from './test-world.ts';

/** The code of a seed at a time, or the given number of 30-second steps later. */
export function codeAt(secret: string, time: Date, steps = 0): string {
  return generateSync({ secret, epoch: Math.floor(time.getTime() / 1000) + 30 * steps });
}

/** Creates an unbound device for a user. Returns its seed and the two codes that bind it. */
export async function createUnboundDevice(
  world: TestWorld,
  user: string,
): Promise<{ seed: string; codes: [string, string] }> {
  const { json } = await world.ramctl(['mfa', 'enable', user, '--no-bind', '-o', 'json']);
  const seed = (json as { Base32StringSeed: string }).Base32StringSeed;
  const now = world.clock.now();
  return { seed, codes: [codeAt(seed, now), codeAt(seed, now, 1)] };
}

/** Creates a device for a user and binds it. */
export async function bindDevice(world: TestWorld, user: string): Promise<void> {
  const { codes } = await createUnboundDevice(world, user);
  await world.ramctl(bindArgs(user, codes));
}

/** The arguments of an `mfa bind` command. */
export function bindArgs(user: string, codes: string[]): string[] {
  return ['mfa', 'bind', user, '-o', 'json', ...codes.flatMap((code) => ['--code', code])];
}

/** A world with the users alice, with console logon, and bob, without. */
export async function createMfaWorld(): Promise<TestWorld> {
  const world = new TestWorld();
  await world.ramctl('user create alice --console');
  await world.ramctl('user create bob');
  return world;
}

export async function readDevices(world: TestWorld) {
  return [...(await world.state()).MFADevices.values()];
}

/** The result of `mfa get`. */
export async function getMfaStatus(world: TestWorld, user: string): Promise<MfaStatus> {
  return (await world.ramctl(`mfa get ${user} -o json`)).json;
}
