import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Clock, ramDate } from '../core/clock.ts';
import type { Entropy } from '../core/entropy.ts';
import { Failure, isFailure } from '../core/failure.ts';
import { copyOf, type State, sharedBy } from '../core/state.ts';
import type { Change, Finding, Store } from '../core/store.ts';
import type { Vault } from '../core/vault.ts';
import { commit, finish, replace, stampOf, sweep } from './commit.ts';
import { readThroughConf, refuseUnlessFile } from './conf.ts';
import { keep } from './durable.ts';
import { lockOf } from './lock.ts';
import { decode, encode, encodeBody, type Stored, VERSION } from './schema.ts';
import { storageFailure } from './trouble.ts';

/** How often a command tries again because another one was faster; under a lock that holds, once is enough. */
const MOST_ATTEMPTS = 100;
/** How long a process with more to change leaves the lock to others, in milliseconds. */
const TURN = 5;

export interface JsonStoreOptions {
  clock: Clock;
  entropy: Entropy;
  fresh: () => State;
  /** Told after each change that became durable. */
  committed?: () => void;
}

/** A change that waits for its transaction. */
interface Wish {
  work: (state: State) => Promise<unknown>;
  isAside: boolean;
  done: (change: Change<unknown>) => void;
  fail: (error: unknown) => void;
}

/**
 * A directory in a JSON file. conf finds, reads and (de)serialises it; writing is `commit.ts`, because conf's own
 * write can leave a broken file on a full disk.
 */
export class JsonStore implements Store {
  readonly path: string;
  readonly #options: JsonStoreOptions;
  readonly #waiting: Wish[] = [];
  #isAtWork = false;
  #isAgain = false;
  /** What was read last, and the stamp that the file had then. */
  #kept: { stamp: string; stored: Stored } | undefined;

  /** `path`: see `directoryPath`. Opens nothing yet. */
  constructor(path: string, options: JsonStoreOptions) {
    this.path = path;
    this.#options = options;
  }

  /** True as well where we may not look: whoever opens the file will be told. */
  exists(): boolean {
    try {
      return statSync(this.path, { throwIfNoEntry: false }) !== undefined;
    } catch {
      return true;
    }
  }

  async read<T>(work: (state: State) => Promise<T>): Promise<T> {
    const stored = this.#load();
    return work(stored === this.#kept?.stored ? sharedBy(stored.state) : stored.state);
  }

  change<T>(work: (state: State) => Promise<T>, isAside = false): Promise<Change<T>> {
    return new Promise((done, fail) => {
      this.#waiting.push({ work, isAside, done: done as Wish['done'], fail });
      if (!this.#isAtWork) void this.#workOff();
    });
  }

  /**
   * Those who wait when a transaction begins share it: many changes at once cost one commit. When that fails, it fails for
   * all of them, also for who would have been refused.
   */
  async #workOff(): Promise<void> {
    this.#isAtWork = true;
    while (this.#waiting.length > 0) {
      const wishes = this.#waiting.splice(0);
      try {
        for (const settle of await this.#locked(() => this.#transact(wishes))) settle();
      } catch (error) {
        for (const { fail } of wishes) fail(error);
      }
      // Other processes get their turn.
      if (this.#waiting.length > 0) await pause(TURN);
    }
    this.#isAtWork = false;
  }

  async #transact(wishes: Wish[]): Promise<(() => void)[]> {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
      const settled = await this.#attempt(wishes);
      if (settled) return settled;
      await pause(10);
    }
    throw new Failure('later', 'DirectoryBusy', `${this.path} is being changed by something else`, {
      Hint: 'ramctl directory check',
    });
  }

  /** One transaction, or undefined when another process was faster. A wish that throws leaves nothing behind. */
  async #attempt(wishes: Wish[]): Promise<(() => void)[] | undefined> {
    const stored = this.#load();
    // What a killed command has claimed came first, also for one that is refused now.
    if (this.#guard(() => finish(this.path, stored.revision))) return undefined;
    let present = stored.state;
    const settled: (() => void)[] = [];
    for (const { work, done, fail } of wishes) {
      const before = present;
      const after = copyOf(before);
      try {
        const value = await work(after);
        present = after;
        settled.push(() => done({ value, before: () => copyOf(before), after }));
      } catch (error) {
        settled.push(() => fail(error));
      }
    }
    if (present === stored.state) return settled;
    const body = encodeBody(present);
    if (body === stored.body) return settled;
    const { tag, kept } = this.#newTag();
    const text = encode(stored.revision + 1, body, tag);
    const isDone = this.#guard(() => {
      sweep(this.path, stored.revision, this.#options.clock.now());
      // An older ramctl can go on with what it wrote.
      if (stored.version < VERSION) keep(this.path, kept);
      return commit(this.path, stored.revision, tag, text);
    });
    if (!isDone) return undefined;
    if (wishes.some(({ isAside }) => !isAside)) this.#options.committed?.();
    return settled;
  }

  /** Whoever asks again and again reads the file again only when it has changed; most commands ask once. */
  #load(): Stored {
    if (!this.#isAgain) {
      this.#isAgain = true;
      return this.#read();
    }
    const stamp = () => this.#guard(() => stampOf(this.path));
    const now = stamp();
    if (this.#kept && this.#kept.stamp === now) return this.#kept.stored;
    const stored = this.#read();
    this.#kept = now !== undefined && now === stamp() ? { stamp: now, stored } : undefined;
    return stored;
  }

  #read(): Stored {
    return this.#guard(() => {
      refuseUnlessFile(this.path);
      const text = readThroughConf(this.path);
      if (text !== undefined) return decode(text, this.path);
      const state = this.#options.fresh();
      return { version: VERSION, revision: 0, body: encodeBody(state), text: '', state };
    });
  }

  /** Runs `work` while no other ramctl does. Folders that were made for nothing go again. */
  async #locked<T>(work: () => Promise<T>): Promise<T> {
    const folder = dirname(this.path);
    const made = this.#guard(() => mkdirSync(folder, { recursive: true, mode: 0o700 }));
    const release = await lockOf(this.path, this.#options);
    try {
      return await work();
    } finally {
      // A lock that somebody took over after a long pause is theirs to release.
      await release().catch(() => {});
      if (made !== undefined && !this.exists()) removeEmpty(folder, made);
    }
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw error instanceof Failure || code === undefined ? error : storageFailure(code, this.path);
    }
  }

  /** What is there now; undefined when nothing is. @throws Failure `broken` */
  stored(): Stored | undefined {
    const stored = this.#load();
    return stored.revision === 0 ? undefined : stored;
  }

  /**
   * Puts another body in the place of whatever is there, readable or not; what was there is kept under the name that is
   * returned, null when nothing was.
   */
  async replace(body: string): Promise<string | null> {
    return this.#locked(async () =>
      this.#guard(() => {
        refuseUnlessFile(this.path);
        const { tag, kept } = this.#newTag();
        const isKept = replace(this.path, tag, kept, (revision) => encode(revision, body, tag));
        this.#options.committed?.();
        return isKept ? kept : null;
      }),
    );
  }

  /** 16 hexadecimal digits of a change, and under which name it keeps what it replaces, if it does. */
  #newTag(): { tag: string; kept: string } {
    const { clock, entropy } = this.#options;
    const tag = Buffer.from(entropy.bytes(8)).toString('hex');
    return { tag, kept: `${this.path}.${ramDate(clock.now()).replaceAll(':', '')}-${tag.slice(0, 4)}` };
  }

  /** What the file and its records have wrong. What killed commands left behind is cleaned away first. */
  async check(vault: Vault): Promise<Finding[]> {
    if (!this.exists()) return [];
    try {
      await this.#tidy(vault);
      const { inspect } = await import('../core/check.ts');
      return await inspect(this.#load().state, vault);
    } catch (error) {
      if (error instanceof Failure) return [{ Code: error.code, Message: error.message }];
      throw error;
    }
  }

  /** Finishes a claim, removes leftovers and a stale lock, where the folder lets us. */
  async #tidy(vault: Vault): Promise<void> {
    const { revision } = this.#load();
    await this.#locked(async () =>
      this.#guard(() => {
        finish(this.path, revision);
        sweep(this.path, revision, this.#options.clock.now());
        vault.tidy();
      }),
    ).catch((error: unknown) => {
      if (!isFailure(error, 'DirectoryUnusable', 'DirectoryUnavailable', 'DirectoryLocked')) throw error;
    });
  }
}

/** Removes folders from `folder` up to `top` as long as they are empty. */
function removeEmpty(folder: string, top: string): void {
  try {
    rmdirSync(folder);
  } catch {
    return;
  }
  if (folder !== top) removeEmpty(dirname(folder), top);
}
