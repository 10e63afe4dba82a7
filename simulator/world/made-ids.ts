import type { World } from './world.ts'
import type { WorldState } from './world-state.ts'

type Named = 'tokens' | 'libraries' | 'faults' | 'walkScripts' | 'eventScripts'

/** The next name of its kind that is not taken: people may have given one like it themselves. */
export function nextName(
  { made }: WorldState,
  kind: Named,
  nameOf: (number: number) => string,
  isTaken: (name: string) => boolean = () => false,
): string {
  do made[kind] += 1
  while (isTaken(nameOf(made[kind])))
  return nameOf(made[kind])
}

const letters = { events: 'e', notifications: 'b' } as const

/**
 * The next UUID of its kind: counted, so that the same calls give the same one again (Apple contract 11.1). Worlds
 * with another rngSeed have others; rngSeed 1 gives those of the contract's samples.
 */
export function nextId(world: World, kind: keyof typeof letters): string {
  const { made } = world.state
  made[kind] += 1
  const room = ((world.origin.rngSeed - 1) & 0xfffffff).toString(16).padStart(7, '0')
  return `${letters[kind]}${room}-0000-4000-8000-${made[kind].toString(16).padStart(12, '0')}`
}
