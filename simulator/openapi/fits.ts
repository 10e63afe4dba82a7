import type { Schema } from './schema.ts'

/** Where a value does not fit its schema, in words; empty when it does. */
export function misfits(
  value: unknown,
  schema: Schema,
  named: Record<string, Schema>,
  at = 'answer',
): string[] {
  const { $ref, anyOf } = schema
  if ($ref !== undefined) {
    const target = named[$ref.replace('#/components/schemas/', '')]
    return target ? misfits(value, target, named, at) : [`${at}: there is no ${$ref}`]
  }
  if (anyOf !== undefined) {
    const tries = anyOf.map((option) => misfits(value, option, named, at))
    return tries.find((found) => found.length === 0) ?? tries.flat()
  }
  return [
    ...wrongType(value, schema, at),
    ...wrongValue(value, schema, at),
    ...wrongMembers(value, schema, named, at),
  ]
}

function wrongType(value: unknown, { type }: Schema, at: string): string[] {
  if (type === undefined) return []
  const allowed = Array.isArray(type) ? type : [type]
  const actual = typeOf(value)
  return allowed.includes(actual) ? [] : [`${at}: ${actual} instead of ${allowed.join(' or ')}`]
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

function wrongValue(value: unknown, schema: Schema, at: string): string[] {
  const isListed = schema.enum === undefined || schema.enum.includes(value)
  const isFormed =
    schema.pattern === undefined ||
    typeof value !== 'string' ||
    new RegExp(schema.pattern).test(value)
  return isListed && isFormed ? [] : [`${at}: ${JSON.stringify(value)} is not allowed`]
}

function wrongMembers(
  value: unknown,
  schema: Schema,
  named: Record<string, Schema>,
  at: string,
): string[] {
  if (Array.isArray(value)) {
    const { items } = schema
    return items
      ? value.flatMap((element, place) => misfits(element, items, named, `${at}[${place}]`))
      : []
  }
  if (typeof value !== 'object' || value === null) return []
  const missing = (schema.required ?? []).filter((name) => !Object.hasOwn(value, name))
  const { properties = {}, additionalProperties = true } = schema
  return [
    ...missing.map((name) => `${at}.${name} is missing`),
    ...Object.entries(value).flatMap(([name, member]) => {
      const declared = properties[name] ?? additionalProperties
      if (declared === true) return []
      if (declared === false) return [`${at}.${name} is not described`]
      return misfits(member, declared, named, `${at}.${name}`)
    }),
  ]
}
