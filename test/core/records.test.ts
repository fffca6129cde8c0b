import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Records } from '../../src/core/records.ts';

interface Item {
  Id: string;
  ItemName: string;
  Tags?: Record<string, string>;
  Note?: number;
}

const SPELLINGS = ['alice', 'Bob', 'b.b', 'CAROL', 'note', 'x'];
const NAMES = SPELLINGS.map((name) => name.toLowerCase());
/** Tags whose text looks like names and ids of other records. */
const TAGS = [
  {},
  { ItemName: 'x' },
  { itemname: 'alice' },
  { 'a"ItemName': 'bob' },
  { Id: '1' },
  { k: '"ItemName":"x"' },
  // These separators are ends of a line in a pattern, but not in JSON.
  { k: '\u2028{', ItemName: 'note' },
];

function createItem(index: number, tags: number): Item {
  return { Id: `${index}`, ItemName: SPELLINGS[index] ?? '', Tags: TAGS[tags] ?? {} };
}

/** Returns records as a file has them. */
function readLines(lines: readonly string[]): Records<Item> {
  const parse = (line: string, name: string): Item => {
    const item: Item = JSON.parse(line);
    if (item.ItemName.toLowerCase() !== name) reject('contains an invalid record');
    return item;
  };
  return new Records<Item>('ItemName', { text: lines.join(',\n'), parse, reject });
}

function reject(problem: string): never {
  throw new Error(problem);
}

const toLines = (items: Iterable<Item>) => Array.from(items, (item) => JSON.stringify(item));
const encode = (records: Records<Item>) => records.toJsonLines().join(',\n');

/** Records and what a `Map` with the same changes contains. */
interface Pair {
  records: Records<Item>;
  map: Map<string, Item>;
}

/** Changes both and returns nothing, or returns others. */
type Step = (pair: Pair, name: string, index: number) => Pair | undefined;

const STEPS: Record<string, Step> = {
  get({ records, map }, name) {
    expect([records.get(name), records.has(name)]).toEqual([map.get(name), map.has(name)]);
  },
  edit({ records, map }, name, index) {
    for (const item of [records.get(name), map.get(name)]) if (item) item.Note = index;
  },
  set({ records, map }, name, index) {
    const ItemName = index % 2 ? name : name.toUpperCase();
    for (const list of [records, map]) list.set(name, { ...createItem(NAMES.indexOf(name), index), ItemName });
  },
  delete({ records, map }, name) {
    for (const list of [records, map]) list.delete(name);
  },
  rename({ records, map }, name, index) {
    const ItemName = SPELLINGS[index] ?? '';
    for (const list of [records, map]) {
      const item = list.get(name);
      list.delete(name);
      if (item) list.set(ItemName.toLowerCase(), Object.assign(item, { ItemName }));
    }
  },
  search({ records, map }, _, index) {
    const matches = (items: Item[]) => toLines(items.filter(({ Id }) => Id === `${index}`)).sort();
    expect(matches(records.possibleMatches('Id', `${index}`))).toEqual(matches([...map.values()]));
  },
  copy: ({ records, map }) => ({ records: records.copy(), map: structuredClone(map) }),
  share({ records, map }) {
    const shared = records.copy();
    shared.share();
    expect(toLines(shared.values())).toEqual(toLines(map.values()));
    return { records: shared.copy(), map };
  },
  encode({ records, map }) {
    expect(encode(records)).toBe(toLines(map.values()).join(',\n'));
  },
  reread: ({ records, map }) => ({ records: readLines(records.toJsonLines()), map }),
  list({ records, map }) {
    expect([[...records.keys()], records.size]).toEqual([[...map.keys()], map.size]);
    expect([...records]).toEqual([...map]);
  },
};

const indexes = fc.nat({ max: SPELLINGS.length - 1 });
const tags = fc.nat({ max: TAGS.length - 1 });
const step = fc
  .tuple(fc.constantFrom(...Object.keys(STEPS)), indexes, indexes)
  .map(([kind, at, index]) => ({ kind, name: NAMES[at] ?? '', index }));

it('any sequence of changes has the same result as for a Map', () => {
  const items = fc.array(fc.tuple(indexes, tags), { maxLength: 6 });
  fc.assert(
    fc.property(items, fc.array(step, { maxLength: 30 }), (given, steps) => {
      const map = new Map(given.map(([index, tag]) => [NAMES[index] ?? '', createItem(index, tag)]));
      const originalLines = toLines(map.values());
      const original = readLines(originalLines);
      let pair: Pair = { records: original.copy(), map };
      for (const { kind, name, index } of steps) pair = STEPS[kind]?.(pair, name, index) ?? pair;
      for (const kind of ['encode', 'list', 'encode']) STEPS[kind]?.(pair, '', 0);
      expect(encode(original)).toBe(originalLines.join(',\n'));
    }),
    { numRuns: 1000 },
  );
});

it('the differences are those of the Maps before and after', () => {
  const items = fc.array(fc.tuple(indexes, tags), { maxLength: 6 });
  fc.assert(
    fc.property(items, fc.array(step, { maxLength: 10 }), fc.boolean(), (given, steps, isShared) => {
      const before = new Map(given.map(([index, tag]) => [NAMES[index] ?? '', createItem(index, tag)]));
      const earlier = readLines(toLines(before.values()));
      if (isShared) earlier.share();
      earlier.get('alice');
      let pair: Pair = { records: earlier.copy(), map: structuredClone(before) };
      for (const { kind, name, index } of steps) pair = STEPS[kind]?.(pair, name, index) ?? pair;
      const { removed, added } = pair.records.differencesFrom(earlier);
      const missingIn = (map: Map<string, Item>, item: Item) =>
        JSON.stringify(map.get(item.ItemName.toLowerCase())) !== JSON.stringify(item);
      const sorted = (list: Iterable<Item>) => toLines(list).sort();
      expect(sorted(removed)).toEqual(sorted([...before.values()].filter((item) => missingIn(pair.map, item))));
      expect(toLines(added)).toEqual(toLines([...pair.map.values()].filter((item) => missingIn(before, item))));
    }),
    { numRuns: 1000 },
  );
});

describe('records of a file', () => {
  const lines = toLines(SPELLINGS.map((_, index) => createItem(index, index)));

  it('are found by the first search and by the index', () => {
    for (let round = 0; round < 5; round += 1) {
      const records = readLines(lines);
      for (let search = 0; search < 5 * round; search += 1) records.get(`unknown-${search}`);
      expect(NAMES.map((name) => records.get(name)?.ItemName)).toEqual(SPELLINGS);
      for (const name of ['itemname', 'bo', '', 'x","Tags":{', '.*', 'b_b', 'é', '1'.repeat(100_000)]) {
        expect([name, records.get(name)]).toEqual([name, undefined]);
      }
    }
  });

  it('are found by a value, also after many searches', () => {
    for (let round = 0; round < 5; round += 1) {
      const records = readLines(lines);
      for (let search = 0; search < 5 * round; search += 1) records.possibleMatches('Id', `unknown-${search}`);
      records.share();
      expect(records.possibleMatches('Id', '2')).toEqual([records.get('b.b')]);
      expect(records.possibleMatches('Id', '1')).toEqual([records.get('bob'), records.get('note')]);
    }
  });

  it('are not changed by a change of a copy', () => {
    const records = readLines(lines);
    records.get('alice');
    const copy = records.copy();
    Object.assign(copy.get('alice') ?? {}, { Note: 1 });
    copy.delete('bob');
    copy.set('new', { Id: '9', ItemName: 'new' });
    expect(encode(records)).toBe(lines.join(',\n'));
    expect(encode(copy)).not.toContain('"Bob"');
  });

  it('cannot be changed once they are shared', () => {
    const records = readLines(lines);
    Object.assign(records.get('alice') ?? {}, { Note: 1 });
    records.share();
    expect(records.get('alice')).toMatchObject({ Note: 1 });
    expect(records.get('alice')).toBe(records.get('alice'));
    expect(() => Object.assign(records.get('alice') ?? {}, { Note: 2 })).toThrow(TypeError);
    expect(() => records.set('alice', createItem(0, 0))).toThrow('shared');
    expect(() => records.delete('alice')).toThrow('shared');
  });

  it('with one name are refused when they are listed', () => {
    const records = readLines([...lines, '{"Id":"7","ItemName":"ALICE"}']);
    expect(records.get('alice')?.Id).toBe('0');
    expect(() => [...records.keys()]).toThrow('two records with one name');
  });
});
