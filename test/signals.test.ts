import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { finishingMessage, interruptionMessage, type Written } from '../src/cli/errors.ts';
import { handleSignals, type RunState } from '../src/signals.ts';

/** Starts a command that has written this much. Returns what happens when signals arrive. */
function start(written: Written, args: string[] = []) {
  const stderr: string[] = [];
  const exits: number[] = [];
  let discarded = 0;
  const writeStderr = (text: string, onWritten?: () => void) => {
    stderr.push(text);
    onWritten?.();
  };
  const process = Object.assign(new EventEmitter(), { exit: (code: number) => exits.push(code) });
  const sinks = [{ discard: () => (discarded += 1) }];
  const state: RunState = { written, sinks, questions: new AbortController(), isAsking: false };
  const messages = {
    interrupted: () => interruptionMessage(state, args, undefined),
    finishing: () => finishingMessage(args, undefined),
  };
  handleSignals(process as unknown as NodeJS.Process, state, messages, { writeStderr });
  return { process, state, stderr, exits, discarded: () => discarded };
}

it('a signal before the first change ends the command at once, and nothing was written', () => {
  const { process, stderr, exits, discarded } = start('nothing');
  process.emit('SIGINT');
  expect([exits, stderr, discarded()]).toEqual([[130], ['error: interrupted; nothing was written\n'], 1]);
});

it('a signal during a remote change lets it finish, and a second one ends it with the truth', () => {
  const { process, state, stderr, exits, discarded } = start('part');
  process.emit('SIGINT');
  expect([exits, stderr.join(''), discarded()]).toEqual([[], expect.stringContaining('Finishing the change.'), 0]);
  expect([state.interruptedWith, state.isMessagePending]).toEqual([130, true]);
  process.emit('SIGINT');
  const message = 'error: interrupted; a part of the change may have been written\n';
  expect([exits, stderr.at(-1), discarded()]).toEqual([[130], message, 1]);
});

it('after a remote change, the secret is still delivered and the message says that it was written', () => {
  const { process, state, stderr, exits, discarded } = start('part');
  process.emit('SIGTERM');
  state.written = 'all';
  expect([exits, discarded(), state.interruptedWith]).toEqual([[], 0, 143]);
  const done = start('all');
  done.process.emit('SIGTERM');
  expect([done.exits, done.stderr, done.discarded()]).toEqual([
    [],
    ['error: interrupted; the change was written\n'],
    0,
  ]);
  expect(stderr).toHaveLength(1);
});

it('an import that can be resumed ends at once, and the hint says how to resume it', () => {
  const { process, state, stderr, exits } = start('part');
  state.isResumable = true;
  process.emit('SIGINT');
  expect([exits, stderr]).toEqual([[130], [expect.stringMatching(/some users may have been created\nhint: /)]]);
});

it('with -o json, the notice about the unfinished change is left out', () => {
  const { process, stderr, exits } = start('part', ['-o', 'json']);
  process.emit('SIGINT');
  expect([exits, stderr.join('')]).toEqual([[], '']);
  process.emit('SIGINT');
  expect(JSON.parse(stderr.join(''))).toMatchObject({ Code: 'Interrupted' });
});
