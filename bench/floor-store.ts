/** What the floor stores: one table with the twelve properties that v1.0 has, and no more. */
import { timeOrderedIds } from '../src/compose/new-id.ts'
import { newTokenBody } from './new-token.ts'

export type FloorValue = string | number | boolean | null
export type FloorRow = Readonly<Record<string, FloorValue>>

export interface FloorStore {
  get(id: string): Promise<FloorRow>
  /** The first hundred whose state is valid. */
  listValid(): Promise<readonly FloorRow[]>
  /** With a commit of its own. */
  insert(sent: FloorRow): Promise<FloorRow>
  /** With one commit for all that wait at the same time. */
  insertShared(sent: FloorRow): Promise<FloorRow>
  insertAll(rows: readonly FloorRow[]): Promise<void>
  close(): Promise<void>
}

export const floorRowCount = 10_000
export const pageSize = 100

export const floorColumns = [
  'id',
  'organizationName',
  'vppTokenAccountType',
  'appleId',
  'expirationDateTime',
  'lastSyncDateTime',
  'token',
  'lastModifiedDateTime',
  'state',
  'lastSyncStatus',
  'automaticallyUpdateApps',
  'countryOrRegion',
] as const

const newId = timeOrderedIds(() => new Date())

/** Ids that rise with time, as the service's own do: random ones would make the floor slower than it is. */
export function newFloorRow(sent: FloorRow): FloorRow {
  return { id: newId(), lastModifiedDateTime: new Date().toISOString(), ...sent }
}

/** Rows with known ids, so that who measures need not ask for them. */
export function floorRows(count: number): readonly FloorRow[] {
  return Array.from({ length: count }, (_, number) => ({
    ...newFloorRow(JSON.parse(newTokenBody(number))),
    id: floorId(number),
  }))
}

export function floorId(number: number): string {
  return `01900000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`
}

/** The values in the order of the columns. */
export function floorValues(row: FloorRow): readonly FloorValue[] {
  return floorColumns.map((name) => row[name] ?? null)
}
