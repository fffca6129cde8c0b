import * as jsonc from 'jsonc-parser';

/** A value of a JSON text and its position. The children of a property are the nodes of its name and its value. */
export type JsonNode = jsonc.Node;

/** A message about a position in a text. `offset` counts UTF-16 code units. */
export type TextIssue = { message: string; offset: number };

/** Returns the values of a JSON text with their positions, or the first syntax error. Later errors are unreliable. */
export function readJson(text: string): { root: JsonNode } | { mistake: TextIssue } {
  const errors: jsonc.ParseError[] = [];
  try {
    const root = jsonc.parseTree(text, errors, { disallowComments: true, allowEmptyContent: true });
    const [first] = errors;
    if (root && !first) return { root };
    const reason =
      first && jsonc.printParseErrorCode(first.error).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    return { mistake: { message: `this is not JSON:${reason ?? ' it is empty'}`, offset: first?.offset ?? 0 } };
  } catch (error) {
    // The parser is recursive. Only a text that is nested far deeper than any policy exhausts the stack.
    if (!(error instanceof RangeError)) throw error;
    return { mistake: { message: 'lists and objects are nested too deep', offset: 0 } };
  }
}

/** Returns where the value at `path` starts. */
export function findOffset(root: JsonNode, path: (string | number)[]): number {
  return jsonc.findNodeAtLocation(root, path)?.offset ?? 0;
}

/** Returns the path of the innermost value or name at an offset. */
export function findPath(text: string, offset: number): (string | number)[] {
  const json = readJson(text);
  const node = 'root' in json ? jsonc.findNodeAtOffset(json.root, offset) : undefined;
  return node ? jsonc.getNodePath(node) : [];
}

/** Returns the text with another value at `path`, with the same indentation. The index after the last item appends. */
export function replaceValue(text: string, path: (string | number)[], value: unknown): string {
  const [, indent = '\t'] = /\n([ \t]+)/.exec(text) ?? [];
  const formattingOptions = { insertSpaces: indent.startsWith(' '), tabSize: indent.length };
  return jsonc.applyEdits(text, jsonc.modify(text, path, value, { formattingOptions }));
}
