import {
  applyEdits,
  findNodeAtLocation,
  modify,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';

/** A value of a text and where it begins. A property's children are the nodes of its name and its value. */
export type JsonNode = Node;

/** Something to say about the place of a text that lies `offset` units from its beginning. */
export interface TextIssue {
  message: string;
  offset: number;
}

/** The values of a JSON text with their places, or the first mistake in it: what follows that one is guesswork. */
export function readJson(text: string): { root: JsonNode } | { mistake: TextIssue } {
  const mistakes: ParseError[] = [];
  try {
    const root = parseTree(text, mistakes, { disallowComments: true, allowEmptyContent: true });
    const [first] = mistakes;
    if (root && !first) return { root };
    const words = first && printParseErrorCode(first.error).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    return { mistake: { message: `this is not JSON:${words ?? ' it is empty'}`, offset: first?.offset ?? 0 } };
  } catch (error) {
    // The parser recurses. A text that exhausts the stack nests hundreds of times deeper than any policy does.
    if (!(error instanceof RangeError)) throw error;
    return { mistake: { message: 'lists and objects nest too deep', offset: 0 } };
  }
}

/** Where the value at `path` begins. */
export function findOffset(root: JsonNode, path: (string | number)[]): number {
  return findNodeAtLocation(root, path)?.offset ?? 0;
}

/** A text with the value at `path` set, indented as the rest. The index after a list's last appends. */
export function replaceValue(text: string, path: (string | number)[], value: unknown): string {
  const [, indent = '\t'] = /\n([ \t]+)/.exec(text) ?? [];
  const formattingOptions = { insertSpaces: indent.startsWith(' '), tabSize: indent.length };
  return applyEdits(text, modify(text, path, value, { formattingOptions }));
}
