import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Home, isSupported, PROGRAM } from '../support/process.ts';

const TERMINAL = 'import pty, sys; pty.spawn(sys.argv[1:])';
const SIZE = 'stty rows 40 cols 120; exec "$@"';
/** Whatever is not about completion is not run: its words are shown in brackets. */
const RAMCTL = `#!/bin/sh
case $1 in complet*) exec '${process.execPath}' '${PROGRAM}' "$@" ;; esac
echo
printf '[%s]' "$@"
echo .
`;
const CTRL_U = '\u0015';
/** How long a shell may keep still, in milliseconds. */
const PATIENCE = 10_000;

/** How a shell is started, and what it reads first. */
const SHELLS = {
  bash: {
    command: ['bash', '--noprofile', '--rcfile', '.bashrc', '-i'],
    startup: '.bashrc',
    script: "source <(ramctl completion bash); PS1='> '",
  },
  zsh: {
    command: ['zsh', '-d', '-i'],
    startup: '.zshrc',
    script: "autoload -Uz compinit; compinit -u; source <(ramctl completion zsh); PS1='> '",
  },
  fish: {
    command: ['fish', '-i'],
    startup: 'fish/config.fish',
    script: "ramctl completion fish > ~/fish/completions/ramctl.fish; function fish_prompt; printf '> '; end",
  },
};

const canOpen = isSupported('open a pseudo-terminal (python3)', 'python3', '-c', 'import pty');

/** What is typed behind `ramctl `, and the words that come of it. */
const LINES = [
  ['us\t', '[user]'],
  ['user get al\t', '[user][get][alice]'],
  ['user get AL\t', '[user][get][alice]'],
  ['user get al\t--que\t', '[user][get][alice][--query]'],
  ["user create carol --comments 'a  b' --pol\t", '[user][create][carol][--comments][a  b][--policy]'],
  ['user list -o y\t', '[user][list][-o][yaml]'],
  ['user list --output=y\t', '[user][list][--output=yaml]'],
  ['-d not\t', '[-d][notes of mine.txt]'],
  ['--directory=not\tuser', '[--directory=notes of mine.txt][user]'],
  ['login set alice --secret-to file:not\t', '[login][set][alice][--secret-to][file:notes of mine.txt]'],
  ["-d 'some where.json' user get b\t", '[-d][some where.json][user][get][bob]'],
  ['-d some\\ where.json user get b\t', '[-d][some where.json][user][get][bob]'],
  ['-d ~/some\\ where.json user get b\t', '[-d][HOME/some where.json][user][get][bob]'],
  // Nothing is offered where the directory cannot be read, and nothing said.
  ['-d . user get al\tx', '[-d][.][user][get][alx]'],
  // What was typed is not evaluated by a Tab.
  [`user get $(touch evaluated) al\t${CTRL_U}ramctl us\t`, '[user]'],
];

const shells = new Set<Shell>();
afterAll(() => {
  for (const shell of shells) shell.close();
});

/** A shell at a terminal, in a home with our script and a directory. */
class Shell {
  #shown = '';
  readonly #child: ChildProcessWithoutNullStreams;

  constructor(home: Home, command: string[]) {
    this.#child = spawn('python3', ['-c', TERMINAL, 'sh', '-c', SIZE, 'sh', ...command], {
      cwd: home.folder,
      env: {
        PATH: `${join(home.folder, 'bin')}:${process.env.PATH}`,
        HOME: home.folder,
        XDG_CONFIG_HOME: home.folder,
        TERM: 'xterm',
        LANG: 'C.UTF-8',
      },
    });
    this.#child.stdin.on('error', () => {});
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.#shown += text;
    });
    shells.add(this);
  }

  type(keys: string): void {
    this.#child.stdin.write(keys);
  }

  /** Waits until something is shown, and forgets what was shown till then. */
  async until(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.#shown);
      if (found) {
        this.#shown = this.#shown.slice(found.index + found[0].length);
        return found[0].trim();
      }
      await once(this.#child.stdout, 'data', { signal: AbortSignal.timeout(PATIENCE) }).catch(() => {
        throw new Error(`never shown: ${pattern}\n${this.#shown}`);
      });
    }
  }

  async leave(): Promise<void> {
    this.type(`${CTRL_U}exit\r`);
    await once(this.#child, 'close', { signal: AbortSignal.timeout(PATIENCE) });
  }

  close(): void {
    this.#child.kill();
  }
}

for (const [name, { command, startup, script }] of Object.entries(SHELLS)) {
  const isThere = canOpen && isSupported(`try completion in ${name}`, name, '-c', 'true');

  it.runIf(isThere)(`completes in ${name}`, { concurrent: true }, async () => {
    const home = new Home();
    await home.json('user', 'create', 'alice');
    await home.json('user', 'create', 'bob', '--directory', 'some where.json');
    home.write('notes of mine.txt', '');
    for (const folder of ['bin', 'fish/completions']) mkdirSync(join(home.folder, folder), { recursive: true });
    chmodSync(home.write('bin/ramctl', RAMCTL), 0o755);
    home.write(startup, `${script}\n`);
    const shell = new Shell(home, command);
    await shell.until(/> /);

    const seen: string[][] = [];
    for (const [keys = ''] of LINES) {
      shell.type(`ramctl ${keys}\r`);
      const words = await shell.until(/\n\[.*\]\.\r/);
      seen.push([keys, words.slice(0, -1).replace(home.folder, 'HOME')]);
    }
    expect(seen).toEqual(LINES);
    expect(existsSync(join(home.folder, 'evaluated'))).toBe(false);

    shell.type('ramctl user list --output \t\t');
    await shell.until(/table\s+json\s+yaml\s+csv/);
    await shell.leave();
  });
}
