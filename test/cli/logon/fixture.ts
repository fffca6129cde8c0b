import { expect } from 'vitest';
import type { State, UserRecord } from '../../../src/core/state.ts';
import { bindDevice, codeAt } from '../../support/mfa.ts';
import { type Answers, TestWorld } from '../../support/test-world.ts';

export type { Answers };

export const PASSWORD = 'Correct-Horse-9';
export const NEW_PASSWORD = 'Battery-Staple-7';
export const HOUR = 3600;
export const DAY = 24 * HOUR;

/** A directory with the alias `acme` and the user alice, who can log on with `PASSWORD`. */
export async function createLogonWorld(): Promise<LogonWorld> {
  const world = new LogonWorld();
  await world.ramctl('account alias acme');
  await world.ramctl('user create alice --console --password-stdin --password-reset not-required', { input: PASSWORD });
  return world;
}

/** The seed that `logon` shows in groups of four characters. */
export function readShownSeed(err: string): string {
  return (err.match(/\b[A-Z2-7]{4}\b/g) ?? []).join('');
}

export class LogonWorld extends TestWorld {
  /** Runs `logon` with a password on stdin. */
  logOn(password: string, options = '', name = 'alice@acme') {
    return this.ramctl(['logon', name, '--password-stdin', '-o', 'json', ...options.split(' ').filter(Boolean)], {
      input: password,
      files: { new: `${NEW_PASSWORD}\n`, weak: 'sh0rt', same: PASSWORD },
    });
  }

  /** Runs `logon` with a person at the terminal. */
  logOnAtTerminal(answers: Answers) {
    return this.ramctl('logon alice@acme -o json', { answers });
  }

  async enterWrongPasswords(count: number): Promise<void> {
    for (let attempt = 0; attempt < count; attempt += 1) expect((await this.logOn('wrong')).code).toBe(4);
  }

  setPassword(password: string) {
    return this.ramctl('login set alice --password-stdin --password-reset not-required', { input: password });
  }

  changeSettings(options: string) {
    return this.ramctl(`account settings set ${options}`);
  }

  async alice(): Promise<UserRecord> {
    return (await this.state()).Users.get('alice') as UserRecord;
  }

  timestamp(): string {
    return this.clock.now().toISOString().replace('.000', '');
  }

  /** The code of a seed, `steps` steps away from now. */
  codeAt(seed: string, steps = 0): string {
    return codeAt(seed, this.clock.now(), steps);
  }

  /** Binds a device to alice and returns its seed. */
  async bindDevice(): Promise<string> {
    await bindDevice(this, 'alice');
    const [device] = (await this.state()).MFADevices.values();
    return device?.SealedSeed.split('|')[1] ?? '';
  }

  /** As `bindDevice`. The present codes are not used yet. */
  async bindDeviceAnHourAgo(): Promise<string> {
    const seed = await this.bindDevice();
    this.clock.step(HOUR);
    return seed;
  }

  /** A copy of the state without the steps of used codes, which a failed logon is allowed to change. */
  async stateWithoutUsedCodes(): Promise<State> {
    const state = await this.state();
    for (const device of state.MFADevices.values()) delete device.LastTimeStep;
    return state;
  }
}
