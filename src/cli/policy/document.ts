import { reviewDocument } from '../../core/policy/document.ts';
import type { App } from '../app.ts';

/** Reads a policy document and says what is suspicious about it; whether it can be taken, the directory decides. */
export async function readReviewed(app: App, path: string): Promise<string> {
  const { text } = await app.read(path);
  const { findings } = await reviewDocument(text);
  for (const { Severity, Line, Column, Message } of findings) {
    if (Severity === 'Warning') app.note(`remark: line ${Line}, column ${Column}: ${Message}`);
  }
  return text;
}
