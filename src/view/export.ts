/** As `UNSAFE_CHARACTERS` in unsafe-characters.ts, except for those that YAML and JSON escape. */
const INVISIBLE = /[\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** Returns the text of data as JSON. Invisible characters are escaped, so that the text shows all it contains. */
export function formatExportedJson(data: unknown): string {
  return `${escapeInvisible(JSON.stringify(data ?? null, null, 2))}\n`;
}

/** Returns the text of data as YAML. A policy and a tag are one line, so that a change of a list is one line as well. */
export async function formatExportedYaml(data: unknown): Promise<string> {
  const { Document, isScalar, visit } = await import('yaml');
  const document = new Document(data ?? null, { compat: 'yaml-1.1', aliasDuplicateObjects: false });
  visit(document, {
    Map: (_, node) => {
      const isShort = node.items.length === 2 && node.items.every(({ value }) => isScalar(value));
      if (isShort && (node.has('PolicyType') || node.has('TagKey'))) node.flow = true;
    },
    Scalar: (_, node) => {
      // Only double quotes can hold an escape.
      if (typeof node.value === 'string' && node.value.search(INVISIBLE) !== -1) node.type = 'QUOTE_DOUBLE';
    },
  });
  return escapeInvisible(document.toString({ lineWidth: 0 }));
}

function escapeInvisible(text: string): string {
  return text.replace(INVISIBLE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
