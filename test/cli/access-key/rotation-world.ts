import { expect } from 'vitest';
import { Failure } from '../../../src/core/failure.ts';
import type { State, UserRecord } from '../../../src/core/state.ts';
import type { CreatedUser } from '../../../src/core/workflows/provision.ts';
import type { RotationResult } from '../../../src/view/access-key.ts';
import { type CommandResult, type RunOptions, TestWorld } from '../../support/test-world.ts';

/** A world with the users alice and bob, who have one AccessKey each. The tests rotate the AccessKey of alice. */
export class RotationWorld extends TestWorld {
  /** The id of the first AccessKey of alice. */
  oldId = '';

  static async create(): Promise<RotationWorld> {
    const world = new RotationWorld();
    const { AccessKey }: CreatedUser = (await world.ramctl('user create alice --access-key -o json')).json;
    world.oldId = AccessKey?.AccessKeyId ?? '';
    await world.ramctl('user create bob --access-key');
    return world;
  }

  async alice(): Promise<UserRecord> {
    const user = (await this.state()).Users.get('alice');
    if (!user) throw new Error('alice does not exist');
    return user;
  }

  /** The AccessKeys of alice, each as its id and status. */
  async keys(): Promise<string[]> {
    return (await this.alice()).AccessKeys.map(({ AccessKeyId, Status }) => `${AccessKeyId} ${Status}`);
  }

  /** The states of the rotations of alice. */
  async rotationStates(): Promise<string[]> {
    return (await this.alice()).Rotations?.map(({ State }) => State) ?? [];
  }

  rotate(words = '', situation: RunOptions = {}): Promise<CommandResult> {
    return this.ramctl(`ak rotate alice -o json ${words}`, situation);
  }

  /** Expects a rotation without errors and remarks. Returns its result. */
  async rotated(words = '', situation: RunOptions = {}): Promise<RotationResult> {
    const { code, err, json } = await this.rotate(words, situation);
    expect([code, err]).toEqual([0, '']);
    return json;
  }

  /** Expects an error that leaves the directory and all sinks unchanged. Returns the error. */
  async expectRefused(exitCode: number, Code: string, words: string, situation: RunOptions = {}) {
    const before = await this.#comparableState();
    const { code, out, error } = await this.rotate(words, situation);
    expect([code, error.Code, out]).toEqual([exitCode, Code, '']);
    expect(await this.#comparableState()).toEqual(before);
    expect(this.openPaths.size).toBe(0);
    return error;
  }

  /** Creates a second AccessKey for alice. Returns its id. */
  async createSecondKey(): Promise<string> {
    await this.ramctl('ak create alice');
    return (await this.alice()).AccessKeys[1]?.AccessKeyId ?? '';
  }

  /** Makes every change of the directory fail. Returns the function that ends this. */
  lock(): () => void {
    const { change } = this.store;
    this.store.change = () => Promise.reject(new Failure('later', 'DirectoryLocked', 'another process has the lock'));
    return () => {
      this.store.change = change;
    };
  }

  /** The state, with absent rotations instead of an empty list. */
  async #comparableState(): Promise<State> {
    const state = await this.state();
    for (const user of state.Users.values()) if (user.Rotations?.length === 0) delete user.Rotations;
    return state;
  }
}
