import type { State } from './state.ts';
import { findUserById } from './state.ts';

/** The names of groups and users by ID. */
export type NamesById = Record<string, string>;

type Item = Record<string, unknown>;

/** Returns the name of the group or user with an ID in the latest of these states that has it. */
export function findName(kind: 'Group' | 'User', id: string, states: State[]): string | undefined {
  const find = (state: State) => {
    if (kind === 'User') return findUserById(state, id)?.UserName;
    return state.Groups.possibleMatches('GroupId', id).find(({ GroupId }) => GroupId === id)?.GroupName;
  };
  return states.flatMap((state) => find(state) ?? []).at(-1);
}

/** Returns the names of the groups of a user and of the user of an MFA device, which these records contain by ID. */
export function findReferencedNames(records: object[], states: State[]): NamesById {
  const entries = records.flatMap((record) => {
    const { Groups = [], Binding } = record as { Groups?: Item[]; Binding?: Item };
    const groups = Groups.map(({ GroupId }) => ['Group', String(GroupId)] as const);
    return Binding ? [...groups, ['User', String(Binding.UserId)] as const] : groups;
  });
  const named = entries.flatMap(([kind, id]) => {
    const name = findName(kind, id, states);
    return name === undefined ? [] : [[id, name] as const];
  });
  return Object.fromEntries(named);
}

/** Returns a record with the names of the groups and users that it contains by ID. */
export function addReferencedNames(record: object, names: NamesById): object {
  const { Groups, Binding } = record as { Groups?: Item[]; Binding?: Item };
  return {
    ...record,
    ...(Groups && { Groups: Groups.map((item) => addName(item, 'Group', names)) }),
    ...(Binding && { Binding: addName(Binding, 'User', names) }),
  };
}

function addName(item: Item, kind: 'Group' | 'User', names: NamesById): Item {
  const name = names[String(item[`${kind}Id`])];
  return name === undefined ? item : { [`${kind}Name`]: name, ...item };
}
