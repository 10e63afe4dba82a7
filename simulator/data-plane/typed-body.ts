import { Refusal } from './answer.ts'

/** Stage 9 of the order of checks: what has another type than Apple's is refused with 9602 (Apple contract 11.2). */
export function objectOf(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Refusal(9602)
  return value as Record<string, unknown>
}

export function textOf(value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value
  throw new Refusal(9602)
}

/** A name of something: a text that is there and not empty. */
export function nameOf(value: unknown): string {
  const text = textOf(value)
  if (!text) throw new Refusal(9602)
  return text
}

export function listOf<Element>(
  value: unknown,
  decode: (element: unknown) => Element,
): Element[] | undefined {
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw new Refusal(9602)
  return value.map(decode)
}
