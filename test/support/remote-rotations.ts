import type { Directory } from '../../src/core/directory.ts';
import { remoteDirectory } from '../../src/remote/directory.ts';
import type { RemoteOperations } from '../../src/remote/operations.ts';
import { remoteRotations } from '../../src/remote/rotation.ts';
import type { RotationResult } from '../../src/view/access-key.ts';
import { type CommandResult, type RunOptions, TestWorld } from './test-world.ts';

type AnyFunction = (...input: unknown[]) => Promise<unknown>;

/** A world in which rotations have no local state: they use the operations and tags of the directory in memory. */
export class RemoteRotationWorld extends TestWorld {
  /** The number of calls after which the running command is killed. The answer of the last call is lost. */
  killAfterCalls = Number.POSITIVE_INFINITY;
  /** Runs after this number of calls of the running command. */
  afterCall: [calls: number, work: () => Promise<unknown>] | undefined;
  #calls = 0;
  #wasKilled = false;
  /** The directory in memory. Commands cannot be killed between its calls. */
  readonly stored: Directory;
  /** The id of the first AccessKey of robot. */
  oldId = '';

  constructor() {
    super();
    this.stored = { ...this.directory };
    Object.assign(this.directory, this.#openDirectory(this.stored));
  }

  /** Returns a world with the user robot, who has one AccessKey. */
  static async create(): Promise<RemoteRotationWorld> {
    const world = new RemoteRotationWorld();
    await world.directory.createUser({ UserName: 'robot' });
    world.oldId = await world.createKey();
    return world;
  }

  async createKey(UserName = 'robot'): Promise<string> {
    return (await this.directory.createAccessKey({ UserName })).AccessKeyId;
  }

  /** The AccessKeys of robot, each as its id and status. */
  async keys(): Promise<string[]> {
    const keys = await this.directory.listAccessKeys({ UserName: 'robot' });
    return keys.map(({ AccessKeyId, Status }) => `${AccessKeyId} ${Status}`);
  }

  rotate(words = '', options: RunOptions = {}): Promise<CommandResult> {
    this.#calls = 0;
    return this.ramctl(`ak rotate robot -o json ${words}`, options);
  }

  /** The pair in the file or on stdout: the first id and the first secret. */
  findPair(text: string | undefined) {
    const [AccessKeyId] = /\bLTAI\w{20}\b/.exec(text?.replaceAll(this.oldId, '') ?? '') ?? [];
    const [AccessKeySecret] = /\b[A-Za-z0-9]{30}\b/.exec(text ?? '') ?? [];
    return AccessKeyId && AccessKeySecret ? { AccessKeyId, AccessKeySecret } : undefined;
  }

  /** Runs a command that is killed after this number of calls. Returns whether it was killed, and its result. */
  async kill(calls: number, command: () => Promise<CommandResult>) {
    this.#calls = 0;
    this.#wasKilled = false;
    this.killAfterCalls = calls;
    const result = await command();
    this.killAfterCalls = Number.POSITIVE_INFINITY;
    return { wasKilled: this.#wasKilled, result };
  }

  async rotations(): Promise<RotationResult[]> {
    return this.directory.listRotations({});
  }

  #throwIfKilled(): void {
    if (this.#calls < this.killAfterCalls) return;
    this.#wasKilled = true;
    throw new Error('killed');
  }

  #openDirectory(stored: Directory): Directory {
    const { clock, random } = this;
    const names = Object.keys(stored).filter((name) => typeof stored[name as keyof Directory] === 'function');
    const call = async (name: string, input: unknown[]) => {
      this.#throwIfKilled();
      const answer = await (stored[name as keyof Directory] as AnyFunction)(...input);
      this.#calls += 1;
      this.#throwIfKilled();
      const [after, work] = this.afterCall ?? [0];
      if (work && this.#calls === after) {
        this.afterCall = undefined;
        await work();
      }
      return answer;
    };
    const operations = names.map((name) => [name, (...input: unknown[]) => call(name, input)]);
    return remoteDirectory(Object.fromEntries(operations) as unknown as RemoteOperations, {
      clock,
      random,
      target: { kind: 'endpoint', name: 'https://ram.example.com' },
      rotations: (remote) => remoteRotations(remote, clock, random),
      onChange: () => {},
    });
  }
}
