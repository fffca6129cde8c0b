/**
 * Tag for a ramctl command line in a hint, such as `ramctl user get ${name}`. The names of RAM need no quotes in a shell,
 * but they may start with a hyphen. Such a name follows its option after `=`, or it follows `--` and all options.
 */
export function shellCommand(literals: TemplateStringsArray, ...values: (string | undefined)[]): string {
  // A null character stands for the first hyphen of each name.
  const marked = String.raw({ raw: literals }, ...values.map((value) => value?.replace(/(?<=^| )-/g, '\0')));
  const line = marked.replace(/(?<= --[\w-]+) \0/g, '=-');
  const [, words = '', names, options = '', comment = ''] = /^([^\0]*?)( \0.*?)?( --.*?)?( {3}#.*)?$/.exec(line) ?? [];
  const operands = names === undefined ? '' : ` --${names}`;
  return `${words}${options}${operands}${comment}`.replaceAll('\0', '-');
}
