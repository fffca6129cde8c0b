import { checkDocument } from '../../core/policy/check.ts';
import type { CommandContext } from '../command-context.ts';

/** Reads a policy document and writes its warnings as remarks. The directory rejects an invalid document. */
export async function readDocument(context: CommandContext, path: string): Promise<string> {
  const { text } = await context.readInput(path);
  const { findings } = await checkDocument(text);
  for (const { Severity, Line, Column, Message } of findings) {
    if (Severity === 'Warning') context.output.remark(`remark: line ${Line}, column ${Column}: ${Message}`);
  }
  return text;
}
