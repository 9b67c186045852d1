/** Keeps queues and their messages in SQLite, with delay, visibility time-out, redelivery and dead letters as SQS has them. */
import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';

export interface QueueRules {
  readonly name: string;
  readonly visibilityMs: number;
  /** Where a message goes that was received `maxReceives` times and never deleted. */
  readonly deadLetters?: { readonly queue: string; readonly maxReceives: number } | undefined;
}

export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  /** Epoch ms. */
  readonly sentAtMs: number;
  readonly receives: number;
  /** What deletes it; another one at each receive. */
  readonly receipt: string;
}

export interface QueueStore {
  readonly put: (rules: QueueRules) => void;
  readonly find: (name: string) => QueueRules | undefined;
  readonly counts: (queue: string) => { visible: number; inFlight: number; delayed: number };
  readonly send: (queue: string, body: string, delayMs: number) => string;
  readonly take: (queue: QueueRules, most: number) => QueuedMessage[];
  readonly remove: (receipt: string) => void;
  /** Resolves when a message may have become visible, and after `mostMs` in any case. */
  readonly whenNextVisible: (queue: string, mostMs: number) => Promise<void>;
  readonly close: () => void;
}

const TABLES = `
  PRAGMA journal_mode = WAL;
  CREATE TABLE IF NOT EXISTS queues (name TEXT PRIMARY KEY, rules TEXT);
  CREATE TABLE IF NOT EXISTS messages (
    id TEXT PRIMARY KEY, queue TEXT, body TEXT, sentAtMs INTEGER, visibleAtMs INTEGER, receives INTEGER, receipt TEXT
  );
  CREATE INDEX IF NOT EXISTS byVisible ON messages (queue, visibleAtMs);`;
/** One process is alone with the file: what a dead one had in hand is free again at once. */
const FREE_ALL = 'UPDATE messages SET visibleAtMs = 0, receipt = NULL WHERE receipt IS NOT NULL';

/** `path`: a file, or `:memory:`. */
export function createQueueStore(path: string, nowMs: () => number): QueueStore {
  const database = new DatabaseSync(path);
  database.exec(`${TABLES}${FREE_ALL}`);
  const waiting = new Set<() => void>();
  const wakeAll = () => {
    for (const wake of [...waiting]) wake();
  };
  const sql = {
    putQueue: database.prepare('INSERT OR REPLACE INTO queues VALUES (?, ?)'),
    queue: database.prepare('SELECT rules FROM queues WHERE name = ?'),
    counts: database.prepare(
      'SELECT visibleAtMs <= ? AS visible, receipt IS NOT NULL AS held, COUNT(*) AS count FROM messages WHERE queue = ? GROUP BY visible, held',
    ),
    send: database.prepare('INSERT INTO messages VALUES (?, ?, ?, ?, ?, 0, NULL)'),
    visible: database.prepare(
      'SELECT * FROM messages WHERE queue = ? AND visibleAtMs <= ? ORDER BY visibleAtMs LIMIT ?',
    ),
    hold: database.prepare(
      'UPDATE messages SET visibleAtMs = ?, receives = receives + 1, receipt = ? WHERE id = ?',
    ),
    bury: database.prepare(
      'UPDATE messages SET queue = ?, visibleAtMs = ?, receives = 0, receipt = NULL WHERE id = ?',
    ),
    remove: database.prepare('DELETE FROM messages WHERE receipt = ?'),
    next: database.prepare('SELECT MIN(visibleAtMs) AS atMs FROM messages WHERE queue = ?'),
  };

  return {
    put: (rules) => void sql.putQueue.run(rules.name, JSON.stringify(rules)),
    find(name) {
      const row = sql.queue.get(name);
      return row && (JSON.parse(String(row['rules'])) as QueueRules);
    },
    counts(queue) {
      const rows = sql.counts.all(nowMs(), queue);
      const sum = (fits: (row: (typeof rows)[number]) => boolean) =>
        rows.filter(fits).reduce((total, { count }) => total + Number(count), 0);
      return {
        visible: sum(({ visible }) => visible === 1),
        inFlight: sum(({ visible, held }) => visible === 0 && held === 1),
        delayed: sum(({ visible, held }) => visible === 0 && held === 0),
      };
    },
    send(queue, body, delayMs) {
      const id = randomUUID();
      sql.send.run(id, queue, body, nowMs(), nowMs() + delayMs);
      wakeAll();
      return id;
    },
    take({ name, visibilityMs, deadLetters }, most) {
      const rows = sql.visible.all(name, nowMs(), most) as unknown as QueuedMessage[];
      const [dead, alive] = split(rows, ({ receives }) => receives >= (deadLetters?.maxReceives ?? Infinity));
      for (const { id } of dead) sql.bury.run(deadLetters?.queue ?? '', nowMs(), id);
      if (dead.length > 0) wakeAll();
      return alive.map((row) => {
        const receipt = randomUUID();
        sql.hold.run(nowMs() + visibilityMs, receipt, row.id);
        return { ...row, receives: row.receives + 1, receipt };
      });
    },
    remove: (receipt) => void sql.remove.run(receipt),
    whenNextVisible(queue, mostMs) {
      const atMs = sql.next.get(queue)?.['atMs'];
      const waitMs = typeof atMs === 'number' ? Math.max(1, Math.min(mostMs, atMs - nowMs())) : mostMs;
      return new Promise((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, waitMs);
        waiting.add(wake);
      });
    },
    close() {
      wakeAll();
      database.close();
    },
  };
}

function split<Item>(items: readonly Item[], fits: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(fits), items.filter((item) => !fits(item))];
}
