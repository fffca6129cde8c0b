import { isFailure } from '../core/failure.ts';
import { Records } from '../core/records.ts';
import { foldCase } from '../core/state.ts';

/** After this many lookups of single entities, all entities are listed: an import of many users would look up each. */
const MAX_LOOKUPS = 20;
/** The number of requests that are sent at the same time. */
const CONCURRENT_REQUESTS = 8;

/** How entities of one kind are read from a remote directory and stored. */
export interface EntityKind<Entity, Stored> {
  nameOf: (entity: Entity | Stored) => string;
  isValidName: (name: string) => boolean;
  /** Absent if the API reads only the whole list. @throws Failure `missing` */
  get?: (name: string) => Promise<Entity>;
  list: () => Promise<Entity[]>;
  toRecord: (entity: Entity) => Stored;
}

/**
 * Records whose `size` counts only those that the copy has added. The local rules therefore find no quota exceeded: that is
 * decided with the counts and quotas of the account.
 */
export class CopiedRecords<Stored extends object> extends Records<Stored> {
  loadedCount = 0;

  override get size(): number {
    return super.size - this.loadedCount;
  }
}

/**
 * The records of one kind in a copy of a remote directory. A record is loaded when it is first needed, and only once: later
 * changes of the copy remain.
 */
export class LazyRecords<Entity, Stored extends object> {
  readonly records: CopiedRecords<Stored>;
  readonly #kind: EntityKind<Entity, Stored>;
  /** The records that were loaded, and their names in the remote directory: the copy may have renamed them. */
  readonly #remoteNames = new Map<Stored, string>();
  readonly #byRemoteName = new Map<string, Stored>();
  /** What was loaded or is being loaded, by name. */
  readonly #lookups = new Map<string, Promise<void>>();
  /** The records that have only some of their members. */
  readonly #partial = new Set<Stored>();
  readonly #parts = new Map<string, Promise<void>>();
  #list: Promise<Map<string, Entity>> | undefined;

  constructor(records: CopiedRecords<Stored>, kind: EntityKind<Entity, Stored>) {
    this.records = records;
    this.#kind = kind;
  }

  /** Loads the entity with this name, and returns the record that has the name in the copy. */
  async loadOne(name: string): Promise<Stored | undefined> {
    await this.#loadName(name);
    return this.records.get(foldCase(name));
  }

  /** Loads the entity that has this name in the remote directory. */
  async loadRemote(name: string): Promise<Stored | undefined> {
    await this.#loadName(name);
    return this.#byRemoteName.get(foldCase(name));
  }

  /** Loads all entities. */
  async loadAll(): Promise<void> {
    for (const entity of (await this.#listAll()).values()) this.addLoaded(entity);
  }

  /** Adds an entity that another operation has returned, unless it was loaded: the copy may have renamed or deleted it. */
  addLoaded(entity: Entity): void {
    const key = foldCase(this.#kind.nameOf(entity));
    if (this.#lookups.has(key)) return;
    this.#lookups.set(key, Promise.resolve());
    this.#add(entity);
  }

  /**
   * Loads a part of a record once. `load` gets the record and its name in the remote directory. A record that the copy has
   * created is complete.
   */
  async loadPart(
    record: Stored | undefined,
    part: string,
    load: (record: Stored, remoteName: string) => Promise<void>,
  ): Promise<void> {
    const remoteName = record && this.#remoteNames.get(record);
    if (!record || remoteName === undefined) return;
    const key = `${part} ${remoteName}`;
    const loading = this.#parts.get(key) ?? load(record, remoteName);
    this.#parts.set(key, loading);
    await loading;
  }

  /** Adds a record with only some of its members, unless it was loaded. The others are loaded when it is needed. */
  addPartial(record: Stored): void {
    const key = foldCase(this.#kind.nameOf(record));
    if (this.#lookups.has(key) || this.records.has(key)) return;
    this.#partial.add(record);
    this.#store(record);
  }

  async #loadName(name: string): Promise<void> {
    const key = foldCase(name);
    if (!this.#kind.isValidName(name)) return;
    const lookup = this.#lookups.get(key) ?? this.#lookUp(name);
    this.#lookups.set(key, lookup);
    await lookup;
  }

  async #lookUp(name: string): Promise<void> {
    const { get } = this.#kind;
    const isLookedUp = get && this.#list === undefined && this.#lookups.size < MAX_LOOKUPS;
    const entity = isLookedUp ? await ifExists(get(name)) : (await this.#listAll()).get(foldCase(name));
    if (entity) this.#add(entity);
  }

  #listAll(): Promise<Map<string, Entity>> {
    const toEntry = (entity: Entity) => [foldCase(this.#kind.nameOf(entity)), entity] as const;
    this.#list ??= this.#kind.list().then((entities) => new Map(entities.map(toEntry)));
    return this.#list;
  }

  #add(entity: Entity): void {
    const record = this.#kind.toRecord(entity);
    const partial = this.records.get(foldCase(this.#kind.nameOf(record)));
    if (partial && this.#partial.delete(partial)) Object.assign(partial, record);
    else this.#store(record);
  }

  #store(record: Stored): void {
    const name = this.#kind.nameOf(record);
    this.records.set(foldCase(name), record);
    this.#remoteNames.set(record, name);
    this.#byRemoteName.set(foldCase(name), record);
    this.records.loadedCount += 1;
  }
}

/** Returns the result of a lookup, or undefined if there is nothing. */
export async function ifExists<T>(lookup: Promise<T>): Promise<T | undefined> {
  try {
    return await lookup;
  } catch (error) {
    if (isFailure(error) && error.kind === 'missing') return undefined;
    throw error;
  }
}

/** Runs `work` for each item, for several items at the same time. */
export async function forEachItem<T>(items: Iterable<T>, work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = [...items].values();
  const runQueued = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: CONCURRENT_REQUESTS }, runQueued));
}
