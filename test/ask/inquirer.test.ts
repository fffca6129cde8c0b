import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createInquirerPrompter } from '../../src/ask/inquirer.ts';
import { Cancelled, type Prompter } from '../../src/ask/prompter.ts';

const CHOICES = ['alice', 'dev1', 'dev2'].map((value) => ({ value, name: value }));
const ENTER = '\r';
const DOWN = '\u001b[B';
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const CTRL_T = '\u0014';
const CTRL_U = '\u0015';

/** Asks, and types keys that arrive in these chunks, as over a slow connection or from the clipboard. */
async function type<T>(ask: (prompter: Prompter) => Promise<T>, ...chunks: string[]) {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = '';
  const isShown = new Promise<void>((done) => {
    output.on('data', (text) => {
      shown += text;
      done();
    });
  });
  const { signal } = new AbortController();
  const streams = { input, output } as never as { input: NodeJS.ReadStream; output: NodeJS.WriteStream };
  const answered = ask(createInquirerPrompter({ ...streams, signal, onPromptChange: () => {} }));
  await isShown;
  for (const chunk of chunks) {
    // inquirer and the streams finish their work in a few turns of the event loop.
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    input.write(chunk);
  }
  return { answer: await answered.finally(() => input.end()), shown };
}

describe('a search', () => {
  it.each([
    [[ENTER], 'alice'],
    [[DOWN, ENTER], 'dev1'],
    [['dev', '2', ENTER], 'dev2'],
    [['dev', `2${ENTER}`], 'dev2'],
    [[`dev2${ENTER}`, ENTER], 'dev2'],
    [['dev', `x${ENTER}`, `${CTRL_U}dev2`, ENTER], 'dev2'],
  ])('with the keys %j selects the match that is shown', async (chunks, expected) => {
    const { answer } = await type((prompter) => prompter.search('User', CHOICES), ...chunks);
    expect(answer).toBe(expected);
  });

  it('says that typing searches', async () => {
    const { shown } = await type((prompter) => prompter.search('User', CHOICES), ENTER);
    expect(shown).toContain('type to search');
  });

  it('for several answers selects the match that is shown', async () => {
    const ask = (prompter: Prompter) => prompter.chooseMany('Users', CHOICES);
    expect(await type(ask, 'dev', `2${ENTER}`, ENTER)).toMatchObject({ answer: ['dev2'] });
  });
});

describe.each<[string, (prompter: Prompter) => Promise<unknown>]>([
  ['a text', (prompter) => prompter.text('Name')],
  ['a text with a default', (prompter) => prompter.text('Name', { initial: 'alice' })],
  ['a secret', (prompter) => prompter.secret('Password')],
  ['a confirmation', (prompter) => prompter.confirm('Sure?')],
  ['a choice', (prompter) => prompter.choose('User', CHOICES)],
  ['a search', (prompter) => prompter.search('User', CHOICES)],
  ['several answers', (prompter) => prompter.chooseMany('Users', CHOICES)],
])('the question for %s', (_, ask) => {
  it.each([
    ['Ctrl-C', CTRL_C],
    ['Ctrl-D', CTRL_D],
  ])('is cancelled by %s', async (_key, key) => {
    await expect(type(ask, key)).rejects.toThrow(Cancelled);
  });
});

it.each([
  ['Enter', ENTER],
  ['Ctrl-C', CTRL_C],
  ['Ctrl-D', CTRL_D],
])('a pause ends at %s', async (_, key) => {
  await expect(type((prompter) => prompter.pause('Press Enter'), key)).resolves.toBeDefined();
});

it('Ctrl-T does not show a secret', async () => {
  const ask = (prompter: Prompter) => prompter.secret('Password');
  const { answer, shown } = await type(ask, `Correct-${CTRL_T}`, `Horse${CTRL_T}${ENTER}`);
  expect([answer, shown]).toEqual(['Correct-Horse', expect.not.stringMatching(/Correct|Horse/)]);
});
