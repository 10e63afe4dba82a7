/** As much of JSON Schema as the description needs. */
export interface Schema {
  $ref?: string
  type?: string | readonly string[]
  description?: string
  enum?: readonly unknown[]
  properties?: Record<string, Schema>
  required?: readonly string[]
  additionalProperties?: boolean | Schema
  items?: Schema
  anyOf?: readonly Schema[]
  pattern?: string
  minimum?: number
  maximum?: number
  default?: unknown
  examples?: readonly unknown[]
}

export const text: Schema = { type: 'string' }
export const flag: Schema = { type: 'boolean' }
export const whole: Schema = { type: 'integer' }
export const anything: Schema = {}
export const anyObject: Schema = { type: 'object' }
export const instant: Schema = {
  type: 'string',
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$',
}

export function said(schema: Schema, description: string): Schema {
  return { ...schema, description }
}

export function usually(schema: Schema, otherwise: unknown): Schema {
  return { ...schema, default: otherwise }
}

export function oneOf(...values: readonly unknown[]): Schema {
  return { enum: values }
}

export function list(items: Schema): Schema {
  return { type: 'array', items }
}

export function nullable(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] }
}

export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` }
}

/** An object with these members and no others; a name that ends in `?` may be left out. */
export function object(members: Record<string, Schema>): Schema {
  const entries = Object.entries(members)
  const required = entries.map(([name]) => name).filter((name) => !name.endsWith('?'))
  return {
    type: 'object',
    properties: Object.fromEntries(
      entries.map(([name, schema]) => [name.replace(/\?$/, ''), schema]),
    ),
    ...(required.length > 0 && { required }),
    additionalProperties: false,
  }
}

/** All members may be left out. */
export function parts(members: Record<string, Schema>): Schema {
  return object(Object.fromEntries(Object.entries(members).map(([name, s]) => [`${name}?`, s])))
}
