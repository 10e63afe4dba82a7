/** Reads fields of Apple's JSON. Null and absent mean the same (Apple 2.1). */
import { isStorable } from '../model/storable-text.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** An answer that has not the shape it should have; `field` is where, such as `asset.totalCount`. */
export class OtherShape extends Error {
  readonly field: string

  constructor(field: string) {
    super(`other JSON shape: ${field}`)
    this.name = 'OtherShape'
    this.field = field
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** One object of an answer together with the name that people are told for it. */
export interface Part {
  readonly name: string
  readonly fields: JsonObject
}

export function part(name: string, value: unknown): Part {
  if (!isJsonObject(value)) throw new OtherShape(name)
  return { name, fields: value }
}

/** Text that can be stored and found again by what it says (graph H9). */
function isText(value: unknown): value is string {
  return typeof value === 'string' && isStorable(value)
}

export function text(from: Part, field: string): string {
  return required(from, field, optionalText(from, field))
}

export function optionalText(from: Part, field: string): string | null {
  const value = from.fields[field] ?? null
  if (value === null || isText(value)) return value
  throw wrong(from, field)
}

export function wholeNumber(from: Part, field: string): number {
  return required(from, field, optionalWholeNumber(from, field))
}

export function optionalWholeNumber(from: Part, field: string): number | null {
  const value = from.fields[field] ?? null
  if (value === null) return null
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  throw wrong(from, field)
}

/** Absent = false. */
export function flag(from: Part, field: string): boolean {
  const value = from.fields[field] ?? false
  if (typeof value === 'boolean') return value
  throw wrong(from, field)
}

/** Absent = empty. */
export function texts(from: Part, field: string): readonly string[] {
  const value: unknown = from.fields[field] ?? []
  if (Array.isArray(value) && value.every(isText)) return value
  throw wrong(from, field)
}

export function list(from: Part, field: string): readonly unknown[] {
  return required(from, field, optionalList(from, field))
}

export function optionalList(from: Part, field: string): readonly unknown[] | null {
  const value = from.fields[field] ?? null
  if (value === null || Array.isArray(value)) return value
  throw wrong(from, field)
}

function required<T>(from: Part, field: string, value: T | null): T {
  if (value === null) throw wrong(from, field)
  return value
}

function wrong(from: Part, field: string): OtherShape {
  return new OtherShape(`${from.name}.${field}`)
}
