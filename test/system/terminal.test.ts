import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { Writable } from 'node:stream';
import { afterEach, expect, it } from 'vitest';
import { systemError } from '../../src/disk/errors.ts';
import { createTerminal } from '../../src/system/terminal.ts';

const { fstatSync, writeSync } = fs;

afterEach(() => {
  Object.assign(fs, { fstatSync, writeSync });
  syncBuiltinESMExports();
});

/** Replaces stderr by a pipe with room for `room` bytes. Node's stream of stderr keeps its text until `flush` is called. */
function openPipe(room: number, error = 'EAGAIN') {
  const pipe = { room, text: '', streamed: '', flush: () => {}, terminal: createTerminal(process) };
  const accept = (bytes: Buffer) => {
    if (pipe.room === 0) throw systemError(error);
    const accepted = bytes.subarray(0, pipe.room);
    pipe.room -= accepted.length;
    pipe.text += accepted;
    return accepted.length;
  };
  const status = fs.statSync(import.meta.filename);
  Object.assign(fs, {
    fstatSync: (file: number) => (file === 2 ? status : fstatSync(file)),
    writeSync: (file: number, bytes: Buffer) => (file === 2 ? accept(bytes) : writeSync(file, bytes)),
  });
  syncBuiltinESMExports();
  const stderr = new Writable({
    write(chunk, _, done) {
      pipe.streamed += chunk;
      pipe.flush = () => {
        pipe.text += chunk;
        done();
      };
    },
  });
  pipe.terminal = createTerminal({ stderr } as unknown as NodeJS.Process);
  return pipe;
}

it('text that a full pipe does not accept is written later, before all text that follows', async () => {
  const pipe = openPipe(5);
  const written: string[] = [];
  for (const text of ['first\n', 'second\n', 'third\n']) {
    pipe.terminal.writeStderr(text, () => written.push(text));
    pipe.room = 100;
  }
  expect([pipe.text, written]).toEqual(['first', []]);
  while (written.length < 3) {
    pipe.flush();
    await new Promise(setImmediate);
  }
  expect([pipe.text, written]).toEqual(['first\nsecond\nthird\n', ['first\n', 'second\n', 'third\n']]);
});

it('text that fits into the pipe does not open the stream of Node', () => {
  const pipe = openPipe(100);
  let isWritten = false;
  pipe.terminal.writeStderr('first\n', () => (isWritten = true));
  pipe.terminal.writeStderr('second\n');
  expect([pipe.text, pipe.streamed, isWritten]).toEqual(['first\nsecond\n', '', true]);
});

it('after 4 KB the stream is used, because a write to a pipe without a reader would wait', () => {
  const pipe = openPipe(65_536);
  const line = `${'x'.repeat(99)}\n`;
  for (let number = 0; number < 41; number += 1) pipe.terminal.writeStderr(line);
  expect([pipe.text, pipe.streamed]).toEqual([line.repeat(40), line]);
});

it.each(['EPIPE', 'EBADF', 'ENOSPC'])('%s is ignored', (code) => {
  const pipe = openPipe(0, code);
  let isWritten = false;
  pipe.terminal.writeStderr('first\n', () => (isWritten = true));
  expect([isWritten, pipe.streamed]).toEqual([true, '']);
});
