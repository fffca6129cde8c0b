import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createInquirerPrompter } from '../../src/ask/inquirer.ts';
import type { Prompter } from '../../src/ask/prompter.ts';

const CHOICES = ['alice', 'dev1', 'dev2'].map((value) => ({ value, name: value }));

/** Asks with keys that arrive in these chunks, as from a slow connection or the clipboard. */
async function answer<T>(ask: (prompter: Prompter) => Promise<T>, ...chunks: string[]): Promise<T> {
  const input = new PassThrough();
  const output = new PassThrough().resume();
  const prompter = createInquirerPrompter({
    input: input as never,
    output: output as never,
    signal: new AbortController().signal,
    onPromptChange: () => {},
  });
  const answered = ask(prompter);
  for (const chunk of chunks) {
    // The prompt has drawn itself, and its other changes follow before the next event.
    await once(output, 'data');
    await new Promise(setImmediate);
    input.write(chunk);
  }
  return answered.finally(() => input.end());
}

describe('a search', () => {
  it.each([
    [['\r'], 'alice'],
    [['\u001b[B', '\r'], 'dev1'],
    [['dev', '2', '\r'], 'dev2'],
    [['dev', '2\r'], 'dev2'],
    [['dev2\r', '\r'], 'dev2'],
    [['dev', 'x\r', '\u0015dev2', '\r'], 'dev2'],
  ])('with the keys %j selects the match that is shown', async (chunks, expected) => {
    expect(await answer((prompter) => prompter.search('User', CHOICES), ...chunks)).toBe(expected);
  });

  it('for several answers selects the match that is shown', async () => {
    const ask = (prompter: Prompter) => prompter.chooseMany('Users', CHOICES);
    expect(await answer(ask, 'dev', '2\r', '\r')).toEqual(['dev2']);
  });
});
