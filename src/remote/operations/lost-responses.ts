import { isFailure } from '../../core/failure.ts';
import type { Parameters, Product, Response } from '../api.ts';
import type { RemoteContext } from './context.ts';

/*
 * The response to a call can be lost after RAM has made the change. These functions repeat such a call without making the change
 * twice, and without reporting the change of the lost call as an error.
 */

interface Creation<Found, Result> {
  read(response: Response): Result;
  /** Returns the entity if it exists, otherwise null. It is called before the creation, too. */
  lookUp(): Promise<Found | null>;
  /**
   * Returns the result for an entity that a lost call has created, or undefined if another process has created it. Can
   * also delete the entity and return undefined, so that it is created again.
   */
  adopt(found: Found): Result | undefined | Promise<Result | undefined>;
}

/** Calls an action that creates an entity. An entity that existed before the call is never taken for a new one. */
export async function createOnce<Found, Result>(
  { api }: RemoteContext,
  [product, action]: [Product, string],
  parameters: Parameters,
  { read, lookUp, adopt }: Creation<Found, Result>,
): Promise<Result> {
  const existed = (await lookUp()) !== null;
  return api.callOnce(product, action, parameters, read, async () => {
    const found = existed ? null : await lookUp();
    return found === null ? undefined : adopt(found);
  });
}

/**
 * Calls an action of RAM 2015-05-01 that fails with `doneCode` when it is repeated. After a lost response, this error means that the
 * lost call made the change.
 */
export async function changeOnce(
  { api }: RemoteContext,
  action: string,
  parameters: Parameters,
  doneCode: string,
): Promise<void> {
  let isAnswerLost = false;
  const repeat = async () => {
    isAnswerLost = true;
    return undefined;
  };
  try {
    await api.callOnce('RAM', action, parameters, () => true, repeat);
  } catch (error) {
    if (!isAnswerLost || !isFailure(error, doneCode)) throw error;
  }
}

/** An entity that can be renamed: its id and its present name. */
interface Named {
  id: string;
  name: string;
}

interface Rename {
  from: string;
  to: string | undefined;
  lookUp(name: string): Promise<Named | null>;
}

/**
 * Calls an update that can contain a new name. After a lost response, the update was made if the entity has the new name. A
 * repetition would not find the old name.
 */
export async function updateOnce(
  { api }: RemoteContext,
  [product, action]: [Product, string],
  parameters: Parameters,
  { from, to, lookUp }: Rename,
): Promise<void> {
  if (to === undefined || to === from) {
    await api.call(product, action, parameters);
    return;
  }
  const before = await lookUp(from);
  const findRenamed = async () => {
    const after = await lookUp(to);
    return after && after.id === before?.id && after.name === to ? true : undefined;
  };
  await api.callOnce(product, action, parameters, () => true, findRenamed);
}
