import type { Node } from 'yaml';
import { Failure, type Problem } from '../core/failure.ts';
import type { PathProblem } from './schema-problems.ts';

/** More problems are counted, but not listed. */
const MAX_PROBLEMS = 100;

/** The content of a file. `name` is its path, or `stdin`. */
export interface DescriptionText {
  name: string;
  text: string;
}

/** A value of a file and the syntax tree that it comes from. */
export interface Part {
  file: DescriptionText;
  contents: Node | null;
}

/** A problem of a part. Its place is computed when it is listed, because this takes time in a long file. */
export type PlacedProblem = PathProblem & { part: Part };

/** Returns the error that reports problems, each with its file, line and column. */
export async function describeProblems(placed: PlacedProblem[]): Promise<Failure> {
  const Errors: Problem[] = [];
  for (const { part, Path, Code, Message, isAtName } of placed.slice(0, MAX_PROBLEMS)) {
    const { Row, place } = await findPlace(part, Path, isAtName);
    Errors.push({ Code, Message: `${place}: ${Message}`, Field: formatPath(Path), Row });
  }
  const [first] = Errors;
  if (first && placed.length === 1) {
    const { Code, Message, ...details } = first;
    return new Failure('refused', Code, Message, details);
  }
  const rest = placed.length > MAX_PROBLEMS ? `, of which the first ${MAX_PROBLEMS} are listed` : '';
  return new Failure('refused', 'InvalidDescription', `the description has ${placed.length} errors${rest}`, { Errors });
}

/** Returns the error for a text that is no YAML or JSON. */
export function malformedText(file: DescriptionText, problems: { Message: string; offset: number }[]): Failure {
  const Errors = problems.slice(0, MAX_PROBLEMS).map(({ Message, offset }) => {
    const { Row, place } = locate(file, offset);
    return { Code: 'MalformedFile', Message: `${place}: ${Message}`, Row };
  });
  const [first = { Message: '' }] = Errors;
  return new Failure('refused', 'MalformedFile', first.Message, Errors.length > 1 ? { Errors } : {});
}

/** Returns the place of the value at a path, or of the innermost value on the path that exists. */
export async function findPlace({ file, contents }: Part, path: PathProblem['Path'], isAtName = false) {
  const { isMap, isScalar, isSeq } = await import('yaml');
  let node: unknown = contents;
  let offset = contents?.range?.[0] ?? 0;
  for (const [depth, step] of path.entries()) {
    const pair = isMap(node)
      ? node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      : undefined;
    node = isSeq(node) ? node.items[Number(step)] : pair?.value;
    const isName = isAtName && depth === path.length - 1;
    const found = (isName || !(node as Node | null)?.range ? pair?.key : node) as Node | undefined;
    if (!found?.range) break;
    [offset] = found.range;
  }
  return locate(file, offset);
}

/** Line and column count from 1. The column counts UTF-16 code units. */
function locate({ name, text }: DescriptionText, offset: number) {
  const lines = text.slice(0, offset).split('\n');
  const Row = lines.length;
  return { Row, place: `${name}, line ${Row}, column ${(lines.at(-1) ?? '').length + 1}` };
}

/** Returns a path as JMESPath has it: `Users[3].Email`. */
function formatPath(path: PathProblem['Path']): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${step}`))
    .join('');
}
