import type { AssetKey, Assignment, Target } from './library.ts'
import type { RowList } from './row-list.ts'

/**
 * The rows of a generated location: every one of `assets` apps for every one of `devices`, worked out when asked for
 * and never held (Apple contract 11.9). Only what left is kept: per asset the numbers of its devices, ascending.
 */
export interface ComputedRows {
  seed: number
  assets: number
  devices: number
  /** The version of the list that brought them all. */
  changedIn: number
  gone: Map<number, number[]>
}

const firstAdamId = 9_100_000_000
const factor = 2_654_435_761
/** `factor` times this is 1, modulo 2 to the 32nd: the way back from a serial number to its device. */
const inverseFactor = 244_002_641

export function computedAdamId(asset: number): string {
  return String(firstAdamId + asset)
}

export function computedSerial(device: number, seed: number): string {
  const mixed = (Math.imul(device, factor) + seed) >>> 0
  return `G${mixed.toString(36).toUpperCase().padStart(7, '0')}`
}

/** Undefined when the text is no serial number of these devices. */
export function deviceOf(rows: ComputedRows, serialNumber: string): number | undefined {
  if (!/^G[0-9A-Z]{7}$/.test(serialNumber)) return undefined
  const mixed = Number.parseInt(serialNumber.slice(1), 36)
  const device = Math.imul((mixed - rows.seed) >>> 0, inverseFactor) >>> 0
  const isOurs = device < rows.devices && computedSerial(device, rows.seed) === serialNumber
  return isOurs ? device : undefined
}

/** Undefined when the app is none of the generated ones. */
export function assetOf(rows: ComputedRows, adamId: string): number | undefined {
  const asset = /^\d{10}$/.test(adamId) ? Number(adamId) - firstAdamId : -1
  return asset >= 0 && asset < rows.assets ? asset : undefined
}

export function computedRow(rows: ComputedRows, asset: number, device: number): Assignment {
  return {
    adamId: computedAdamId(asset),
    pricingParam: 'STDQ',
    target: { serialNumber: computedSerial(device, rows.seed) },
    changedIn: rows.changedIn,
  }
}

export function computedCount(rows: ComputedRows): number {
  const gone = [...rows.gone.values()].reduce((sum, devices) => sum + devices.length, 0)
  return rows.assets * rows.devices - gone
}

/** Where a pair stands while it has not left; undefined otherwise. */
export function findComputed(
  rows: ComputedRows,
  { adamId, pricingParam }: AssetKey,
  target: Target,
): { asset: number; device: number } | undefined {
  if (pricingParam !== 'STDQ' || !('serialNumber' in target)) return undefined
  const asset = assetOf(rows, adamId)
  const device = deviceOf(rows, target.serialNumber)
  if (asset === undefined || device === undefined || isGone(rows, asset, device)) return undefined
  return { asset, device }
}

/** A row that leaves never comes back as a computed one: the pair's next row is a held one. */
export function markGone(rows: ComputedRows, asset: number, device: number): void {
  const gone = rows.gone.get(asset) ?? []
  gone.splice(placeOf(gone, device), 0, device)
  rows.gone.set(asset, gone)
}

/** The rows of one app in the order of its devices. */
export function rowsOfAsset(rows: ComputedRows, asset: number): RowList<Assignment> {
  const gone = rows.gone.get(asset) ?? []
  const length = rows.devices - gone.length
  return {
    length,
    slice(start, end) {
      const wanted: Assignment[] = []
      const last = Math.min(end, length)
      for (let device = deviceAt(gone, start); wanted.length < last - start; device += 1) {
        if (!isGone(rows, asset, device)) wanted.push(computedRow(rows, asset, device))
      }
      return wanted
    },
  }
}

export function isGone(rows: ComputedRows, asset: number, device: number): boolean {
  const gone = rows.gone.get(asset)
  return gone !== undefined && gone[placeOf(gone, device)] === device
}

/** The device that stands at a place when those that left no longer count. */
function deviceAt(gone: readonly number[], place: number): number {
  let device = place
  for (const left of gone) {
    if (left > device) break
    device += 1
  }
  return device
}

/** Of the first number that is not below `wanted`. */
function placeOf(ascending: readonly number[], wanted: number): number {
  let low = 0
  let high = ascending.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ascending[middle] ?? wanted) < wanted) low = middle + 1
    else high = middle
  }
  return low
}
