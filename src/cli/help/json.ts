import { NOUNS } from '../nouns.ts';
import { usageError } from '../usage-error.ts';
import { JSON_MEMBERS } from './json-members.ts';
import { wrapText } from './wrap.ts';

const INTRODUCTION = `JSON results

--output json prints one object, or a list of objects, with RAM's member names.
--query selects members with a JMESPath expression. A value that does not exist
is null or its member is missing. Dates are YYYY-MM-DDThh:mm:ssZ.

{…} is an object with these members, […] a list. Some results do not have the
members with a question mark. Later versions may add members.

Secrets are in the result of the command that creates them, unless --secret-to
names another destination. --dry-run prints no secret and no new ID.

A failing command prints one object on stderr:
  {Code, Message, Hint?, Field?, Row?, Errors?: [{Code, Message, Field, Row}],
  Blockers?: [{Kind, Name, Command}], RequestId?}
`;

/**
 * Returns the members of the results of all verbs, or of the verbs whose names start with `names`.
 * @throws Failure `usage` if there is no such verb
 */
export function formatJsonHelp(names: string[]): string {
  const [noun = '', ...verb] = names;
  const nounOfAlias = Object.keys(NOUNS).find((name) => NOUNS[name]?.alias === noun);
  const path = [nounOfAlias ?? noun, ...verb].join(' ');
  const verbs = Object.keys(JSON_MEMBERS).filter((name) => path === '' || `${name} `.startsWith(`${path} `));
  if (verbs.length === 0) throw usageError(`no command "${path}" prints JSON`, undefined, 'ramctl help json');
  // Verbs with equal results are listed together.
  const shapes = new Map<string, string[]>();
  for (const name of verbs) {
    const shape = JSON_MEMBERS[name] ?? '';
    shapes.set(shape, [...(shapes.get(shape) ?? []), name]);
  }
  const sections = Array.from(
    shapes,
    ([shape, list]) => `${wrapText(list.join(', '), '')}\n${wrapText(`  ${shape}`, '  ')}\n`,
  );
  return [...(path === '' ? [INTRODUCTION] : []), ...sections].join('\n');
}
