import { foldCase } from '../state.ts';
import type { Description } from './description.ts';
import { type Change, ENTITIES } from './plan.ts';

/** Returns the description of a directory after changes. Lists keep the items that refer to deleted entities. */
export function describeAfter(current: Description, changes: Change[]): Description {
  const lists = ENTITIES.map(({ kind, list, name }) => {
    const entities = new Map<string, object>(
      current[list].map((entity) => [foldCase(String((entity as unknown as Record<string, unknown>)[name])), entity]),
    );
    for (const { Kind, Name, After } of changes) {
      if (Kind !== kind) continue;
      const key = foldCase(Name);
      if (After) entities.set(key, { [name]: Name, ...entities.get(key), ...After });
      else entities.delete(key);
    }
    return [list, [...entities.values()]];
  });
  return { ...current, ...Object.fromEntries(lists) };
}
