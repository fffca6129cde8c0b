import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Home, isSupported, PROGRAM } from '../support/process.ts';
import { scriptEnvironment } from '../support/rotation.ts';

/** A Python program that runs a command on a pseudo-terminal. */
const PTY_PROGRAM = 'import pty, sys; pty.spawn(sys.argv[1:])';
/** A script that sets the size of the terminal and runs its arguments. */
const SET_SIZE = 'stty rows 40 cols 120; exec "$@"';
/** Runs the program for completion. For other commands it prints the arguments in brackets. */
const RAMCTL_SCRIPT = `#!/bin/sh
case $1 in complet*) exec '${process.execPath}' '${PROGRAM}' "$@" ;; esac
echo
printf '[%s]' "$@"
echo .
`;
const CTRL_U = '\u0015';
/** How long a test waits for output of a shell. */
const TIMEOUT_MS = 10_000;

/** The command that starts each shell, and its startup file. */
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

const supportsTerminals = isSupported('open a pseudo-terminal (python3)', 'python3', '-c', 'import pty');

/** The keys typed after `ramctl `, and the arguments that the completed command line has. */
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
  // If the directory cannot be read, the completion offers no names and prints no error.
  ['-d . user get al\tx', '[-d][.][user][get][alx]'],
  // Tab does not run command substitutions on the command line.
  [`user get $(touch evaluated) al\t${CTRL_U}ramctl us\t`, '[user]'],
];

const shells = new Set<Shell>();
afterAll(() => {
  for (const shell of shells) shell.close();
});

/** A shell on a pseudo-terminal, whose home contains the script and a directory. */
class Shell {
  #shown = '';
  readonly #child: ChildProcessWithoutNullStreams;

  constructor(home: Home, command: string[]) {
    this.#child = spawn('python3', ['-c', PTY_PROGRAM, 'sh', '-c', SET_SIZE, 'sh', ...command], {
      cwd: home.folder,
      env: { ...home.environment, ...scriptEnvironment(home), TERM: 'xterm', LANG: 'C.UTF-8' },
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

  /** Waits until the output matches. Removes the output up to the match and returns the match. */
  async waitFor(pattern: RegExp): Promise<string> {
    for (;;) {
      const match = pattern.exec(this.#shown);
      if (match) {
        this.#shown = this.#shown.slice(match.index + match[0].length);
        return match[0].trim();
      }
      await once(this.#child.stdout, 'data', { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => {
        throw new Error(`not shown: ${pattern}\n${this.#shown}`);
      });
    }
  }

  async exit(): Promise<void> {
    this.type(`${CTRL_U}exit\r`);
    await once(this.#child, 'close', { signal: AbortSignal.timeout(TIMEOUT_MS) });
  }

  close(): void {
    this.#child.kill();
  }
}

for (const [name, { command, startup, script }] of Object.entries(SHELLS)) {
  const isInstalled = supportsTerminals && isSupported(`try completion in ${name}`, name, '-c', 'true');

  it.runIf(isInstalled)(`completes commands, options, names and paths in ${name}`, { concurrent: true }, async () => {
    const home = new Home();
    await home.json('user', 'create', 'alice');
    await home.json('init', '--directory', 'some where.json');
    await home.json('user', 'create', 'bob', '--directory', 'some where.json');
    home.write('notes of mine.txt', '');
    for (const folder of ['bin', 'fish/completions']) mkdirSync(join(home.folder, folder), { recursive: true });
    chmodSync(home.write('bin/ramctl', RAMCTL_SCRIPT), 0o755);
    home.write(startup, `${script}\n`);
    const shell = new Shell(home, command);
    await shell.waitFor(/> /);

    const completed: string[][] = [];
    for (const [keys = ''] of LINES) {
      shell.type(`ramctl ${keys}\r`);
      const args = await shell.waitFor(/\n\[.*\]\.\r/);
      completed.push([keys, args.slice(0, -1).replace(home.folder, 'HOME')]);
    }
    expect(completed).toEqual(LINES);
    expect(existsSync(join(home.folder, 'evaluated'))).toBe(false);

    shell.type('ramctl user list --output \t\t');
    await shell.waitFor(/table\s+json\s+yaml\s+csv/);
    await shell.exit();
  });
}
