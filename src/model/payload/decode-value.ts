/** One JSON value against one declared shape. Every refusal is a Failure `invalidModel` that names the property. */
import { never, parseDateTimeOffset } from '../date-time-offset.ts'
import type { ComplexType, ComplexValue, EnumType, Field, Shape } from '../entity-type.ts'
import { Failure } from '../failure.ts'
import { isGuid } from '../ids.ts'
import { isStorable } from '../storable-text.ts'
import { nearestName } from './nearest-name.ts'

interface Slot {
  /** Wire name, with the path inside a complex value. */
  readonly wire: string
  readonly isNullable: boolean
  /** Members of the enum that cannot be sent here. */
  readonly hiddenMembers?: Readonly<Record<string, unknown>>
}

export function decodeShape(slot: Slot, shape: Shape, value: unknown): unknown {
  if (value === null) {
    if (slot.isNullable) return null
    throw refused(slot, `The property '${slot.wire}' must not be null.`)
  }
  switch (shape.kind) {
    case 'text':
    case 'binary':
      return decodeText(slot, shape.maxLength, value)
    case 'guid':
      if (typeof value === 'string' && isGuid(value)) return value.toLowerCase()
      throw wrongKind(slot, 'a GUID')
    case 'flag':
      if (typeof value === 'boolean') return value
      throw wrongKind(slot, 'true or false')
    case 'int32':
      if (Number.isInteger(value) && Math.abs(Number(value)) <= 2_147_483_647) return value
      throw wrongKind(slot, 'a whole number of 32 bits')
    case 'int64':
      if (Number.isSafeInteger(value)) return value
      throw wrongKind(slot, 'a whole number')
    case 'dateTimeOffset':
      return decodeDate(slot, value)
    case 'member':
      return decodeMember(slot, shape.of, value)
    case 'complex':
      return decodeComplex(slot, shape.of, value)
    case 'collection':
      return decodeItems(slot, shape, value)
  }
}

/** Whether an `@odata.type` names this type, with or without the leading `#` (graph 3.4). */
export function isTypeNamed(value: unknown, typeName: string): boolean {
  return value === `#microsoft.graph.${typeName}` || value === `microsoft.graph.${typeName}`
}

function decodeText(slot: Slot, maxLength: number, value: unknown): string {
  if (typeof value !== 'string') throw wrongKind(slot, 'text')
  if (value.length > maxLength)
    throw refused(
      slot,
      `The value of '${slot.wire}' is too long: ${value.length} characters, at most ${maxLength} are taken.`,
    )
  if (!isStorable(value))
    throw refused(
      slot,
      `The value of '${slot.wire}' holds a character that cannot be stored (U+0000 or half of a surrogate pair).`,
    )
  return value
}

function decodeDate(slot: Slot, value: unknown): unknown {
  if (typeof value !== 'string') throw wrongKind(slot, 'a date and time as text')
  const date = parseDateTimeOffset(value)
  if (date) return date
  throw refused(
    slot,
    `The value of '${slot.wire}' is not a date and time with an offset, such as 2026-12-31T23:59:59Z or 2026-12-31T23:59:59.1234567-08:00.`,
  )
}

function decodeMember(slot: Slot, type: EnumType, value: unknown): string {
  if (typeof value !== 'string') throw wrongKind(slot, `text out of the enum ${type.name}`)
  const known = Object.keys(type.members).filter((one) => !slot.hiddenMembers?.[one])
  if (known.includes(value)) return value
  const nearest = nearestName(value, known)
  const hint = nearest === undefined ? '' : ` Nearest known value of '${slot.wire}': '${nearest}'.`
  throw refused(slot, `Requested value '${value.slice(0, 128)}' was not found.${hint}`)
}

function decodeItems(
  slot: Slot,
  { of, maxItems }: Extract<Shape, { kind: 'collection' }>,
  value: unknown,
): readonly unknown[] {
  if (!Array.isArray(value)) throw wrongKind(slot, 'a list')
  if (value.length > maxItems)
    throw refused(slot, `The list '${slot.wire}' is too long: at most ${maxItems} items are taken.`)
  return value.map((item, index) =>
    decodeShape({ wire: `${slot.wire}[${index}]`, isNullable: false }, of, item),
  )
}

function decodeComplex(slot: Slot, declared: ComplexType, value: unknown): ComplexValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrongKind(slot, 'a JSON object')
  const given = value as Record<string, unknown>
  const type = actualType(slot, declared, given['@odata.type'])
  const fields: Record<string, Field> = { ...declared.fields, ...type.fields }
  for (const name of Object.keys(given)) {
    if (!name.includes('@odata.') && !Object.hasOwn(fields, name))
      throw refused(
        slot,
        `The property '${name.slice(0, 128)}' does not exist on type 'microsoft.graph.${type.name}'.`,
      )
  }
  const decoded: Record<string, unknown> = { type: type.name }
  for (const [name, field] of Object.entries(fields)) {
    const inner = { wire: `${slot.wire}.${name}`, isNullable: field.nullable }
    // Only a null that is written down is one: Microsoft's own SDK leaves fields of derived types out (graph 3.5, G17).
    decoded[name] = Object.hasOwn(given, name)
      ? decodeShape(inner, field.shape, given[name])
      : initialValue(field)
  }
  return decoded as ComplexValue
}

/** What a field holds that nobody has given: nothing, or the first value of its kind. */
function initialValue({ shape, nullable }: Field): unknown {
  if (nullable) return null
  switch (shape.kind) {
    case 'flag':
      return false
    case 'int32':
    case 'int64':
      return 0
    case 'dateTimeOffset':
      return never
    case 'member':
      return Object.keys(shape.of.members)[0]
    case 'collection':
      return []
    default:
      return ''
  }
}

function actualType(slot: Slot, declared: ComplexType, named: unknown): ComplexType {
  if (named === undefined) return declared
  const type = [declared, ...(declared.derived ?? [])].find((one) => isTypeNamed(named, one.name))
  if (type) return type
  throw refused(
    slot,
    `The '@odata.type' inside '${slot.wire}' must be '#microsoft.graph.${declared.name}' or a type derived from it.`,
  )
}

function wrongKind(slot: Slot, wanted: string): Failure {
  return refused(slot, `The value of '${slot.wire}' must be ${wanted}.`)
}

function refused(slot: Slot, message: string): Failure {
  return new Failure('invalidModel', message, { property: slot.wire })
}
