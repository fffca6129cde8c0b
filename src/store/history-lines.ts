import { hash } from 'node:crypto';
import { formatRamDate } from '../core/clock.ts';
import { createEntry, type HistoryEntry, type StateStep } from '../core/history-entry.ts';
import { ignoreErrors } from '../disk/errors.ts';
import type { HistoryState } from './file-format.ts';

const LINE_PATTERN = /^\{"Checksum":"([0-9a-f]{16})",(.*"ChangeId":"[^"]+"\})$/;
/** The number of random digits in a ChangeId. */
const ID_DIGITS = 6;

/** Returns the line of an entry, without its end. */
export function encodeEntry({ ChangeId, ...members }: HistoryEntry): string {
  const rest = JSON.stringify({ ...members, ChangeId }).slice(1);
  return `{"Checksum":"${computeChecksum(rest)}",${rest}`;
}

/** Returns undefined for a damaged line. */
function decodeEntry(line: string): HistoryEntry | undefined {
  const [, checksum, rest = ''] = LINE_PATTERN.exec(line) ?? [];
  if (checksum === undefined || computeChecksum(rest) !== checksum) return undefined;
  return ignoreErrors(() => JSON.parse(`{${rest}`));
}

function computeChecksum(text: string): string {
  return hash('sha256', text).slice(0, 16);
}

/** Returns the id of the entry at the end of a text. */
export function lastIdOf(text: string | undefined): string | undefined {
  return /"ChangeId":"([^"]+)"\}$/.exec(text ?? '')?.[1];
}

/** Returns the entries of a history file, each once, and the numbers of its damaged lines. A last line without an end is no damage. */
export function parseHistory(text: string): { entries: HistoryEntry[]; damagedLines: number[] } {
  const entries = new Map<string, HistoryEntry>();
  const damagedLines: number[] = [];
  for (const [index, line] of text.split('\n').slice(0, -1).entries()) {
    const entry = decodeEntry(line);
    if (!entry) damagedLines.push(index + 1);
    else if (!entries.has(entry.ChangeId)) entries.set(entry.ChangeId, entry);
  }
  return { entries: [...entries.values()], damagedLines };
}

/** Returns the lines of the directory file that follow the entry `id`; undefined when it does not continue that entry. */
function linesAfter({ lines, Previous }: HistoryState, id: string): readonly string[] | undefined {
  if (id === Previous) return lines;
  const index = lines.findIndex((line) => lastIdOf(line) === id);
  return index === -1 ? undefined : lines.slice(index + 1);
}

/**
 * Returns all entries of a directory, and the lines that its history file lacks; undefined when the file belongs to another
 * directory. `text`: the history file.
 */
export function joinHistory(text: string, history: HistoryState) {
  const { entries, damagedLines } = parseHistory(text);
  const latest = history.lines.flatMap((line) => decodeEntry(line) ?? []);
  // Another program or a power failure can have damaged the last lines.
  const damagedId = text.endsWith('\n') ? lastIdOf(text.slice(0, -1)) : undefined;
  const ids = [entries.at(-1)?.ChangeId, damagedId].flatMap((id) => id ?? []);
  const isEmpty = entries.length === 0;
  const missing = isEmpty ? history.lines : ids.map((id) => linesAfter(history, id)).find((lines) => lines);
  const all = [...(missing ? entries : []), ...latest];
  return { entries: [...new Map(all.map((entry) => [entry.ChangeId, entry])).values()], damagedLines, missing };
}

/** A change with its entry, once it has one. */
export interface CommittedStep extends StateStep {
  entry?: HistoryEntry;
}

interface NextHistory {
  /** The revision and tag of the next change. */
  revision: number;
  tag: string;
  now: Date;
}

/** Returns the history after a change with these steps, and gives each step that has an entry its entry. */
export function extendHistory(history: HistoryState, steps: CommittedStep[], next: NextHistory): HistoryState {
  const { revision, tag, now } = next;
  const recorded = steps.filter(({ records, event, isBackground }) => !isBackground && (event ?? records.length > 0));
  if (recorded.length === 0) return history;
  const lines = recorded.map((step, index) => {
    step.entry = createEntry(step, { revision, index, digits: tag.slice(0, ID_DIGITS), now });
    return encodeEntry(step.entry);
  });
  const { lines: earlier, Previous, Oldest: oldest, ...rest } = history;
  const date = formatRamDate(now);
  // The clock can have gone back.
  const Oldest = oldest !== undefined && oldest < date ? oldest : date;
  const last = lastIdOf(earlier.at(-1)) ?? Previous;
  return { ...rest, ...(last !== undefined && { Previous: last }), Oldest, lines };
}
