import type { Seed } from './seed.ts'

export const empty: Seed = { name: 'empty', contents: 'nothing', libraries: [] }
