/**
 * Tag for a ramctl command line in a hint, such as `ramctl user get ${name}`. A value is a name or several names with
 * spaces between them. The names of RAM need no quotes in a shell, but they may start with a hyphen. Such a name follows its
 * option after `=`, or it follows `--` and all options.
 */
export function shellCommand(literals: TemplateStringsArray, ...values: (string | undefined)[]): string {
  const line = String.raw({ raw: literals }, ...values);
  if (!values.some((value) => value && / -/.test(` ${value}`))) return line;
  const allWords = literals.flatMap((literal, index) => [
    ...toWords(literal).map((text) => ({ text, isName: false })),
    ...toWords(values[index] ?? '').map((text) => ({ text, isName: true })),
  ]);
  const commentStart = allWords.findIndex(({ text, isName }) => text === '#' && !isName);
  const words = commentStart < 0 ? allWords : allWords.slice(0, commentStart);
  const comment =
    commentStart < 0
      ? ''
      : `   ${allWords
          .slice(commentStart)
          .map(({ text }) => text)
          .join(' ')}`;
  const options: string[] = [];
  const operands: string[] = [];
  for (const [index, { text, isName }] of words.entries()) {
    const previous = words[index - 1];
    const isOptionValue = previous?.text.startsWith('--') && !previous.isName;
    const startsWithHyphen = isName && text.startsWith('-');
    if (startsWithHyphen && isOptionValue) options.push(`${options.pop()}=${text}`);
    else if (startsWithHyphen) operands.push(text);
    else if (operands.length > 0 && !isOptionValue && !text.startsWith('--')) operands.push(text);
    else options.push(text);
  }
  return [...options, ...(operands.length > 0 ? ['--', ...operands] : [])].join(' ') + comment;
}

function toWords(text: string): string[] {
  return text.split(' ').filter(Boolean);
}
