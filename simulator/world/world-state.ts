import type { CatalogEntry } from '../catalog/catalog-entry.ts'
import type { WriteEvent } from '../events/event.ts'
import type { EventScript } from '../events/event-script.ts'
import type { Fault } from '../faults/fault.ts'
import type { Library } from '../library/library.ts'
import type { Notification, NotificationRule } from '../notifications/notification.ts'
import type { IssuedToken } from '../tokens/token-state.ts'
import type { VirtualClock } from './clock.ts'
import type { RandomState } from './random.ts'
import type { Settings } from './settings.ts'
import type { Switches } from './switches.ts'
import type { WalkScript } from './walk-script.ts'

/** Everything a snapshot holds: plain data only. */
export interface WorldState {
  clock: VirtualClock
  random: RandomState
  switches: Switches
  settings: Settings
  libraries: Map<string, Library>
  tokens: IssuedToken[]
  /** What the control plane wrote about apps, by adamId; null: taken out of the store. */
  catalog: Map<string, CatalogEntry | null>
  faults: Fault[]
  walkScripts: WalkScript[]
  events: Map<string, WriteEvent>
  /** Those that are PENDING, in the order of their acceptance. */
  openEvents: Set<string>
  /** Starts of the last second that the rate limit counts, by location or token. */
  startsMs: Map<string, number[]>
  eventScripts: EventScript[]
  notifications: Notification[]
  notificationRules: NotificationRule[]
  /** How many of each kind were made so far: the next one's id follows from it. */
  made: {
    tokens: number
    libraries: number
    faults: number
    walkScripts: number
    events: number
    eventScripts: number
    notifications: number
  }
}
