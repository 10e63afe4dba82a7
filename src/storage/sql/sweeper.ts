/**
 * Takes away the rows that removed tokens left behind, a thousand at most in a unit of work: a million at once would hold up
 * every other writer for seconds. What a stopped process leaves is taken up when the storage is opened again.
 */
import { appleUserTable, assetTable, assignmentTable } from './apple-row-tables.ts'
import { first, type SqlConnection, type Transact } from './connection.ts'

export interface Sweeper {
  /** Sweeps, in the background, until nothing is left. */
  wake(): void
}

/** Where they lie, in the order of an index, and how many go in a unit of work. */
const places = [
  { table: assignmentTable.name, order: 'number', perUnit: 1_000 },
  { table: appleUserTable.name, order: 'number', perUnit: 1_000 },
  { table: assetTable.name, order: 'number', perUnit: 1_000 },
  { table: 'license_receipt', order: 'number', perUnit: 1_000 },
  { table: 'given_license', order: 'number', perUnit: 1_000 },
  { table: 'run_change', order: 'run_id, number', perUnit: 1_000 },
  // Each may have a large picture that goes with it (on delete cascade).
  { table: 'library_item', order: 'adam_id, content_kind', perUnit: 50 },
].map(({ table, order, perUnit }) => ({
  perUnit,
  removeRows: `delete from ${table} where number in (
    select number from ${table} where token_number = $1 order by ${order} limit $2)`,
}))

const sql = {
  next: 'select number from removed_token order by number limit 1',
  forget: 'delete from removed_token where number = $1',
}

export function sweeper(reads: SqlConnection, transact: Transact): Sweeper {
  let isAsked = false
  let isSweeping = false

  async function sweepAll(): Promise<void> {
    try {
      while (isAsked) {
        isAsked = false
        for (;;) {
          const left = await first(reads, sql.next, [])
          if (!left) break
          await transact((connection) => sweepSome(connection, Number(left.number)))
        }
      }
    } finally {
      isSweeping = false
    }
  }

  return {
    wake: () => {
      isAsked = true
      if (isSweeping) return
      isSweeping = true
      // Whatever stops it, such as a full disk or the end of the service, stops other writers as well, and they say so. What is
      // left is out of everybody's reach and waits for the next removal or start.
      sweepAll().catch(() => undefined)
    },
  }
}

async function sweepSome(connection: SqlConnection, tokenNumber: number): Promise<void> {
  for (const { removeRows, perUnit } of places)
    if ((await connection.run(removeRows, [tokenNumber, perUnit])) > 0) return
  await connection.run(sql.forget, [tokenNumber])
}
