/** From a literal to the value that a property is compared with. */
import { parseDateTimeOffset } from '../../model/date-time-offset.ts'
import type { EnumType } from '../../model/entity-type.ts'
import { isStorable } from '../../model/storable-text.ts'
import { unqualified } from '../namespace.ts'
import type { Target } from './bind-path.ts'
import { clipped, refused } from './refusal.ts'
import { shownMembers } from './shown-values.ts'
import type { Literal } from './tree.ts'
import { type OutOfRange, wholeNumber } from './whole-number.ts'

type BoundValue = { readonly value: string | number | boolean } | OutOfRange

/** Of any literal but null. Failure `badRequest` for one that the property cannot be compared with. */
export function boundValue(target: Target, literal: Literal): BoundValue {
  const { shape } = target
  switch (shape.kind) {
    case 'text':
      return { value: textOf(target, literal) }
    case 'guid':
      return { value: guidText(target, literal) }
    case 'flag':
      if (literal.kind !== 'boolean') throw mismatch(target, literal)
      return { value: literal.text.toLowerCase() === 'true' }
    case 'int32':
      return boundNumber(target, literal, 2_147_483_647)
    case 'int64':
      return boundNumber(target, literal, Number.MAX_SAFE_INTEGER)
    case 'dateTimeOffset':
      return { value: instantOf(target, literal) }
    case 'member':
      return {
        value: areMembersText(target)
          ? textOf(target, literal)
          : memberOf(target, shape.of, literal),
      }
  }
}

/** The old entity's enums are plain strings (graph 3.1, 7.10). */
export function areMembersText({ face }: Target): boolean {
  return face === 'old'
}

/** A quoted text that every database can compare (graph H9). */
export function textOf(target: Target, literal: Literal): string {
  if (literal.kind !== 'string') throw mismatch(target, literal)
  if (isStorable(literal.text)) return literal.text
  throw refused(
    target.option,
    `The property '${target.wire}' is compared in ${target.option} with text that holds a character that is never stored (U+0000 or half of a surrogate pair). Leave it out.`,
  )
}

/** GUIDs are stored in small letters, and stand in quotes or not. */
export function guidText(target: Target, literal: Literal): string {
  return (literal.kind === 'guid' ? literal.text : textOf(target, literal)).toLowerCase()
}

function boundNumber(target: Target, literal: Literal, largest: number): BoundValue {
  const value = literal.kind === 'number' ? wholeNumber(literal.text, largest) : undefined
  if (value === undefined) throw mismatch(target, literal)
  return typeof value === 'number' ? { value } : value
}

function instantOf(target: Target, literal: Literal): string {
  const date = literal.kind === 'dateTimeOffset' ? parseDateTimeOffset(literal.text) : undefined
  if (date) return date.instant
  throw mismatch(target, literal)
}

/** A member as the face shows it, in quotes or as `microsoft.graph.enumName'member'`. */
function memberOf(target: Target, type: EnumType, literal: Literal): string {
  const isOfType =
    literal.kind === 'string' ||
    unqualified(literal.kind === 'enum' ? literal.type : '')?.toLowerCase() ===
      type.name.toLowerCase()
  if (isOfType && shownMembers(type, target).some(({ shown }) => shown === literal.text))
    return literal.text
  throw mismatch(target, literal)
}

function mismatch(target: Target, literal: Literal) {
  return refused(
    target.option,
    `The property '${target.wire}' cannot be compared with '${clipped(literal.text)}' in ${target.option}. ${wanted(target)}`,
  )
}

function wanted(target: Target): string {
  const { shape } = target
  switch (shape.kind) {
    case 'text':
      return 'It is text: write the value in single quotes.'
    case 'guid':
      return 'It is a GUID: write it bare or in single quotes.'
    case 'flag':
      return 'It is a Boolean: write true or false without quotes.'
    case 'int32':
    case 'int64':
      return 'It is a whole number: write it without quotes and without a fraction.'
    case 'dateTimeOffset':
      return 'It is a time: write it without quotes and with its offset, such as 2026-12-31T23:59:59Z or 2026-12-31T23:59:59-08:00.'
    case 'member': {
      if (areMembersText(target)) return 'It is text: write the value in single quotes.'
      const names = new Set(shownMembers(shape.of, target).map(({ shown }) => `'${shown}'`))
      return `It is one of ${[...names].join(', ')}, in single quotes.`
    }
  }
}
