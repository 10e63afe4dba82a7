import type { Clock } from '../model/clock.ts'

/** True after `ms`; false when the signal cut the sleep short. Rejects for any other reason. */
export async function hasSlept(clock: Clock, ms: number, cut: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(ms, cut)
    return true
  } catch (error) {
    if (cut.aborted) return false
    throw error
  }
}
