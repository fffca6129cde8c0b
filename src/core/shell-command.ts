/**
 * Tag for a ramctl command line in a hint, such as `ramctl user get ${name}`. A value is a name or several names with
 * spaces between them. The names of RAM need no quotes in a shell, but they may start with a hyphen. Such a name follows its
 * option after `=`, or it follows `--` and all options. A comment starts with three spaces and `#`, and is not changed.
 */
export function shellCommand(literals: TemplateStringsArray, ...values: (string | undefined)[]): string {
  const line = String.raw({ raw: literals }, ...values);
  if (!values.some((value) => value && / -/.test(` ${value}`))) return line;
  const options: string[] = [];
  const operands: string[] = [];
  let needsValue = false;
  const add = (word: string, isName: boolean) => {
    const startsWithHyphen = word.startsWith('-');
    if (isName && startsWithHyphen && needsValue) options.push(`${options.pop()}=${word}`);
    else if ((isName && startsWithHyphen) || (operands.length > 0 && !startsWithHyphen && !needsValue))
      operands.push(word);
    else options.push(word);
    needsValue = !isName && startsWithHyphen;
  };
  for (const [index, literal] of literals.entries()) {
    const [command = '', comment] = literal.split('   # ');
    for (const word of toWords(command)) add(word, false);
    if (comment !== undefined) {
      const rest = String.raw({ raw: [comment, ...literals.slice(index + 1)] }, ...values.slice(index));
      return `${joinWords(options, operands)}   # ${rest}`;
    }
    for (const word of toWords(values[index])) add(word, true);
  }
  return joinWords(options, operands);
}

function joinWords(options: string[], operands: string[]): string {
  return [...options, ...(operands.length > 0 ? ['--', ...operands] : [])].join(' ');
}

function toWords(text = ''): string[] {
  return text.split(' ').filter(Boolean);
}
