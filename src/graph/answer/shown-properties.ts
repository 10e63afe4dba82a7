/** `$select` and `$expand`: which properties and navigations of an answer's rows are shown (graph 5.1, 7.4, H2). */
import type { EntityType, Navigation } from '../../model/entity-type.ts'
import { Failure } from '../../model/failure.ts'
import { faceMembers } from '../../model/payload/face-members.ts'
import { type EntitySet, typeName } from '../entity-set.ts'
import { namedType } from '../odata/named-type.ts'
import { checkLength, type Option } from '../odata/refusal.ts'

/**
 * Wire names in the order given; a property of a derived type as `microsoft.graph.type/name`. Undefined = all (`*`). Failure
 * `badRequest` names the first unknown one.
 */
export function readSelect(value: string, set: EntitySet): ReadonlySet<string> | undefined {
  const names = listOf('$select', value)
  if (names.length === 0)
    throw new Failure(
      'badRequest',
      'The query option $select is empty. Name at least one property.',
      {
        property: '$select',
      },
    )
  if (names.includes('*')) return undefined
  return new Set(names.map((name) => selected(name, set)))
}

function selected(name: string, set: EntitySet): string {
  const slash = name.lastIndexOf('/')
  const cast = slash < 0 ? undefined : namedType('$select', name.slice(0, slash), set)
  const type = cast?.type ?? set.type
  const member = faceMembers(type, set.face).byLowerName.get(name.slice(slash + 1).toLowerCase())
  // A cast to what every row is says nothing new.
  if (member) return cast?.kinds ? `${typeName(type, set.face)}/${member.wire}` : member.wire
  const navigation = expandable(set).find((one) => one.toLowerCase() === name.toLowerCase())
  if (navigation !== undefined) return navigation
  throw new Failure(
    'badRequest',
    `Parsing OData Select and Expand failed: Could not find a property named '${name.slice(0, 128)}' on type '${typeName(set.type, set.face)}'.`,
    { property: name.slice(0, 128) },
  )
}

/** The selected names of one actual type, without casts. */
export function selectedOf(
  select: ReadonlySet<string>,
  type: EntityType,
  { face }: EntitySet,
): ReadonlySet<string> {
  const own = `${typeName(type, face)}/`
  return new Set([...select].map((name) => (name.startsWith(own) ? name.slice(own.length) : name)))
}

/** Names of navigations to show, all of which are empty. Failure `badRequest` for one that cannot be expanded. */
export function readExpand(value: string, set: EntitySet): readonly string[] {
  return listOf('$expand', value).map((item) => {
    const name = item.split('(', 1)[0] ?? ''
    const known = expandable(set)
    const found = known.find((one) => one.toLowerCase() === name.trim().toLowerCase())
    if (found !== undefined) return found
    const hint = known.length === 0 ? 'Leave $expand out.' : `Only ${known.join(' and ')} can be.`
    throw new Failure(
      'badRequest',
      `Parsing OData Select and Expand failed: '${name.slice(0, 128)}' cannot be expanded on type '${typeName(set.type, set.face)}'. ${hint}`,
      { property: '$expand' },
    )
  })
}

/** Names of the navigations that `$expand` answers. */
export function expandable({ type, face }: EntitySet): readonly string[] {
  return Object.entries(navigationsOf(type)).flatMap(([name, { expandsTo, faces }]) =>
    expandsTo === 'nothing' && faces.includes(face) ? [name] : [],
  )
}

/** Those of the type and of its bases. */
export function navigationsOf(type: EntityType): Readonly<Record<string, Navigation>> {
  return { ...(type.base ? navigationsOf(type.base) : {}), ...type.navigations }
}

/** Parts between commas; commas inside parentheses separate nothing. */
function listOf(option: Option, value: string): readonly string[] {
  checkLength(option, value)
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (let at = 0; at <= value.length; at++) {
    const character = value[at]
    if (character === '(') depth += 1
    if (character === ')') depth -= 1
    if (at < value.length && (character !== ',' || depth > 0)) continue
    const part = value.slice(from, at).trim()
    if (part !== '') parts.push(part)
    from = at + 1
  }
  return parts
}
