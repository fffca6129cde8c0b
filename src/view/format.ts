import type { Style } from './style.ts';

export const FORMATS = ['table', 'json', 'yaml', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

/** How a kind of result looks to a person. The other formats need no help. */
export type View<T> = (value: T, style: Style) => string;

/** A whole result as text, line end included; empty when there is nothing to say. */
export type Formatter = <T>(view: View<T>, value: T) => string;

/** One format, with only the libraries it takes. */
export async function formatter(format: Format, query: Query | undefined, style: () => Style): Promise<Formatter> {
  const { plainly } = await import('./plain.ts');
  const prepared = (value: unknown) => plainly(query ? query(value) : value);
  switch (format) {
    case 'json':
      return (_, value) => `${JSON.stringify(prepared(value), null, 2)}\n`;
    case 'yaml': {
      const { yaml } = await import('./yaml.ts');
      return (_, value) => yaml(prepared(value));
    }
    case 'csv': {
      const { csv } = await import('./csv.ts');
      return (_, value) => csv(prepared(value));
    }
    case 'table': {
      const { anything } = await import('./anything.ts');
      return (view, value) => {
        const text = query ? anything(prepared(value), style()) : view(plainly(value) as typeof value, style());
        return text === '' ? '' : `${text}\n`;
      };
    }
  }
}

/** A compiled JMESPath expression. */
export type Query = (value: unknown) => unknown;

/** @throws the library's error when the expression is not JMESPath */
export async function compileQuery(expression: string): Promise<Query> {
  const { compile, TreeInterpreter } = await import('@jmespath-community/jmespath');
  const tree = compile(expression);
  return (value) => TreeInterpreter.search(tree, value as Parameters<typeof TreeInterpreter.search>[1]);
}
