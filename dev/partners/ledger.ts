// What a stand-in has done, once per key: tests compare it with the stream (one effect per intent).
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '../../domain/kernel/time.ts';

export interface LedgerEntry {
  /** The stand-in's own id of what it did. */
  readonly id: string;
  readonly key: string;
  /** Journey time. */
  readonly at: Instant;
  readonly body: unknown;
}

export interface Ledger {
  readonly entries: readonly LedgerEntry[];
  find(key: string): LedgerEntry | undefined;
  add(entry: LedgerEntry): void;
}

/** A ledger in memory, and as JSON lines in a folder if one is given: a second start goes on where the first ended. */
export function openLedger(name: string, folder: string | undefined): Ledger {
  const lines = openLines<LedgerEntry>(name, folder);
  const byKey = new Map(lines.known.map((entry) => [entry.key, entry]));
  return {
    get entries() {
      return [...byKey.values()];
    },
    find: (key) => byKey.get(key),
    add: (entry) => {
      byKey.set(entry.key, entry);
      lines.add(entry);
    },
  };
}

/** A file of JSON lines; only in memory without a folder. */
export function openLines<T>(name: string, folder: string | undefined): { readonly known: readonly T[]; add(line: T): void } {
  if (folder === undefined) return { known: [], add: () => undefined };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${name}.jsonl`);
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  // A line that a crash has cut off was never acknowledged.
  const known = text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as T);
  return { known, add: (line) => appendFileSync(file, `${JSON.stringify(line)}\n`, { mode: 0o600 }) };
}
