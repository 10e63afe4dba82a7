/** `$select` and `$expand`: which properties and navigations of an answer's rows are shown (graph 5.1, 7.4, H2). */
import type { EntityType, Navigation } from '../model/entity-type.ts'
import { Failure } from '../model/failure.ts'
import { faceMembers } from '../model/payload/face-members.ts'
import type { EntitySet } from './entity-sets.ts'

/** Wire names in the order given; a property of a derived type as `type/name`. Failure `badRequest` names the first unknown one. */
export function readSelect(value: string, set: EntitySet): ReadonlySet<string> {
  const names = listOf(value)
  if (names.length === 0)
    throw new Failure(
      'badRequest',
      'The query option $select is empty. Name at least one property.',
      {
        property: '$select',
      },
    )
  if (names.includes('*'))
    return new Set(faceMembers(set.type, set.face).inWireOrder.map(({ wire }) => wire))
  return new Set(names.map((name) => selected(name, set)))
}

function selected(name: string, set: EntitySet): string {
  const slash = name.lastIndexOf('/')
  const type = slash < 0 ? set.type : derivedType(name.slice(0, slash), set)
  const member =
    type && faceMembers(type, set.face).byLowerName.get(name.slice(slash + 1).toLowerCase())
  if (type && member)
    return type === set.type ? member.wire : `${type.names[set.face]}/${member.wire}`
  if (isExpandable(name, set)) return name
  throw new Failure(
    'badRequest',
    `Parsing OData Select and Expand failed: Could not find a property named '${name.slice(0, 128)}' on type 'microsoft.graph.${set.type.names[set.face]}'.`,
    { property: name.slice(0, 128) },
  )
}

/** The type that a cast segment names: `microsoft.graph.iosVppApp`, `graph.iosVppApp`. */
function derivedType(cast: string, set: EntitySet): EntityType | undefined {
  const name = /^(?:microsoft\.)?graph\.(\w+)$/i.exec(cast)?.[1]?.toLowerCase()
  return [set.type, ...set.derived.values()].find(
    (type) => type.names[set.face]?.toLowerCase() === name,
  )
}

/** The selected names of one actual type, without casts. */
export function selectedOf(
  select: ReadonlySet<string>,
  type: EntityType,
  { face }: EntitySet,
): ReadonlySet<string> {
  const own = `${type.names[face]}/`
  return new Set([...select].map((name) => (name.startsWith(own) ? name.slice(own.length) : name)))
}

/** Names of navigations to show, all of which are empty. Failure `badRequest` for one that cannot be expanded. */
export function readExpand(value: string, set: EntitySet): readonly string[] {
  return listOf(value).map((item) => {
    const name = item.replace(/\(.*$/s, '')
    if (isExpandable(name, set)) return name
    const known = Object.keys(navigationsOf(set.type)).filter((one) => isExpandable(one, set))
    const hint = known.length === 0 ? 'Leave $expand out.' : `Only ${known.join(' and ')} can be.`
    throw new Failure(
      'badRequest',
      `Parsing OData Select and Expand failed: '${name.slice(0, 128)}' cannot be expanded on type 'microsoft.graph.${set.type.names[set.face]}'. ${hint}`,
      { property: '$expand' },
    )
  })
}

function isExpandable(name: string, { type, face }: EntitySet): boolean {
  const navigation = navigationsOf(type)[name]
  return navigation?.expandsTo === 'nothing' && navigation.faces.includes(face)
}

/** Those of the type and of its bases. */
export function navigationsOf(type: EntityType): Readonly<Record<string, Navigation>> {
  return { ...(type.base ? navigationsOf(type.base) : {}), ...type.navigations }
}

/** Commas inside parentheses separate nothing. */
function listOf(value: string): readonly string[] {
  return value
    .split(/,(?![^()]*\))/)
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
