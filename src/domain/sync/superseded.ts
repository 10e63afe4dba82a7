import { Failure } from '../../model/failure.ts'

/** Whether a run must stop because the token was changed, removed or taken by another run (ports/token-store.ts, `checkFence`). */
export function isSuperseded(error: unknown): boolean {
  return error instanceof Failure && error.code === 'superseded'
}
