import type { VirtualClock } from './clock.ts'
import type { Fault } from './faults/fault.ts'
import type { Library } from './library.ts'
import type { RandomState } from './random.ts'
import type { Settings } from './settings.ts'
import type { Switches } from './switches.ts'
import type { IssuedToken } from './token-state.ts'
import type { WalkScript } from './walk-script.ts'

/** Everything a snapshot holds: plain data only. */
export interface WorldState {
  clock: VirtualClock
  random: RandomState
  switches: Switches
  settings: Settings
  libraries: Map<string, Library>
  tokens: IssuedToken[]
  faults: Fault[]
  walkScripts: WalkScript[]
  /** How many of each kind were made so far: the next one's id follows from it. */
  made: {
    tokens: number
    libraries: number
    faults: number
    walkScripts: number
    notifications: number
  }
}
