/** Apple's limits where other processes, and this one after its next start, find them: one fact of the instance per address. */
import type { FactStore } from '../ports/instance-store.ts'
import { isJsonObject } from './json.ts'
import { decodeLimits, defaultLimits, type KeptLimits } from './limits.ts'

/** `address` = that of `service/config`. Rejects as the store does: then nobody could keep what Apple says. */
export function keptLimits(facts: FactStore, address: string): KeptLimits {
  const name = `appleLimits ${address}`
  return {
    async find() {
      const kept = parsed((await facts.find(name)) ?? 'null')
      if (!isJsonObject(kept) || typeof kept.toldAtMs !== 'number') return undefined
      return { toldAtMs: kept.toldAtMs, limits: decodeLimits(kept, defaultLimits) }
    },
    put: (told) => facts.put(name, JSON.stringify(told)),
  }
}

/** What another version of the program may have written in another shape is as good as nothing: Apple is asked. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
