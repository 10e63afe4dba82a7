import { parseInstant } from '../world/clock.ts'
import { ControlError } from './control-error.ts'
import { nearestHint } from './nearest-name.ts'

/** Turns an untrusted value into a typed one; `name` is where it stood, for the message. */
export type Decode<T> = (value: unknown, name: string) => T

type Shape = Record<string, Decode<unknown>>
type Decoded<S extends Shape> = { [Name in keyof S]: ReturnType<S[Name]> }

/** An object with these members and no others. */
export function object<S extends Shape>(shape: S): Decode<Decoded<S>> {
  return (value, name) => {
    const members = plainObject(value, name)
    for (const member of Object.keys(members)) {
      if (!Object.hasOwn(shape, member)) {
        throw wrong(`${name} has no member "${member}". ${nearestHint(member, Object.keys(shape))}`)
      }
    }
    const decoded = Object.entries(shape).map(([member, decode]) => [
      member,
      decode(members[member], name === 'The body' ? `"${member}"` : `"${member}" in ${name}`),
    ])
    return Object.fromEntries(decoded) as Decoded<S>
  }
}

/** Left out or null: undefined. */
export function optional<T>(decode: Decode<T>): Decode<T | undefined> {
  return (value, name) => (value === undefined || value === null ? undefined : decode(value, name))
}

export function or<T, Otherwise>(decode: Decode<T>, otherwise: Otherwise): Decode<T | Otherwise> {
  return (value, name) => (value === undefined || value === null ? otherwise : decode(value, name))
}

export const text: Decode<string> = (value, name) => {
  if (typeof value !== 'string' || value === '') throw wrong(`${name} has to be a text.`)
  return value
}

export const adamId: Decode<string> = (value, name) => {
  const id = text(value, name)
  if (!/^\d{1,18}$/.test(id)) throw wrong(`"${id}" is no adamId. Use up to 18 digits.`)
  return id
}

export const flag: Decode<boolean> = (value, name) => {
  if (typeof value !== 'boolean') throw wrong(`${name} has to be true or false.`)
  return value
}

export function whole(least: number, most = Number.MAX_SAFE_INTEGER): Decode<number> {
  return (value, name) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
      throw wrong(
        `${name} has to be a whole number from ${least}${most < 1e15 ? ` to ${most}` : ''}.`,
      )
    }
    return value
  }
}

export function oneOf<const Value extends string | number>(
  values: readonly Value[],
): Decode<Value> {
  return (value, name) => {
    const found = values.find((candidate) => candidate === value)
    if (found === undefined) throw wrong(`${name} has to be one of: ${values.join(', ')}.`)
    return found
  }
}

export function list<T>(decode: Decode<T>): Decode<T[]> {
  return (value, name) => {
    if (!Array.isArray(value)) throw wrong(`${name} has to be a list.`)
    const whole = name === 'The body' ? 'the body' : name
    return value.map((element: unknown, index) => decode(element, `element ${index} of ${whole}`))
  }
}

export const texts = list(text)

export const textMap: Decode<Record<string, string>> = (value, name) => {
  const members = Object.entries(plainObject(value, name))
  return Object.fromEntries(
    members.map(([member, element]) => {
      if (typeof element !== 'string') throw wrong(`"${member}" in ${name} has to be a text.`)
      return [member, element]
    }),
  )
}

/** An instant, in milliseconds. */
export const dateTime: Decode<number> = (value, name) => {
  const ms = typeof value === 'string' ? parseInstant(value) : undefined
  if (ms === undefined) throw wrong(`${name} has to be a time like 2027-03-01T08:00:00Z.`)
  return ms
}

export function plainObject(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong(`${name} has to be a JSON object.`)
  }
  return value as Record<string, unknown>
}

export function wrong(message: string): ControlError {
  return new ControlError(400, message)
}
