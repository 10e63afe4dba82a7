/** Properties of few values: what is stored and what the asked face shows for it (graph G3, D11, G2). */
import type { EnumType } from '../../model/entity-type.ts'
import type { Target } from './bind-path.ts'

export interface ShownValue<Value extends string | boolean = string | boolean> {
  readonly stored: Value
  readonly shown: Value
}

const flags: readonly ShownValue[] = [
  { stored: false, shown: false },
  { stored: true, shown: true },
]

/** Undefined for a property whose values cannot be counted up. */
export function shownValues(target: Target): readonly ShownValue[] | undefined {
  const { shape } = target
  if (shape.kind === 'flag') return flags
  return shape.kind === 'member' ? shownMembers(shape.of, target) : undefined
}

/** Several stored members may be shown as the same one. */
export function shownMembers(
  type: EnumType,
  { property, face }: Pick<Target, 'property' | 'face'>,
): readonly ShownValue<string>[] {
  const shownAs = property.shownAs?.[face]
  return Object.keys(type.members).map((stored) => ({ stored, shown: shownAs?.[stored] ?? stored }))
}
