import { type PolicyFinding, reviewDocument } from '../../core/policy/document.ts';
import type { App } from '../app.ts';

/** Reads a policy document and says what is suspicious about it; whether it can be taken, the directory decides. */
export async function readDocument(app: App, path: string): Promise<string> {
  const { text } = await app.read(path);
  const { findings } = await reviewDocument(text);
  for (const finding of findings) if (finding.Severity === 'Warning') app.note(`remark: ${placed(finding)}`);
  return text;
}

/** A finding with its place. */
export function placed({ Line, Column, Message }: PolicyFinding): string {
  return `line ${Line}, column ${Column}: ${Message}`;
}
