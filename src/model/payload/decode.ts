/** From an untrusted JSON value to what the caller sent, typed; driven by the declaration (graph 3.5). */
import { type EntityType, type Face, isNullable, type SentOf } from '../entity-type.ts'
import { Failure } from '../failure.ts'
import { decodeShape, isTypeNamed } from './decode-value.ts'
import { type FaceMember, faceMembers } from './face-members.ts'
import { nearestName } from './nearest-name.ts'

/**
 * Reads the properties of a face. Members named `@odata.…` are ignored but for the type, which must fit; `id` is ignored.
 * Names are read in any case (graph 4.1). Failure `invalidModel` names the property and what is wrong with it.
 */
export function decode<T extends EntityType>(type: T, face: Face, json: unknown): SentOf<T> {
  const typeName = type.names[face]
  if (typeName === undefined) throw new Error(`The face ${face} has no such entity`)
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new Failure(
      'unreadablePayload',
      `The body must be one JSON object of type 'microsoft.graph.${typeName}'.`,
    )
  const members = faceMembers(type, face).byLowerName
  const sent: Record<string, unknown> = {}
  for (const [given, value] of Object.entries(json)) {
    if (given === '@odata.type') requireType(value, typeName)
    if (given.includes('@odata.')) continue
    const member = members.get(given.toLowerCase())
    if (!member) throw unknownProperty(given, typeName, members)
    if (member.name === 'id') continue
    if (member.name in sent)
      throw new Failure(
        'invalidModel',
        `The property '${member.wire}' is given twice, spelt in two ways. Send it once.`,
        { property: member.wire },
      )
    const { shape, nullable, initial, shownAs } = member.property
    const mayBeNull = shape.kind === 'collection' || isNullable(member.property, face)
    // What the face lets be null and is never kept so was not given (graph 3.1: it carries no "!").
    if (value === null && mayBeNull && !nullable) sent[member.name] = initial
    else
      sent[member.name] = decodeShape(
        // A member that a face shows as another one is none of that face's (graph 3.3).
        { wire: member.wire, isNullable: nullable, hiddenMembers: shownAs?.[face] ?? {} },
        shape,
        value,
      )
  }
  return sent as SentOf<T>
}

function requireType(value: unknown, typeName: string): void {
  if (isTypeNamed(value, typeName)) return
  throw new Failure(
    'invalidModel',
    `The value of '@odata.type' must be '#microsoft.graph.${typeName}' here.`,
    { property: '@odata.type' },
  )
}

function unknownProperty(
  given: string,
  typeName: string,
  members: ReadonlyMap<string, FaceMember>,
): Failure {
  const nearest = nearestName(
    given,
    [...members.values()].map((member) => member.wire),
  )
  const hint = nearest === undefined ? '' : ` Nearest known property: '${nearest}'.`
  const shown = given.slice(0, 128)
  return new Failure(
    'invalidModel',
    `The property '${shown}' does not exist on type 'microsoft.graph.${typeName}'.${hint}`,
    { property: shown },
  )
}
