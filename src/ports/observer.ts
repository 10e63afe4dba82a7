import type { Observation } from '../model/observation.ts'

/** Takes note of what happens. Never throws, never waits. */
export type Observe = (observation: Observation) => void
