import { checkDocument } from '../../core/policy/check.ts';
import type { CommandContext } from '../context.ts';

/** Reads a policy document and says what is suspicious about it; whether it can be taken, the directory decides. */
export async function readCheckedDocument(context: CommandContext, path: string): Promise<string> {
  const { text } = await context.readInput(path);
  const { findings } = await checkDocument(text);
  for (const { Severity, Line, Column, Message } of findings) {
    if (Severity === 'Warning') context.output.remark(`remark: line ${Line}, column ${Column}: ${Message}`);
  }
  return text;
}
