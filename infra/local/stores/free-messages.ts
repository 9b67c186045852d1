/** Messages that the last process had taken and not answered are there for the next one at once, not when their time is up. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Before the queues are opened. `folder` is theirs alone, so nobody else can have a message in hand. */
export function freeMessages(folder: string): void {
  const path = join(folder, 'fauxqs.db');
  if (!existsSync(path)) return;
  const database = new DatabaseSync(path);
  try {
    database.exec('UPDATE sqs_messages SET visibility_deadline = 1 WHERE receipt_handle IS NOT NULL');
  } catch {
    // Kept in another way than this version of the queues does: they come back by themselves, only later.
  } finally {
    database.close();
  }
}
