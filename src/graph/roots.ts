/** The URLs under which one and the same record is reached, and the face it shows there (graph 1). */
import type { Face } from '../model/entity-type.ts'

export interface Root {
  readonly face: Face
  /** As it is written in links: `v1.0`, `beta`, `pomona/v1`. */
  readonly version: Version
  /** The token set below the version. */
  readonly set: readonly string[]
}

export const versions = ['v1.0', 'beta', 'pomona/v1'] as const
export type Version = (typeof versions)[number]

export const roots = {
  old: {
    face: 'old',
    version: 'beta',
    set: ['organization', '{orgId}', 'appleVolumePurchaseProgramTokens'],
  },
  beta: { face: 'beta', version: 'beta', set: ['deviceAppManagement', 'vppTokens'] },
  'v1.0': { face: 'v1.0', version: 'v1.0', set: ['deviceAppManagement', 'vppTokens'] },
  /** What Graph has no word for (graph H12). */
  pomona: { face: 'pomona', version: 'pomona/v1', set: ['tokens'] },
} as const satisfies Record<string, Root>
export type RootName = keyof typeof roots
