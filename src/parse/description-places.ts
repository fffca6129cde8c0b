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
  const found: { problem: Problem; file: number; offset: number }[] = [];
  const files = placed.map(({ part }) => part.file);
  for (const { part, Path, Code, Message, isAtName } of placed.slice(0, MAX_PROBLEMS)) {
    const { Row, place, offset } = await findPlace(part, Path, isAtName);
    const problem = { Code, Message: `${place}: ${Message}`, Field: formatPath(Path), Row };
    found.push({ problem, file: files.indexOf(part.file), offset });
  }
  found.sort((left, right) => left.file - right.file || left.offset - right.offset);
  const Errors = found.map(({ problem }) => problem);
  return listErrors('InvalidDescription', Errors, placed.length);
}

/** Returns the error for a text that is no YAML or JSON. */
export function malformedText(file: DescriptionText, problems: { Message: string; offset: number }[]): Failure {
  const Errors = problems.slice(0, MAX_PROBLEMS).map(({ Message, offset }) => {
    const { Row, place } = locate(file, offset);
    return { Code: 'MalformedFile', Message: `${place}: ${Message}`, Row };
  });
  return listErrors('MalformedFile', Errors, problems.length);
}

/** Returns the error with a list of errors, or the only one. `count` is the number of errors, of which some may not be listed. */
function listErrors(code: string, Errors: Problem[], count: number): Failure {
  const [first] = Errors;
  if (first && count === 1) {
    const { Code, Message, ...details } = first;
    return new Failure('refused', Code, Message, details);
  }
  const rest = count > Errors.length ? `, of which the first ${Errors.length} are listed` : '';
  return new Failure('refused', code, `${count} errors were found${rest}`, { Errors });
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
  return { Row, offset, place: `${name}, line ${Row}, column ${(lines.at(-1) ?? '').length + 1}` };
}

/** Returns a path as JMESPath has it: `Users[3].Email`. */
function formatPath(path: PathProblem['Path']): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${step}`))
    .join('');
}
