/** The floor on SQLite: WAL, every commit on the disk before its answer, statements prepared once. */
import SqliteDatabase from 'better-sqlite3'
import {
  type FloorRow,
  type FloorStore,
  floorColumns,
  floorValues,
  newFloorRow,
  pageSize,
} from './floor-store.ts'
import { sharedCommits } from './shared-commits.ts'

export function openSqliteFloor(file: string): FloorStore {
  const db = new SqliteDatabase(file)
  db.pragma('journal_mode = wal')
  // A file that is opened again comes up with NORMAL, which waits for no disk.
  db.pragma('synchronous = full')
  const names = floorColumns.map((name) => `"${name}"`)
  db.exec(`create table token (${names.join(', ')}, primary key ("id")) without rowid`)
  db.exec('create index token_by_state on token ("state", "id")')
  const get = db.prepare<[string], FloorRow>(`select ${names} from token where "id" = ?`)
  const list = db.prepare<[string, number], FloorRow>(
    `select ${names} from token where "state" = ? order by "id" limit ?`,
  )
  const insert = db.prepare(`insert into token values (${names.map(() => '?').join(', ')})`)
  const savepoint = db.prepare('savepoint one')
  const release = db.prepare('release one')
  const store = (sent: FloorRow): FloorRow => {
    const row = newFloorRow(sent)
    insert.run(...floorValues(row).map(asNumber))
    return row
  }
  const storeTogether = db.transaction((rows: readonly FloorRow[]) =>
    rows.map((row) => {
      savepoint.run()
      const stored = store(row)
      release.run()
      return stored
    }),
  )
  return {
    get: async (id) => get.get(id) ?? {},
    listValid: async () => list.all('valid', pageSize),
    insert: async (sent) => store(sent),
    insertShared: sharedCommits(storeTogether),
    insertAll: async (rows) => {
      storeTogether(rows)
    },
    close: async () => {
      db.close()
    },
  }
}

function asNumber(value: string | number | boolean | null): string | number | null {
  return typeof value === 'boolean' ? Number(value) : value
}
