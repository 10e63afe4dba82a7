/** JSON values as YAML 1.2. Pure. */
import { jsonText } from './json-text.ts'

/** Names that no reader can take for a number, a truth value or a mark of YAML's own; all others stand in quotes. */
const plainName = /^[A-Za-z][A-Za-z0-9_-]*$/
const wordsOfYaml = /^(true|false|yes|no|on|off|null|y|n)$/i

export function yamlText(value: unknown): string {
  return `${block(value, '').trimStart()}\n`
}

/** Blocks of names and values; texts in quotes, so that none of them can be taken for anything else. */
function block(value: unknown, indent: string): string {
  if (!isFilled(value)) return Array.isArray(value) ? '[]' : isObject(value) ? '{}' : scalar(value)
  if (Array.isArray(value))
    return value.map((one) => `${indent}- ${block(one, `${indent}  `).trimStart()}`).join('\n')
  return membersOf(value)
    .map(([name, member]) => {
      const text = block(member, `${indent}  `)
      return `${indent}${key(name)}:${isFilled(member) ? `\n${text}` : ` ${text}`}`
    })
    .join('\n')
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** What JSON leaves out is left out here too. */
function membersOf(value: object): readonly (readonly [string, unknown])[] {
  return Object.entries(value).filter(([, member]) => member !== undefined)
}

function isFilled(value: unknown): value is object {
  return isObject(value) && membersOf(value).length > 0
}

function scalar(value: unknown): string {
  return jsonText(value ?? null)
}

function key(name: string): string {
  return plainName.test(name) && !wordsOfYaml.test(name) ? name : jsonText(name)
}
