import { Cancelled } from '../ask/prompter.ts';
import { Failure } from '../core/failure.ts';
import { plain, plainly } from '../view/plain.ts';
import type { Host } from './app.ts';
import { EXIT } from './exit.ts';

/** Says on stderr what went wrong, and gives the exit code for it. */
export function report(error: unknown, words: string[], host: Host): number {
  const { terminal } = host;
  if (error instanceof Cancelled) {
    terminal.err(complaint(new Failure('refused', 'Cancelled', 'cancelled; nothing was written'), words, host));
    return EXIT.interrupted;
  }
  const failure = error instanceof Failure ? error : bug(error);
  terminal.err(complaint(failure, words, host));
  if (isGiven(words, '--debug') && error instanceof Error) terminal.err(plain(`${error.stack}\n`));
  return error instanceof Failure ? EXIT[failure.kind] : EXIT.bug;
}

function complaint(failure: Failure, words: string[], host: Host): string {
  const { message, code, details } = failure;
  if (wantsJson(words, host)) {
    return `${JSON.stringify(plainly({ Code: code, Message: message, ...details }))}\n`;
  }
  const lines = [`error: ${message}`];
  for (const { Row, Field, Message } of details.Errors ?? []) lines.push(`  row ${Row}, ${Field}: ${Message}`);
  for (const { Kind, Name, Command } of details.Blockers ?? []) lines.push(`  ${Kind} ${Name}: ${Command}`);
  if (details.Hint !== undefined) lines.push(`hint: ${details.Hint}`);
  return `${lines.map(plain).join('\n')}\n`;
}

function bug(error: unknown): Failure {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new Failure('refused', 'Bug', `this is a bug in ramctl: ${what}`, {
    Hint: 'please report it, with what the same command prints under --debug',
  });
}

/**
 * Whether errors are to be JSON. Read from the words themselves, since the command line may be what is wrong; the last
 * one counts, as it does for commander.
 */
export function wantsJson(words: string[], { environment }: Host): boolean {
  let format = environment.output;
  for (const [index, word] of words.entries()) {
    if (word === '--') break;
    if (word === '-o' || word === '--output') format = words[index + 1];
    else format = /^(?:--output=|-o=?)(.+)$/.exec(word)?.[1] ?? format;
  }
  return format === 'json';
}

function isGiven(words: string[], flag: string): boolean {
  const end = words.indexOf('--');
  return words.slice(0, end === -1 ? undefined : end).includes(flag);
}
