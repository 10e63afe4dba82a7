/** The least that a full sync costs on this machine: the same pages fetched and parsed, the same rows stored, and nothing else. */
import { performance } from 'node:perf_hooks'
import SqliteDatabase from 'better-sqlite3'
import { Client } from 'pg'
import { request } from 'undici'
import type { PlayedApple } from './played-apple.ts'

export interface FloorFigure {
  readonly rows: number
  readonly seconds: number
  readonly processorSeconds: number
}

interface ShownAssignment {
  readonly adamId: string
  readonly pricingParam: string
  readonly serialNumber: string
}

const atOnce = 5

/** All pages of the assignments, five at a time. */
export function downloadFloor({ dataUrl, contentToken }: PlayedApple): Promise<FloorFigure> {
  const headers = { authorization: `Bearer ${contentToken}` }
  const page = async (index: number) => {
    const { body } = await request(`${dataUrl}/assignments?pageIndex=${index}`, { headers })
    return JSON.parse(await body.text()) as {
      readonly totalPages: number
      readonly assignments: readonly ShownAssignment[]
    }
  }
  return measured(async () => {
    const { totalPages, assignments } = await page(0)
    let rows = assignments.length
    let next = 1
    const fetchOn = async () => {
      while (next < totalPages) {
        next += 1
        const { assignments } = await page(next - 1)
        rows += assignments.length
      }
    }
    await Promise.all(Array.from({ length: atOnce }, fetchOn))
    return rows
  })
}

const table = `create table assignment (number {number}, token_number bigint not null, adam_id text not null,
    pricing_param text not null, target_kind bigint not null, target text not null);
  create unique index by_key on assignment (token_number, adam_id, pricing_param, target_kind, target);
  create index by_app on assignment (token_number, adam_id, number)`
const columns = 'token_number, adam_id, pricing_param, target_kind, target'
const rowsPerCommit = 500

/** `url` as `Place.floorUrl`. */
export function insertFloor(url: string, rows: readonly ShownAssignment[]): Promise<FloorFigure> {
  return url.startsWith('sqlite:')
    ? insertInFile(url.slice('sqlite:'.length), rows)
    : insertAt(url, rows)
}

async function insertInFile(file: string, rows: readonly ShownAssignment[]): Promise<FloorFigure> {
  const db = new SqliteDatabase(file)
  db.pragma('journal_mode = wal')
  db.pragma('synchronous = full')
  db.exec(table.replace('{number}', 'integer primary key autoincrement'))
  const insert = db.prepare(`insert into assignment (${columns}) values (1, ?, ?, 0, ?)`)
  const store = db.transaction((from: number) => {
    for (const row of rows.slice(from, from + rowsPerCommit))
      insert.run(row.adamId, row.pricingParam, row.serialNumber)
  })
  const figure = await measured(async () => {
    for (let from = 0; from < rows.length; from += rowsPerCommit) store(from)
    return rows.length
  })
  db.close()
  return figure
}

async function insertAt(url: string, rows: readonly ShownAssignment[]): Promise<FloorFigure> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query(
    table
      .replace('{number}', 'bigint generated always as identity primary key')
      .replaceAll(' text ', ' text collate "C" '),
  )
  const text = `insert into assignment (${columns})
    select 1, adam_id, pricing_param, 0, target
    from unnest($1::text[], $2::text[], $3::text[]) as given (adam_id, pricing_param, target)`
  const figure = await measured(async () => {
    for (let from = 0; from < rows.length; from += rowsPerCommit) {
      const part = rows.slice(from, from + rowsPerCommit)
      const values = [
        part.map(({ adamId }) => adamId),
        part.map(({ pricingParam }) => pricingParam),
        part.map(({ serialNumber }) => serialNumber),
      ]
      await client.query({ name: 'insert', text, values })
    }
    return rows.length
  })
  await client.end()
  return figure
}

/** Of this process. */
async function measured(work: () => Promise<number>): Promise<FloorFigure> {
  const begunMs = performance.now()
  const before = process.cpuUsage()
  const rows = await work()
  const { user, system } = process.cpuUsage(before)
  return {
    rows,
    seconds: (performance.now() - begunMs) / 1_000,
    processorSeconds: (user + system) / 1_000_000,
  }
}
