/** Returns the named members of a value. As in IMS, members without a value are empty texts. */
export function pick<Name extends string>(value: { [N in Name]: unknown }, ...names: Name[]): object {
  return Object.fromEntries(names.map((name) => [name, value[name] ?? '']));
}

/** Returns a formatter: `{ [wrapper]: … }` with the named members of the output. */
export function wrap<Name extends string>(wrapper: string, ...names: Name[]) {
  return (output: { [N in Name]: unknown }): object => ({ [wrapper]: pick(output, ...names) });
}

/** Returns a formatter for lists: `{ Groups: { Group: […] } }`, with the named members of each item. */
export function wrapList<Name extends string>(plural: string, singular: string, ...names: Name[]) {
  return (list: { [N in Name]: unknown }[]) => ({ [plural]: { [singular]: list.map((item) => pick(item, ...names)) } });
}
