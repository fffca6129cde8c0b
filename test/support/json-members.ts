/** A part of the notation of `help json`: the members of an object, the element of a list, or a word for a plain value. */
type Shape = Map<string, { isOptional: boolean; shape: Shape | undefined }> | [Shape | undefined];

/**
 * Returns the differences between a result and its description in the notation of `help json`, as paths. A member is
 * `missing` in the result or `undocumented`.
 */
export function findDifferences(value: unknown, notation: string): string[] {
  return compare(value, parseShape(notation), 'result');
}

function compare(value: unknown, shape: Shape | undefined, path: string): string[] {
  if (value === null || !shape) return [];
  if (Array.isArray(shape)) {
    if (!Array.isArray(value)) return [`${path} is no list`];
    return value.flatMap((item) => compare(item, shape[0], `${path}[]`));
  }
  if (typeof value !== 'object' || Array.isArray(value)) return [`${path} is no object`];
  const members = new Map(Object.entries(value));
  return [
    ...Array.from(members.keys(), (name) => (shape.has(name) ? [] : [`${path}.${name} is undocumented`])).flat(),
    ...Array.from(shape).flatMap(([name, member]) => {
      if (members.has(name)) return compare(members.get(name), member.shape, `${path}.${name}`);
      return member.isOptional ? [] : [`${path}.${name} is missing`];
    }),
  ];
}

function parseShape(notation: string): Shape | undefined {
  const tokens = notation.match(/[{}[\],:|]|[\w?]+/g) ?? [];
  const parse = (): Shape | undefined => {
    const token = tokens.shift();
    if (token === '[') {
      const element = parse();
      expectToken(']');
      return [element];
    }
    if (token !== '{') return tokens[0] === '|' && tokens.shift() ? parse() : undefined;
    const members = new Map();
    do {
      const name = tokens.shift() ?? '';
      const shape = tokens[0] === ':' && tokens.shift() ? parse() : undefined;
      members.set(name.replace('?', ''), { isOptional: name.endsWith('?'), shape });
    } while (tokens[0] === ',' && tokens.shift());
    expectToken('}');
    return members;
  };
  const expectToken = (expected: string) => {
    const token = tokens.shift();
    if (token !== expected) throw new Error(`expected ${expected} instead of ${token} in ${notation}`);
  };
  const shape = parse();
  if (tokens.length > 0) throw new Error(`unexpected ${tokens[0]} in ${notation}`);
  return shape;
}
